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
    ("std20_ddof0", "rolling_stddev:close:20 1 0:"),
    ("std20_ddof1", "rolling_stddev:close:20 1 1:"),
    ("mom10", "mom:close:10:"),
    ("bbcls_upper", "bollinger:close:20 2 -1 0:upper"),
    ("bbcls_mid", "bollinger:close:20 2 -1 0:middle"),
    ("bbcls_lower", "bollinger:close:20 2 -1 0:lower"),
    ("vwap_np96", "ewm_vwap:high low close volume:96:"),
    ("pvo_pvo", "ewm_volume_oscillator:volume:12 26 9:oscillator"),
    ("pvo_signal", "ewm_volume_oscillator:volume:12 26 9:signal"),
    ("pvo_histogram", "ewm_volume_oscillator:volume:12 26 9:histogram"),
    ("fibo_0.236_lb50", "fibonacci_levels:high low:50 0:level_236"),
    ("fibo_0.382_lb50", "fibonacci_levels:high low:50 0:level_382"),
    ("fibo_0.500_lb50", "fibonacci_levels:high low:50 0:level_500"),
    ("fibo_0.618_lb50", "fibonacci_levels:high low:50 0:level_618"),
    ("fibo_0.786_lb50", "fibonacci_levels:high low:50 0:level_786"),
    ("onchain_ema_7d", "ewma:volume:168:"),
    ("amplitude_width_percentile", "amplitude:close volume:20 2 20 0.5 0.5:rank"),
    ("amplitude_volume_zscore", "amplitude:close volume:20 2 20 0.5 0.5:volume_zscore"),
    ("ref_pivot_daily", "pivot_points:ts open high low close:0 0:p"),
    ("ref_pivot_r1_daily", "pivot_points:ts open high low close:0 0:r1"),
    ("ref_pivot_s1_daily", "pivot_points:ts open high low close:0 0:s1"),
    ("ref_pivot_r2_daily", "pivot_points:ts open high low close:0 0:r2"),
    ("ref_pivot_s2_daily", "pivot_points:ts open high low close:0 0:s2"),
    ("ref_pivot_r3_daily", "pivot_points:ts open high low close:0 0:r3"),
    ("ref_pivot_s3_daily", "pivot_points:ts open high low close:0 0:s3"),
    ("ref_fear_greed_causal_w168", "fear_greed:close volume:168:"),
];

/// The same from the given row on: the Python system has values where an indicator that has several begins with the last
/// of them, and its bands start with a width of `1e-6` instead of none.
const LATER_CALLS: &[(&str, &str, usize)] = &[
    ("ichi_tenkan", "ichimoku:high low close:9 26 52 26:conversion", 77),
    ("ichi_kijun", "ichimoku:high low close:9 26 52 26:base", 77),
    ("ichi_senkou_a", "ichimoku:high low close:9 26 52 26:span_a", 77),
    ("ichi_senkou_b", "ichimoku:high low close:9 26 52 26:span_b", 77),
    ("pi_111_1d_scaled", "pi_cycle:close:111 350 2:fast", 349),
    ("bollnp_upper", "ewm_bollinger:close:20 2:upper", 1),
    ("bollnp_mid", "ewm_bollinger:close:20 2:middle", 1),
    ("bollnp_lower", "ewm_bollinger:close:20 2:lower", 1),
    ("bollnp_z", "ewm_bollinger:close:20 2:zscore", 1),
    ("amplitude_bbwidth", "amplitude:close volume:20 2 20 0.5 0.5:bandwidth", 19),
    ("amplitude_setup", "amplitude:close volume:20 2 20 0.5 0.5:setup", 19),
    ("amplitude_score", "amplitude:close volume:20 2 20 0.5 0.5:score", 19),
];

fn indicators_csv() -> Option<Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/golden/threadx_py/indicators.csv");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    let mut table = Table::read(&path);
    let Some((name, times)) = table.columns.first_mut() else { panic!("no columns") };
    assert_eq!(name, "ts");
    // Hours from the start of 2024 on, which the file has as text.
    times.iter_mut().enumerate().for_each(|(i, ts)| *ts = 1_704_067_200e6 + i as f64 * 3600e6);
    Some(table)
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

#[test]
fn columns_of_the_python_system() {
    let Some(table) = indicators_csv() else { return };
    for &(column, name, from) in LATER_CALLS {
        let (got, expected) = (call(&table, name), table.column(column));
        assert!(got[from - 1].is_nan() || from == 1, "{column} begins earlier");
        match compare(&got[from..], &expected[from..], expected) {
            Ok(worst) => println!("{column}: {worst:.1e}"),
            Err(why) => panic!("{column}: {why}"),
        }
    }
}

/// The Python system showed the close of 26 bars later; what was known at a bar is how it compares with the one before.
#[test]
fn lagging_line() {
    let Some(table) = indicators_csv() else { return };
    let got = call(&table, "ichimoku:high low close:9 26 52 26:lagging");
    let (chikou, close) = (table.column("ichi_chikou"), table.column("close"));
    for i in 77..400 {
        // The line drawn at bar `i - 26` is the close of bar `i`.
        assert_eq!(chikou[i - 26], close[i]);
        assert_eq!(got[i], f64::from(u8::from(chikou[i - 26] > close[i - 26])), "bar {i}");
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

    let bands = find("bollinger").unwrap().evaluate(&[&close], &[20.0, 2.0, -1.0, 0.0]).unwrap();
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
