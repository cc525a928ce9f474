//! Indicators against the values that TA-Lib and pandas gave for the bars of the Python system that came before.
//!
//! The file lies outside the repository; without it there is nothing to compare and the tests say so.

mod common;

use std::path::Path;

use common::{Table, call, compare};
use threadx_kernels::indicator::find;

/// Column of the file and the call that gives it.
const CALLS: &[(&str, &str)] = &[
    ("ta_rsi14", "rsi:close:14:"),
    ("ta_atr14", "atr:high low close:14:"),
    ("ta_adx14", "adx:high low close:14:"),
    ("ta_plus_di14", "plus_di:high low close:14:"),
    ("ta_minus_di14", "minus_di:high low close:14:"),
    ("ta_mfi14", "mfi:high low close volume:14:"),
    ("ta_ema20", "ema:close:20:"),
    ("ta_macd", "macd:close:12 26 9:macd"),
    ("ta_macd_signal", "macd:close:12 26 9:signal"),
    ("ta_macd_hist", "macd:close:12 26 9:histogram"),
    ("ta_cci20", "cci:high low close:20:"),
    ("ta_obv", "obv:close volume::"),
    ("ema20", "ewma:close:20:"),
    ("sma20", "sma:close:20:"),
    ("std20_ddof0", "rolling_stddev:close:20 0:"),
    ("std20_ddof1", "rolling_stddev:close:20 1:"),
    ("mom10", "mom:close:10:"),
    ("bbcls_upper", "bollinger:close:20 2 0 0:upper"),
    ("bbcls_mid", "bollinger:close:20 2 0 0:middle"),
    ("bbcls_lower", "bollinger:close:20 2 0 0:lower"),
];

fn indicators_csv() -> Option<Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/golden/threadx_py/indicators.csv");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(Table::read(&path))
}

#[test]
fn talib_and_pandas_columns() {
    let Some(table) = indicators_csv() else { return };
    for (column, name) in CALLS {
        let expected = table.column(column);
        match compare(&call(&table, name), expected, expected) {
            Ok(worst) => println!("{column}: {worst:.1e}"),
            Err(why) => panic!("{column}: {why}"),
        }
    }
}

/// The strategies smooth a true range whose first bar is `high - low`.
#[test]
fn exponential_atr() {
    let Some(table) = indicators_csv() else { return };
    let range = call(&table, "true_range:high low close:1:");
    let expected = table.column("atrcls14_ema");
    let got = find("ewma").unwrap().evaluate(&[&range], &[14.0]).unwrap();
    compare(&got[0], expected, expected).unwrap();
}

/// Values printed by the Python system for its own bars, which are made from a linear congruential generator.
#[test]
fn published_values() {
    let [high, low, close] = python_bars(3000);
    let range = find("true_range").unwrap().evaluate(&[&high, &low, &close], &[1.0]).unwrap();
    let atr = find("ewma").unwrap().evaluate(&[&range[0]], &[14.0]).unwrap();
    assert_eq!((atr[0][13], atr[0][2999]), (0.8943872217777461, 1.2518323481995335));

    let bands = find("bollinger").unwrap().evaluate(&[&close], &[20.0, 2.0, 0.0, 0.0]).unwrap();
    for (row, expected) in [
        (19, [103.345053008687, 101.11338863938212, 98.88172427007724]),
        (2999, [124.51835011385181, 121.83378102555791, 119.14921193726401]),
    ] {
        for (band, expected) in bands.iter().zip(expected) {
            assert!((band[row] / expected - 1.0).abs() < 1e-13, "bar {row}: {} and {expected}", band[row]);
        }
    }
}

fn python_bars(count: usize) -> [Vec<f64>; 3] {
    let mut x: u32 = 42;
    let mut uniform = || {
        x = x.wrapping_mul(1664525).wrapping_add(1013904223);
        f64::from(x) / 4294967296.0
    };
    let (mut high, mut low, mut close) = (Vec::new(), Vec::new(), Vec::new());
    let mut open = 100.0;
    for _ in 0..count {
        let [u1, u2, u3, _volume] = std::array::from_fn(|_| uniform());
        let c: f64 = open * (1.0 + (u1 - 0.5) * 0.02);
        high.push(c.max(open) * (1.0 + u2 * 0.004));
        low.push(c.min(open) * (1.0 - u3 * 0.004));
        close.push(c);
        open = c;
    }
    [high, low, close]
}
