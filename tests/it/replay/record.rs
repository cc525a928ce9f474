//! What a replay leaves behind: trades, orders, and the account bar by bar.

/// A round trip.
#[derive(Debug, Clone)]
pub struct Trade {
    pub long: bool,
    pub entry_bar: usize,
    pub entry_price: f64,
    pub exit_bar: usize,
    pub exit_price: f64,
    pub qty: f64,
    pub gross_pnl: f64,
    pub fees: f64,
    pub pnl: f64,
    /// Money at risk at the initial stop.
    pub risk: Option<f64>,
    pub mae: f64,
    pub mfe: f64,
    pub reason: &'static str,
    /// Equity at the entry: the scale of rounding errors.
    pub scale: f64,
}

/// A fill, or an entry that was refused.
#[derive(Debug, Clone)]
pub struct Order {
    pub bar: usize,
    pub buy: bool,
    pub long: bool,
    pub filled: bool,
    pub qty: f64,
    pub price: f64,
    pub fee: f64,
    pub reason: &'static str,
}

/// What a run leaves behind.
#[derive(Debug, Default)]
pub struct Replay {
    pub trades: Vec<Trade>,
    pub orders: Vec<Order>,
    pub equity: Vec<f64>,
    /// Signed quantity at the close.
    pub net_qty: Vec<f64>,
    /// Whether there was a position at any moment of the bar.
    pub busy: Vec<bool>,
    pub ambiguous_bars: usize,
    pub ruined: bool,
}
