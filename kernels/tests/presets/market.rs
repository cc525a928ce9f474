//! The published runs of backtesting.py on real bars: crosses of two moving averages.
//!
//! Bars and results lie outside the repository; without them there is nothing to compare and the test says so.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use threadx_kernels::sim::{Fill, FinalClose, Options};

use crate::desk::{Columns, Expected, Market, near, options_of, run};
use crate::table::{Line, read};

const DAY: i64 = 86_400_000_000;

/// A run: its bars, its rules and its options.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    bars: &'static str,
    /// Periods of the fast and the slow average of closes.
    periods: (usize, usize),
    /// Whether a cross below goes short, or only ends the long position.
    goes_short: bool,
    /// Stop and target, fractions of the signal close.
    levels: Option<(f64, f64)>,
    capital: f64,
    fee_bps: f64,
    slippage_bps: f64,
    fill: Fill,
    final_close: FinalClose,
    lot_size: f64,
    leverage: f64,
}

/// A million in hand, no costs, whole units at the next open.
const GOOG: Case = Case {
    name: "goog_zero_cost",
    bars: "GOOG_1d",
    periods: (10, 20),
    goes_short: true,
    levels: None,
    capital: 1e6,
    fee_bps: 0.0,
    slippage_bps: 0.0,
    fill: Fill::NextOpen,
    final_close: FinalClose::OrderPrice,
    lot_size: 1.0,
    leverage: 1.0,
};

/// Parts of a bitcoin.
const BTC: Case = Case { bars: "BTCUSDT_1h", periods: (24, 168), capital: 1e4, fee_bps: 10.0, lot_size: 1e-8, ..GOOG };

const CASES: [Case; 8] = [
    Case { name: "goog_readme", capital: 1e4, fee_bps: 20.0, final_close: FinalClose::None, ..GOOG },
    GOOG,
    Case { name: "goog_on_close", fee_bps: 20.0, fill: Fill::PrevClose, ..GOOG },
    Case { name: "goog_sl_tp", fee_bps: 10.0, levels: Some((0.05, 0.1)), ..GOOG },
    Case { name: "btcusdt1d_long_only", bars: "BTCUSDT_1d", periods: (10, 30), goes_short: false, ..BTC },
    Case { name: "btcusdt1h_cross", ..BTC },
    Case { name: "btcusdt1h_spread", goes_short: false, fee_bps: 0.0, slippage_bps: 5.0, ..BTC },
    Case { name: "eurusd_margin", bars: "EURUSD-BTPY_1h", periods: (20, 60), capital: 1e4, leverage: 20.0, ..GOOG },
];

fn data() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if path.join("golden/backtesting_py/stats.json").exists() {
        return Some(path);
    }
    println!("skipped: {} has no golden/backtesting_py", path.display());
    None
}

/// Bars from a file with the columns `ts`, `open`, `high`, `low`, `close`, `volume`.
fn market(path: &Path) -> Market {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let reader = SerializedFileReader::new(file).unwrap();
    let mut market = Market::default();
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        market.ts.push(row.get_timestamp_millis(0).unwrap() * 1000);
        let columns = [&mut market.open, &mut market.high, &mut market.low, &mut market.close];
        columns.into_iter().enumerate().for_each(|(i, prices)| prices.push(row.get_double(i + 1).unwrap()));
    }
    market
}

/// A sum whose rounding errors are carried along: one for what comes in, one for what goes out.
#[derive(Default)]
struct Sum {
    value: f64,
    errors: [f64; 2],
}

impl Sum {
    fn add(&mut self, x: f64, which: usize) {
        let y = x - self.errors[which];
        let sum = self.value + y;
        self.errors[which] = (sum - self.value) - y;
        self.value = sum;
    }
}

/// The mean of the last `period` values, with the operations of pandas: at a tie of two averages the last bit decides.
fn average(x: &[f64], period: usize) -> Vec<f64> {
    let mut sum = Sum::default();
    let mean = |t: usize| {
        if t >= period {
            sum.add(-x[t - period], 1);
        }
        sum.add(x[t], 0);
        if t + 1 >= period { sum.value / period as f64 } else { f64::NAN }
    };
    (0..x.len()).map(mean).collect()
}

fn columns(case: &Case, market: &Market) -> Columns {
    let (close, count) = (&market.close, market.close.len());
    let (fast, slow) = (average(close, case.periods.0), average(close, case.periods.1));
    let crosses = |a: &[f64], b: &[f64]| (0..count).map(|t| t > 0 && a[t - 1] < b[t - 1] && a[t] > b[t]).collect();
    let (up, down): (Vec<bool>, Vec<bool>) = (crosses(&fast, &slow), crosses(&slow, &fast));
    let level = |t: usize, fraction: f64| match (up[t], down[t]) {
        (true, _) => close[t] * (1.0 + fraction),
        (_, true) => close[t] * (1.0 - fraction),
        _ => f64::NAN,
    };
    let levels = |fraction: f64| (0..count).map(|t| level(t, fraction)).collect();
    let (stop, target) = case.levels.unwrap_or((f64::NAN, f64::NAN));
    let none = vec![false; count];
    Columns {
        enter_short: if case.goes_short { down.clone() } else { none.clone() },
        exit_short: if case.goes_short { up.clone() } else { none },
        stop_price: levels(-stop),
        target_price: levels(target),
        leverage: case.leverage,
        enter_long: up,
        exit_long: down,
        ..Columns::none(count)
    }
}

fn trade(line: &Line) -> Expected {
    let number = |column| line.number(column).unwrap();
    Expected {
        entry_bar: line.index("EntryBar"),
        exit_bar: line.index("ExitBar"),
        qty: number("Size"),
        entry_price: number("EntryPrice"),
        exit_price: number("ExitPrice"),
        fees: number("Commission"),
        pnl: number("PnL"),
        is_open: false,
    }
}

/// Microseconds of `2017-08-18` or `2017-08-18 09:00:00`.
fn time(text: &str) -> i64 {
    let parts: Vec<i64> = text.split(['-', ' ', ':']).map(|part| part.parse().unwrap()).collect();
    // Years that begin in March, so that a leap day is the last day of one.
    let (year, month) = if parts[1] > 2 { (parts[0], parts[1] - 3) } else { (parts[0] - 1, parts[1] + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2] - 719_469;
    let seconds = parts.iter().skip(3).fold(0, |sum, part| sum * 60 + part);
    days * DAY + seconds * 1_000_000
}

/// `Equity Final` of a case in the file of statistics.
fn final_equity(stats: &str, case: &str) -> f64 {
    let own = stats.split_once(&format!("\"name\": \"{case}\"")).unwrap().1;
    let value = own.split_once("\"Equity Final [$]\": ").unwrap().1;
    value.split([',', '\n']).next().unwrap().parse().unwrap()
}

#[test]
fn crosses_of_averages_on_real_bars() {
    let Some(data) = data() else { return };
    let golden = data.join("golden/backtesting_py");
    let stats = std::fs::read_to_string(golden.join("stats.json")).unwrap();
    for case in CASES {
        let Case { name, .. } = case;
        let market = market(&data.join("ohlcv").join(format!("{}.parquet", case.bars)));
        let options = Options {
            initial_capital: case.capital,
            fee_bps: case.fee_bps,
            slippage_bps: case.slippage_bps,
            fill: case.fill,
            final_close: case.final_close,
            lot_size: case.lot_size,
            ..options_of("backtesting_py")
        };
        let mut outcome = run(&market, &options, &columns(&case, &market));
        let trades: Vec<Expected> = read(&golden.join(format!("{name}_trades.csv"))).iter().map(trade).collect();
        let last = *outcome.equity.last().unwrap();
        near(&format!("{name}, final equity"), last, final_equity(&stats, name), (1e-12, 0.0));
        outcome.leave_out_open();
        outcome.check_trades(name, &trades, (1e-12, case.capital));

        let bars: HashMap<i64, usize> = market.ts.iter().enumerate().map(|(t, ts)| (*ts, t)).collect();
        for line in read(&golden.join(format!("{name}_equity.csv"))) {
            // Printed with ten digits.
            let bar = bars[&time(line.text("ts"))];
            let what = format!("{name}, equity of bar {bar}");
            near(&what, outcome.equity[bar], line.number("Equity").unwrap(), (1e-9, 0.0));
        }
        println!("{name}: {} trades, {last}", trades.len());
    }
}
