//! What the tests share: bars, columns, a run of both kernels, and the comparison with expected trades.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, Direction, Flags, Needs, Numbers, Options, Reason, Record, Signals, Trade, preset, simulate,
    simulate_reference,
};

/// One series of bars.
#[derive(Default)]
pub struct Market {
    /// Microseconds UTC.
    pub ts: Vec<i64>,
    pub open: Vec<f64>,
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
}

/// The columns of a strategy.
pub struct Columns {
    pub enter_long: Vec<bool>,
    pub enter_short: Vec<bool>,
    pub exit_long: Vec<bool>,
    pub exit_short: Vec<bool>,
    pub stop_price: Vec<f64>,
    pub target_price: Vec<f64>,
    /// Of long and of short positions.
    pub trail_price: Option<(Vec<f64>, Vec<f64>)>,
    pub size: Option<f64>,
    pub qty: Option<f64>,
    pub notional: Option<f64>,
    pub leverage: f64,
}

/// A trade of another engine.
pub struct Expected {
    pub entry_bar: usize,
    pub exit_bar: usize,
    /// Negative = short.
    pub qty: f64,
    pub entry_price: f64,
    pub exit_price: f64,
    pub fees: f64,
    pub pnl: f64,
    pub is_open: bool,
}

/// What a run gave.
pub struct Outcome {
    pub trades: Vec<Trade>,
    pub equity: Vec<f64>,
}

impl Columns {
    /// No signal and no level on any bar.
    pub fn none(count: usize) -> Self {
        Columns {
            enter_long: vec![false; count],
            enter_short: vec![false; count],
            exit_long: vec![false; count],
            exit_short: vec![false; count],
            stop_price: vec![f64::NAN; count],
            target_price: vec![f64::NAN; count],
            trail_price: None,
            size: None,
            qty: None,
            notional: None,
            leverage: 1.0,
        }
    }
}

/// The options of a preset.
pub fn options_of(name: &str) -> Options {
    let mut options = Options::default();
    (preset(name).unwrap().apply)(&mut options);
    options
}

/// Runs the reference, and checks that the kernel in use gives the same trades and the same end.
pub fn run(market: &Market, options: &Options, columns: &Columns) -> Outcome {
    let Market { ts, open, high, low, close } = market;
    let bars = Bars { ts, open, high, low, close, ..Default::default() };
    let bits = |flags: &[bool]| Bits::from_fn(flags.len(), |t| flags[t]);
    let flags = [&columns.enter_long, &columns.enter_short, &columns.exit_long, &columns.exit_short].map(|c| bits(c));
    let flag = |i: usize| Flags::Bits(flags[i].as_slice());
    let constant = |value: Option<f64>| value.map_or(Numbers::None, Numbers::Const);
    let (trail_price_long, trail_price_short) = match &columns.trail_price {
        Some((long, short)) => (Numbers::Slice(long), Numbers::Slice(short)),
        None => (Numbers::None, Numbers::None),
    };
    let signals = Signals {
        enter_long: flag(0),
        enter_short: flag(1),
        exit_long: flag(2),
        exit_short: flag(3),
        stop_price: Numbers::Slice(&columns.stop_price),
        target_price: Numbers::Slice(&columns.target_price),
        trail_price_long,
        trail_price_short,
        size: constant(columns.size),
        qty: constant(columns.qty),
        notional: constant(columns.notional),
        leverage: Numbers::Const(columns.leverage),
        ..Signals::default()
    };
    let mut record = Record::all();
    let summary = simulate_reference(&bars, &signals, options, Needs::ALL, &mut record);
    let mut fast_record = Record { trades: Some(vec![]), ..Record::none() };
    let fast = simulate(&bars, &signals, options, Needs::ALL, &mut fast_record);
    assert_eq!(format!("{summary:?}"), format!("{fast:?}"));
    assert_eq!(record.trades.as_ref().map(Vec::len), fast_record.trades.as_ref().map(Vec::len));
    let (trades, equity) = (record.trades.unwrap(), record.equity.unwrap().equity);
    assert_eq!(equity.last(), Some(&summary.final_equity));
    Outcome { trades, equity }
}

/// Whether two numbers differ by no more than `tolerance` of the larger of them and of `scale`.
#[track_caller]
pub fn near(what: &str, got: f64, expected: f64, (tolerance, scale): (f64, f64)) {
    let difference = (got - expected).abs();
    assert!(difference <= tolerance * expected.abs().max(scale), "{what}: {got} instead of {expected}");
}

impl Outcome {
    /// The trades are these: bars and directions exactly, prices and quantities to `tolerance`, money to `tolerance` of the
    /// capital, because small amounts are the difference of large ones.
    pub fn check_trades(&self, case: &str, expected: &[Expected], (tolerance, capital): (f64, f64)) {
        let bars = |t: &Trade| (t.entry_bar, t.exit_bar, t.direction, t.exit_reason == Reason::Open);
        let got: Vec<_> = self.trades.iter().map(bars).collect();
        let direction = |qty: f64| if qty > 0.0 { Direction::Long } else { Direction::Short };
        let wanted: Vec<_> = expected.iter().map(|e| (e.entry_bar, e.exit_bar, direction(e.qty), e.is_open)).collect();
        assert_eq!(got, wanted, "{case}");
        let is_ruined = self.equity.last() == Some(&0.0);
        let mut before = capital;
        for (trade, expected) in self.trades.iter().zip(expected) {
            let at = format!("{case}, trade {}", trade.trade_id);
            near(&format!("{at}, qty"), trade.qty, expected.qty.abs(), (tolerance, 0.0));
            near(&format!("{at}, entry price"), trade.entry_price, expected.entry_price, (tolerance, 0.0));
            near(&format!("{at}, exit price"), trade.exit_price, expected.exit_price, (tolerance, 0.0));
            near(&format!("{at}, fees"), trade.fees, expected.fees, (tolerance, capital));
            // Where nothing is left the other engine writes the whole loss, and the trade here the equity.
            let ends_all = is_ruined && trade.trade_id as usize == self.trades.len();
            let pnl = if ends_all { expected.pnl.max(-before) } else { expected.pnl };
            near(&format!("{at}, pnl"), trade.pnl, pnl, (tolerance, capital));
            before += trade.pnl;
        }
    }

    /// Leaves out the trade that is open at the end.
    pub fn leave_out_open(&mut self) {
        self.trades.retain(|trade| trade.exit_reason != Reason::Open);
    }
}
