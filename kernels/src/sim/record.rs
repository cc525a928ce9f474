//! What a run can write down: trades, orders and the equity curve.

use super::options::words;

words! {
    /// Direction of a position.
    Direction {
        /// Gains when the price rises.
        Long = "long",
        /// Gains when the price falls.
        Short = "short",
    }
}

impl Direction {
    /// `+1` for long, `-1` for short: the `d` of the contract.
    pub const fn sign(self) -> f64 {
        match self {
            Direction::Long => 1.0,
            Direction::Short => -1.0,
        }
    }

    /// The other one.
    pub(super) const fn opposite(self) -> Self {
        match self {
            Direction::Long => Direction::Short,
            Direction::Short => Direction::Long,
        }
    }
}

words! {
    /// Side of an order.
    Side {
        /// Opens a long or closes a short position.
        Buy = "buy",
        /// Closes a long or opens a short position.
        Sell = "sell",
    }
}

impl Side {
    /// The side that opens a position or adds to it.
    pub(super) const fn that_opens(direction: Direction) -> Self {
        match direction {
            Direction::Long => Side::Buy,
            Direction::Short => Side::Sell,
        }
    }

    /// The side that closes a position or a part of it.
    pub(super) const fn that_closes(direction: Direction) -> Self {
        match direction {
            Direction::Long => Side::Sell,
            Direction::Short => Side::Buy,
        }
    }
}

words! {
    /// What became of an order.
    OrderStatus {
        /// Executed.
        Filled = "filled",
        /// Taken back without a fill, or the part of it that had none; the reason says why.
        Cancelled = "cancelled",
        /// Not executed; the reason says why.
        Rejected = "rejected",
    }
}

words! {
    /// Why an order was sent, filled or rejected.
    Reason {
        /// An enter or exit column.
        Signal = "signal",
        /// The initial stop.
        Stop = "stop",
        /// A stop that has trailed.
        TrailingStop = "trailing_stop",
        /// The take-profit.
        Target = "target",
        /// The equity fell to the maintenance margin.
        Liquidation = "liquidation",
        /// An exit column that counts once the trail is armed.
        ArmedSignal = "armed_signal",
        /// `max_bars` have passed.
        Time = "time",
        /// An entry column of the opposite direction.
        Opposite = "opposite",
        /// A `scale_out` column.
        ScaleOut = "scale_out",
        /// An `add` column.
        Add = "add",
        /// The column `position`, on the way to its target.
        Rebalance = "rebalance",
        /// In a portfolio: better ranked ones want its slot.
        Rotated = "rotated",
        /// The equity was used up at a close.
        Ruined = "ruined",
        /// The range ended.
        EndOfData = "end_of_data",
        /// The range ended, and the position is still open.
        Open = "open",
        /// Rejected: sized by risk, but without a stop on the losing side of the fill price.
        NoStop = "no_stop",
        /// Rejected: smaller than `min_notional`.
        BelowMinNotional = "below_min_notional",
        /// Rejected: the quantity is not a positive, finite number of lots.
        ZeroQty = "zero_qty",
        /// Rejected: less than `min_qty`.
        BelowMinQty = "below_min_qty",
        /// Rejected: larger than the equity allows.
        OverBudget = "over_budget",
        /// Rejected: decided before the equity was used up.
        NoEquity = "no_equity",
        /// Rejected in a portfolio: as many positions are open as it may have.
        NoSlot = "no_slot",
        /// Rejected in a portfolio: other positions have all of the capital.
        NoCapital = "no_capital",
        /// Rejected in a portfolio: no volatility, or no positive value of the column that allocates.
        NoAllocation = "no_allocation",
        /// Cancelled: the limit price was not reached in time.
        LimitNotReached = "limit_not_reached",
        /// Cancelled: the rest that `max_volume_share` left unfilled.
        Volume = "volume",
    }
}

/// A round trip: a position, a part of one that was closed before the rest, or one of its fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trade {
    /// Number of the trade in the run, from 1.
    pub trade_id: u64,
    /// Number of the position in the run, from 1.
    pub position_id: u64,
    /// Direction.
    pub direction: Direction,
    /// Bar of the entry fill.
    pub entry_bar: usize,
    /// Entry price with slippage.
    pub entry_price: f64,
    /// Bar of the exit fill.
    pub exit_bar: usize,
    /// Exit price with slippage.
    pub exit_price: f64,
    /// Quantity in base units, positive.
    pub qty: f64,
    /// `qty * entry_price`, quote currency.
    pub notional: f64,
    /// Profit before fees: `pnl + fees`, quote currency.
    pub gross_pnl: f64,
    /// Entry and exit fee, quote currency.
    pub fees: f64,
    /// Profit after fees, quote currency. A loss beyond the equity is limited to the equity.
    pub pnl: f64,
    /// `pnl / notional`, a fraction.
    pub return_: f64,
    /// `pnl` in units of the money at risk at the initial stop; `NaN` without a stop on the losing side.
    pub r_multiple: f64,
    /// `exit_bar - entry_bar`.
    pub bars_held: usize,
    /// Maximum adverse excursion, a fraction of the entry price, `<= 0`. In the bar of an exit inside the bar only its
    /// open and the exit price count, because the rest of that bar may have come after the exit.
    pub mae: f64,
    /// Maximum favourable excursion, a fraction of the entry price, `>= 0`; same rule.
    pub mfe: f64,
    /// Why the position was opened.
    pub entry_reason: Reason,
    /// Why it was closed.
    pub exit_reason: Reason,
}

/// An order: one row per fill, and one per entry that was rejected or cancelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// Bar of the fill, or in which the order would have been filled.
    pub bar: usize,
    /// Side.
    pub side: Side,
    /// Quantity in base units; of a rejected order the quantity asked for, `NaN` if it could not be computed.
    pub qty: f64,
    /// Fill price with slippage; of a rejected order the price it was sized at, `NaN` if there was none.
    pub price: f64,
    /// `qty * price`, quote currency.
    pub notional: f64,
    /// Fee, quote currency; 0 if rejected.
    pub fee: f64,
    /// Why it was sent, or why it was rejected.
    pub reason: Reason,
    /// What became of it.
    pub status: OrderStatus,
    /// Direction of the position that it opens or closes.
    pub direction: Direction,
}

/// The account at every close, as columns of one value per bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// Equity in quote currency.
    pub equity: Vec<f64>,
    /// `equity / peak - 1`, `<= 0`; the initial capital is the first peak.
    pub drawdown: Vec<f64>,
    /// Return of the bar, a fraction; `NaN` on the first bar.
    pub ret: Vec<f64>,
    /// Net quantity held after the close, base units, negative = short. Empty for a portfolio.
    pub net_qty: Vec<f64>,
    /// Direction held after the close; `None` = flat. Empty for a portfolio.
    pub direction: Vec<Option<Direction>>,
}

/// What a run shall write down. `None` = not wanted. A run empties the vectors first, so they can be used again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Round trips, in the order of their exits.
    pub trades: Option<Vec<Trade>>,
    /// Fills and rejections, in time order.
    pub orders: Option<Vec<Order>>,
    /// The account at every close.
    pub equity: Option<Curve>,
}

impl Record {
    /// Wants nothing: a run then allocates nothing.
    pub const fn none() -> Self {
        Record { trades: None, orders: None, equity: None }
    }

    /// Wants everything.
    pub fn all() -> Self {
        Record { trades: Some(Vec::new()), orders: Some(Vec::new()), equity: Some(Curve::default()) }
    }

    /// Empties what is wanted and makes room for a curve of `n` bars.
    pub(super) fn clear(&mut self, n: usize) {
        if let Some(trades) = &mut self.trades {
            trades.clear();
        }
        if let Some(orders) = &mut self.orders {
            orders.clear();
        }
        if let Some(Curve { equity, drawdown, ret, net_qty, direction }) = &mut self.equity {
            for column in [equity, drawdown, ret, net_qty] {
                column.clear();
                column.reserve(n);
            }
            direction.clear();
            direction.reserve(n);
        }
    }
}
