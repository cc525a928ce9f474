//! The account: what entries and exits do to the equity, and what is written down about them.

use super::contract::Bars;
use super::options::Options;
use super::position::{Line, Position};
use super::record::{Direction, Order, OrderStatus, Reason, Record, Side, Trade};
use super::sizing::{Entry, Refusal};
use super::summary::{Needs, Summary};
use super::sums::{Drawdown, Interior, Sums};

/// When in a bar something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Open,
    Inside,
    Close,
}

/// The end of a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exit {
    pub(super) bar: usize,
    pub(super) moment: Moment,
    /// Price before slippage.
    pub(super) price: f64,
    pub(super) reason: Reason,
}

/// What the money of a round trip depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoundTrip {
    /// `E0`.
    pub(super) equity: f64,
    /// `g_exit`.
    pub(super) growth: f64,
    /// `w * f`.
    pub(super) fee_weight: f64,
    pub(super) qty: f64,
    /// `F`.
    pub(super) fill: f64,
    /// `X`, with slippage.
    pub(super) price: f64,
}

/// The money of a round trip, quote currency.
#[derive(Debug, Clone, Copy)]
pub(super) struct TradeMoney {
    pnl: f64,
    exit_fee: f64,
    fees: f64,
    notional: f64,
}

/// Whether an exit pays slippage: all but targets that are hit inside a bar.
pub(super) fn slips(exit: &Exit) -> bool {
    exit.reason != Reason::Target || exit.moment != Moment::Inside
}

/// The account and everything that a run adds up.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    bars: &'a Bars<'a>,
    options: &'a Options,
    record: &'a mut Record,
    pub(super) summary: Summary,
    /// Equity after the last exit: `E0` of the next position.
    pub(super) equity: f64,
    pub(super) sums: Sums,
    /// The position that is open.
    pub(super) interior: Interior,
    pub(super) drawdown: Drawdown,
    positions: u64,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(bars: &'a Bars<'a>, options: &'a Options, kept: Needs, record: &'a mut Record) -> Self {
        let n = bars.len();
        record.clear(n);
        Ledger {
            bars,
            options,
            record,
            summary: Summary {
                kept,
                bars: n,
                elapsed: if n == 0 { 0 } else { bars.ts[n - 1].saturating_sub(bars.ts[0]) },
                periods_per_year: options.periods_per_year,
                risk_free: options.risk_free,
                initial_capital: options.initial_capital,
                final_equity: options.initial_capital,
                market_return: if n < 2 { f64::NAN } else { bars.close[n - 1] / bars.close[0] - 1.0 },
                returns: n.saturating_sub(1),
                sum_returns: f64::NAN,
                sum_squares: f64::NAN,
                sum_downside: f64::NAN,
                max_drawdown: f64::NAN,
                max_drawdown_bars: 0,
                mean_equity: f64::NAN,
                trades: 0,
                wins: 0,
                gross_profit: 0.0,
                gross_loss: 0.0,
                sum_pnl: 0.0,
                sum_pnl_squares: 0.0,
                best_pnl: f64::NAN,
                worst_pnl: f64::NAN,
                sum_bars_held: 0,
                bars_in_market: 0,
                traded_notional: 0.0,
                fees: 0.0,
                ambiguous_bars: 0,
                rejected_orders: 0,
                ruined: false,
            },
            equity: options.initial_capital,
            sums: Sums::new(options.risk_free_per_bar()),
            interior: Interior::new(options.risk_free_per_bar()),
            drawdown: Drawdown::new(options.initial_capital),
            positions: 0,
        }
    }

    /// Number of the position that [`Ledger::open`] opens next.
    pub(super) fn next_id(&self) -> u64 {
        self.positions + 1
    }

    /// Writes down an entry.
    pub(super) fn open(&mut self, bar: usize, entry: &Entry) {
        self.positions += 1;
        self.sums.settle_flat(self.equity);
        if let Some(orders) = &mut self.record.orders {
            let Entry { direction, fill, equity, weight, qty, .. } = *entry;
            orders.push(Order {
                bar,
                side: if direction == Direction::Long { Side::Buy } else { Side::Sell },
                qty,
                price: fill,
                notional: qty * fill,
                fee: equity * (weight * self.options.fee()),
                reason: Reason::Signal,
                status: OrderStatus::Filled,
                direction,
            });
        }
    }

    /// Writes down a refused entry; `fill` is the price it was sized at.
    pub(super) fn reject(&mut self, bar: usize, direction: Direction, fill: f64, refusal: Refusal) {
        self.summary.rejected_orders += 1;
        if let Some(orders) = &mut self.record.orders {
            orders.push(Order {
                bar,
                side: if direction == Direction::Long { Side::Buy } else { Side::Sell },
                qty: refusal.qty,
                price: fill,
                notional: refusal.qty * fill,
                fee: 0.0,
                reason: refusal.reason,
                status: OrderStatus::Rejected,
                direction,
            });
        }
    }

    /// Ends a position and returns its factor in this bar.
    ///
    /// If nothing is left the run is ruined: the equity is 0, and the loss is the equity at the entry, not more.
    pub(super) fn close(&mut self, position: &Position, exit: &Exit) -> f64 {
        let price = if slips(exit) { self.options.slipped(exit.price, position.direction, true) } else { exit.price };
        let mut growth = position.line.after_exit(price);
        let exhausted = position.equity * growth;
        if exit.reason == Reason::Ruined || exhausted.is_nan() || exhausted <= 0.0 {
            growth = 0.0;
            self.summary.ruined = true;
        }
        self.equity = position.equity * growth;
        let interior = self.interior.take();
        self.sums.settle_interior(position.equity, &interior);
        self.add_trade(position, exit, price, growth);
        growth / position.growth
    }

    /// Adds the money of a round trip to the summary.
    #[inline(always)]
    pub(super) fn add_money(&mut self, trip: &RoundTrip) -> TradeMoney {
        let RoundTrip { equity, growth, fee_weight, qty, fill, price } = *trip;
        let pnl = equity * (growth - 1.0);
        let entry_fee = equity * fee_weight;
        let exit_fee = entry_fee * (price / fill);
        let fees = entry_fee + exit_fee;
        let notional = qty * fill;

        let summary = &mut self.summary;
        if !summary.kept.money {
            return TradeMoney { pnl, exit_fee, fees, notional };
        }
        // Without a branch: adding a zero changes no bit of a sum that began with one.
        let won = pnl > 0.0;
        summary.wins += usize::from(won);
        summary.gross_profit += if won { pnl } else { 0.0 };
        summary.gross_loss += if won { 0.0 } else { pnl };
        summary.sum_pnl += pnl;
        summary.sum_pnl_squares += pnl * pnl;
        summary.best_pnl = summary.best_pnl.max(pnl);
        summary.worst_pnl = summary.worst_pnl.min(pnl);
        summary.traded_notional += notional + qty * price;
        summary.fees += fees;
        TradeMoney { pnl, exit_fee, fees, notional }
    }

    fn add_trade(&mut self, position: &Position, exit: &Exit, price: f64, growth: f64) {
        let Position { direction, qty, fill, equity, line: Line { fee_weight, .. }, .. } = *position;
        let bars_held = exit.bar - position.entry_bar;
        let trip = RoundTrip { equity, growth, fee_weight, qty, fill, price };
        self.summary.trades += 1;
        self.summary.sum_bars_held += bars_held;
        let TradeMoney { pnl, exit_fee, fees, notional } = self.add_money(&trip);
        let trade_id = self.summary.trades as u64;

        if let Some(orders) = &mut self.record.orders {
            orders.push(Order {
                bar: exit.bar,
                side: if direction == Direction::Long { Side::Sell } else { Side::Buy },
                qty,
                price,
                notional: qty * price,
                fee: exit_fee,
                reason: exit.reason,
                status: OrderStatus::Filled,
                direction,
            });
        }
        if let Some(trades) = &mut self.record.trades {
            let (mae, mfe) = excursion(self.bars, position, exit, price);
            trades.push(Trade {
                trade_id,
                position_id: position.id,
                direction,
                entry_bar: position.entry_bar,
                entry_price: fill,
                exit_bar: exit.bar,
                exit_price: price,
                qty,
                notional,
                gross_pnl: pnl + fees,
                fees,
                pnl,
                return_: pnl / notional,
                r_multiple: pnl / (qty * position.initial_risk),
                bars_held,
                mae,
                mfe,
                entry_reason: Reason::Signal,
                exit_reason: exit.reason,
            });
        }
    }

    /// Writes down the account at a close.
    pub(super) fn mark(&mut self, t: usize, equity: f64, factor: f64, held: Option<&Position>) {
        self.drawdown.mark(equity, 1);
        if let Some(curve) = &mut self.record.equity {
            curve.equity.push(equity);
            curve.drawdown.push(self.drawdown.of(equity));
            curve.ret.push(if t == 0 { f64::NAN } else { factor - 1.0 });
            curve.net_qty.push(held.map_or(0.0, |position| position.direction.sign() * position.qty));
            curve.direction.push(held.map(|position| position.direction));
        }
    }

    /// The end of the range: the totals become the summary.
    pub(super) fn finish(mut self) -> Summary {
        self.sums.finish(self.equity);
        let Summary { kept, bars, .. } = self.summary;
        let if_kept = |kept: bool, value: f64| if kept { value } else { f64::NAN };
        Summary {
            final_equity: self.equity,
            sum_returns: if_kept(kept.moments, self.sums.total.returns),
            sum_squares: if_kept(kept.moments, self.sums.total.squares),
            sum_downside: if_kept(kept.downside, self.sums.total.downside),
            max_drawdown: if_kept(kept.drawdown, self.drawdown.deepest()),
            max_drawdown_bars: if kept.drawdown { self.drawdown.longest() } else { 0 },
            mean_equity: if_kept(kept.mean_equity, self.sums.equity / bars as f64),
            wins: if kept.money { self.summary.wins } else { 0 },
            gross_profit: if_kept(kept.money, self.summary.gross_profit),
            gross_loss: if_kept(kept.money, self.summary.gross_loss),
            sum_pnl: if_kept(kept.money, self.summary.sum_pnl),
            sum_pnl_squares: if_kept(kept.money, self.summary.sum_pnl_squares),
            best_pnl: if_kept(kept.money, self.summary.best_pnl),
            worst_pnl: if_kept(kept.money, self.summary.worst_pnl),
            traded_notional: if_kept(kept.money, self.summary.traded_notional),
            fees: if_kept(kept.money, self.summary.fees),
            ..self.summary
        }
    }
}

/// Maximum adverse and favourable excursion as fractions of the entry price.
///
/// Bars count with their whole range from the first test on (an entry at a close: from the next bar), the bar of the exit
/// with its whole range only if the exit was at its close.
fn excursion(bars: &Bars, position: &Position, exit: &Exit, exit_price: f64) -> (f64, f64) {
    let first = position.entry_bar + usize::from(position.entered_at_close);
    let end = exit.bar + usize::from(exit.moment == Moment::Close);
    let (mut low, mut high) = (exit_price, exit_price);
    for t in first..end {
        low = low.min(bars.low[t]);
        high = high.max(bars.high[t]);
    }
    if exit.moment == Moment::Inside {
        low = low.min(bars.open[exit.bar]);
        high = high.max(bars.open[exit.bar]);
    }
    let (down, up) = (low / position.fill - 1.0, high / position.fill - 1.0);
    match position.direction {
        Direction::Long => (down.min(0.0), up.max(0.0)),
        // A difference from 0 and not a sign change: a minus zero would leave the result to the compiler.
        Direction::Short => ((0.0 - up).min(0.0), (0.0 - down).max(0.0)),
    }
}
