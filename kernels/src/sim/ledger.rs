//! The account: what entries and exits do to the equity, and what is written down about them.

use super::contract::Bars;
use super::options::{Options, Ruin, SizeBasis, SlippageOn};
use super::position::{Line, Lot, Moment, Position};
use super::record::{Direction, Order, OrderStatus, Reason, Record, Side, Trade};
use super::sizing::{Entry, Refusal};
use super::summary::{Needs, Summary};
use super::sums::{Drawdown, Interior, Sums};

/// The end of a position, or of a part of it.
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
    /// Notional of the exit.
    exit_notional: f64,
}

/// A trade that ends: a fill, or the average of several, and how it is left.
#[derive(Debug, Clone, Copy)]
struct Closing<'a> {
    position: &'a Position,
    lot: Lot,
    exit: &'a Exit,
    /// Exit price with slippage: `X`.
    price: f64,
    money: TradeMoney,
}

/// Whether an exit is a limit order: a target that is hit inside a bar.
pub(super) fn is_limit(exit: &Exit) -> bool {
    exit.reason == Reason::Target && exit.moment == Moment::Inside
}

/// Whether an exit pays slippage.
#[inline(always)]
pub(super) fn slips(exit: &Exit, options: &Options) -> bool {
    match options.slippage_on {
        SlippageOn::MarketAndStop => !is_limit(exit),
        SlippageOn::Market => exit.moment != Moment::Inside,
        SlippageOn::Entry => false,
        SlippageOn::All => true,
    }
}

/// The account and everything that a run adds up.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    pub(super) bars: &'a Bars<'a>,
    options: &'a Options,
    pub(super) record: &'a mut Record,
    pub(super) summary: Summary,
    /// Equity after the last exit: `E0` of the next position.
    pub(super) equity: f64,
    /// Equity of the account outside of the position, which stands behind it as well; 0 unless this is a part of a portfolio.
    pub(super) elsewhere: f64,
    /// `g` at the last exit.
    pub(super) exit_growth: f64,
    pub(super) sums: Sums,
    /// The position that is open.
    pub(super) interior: Interior,
    pub(super) drawdown: Drawdown,
    /// Positions that were opened.
    pub(super) positions: u64,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(bars: &'a Bars<'a>, options: &'a Options, kept: Needs, record: &'a mut Record) -> Self {
        let n = bars.len();
        record.clear(n);
        let market_return = if n < 2 { f64::NAN } else { bars.close[n - 1] / bars.close[0] - 1.0 };
        Ledger {
            bars,
            options,
            record,
            summary: Summary { market_return, ..Summary::begin(bars.ts, options, kept) },
            equity: options.initial_capital,
            elsewhere: 0.0,
            exit_growth: f64::NAN,
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
        self.add_fill(bar, entry);
    }

    /// Writes down the fill of an entry or add.
    pub(super) fn add_fill(&mut self, bar: usize, entry: &Entry) {
        let Entry { direction, fill, equity, qty, fee, reason, .. } = *entry;
        self.add_order(Order {
            bar,
            side: Side::that_opens(direction),
            qty,
            price: fill,
            notional: qty * fill,
            fee: equity * fee,
            reason,
            status: OrderStatus::Filled,
            direction,
        });
    }

    /// Writes down a refused entry or add; `fill` is the price it was sized at.
    pub(super) fn reject(&mut self, bar: usize, direction: Direction, fill: f64, refusal: Refusal) {
        self.summary.rejected_orders += 1;
        self.add_unfilled(bar, direction, fill, (refusal, OrderStatus::Rejected));
    }

    /// Writes down an entry, or the rest of one, that was taken back.
    pub(super) fn cancel(&mut self, bar: usize, direction: Direction, price: f64, refusal: Refusal) {
        self.add_unfilled(bar, direction, price, (refusal, OrderStatus::Cancelled));
    }

    fn add_unfilled(
        &mut self,
        bar: usize,
        direction: Direction,
        price: f64,
        (refusal, status): (Refusal, OrderStatus),
    ) {
        // What a negative or infinite size asks for is no quantity.
        let qty = if refusal.qty >= 0.0 && refusal.qty.is_finite() { refusal.qty } else { f64::NAN };
        self.add_order(Order {
            bar,
            side: Side::that_opens(direction),
            qty,
            price,
            notional: qty * price,
            fee: 0.0,
            reason: refusal.reason,
            status,
            direction,
        });
    }

    fn add_order(&mut self, order: Order) {
        if let Some(orders) = &mut self.record.orders {
            orders.push(order);
        }
    }

    /// The price of an exit, with slippage if it pays one.
    pub(super) fn exit_price(&self, direction: Direction, exit: &Exit) -> f64 {
        if slips(exit, self.options) {
            self.options.slipped(exit.price, direction, true)
        } else if is_limit(exit) {
            exit.price
        } else {
            self.options.on_tick(exit.price, direction == Direction::Short)
        }
    }

    /// Ends a position and returns its factor in this bar.
    ///
    /// If nothing is left the run is ruined: the equity is 0, and the loss is what there was, not more.
    pub(super) fn close(&mut self, position: &Position, exit: &Exit) -> f64 {
        let price = self.exit_price(position.direction, exit);
        let (mut growth, mut equity) = self.after_exit(position, exit, price);
        let ends_here = self.options.ruin == Ruin::Stop && (equity.is_nan() || equity + self.elsewhere <= 0.0);
        if exit.reason == Reason::Ruined || ends_here {
            equity = 0.0 - self.elsewhere;
            growth = equity / position.equity;
            self.summary.ruined = true;
        }
        (self.equity, self.exit_growth) = (equity, growth);
        let interior = self.interior.take();
        self.sums.settle_interior(position.equity, &interior);
        self.add_last_trades(position, exit, price, growth);
        growth / position.growth
    }

    /// `g` and the equity after an exit at a price with slippage.
    fn after_exit(&self, position: &Position, exit: &Exit, price: f64) -> (f64, f64) {
        if self.options.size_basis == SizeBasis::Notional || !self.is_round_trip(position) {
            let growth = position.after_exit(price, is_limit(exit), self.options);
            return (growth, position.equity * growth);
        }
        // Whole units at prices on ticks are sized by flooring, so that the account is kept in money: it stays exact.
        let Position { equity, qty, .. } = *position;
        let fill = position.line.fill();
        let entry_fee = self.options.fee_of(qty, fill, false);
        let exit_fee = self.options.fee_of(qty, price, is_limit(exit));
        let gain = position.direction.sign() * qty * (price - fill);
        let after = (equity - entry_fee) + (gain - exit_fee);
        (after / equity, after)
    }

    /// Whether a position that ends is one entry and one exit, and its fees and profit all that it brings.
    fn is_round_trip(&self, position: &Position) -> bool {
        position.is_whole()
            && position.last_fill == (position.entry_bar, position.entered)
            && position.holding_cost == 0.0
            && self.options.maker_fee() == self.options.fee()
    }

    /// The end of the range with a position that stays open: marked at the close, without costs.
    pub(super) fn leave_open(&mut self, position: &Position, exit: &Exit) {
        self.equity = position.equity * position.growth;
        let interior = self.interior.take();
        self.sums.settle_interior(position.equity, &interior);
        self.sums.settle_own();
        self.add_last_trades(position, exit, exit.price, position.growth);
    }

    /// Ends a part of a position: the trade is written down, and the position keeps the rest.
    pub(super) fn reduce(&mut self, position: &mut Position, part: f64, exit: &Exit) {
        let price = self.exit_price(position.direction, exit);
        let fee = self.exit_fee(position, part, (price, is_limit(exit)));
        let rate = fee / (part * position.qty);
        let mut booked = position.booked;
        for lot in lots_of(position) {
            let money = self.part_money(position, &lot, part, (price, rate));
            booked += money.pnl;
            let lot = Lot { qty: lot.qty * part, ..lot };
            self.add_trade(&Closing { position, lot, exit, price, money });
        }
        position.booked = booked;
        let qty = position.qty * part;
        self.add_exit_order(position, exit, qty, (price, fee));
        position.last_fill = (exit.bar, exit.moment);
        position.reduce(part, price, fee / position.equity, self.options);
    }

    /// The fee of leaving with a part of a position, quote currency.
    fn exit_fee(&self, position: &Position, part: f64, (price, is_limit): (f64, bool)) -> f64 {
        match self.options.has_plain_fees() {
            true => (position.equity * position.line.fee_weight) * (price / position.line.fill()) * part,
            false => self.options.fee_of(position.qty * part, price, is_limit),
        }
    }

    /// The money of a part of one fill that is left at `price` for a fee of `rate` per unit.
    fn part_money(&self, position: &Position, lot: &Lot, part: f64, (price, rate): (f64, f64)) -> TradeMoney {
        let (equity, d) = (position.equity, position.direction.sign());
        let qty = lot.qty * part;
        let exit_fee = rate * qty;
        let fees = equity * (lot.fee * part) + exit_fee;
        let held = equity * (position.holding_cost * (qty / position.qty));
        let gain = equity * (part * (d * lot.weight) * (price / lot.fill - 1.0));
        TradeMoney { pnl: gain - fees - held, exit_fee, fees, notional: qty * lot.fill, exit_notional: qty * price }
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

        let money = TradeMoney { pnl, exit_fee, fees, notional, exit_notional: qty * price };
        self.book(&money);
        money
    }

    /// Adds the money of a trade to the summary.
    #[inline(always)]
    fn book(&mut self, money: &TradeMoney) {
        let TradeMoney { pnl, fees, notional, exit_notional, .. } = *money;
        let summary = &mut self.summary;
        if !summary.kept.money {
            return;
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
        summary.traded_notional += notional + exit_notional;
        summary.fees += fees;
    }

    /// The trades with which a position ends. What rounding leaves of its profit is the last one's.
    fn add_last_trades(&mut self, position: &Position, exit: &Exit, price: f64, growth: f64) {
        let Position { qty, equity, line: Line { fee_weight, .. }, .. } = *position;
        if position.is_whole() && self.options.has_plain_fees() && exit.reason != Reason::Open {
            let trip = RoundTrip { equity, growth, fee_weight, qty, fill: position.line.fill(), price };
            let money = self.add_money(&trip);
            self.add_exit_order(position, exit, qty, (price, money.exit_fee));
            self.count_trade(&Closing { position, lot: position.average(), exit, price, money });
            return;
        }
        let last = position.lots.last().copied().unwrap_or_else(|| position.average());
        let others = position.lots.len().saturating_sub(1);
        let is_open = exit.reason == Reason::Open;
        let fee = if is_open { 0.0 } else { self.exit_fee(position, 1.0, (price, is_limit(exit))) };
        let mut booked = position.booked;
        for &lot in &position.lots[..others] {
            let mut money = self.part_money(position, &lot, 1.0, (price, fee / qty));
            money.exit_notional = if is_open { 0.0 } else { money.exit_notional };
            booked += money.pnl;
            self.add_trade(&Closing { position, lot, exit, price, money });
        }
        let money = self.part_money(position, &last, 1.0, (price, fee / qty));
        let exit_notional = if is_open { 0.0 } else { money.exit_notional };
        let money = TradeMoney { pnl: equity * (growth - 1.0) - booked, exit_notional, ..money };
        self.add_trade(&Closing { position, lot: last, exit, price, money });
        if !is_open {
            self.add_exit_order(position, exit, qty, (price, fee));
        }
    }

    fn add_exit_order(&mut self, position: &Position, exit: &Exit, qty: f64, (price, fee): (f64, f64)) {
        let direction = position.direction;
        self.add_order(Order {
            bar: exit.bar,
            side: Side::that_closes(direction),
            qty,
            price,
            notional: qty * price,
            fee,
            reason: exit.reason,
            status: OrderStatus::Filled,
            direction,
        });
    }

    fn add_trade(&mut self, closing: &Closing) {
        self.book(&closing.money);
        self.count_trade(closing);
    }

    fn count_trade(&mut self, closing: &Closing) {
        let Closing { position, lot, exit, price, money } = closing;
        let bars_held = exit.bar - lot.bar;
        self.summary.trades += 1;
        self.summary.sum_bars_held += bars_held;
        let trade_id = self.summary.trades as u64;
        if let Some(trades) = &mut self.record.trades {
            let TradeMoney { pnl, fees, notional, .. } = *money;
            let (mae, mfe) = excursion(self.bars, position.direction, lot, exit, *price);
            trades.push(Trade {
                trade_id,
                position_id: position.id,
                direction: position.direction,
                entry_bar: lot.bar,
                entry_price: lot.fill,
                exit_bar: exit.bar,
                exit_price: *price,
                qty: lot.qty,
                notional,
                gross_pnl: pnl + fees,
                fees,
                pnl,
                return_: pnl / notional,
                r_multiple: pnl / (lot.qty * lot.initial_risk),
                bars_held,
                mae,
                mfe,
                entry_reason: lot.reason,
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
    pub(super) fn finish(self) -> Summary {
        self.summary.finish(self.equity, self.sums, &self.drawdown)
    }
}

/// The fills of a position that are written down as trades.
fn lots_of(position: &Position) -> impl Iterator<Item = Lot> + '_ {
    let average = position.lots.is_empty().then(|| position.average());
    position.lots.iter().copied().chain(average)
}

/// Maximum adverse and favourable excursion as fractions of the entry price.
///
/// Bars count with their whole range from the first test on (an entry inside a bar or at its close: from the next bar), the
/// bar of the exit with its whole range only if the exit was at its close.
fn excursion(bars: &Bars, direction: Direction, lot: &Lot, exit: &Exit, exit_price: f64) -> (f64, f64) {
    let first = lot.bar + usize::from(lot.moment != Moment::Open);
    let end = exit.bar + usize::from(exit.moment == Moment::Close);
    let (mut low, mut high) = (exit_price, exit_price);
    for t in first..end {
        low = low.min(bars.low[t]);
        high = high.max(bars.high[t]);
    }
    if exit.moment == Moment::Inside && first <= exit.bar {
        low = low.min(bars.open[exit.bar]);
        high = high.max(bars.open[exit.bar]);
    }
    let (down, up) = (low / lot.fill - 1.0, high / lot.fill - 1.0);
    match direction {
        Direction::Long => (down.min(0.0), up.max(0.0)),
        // A difference from 0 and not a sign change: a minus zero would leave the result to the compiler.
        Direction::Short => ((0.0 - up).min(0.0), (0.0 - down).max(0.0)),
    }
}
