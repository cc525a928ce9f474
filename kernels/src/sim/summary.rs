//! What a run adds up: the sums and counts that the metrics are computed from.

use super::options::Options;
use super::sums::{Drawdown, Sums};

/// Which sums a run has to keep, beyond the ones that cost nothing. The union of what the wanted metrics need.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// `sum_returns`, `sum_squares`.
    pub moments: bool,
    /// `sum_downside`.
    pub downside: bool,
    /// `max_drawdown`, `max_drawdown_bars`.
    pub drawdown: bool,
    /// `mean_equity`.
    pub mean_equity: bool,
    /// `sum_market`, `sum_market_squares`, `sum_products`.
    pub market: bool,
    /// What trades won, lost and cost: `wins`, `gross_profit`, `gross_loss`, `sum_pnl`, `sum_pnl_squares`, `best_pnl`,
    /// `worst_pnl`, `traded_notional`, `fees`.
    pub money: bool,
}

impl Needs {
    /// Nothing beyond the final equity and counts.
    pub const NONE: Needs =
        Needs { moments: false, downside: false, drawdown: false, mean_equity: false, market: false, money: false };
    /// Everything.
    pub const ALL: Needs =
        Needs { moments: true, downside: true, drawdown: true, mean_equity: true, market: true, money: true };
    /// Sum and sum of squares of the returns.
    pub const MOMENTS: Needs = Needs { moments: true, ..Needs::NONE };
    /// Downside sum; the mean return comes with it.
    pub const DOWNSIDE: Needs = Needs { moments: true, downside: true, ..Needs::NONE };
    /// Drawdown depth and length.
    pub const DRAWDOWN: Needs = Needs { drawdown: true, ..Needs::NONE };
    /// Mean equity.
    pub const MEAN_EQUITY: Needs = Needs { mean_equity: true, ..Needs::NONE };
    /// Moments of the returns and of those of the market, and of their products.
    pub const MARKET: Needs = Needs { moments: true, market: true, ..Needs::NONE };
    /// What trades won, lost and cost.
    pub const MONEY: Needs = Needs { money: true, ..Needs::NONE };
    /// What turnover is made of.
    pub const TURNOVER: Needs = Needs::MEAN_EQUITY.union(Needs::MONEY);

    /// What either of the two needs.
    pub const fn union(self, other: Needs) -> Needs {
        Needs {
            moments: self.moments || other.moments,
            downside: self.downside || other.downside,
            drawdown: self.drawdown || other.drawdown,
            mean_equity: self.mean_equity || other.mean_equity,
            market: self.market || other.market,
            money: self.money || other.money,
        }
    }

    /// Whether anything is wanted that every bar of a position adds to.
    pub const fn is_per_bar(self) -> bool {
        self.moments || self.downside || self.drawdown || self.mean_equity || self.market
    }

    /// Whether all that `self` needs is kept by a run with `kept`.
    pub const fn is_met_by(self, kept: Needs) -> bool {
        (!self.moments || kept.moments)
            && (!self.downside || kept.downside)
            && (!self.drawdown || kept.drawdown)
            && (!self.mean_equity || kept.mean_equity)
            && (!self.market || kept.market)
            && (!self.money || kept.money)
    }
}

impl std::ops::BitOr for Needs {
    type Output = Needs;

    fn bitor(self, other: Needs) -> Needs {
        self.union(other)
    }
}

/// Sums and counts of one run. A sum that was not asked for with [`Needs`] is `NaN` (a count of bars under water: 0), and
/// the metrics that need it are undefined. The same holds for a count of wins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// What was kept.
    pub kept: Needs,
    /// Number of bars in the range.
    pub bars: usize,
    /// Time from the first to the last bar's open, microseconds.
    pub elapsed: i64,
    /// Bars per year used to annualise.
    pub periods_per_year: Option<f64>,
    /// Risk-free return, annual fraction.
    pub risk_free: f64,
    /// Money at the start, quote currency.
    pub initial_capital: f64,
    /// Money at the end, quote currency.
    pub final_equity: f64,
    /// Last close over the first, minus 1; `NaN` with fewer than two bars.
    pub market_return: f64,
    /// Number of per-bar returns: `bars - 1`, flat bars included.
    pub returns: usize,
    /// Sum of the per-bar returns.
    pub sum_returns: f64,
    /// Sum of their squares.
    pub sum_squares: f64,
    /// Sum of `min(r - risk_free / periods_per_year, 0)^2`.
    pub sum_downside: f64,
    /// Sum of the market's returns, from close to close of the same bars.
    pub sum_market: f64,
    /// Sum of their squares.
    pub sum_market_squares: f64,
    /// Sum of the products of the per-bar returns and those of the market.
    pub sum_products: f64,
    /// Smallest `equity / peak - 1`.
    pub max_drawdown: f64,
    /// Largest number of consecutive bars whose equity is below the peak before them.
    pub max_drawdown_bars: usize,
    /// Mean of the equity over all bars, quote currency.
    pub mean_equity: f64,
    /// Number of trades.
    pub trades: usize,
    /// Trades with `pnl > 0`.
    pub wins: usize,
    /// Sum of their `pnl`.
    pub gross_profit: f64,
    /// Sum of the `pnl` of the other trades, `<= 0`.
    pub gross_loss: f64,
    /// Sum of `pnl`, in the order of the trades.
    pub sum_pnl: f64,
    /// Sum of `pnl^2`, in the order of the trades.
    pub sum_pnl_squares: f64,
    /// Largest `pnl`; `NaN` without trades.
    pub best_pnl: f64,
    /// Smallest `pnl`; `NaN` without trades.
    pub worst_pnl: f64,
    /// Sum of `bars_held`.
    pub sum_bars_held: usize,
    /// Bars inside which a position was open, between the fills at the open and the fills at the close.
    pub bars_in_market: usize,
    /// Sum of the notional of all fills, quote currency.
    pub traded_notional: f64,
    /// Sum of all fees, quote currency.
    pub fees: f64,
    /// Funding paid less funding received, quote currency.
    pub funding: f64,
    /// What borrowing cost short positions, quote currency.
    pub borrow: f64,
    /// Bars, or finer bars where they decide, that touched both the stop and the target.
    pub ambiguous_bars: usize,
    /// Bars in which a level was reached, but without finer bars that say so, although the run asks for them.
    pub undetailed_bars: usize,
    /// Entries that were rejected.
    pub rejected_orders: usize,
    /// Whether the equity was used up.
    pub ruined: bool,
}

impl Summary {
    /// The same with the sum of the market's returns and that of their squares, if they are kept.
    pub(super) fn with_market(self, sums: impl FnOnce() -> [f64; 2]) -> Self {
        if !self.kept.market {
            return self;
        }
        let [sum_market, sum_market_squares] = sums();
        Summary { sum_market, sum_market_squares, ..self }
    }

    /// Of a run over bars that open at `ts`, before anything happened; `market_return` is not known yet.
    pub(super) fn begin(ts: &[i64], options: &Options, kept: Needs) -> Self {
        let span = |first: &i64| ts[ts.len() - 1].saturating_sub(*first);
        Summary {
            kept,
            bars: ts.len(),
            elapsed: ts.first().map_or(0, span),
            periods_per_year: options.periods_per_year,
            risk_free: options.risk_free,
            initial_capital: options.initial_capital,
            final_equity: options.initial_capital,
            market_return: f64::NAN,
            returns: ts.len().saturating_sub(1),
            sum_returns: f64::NAN,
            sum_squares: f64::NAN,
            sum_downside: f64::NAN,
            sum_market: f64::NAN,
            sum_market_squares: f64::NAN,
            sum_products: f64::NAN,
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
            funding: 0.0,
            borrow: 0.0,
            ambiguous_bars: 0,
            undetailed_bars: 0,
            rejected_orders: 0,
            ruined: false,
        }
    }

    /// After the last bar: the totals of the returns and the equity come in, and what was not asked for goes out.
    pub(super) fn finish(self, equity: f64, mut sums: Sums, drawdown: &Drawdown) -> Self {
        sums.finish(equity);
        let Summary { kept, bars, .. } = self;
        let if_kept = |kept: bool, value: f64| if kept { value } else { f64::NAN };
        Summary {
            final_equity: equity,
            sum_returns: if_kept(kept.moments, sums.total.returns),
            sum_squares: if_kept(kept.moments, sums.total.squares),
            sum_downside: if_kept(kept.downside, sums.total.downside),
            sum_products: if_kept(kept.market, sums.products),
            max_drawdown: if_kept(kept.drawdown, drawdown.deepest()),
            max_drawdown_bars: if kept.drawdown { drawdown.longest() } else { 0 },
            mean_equity: if_kept(kept.mean_equity, sums.equity / bars as f64),
            wins: if kept.money { self.wins } else { 0 },
            gross_profit: if_kept(kept.money, self.gross_profit),
            gross_loss: if_kept(kept.money, self.gross_loss),
            sum_pnl: if_kept(kept.money, self.sum_pnl),
            sum_pnl_squares: if_kept(kept.money, self.sum_pnl_squares),
            best_pnl: if_kept(kept.money, self.best_pnl),
            worst_pnl: if_kept(kept.money, self.worst_pnl),
            traded_notional: if_kept(kept.money, self.traded_notional),
            fees: if_kept(kept.money, self.fees),
            ..self
        }
    }
}
