//! What the tests share: bars by hand, columns by hand, and a run of both kernels.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, Curve, Direction, Flags, Needs, Numbers, Options, Order, Reason, Record, Signals, Summary, Trade, simulate,
    simulate_reference,
};

/// Open, high, low, close.
pub type Row = [f64; 4];

/// A bar around 100 that touches nothing nearby.
pub const CALM: Row = [100.0, 101.0, 99.0, 100.0];

/// What a run gave.
pub struct Outcome {
    pub summary: Summary,
    pub trades: Vec<Trade>,
    pub orders: Vec<Order>,
    pub curve: Curve,
}

/// Direction, entry bar and price, exit bar and price, exit reason.
pub type Line = (Direction, usize, f64, usize, f64, Reason);

impl Outcome {
    pub fn lines(&self) -> Vec<Line> {
        let line = |t: &Trade| (t.direction, t.entry_bar, t.entry_price, t.exit_bar, t.exit_price, t.exit_reason);
        self.trades.iter().map(line).collect()
    }
}

/// Runs the reference with everything written down, and checks that the fast kernel gives the same.
pub fn run(rows: &[Row], options: &Options, signals: &Signals) -> Outcome {
    options.check().unwrap();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    let (open, high, low, close) = (column(0), column(1), column(2), column(3));
    let ts: Vec<i64> = (0..rows.len() as i64).map(|t| t * 60_000_000).collect();
    let bars = Bars { ts: &ts, open: &open, high: &high, low: &low, close: &close, ..Default::default() };

    let mut record = Record::all();
    let summary = simulate_reference(&bars, signals, options, Needs::ALL, &mut record);
    let mut fast_record = Record { equity: None, ..Record::all() };
    let fast = simulate(&bars, signals, options, Needs::ALL, &mut fast_record);
    assert_eq!(format!("{summary:?}"), format!("{fast:?}"));
    assert_eq!(format!("{:?}", record.trades), format!("{:?}", fast_record.trades));
    assert_eq!(format!("{:?}", record.orders), format!("{:?}", fast_record.orders));

    let Record { trades, orders, equity } = record;
    Outcome { summary, trades: trades.unwrap(), orders: orders.unwrap(), curve: equity.unwrap() }
}

/// No costs and a capital of 1000.
pub fn free() -> Options {
    Options { fee_bps: 0.0, slippage_bps: 0.0, initial_capital: 1000.0, ..Options::default() }
}

/// True on these bars.
pub fn on(count: usize, bars: &[usize]) -> Flags<'static> {
    let bits: &Bits = Box::leak(Box::new(Bits::from_fn(count, |t| bars.contains(&t))));
    Flags::Bits(bits.as_slice())
}

/// These values.
pub fn values(values: &[f64]) -> Numbers<'static> {
    Numbers::Slice(Box::leak(values.into()))
}

/// The same bars upside down around 100, so that a short position sees what a long one saw.
pub fn mirror(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|[o, h, l, c]| [200.0 - o, 200.0 - l, 200.0 - h, 200.0 - c]).collect()
}

/// Equal up to the last digits.
#[track_caller]
pub fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{got} instead of {expected}");
}
