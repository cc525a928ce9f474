//! Indicators against the values published by Skender.Stock.Indicators (Apache-2.0), for its 502 daily bars.
//!
//! The files lie outside the repository; without them there is nothing to compare and the tests say so. Each entry of
//! `ENTRIES` is a column of `results/FILE.standard.json` with all of its digits; every other column is in `EXCUSED`, with
//! the reason.

#[expect(dead_code, reason = "the comparison of another test")]
mod common;
mod foreign;

use std::collections::BTreeSet;
use std::path::Path;

use common::Table;
use foreign::{Entry, assert_covered, compare_all, folder, is};

const ENTRIES: &[Entry] = &[
    is("adl", "adl", "ad:high low close volume::"),
    is("adx", "pdi", "plus_di:high low close:14:").from(350),
    is("adx", "mdi", "minus_di:high low close:14:").from(350),
    is("adx", "dx", "dx:high low close:14:").from(350),
    is("adx", "adx", "adx:high low close:14:").from(450),
    is("alligator", "jaw", "alligator:high low::jaw"),
    is("alligator", "teeth", "alligator:high low::teeth").from(20),
    is("alligator", "lips", "alligator:high low::lips").from(20),
    is("alma", "alma", "alma:close:9 0.85 6:"),
    // Of two equal highs or lows theirs takes the older one, TA-Lib and we the newer one.
    is("aroon", "aroonUp", "aroon:high low:25:up").apart(1),
    is("aroon", "aroonDown", "aroon:high low:25:down").apart(1),
    is("aroon", "oscillator", "aroonosc:high low:25:").apart(2),
    is("atr", "tr", "true_range:high low close:0:"),
    is("atr", "atr", "atr:high low close:14:"),
    is("atr", "atrp", "natr:high low close:14:"),
    is("atr-stop", "atrStop", "atr_stop:high low close:21 3:stop"),
    is("atr-stop", "atr", "atr:high low close:21:"),
    is("awesome", "oscillator", "ao:high low:5 34:"),
    is("bb", "sma", "bollinger:close:20 2:middle"),
    is("bb", "upperBand", "bollinger:close:20 2:upper"),
    is("bb", "lowerBand", "bollinger:close:20 2:lower"),
    is("bb", "percentB", "percent_b:close:20 2:"),
    is("bb", "zScore", "zscore:close:20 0:"),
    is("bb", "width", "bandwidth:close:20 2:"),
    is("beta", "beta", "beta:close other:50:"),
    is("beta", "returnsEval", "pct_change:other:1:").from(1),
    is("beta", "returnsMrkt", "pct_change:close:1:").from(1),
    is("bop", "bop", "bop:open high low close:: | sma:it:14:"),
    is("cci", "cci", "cci:high low close:20:"),
    is("chaikin-osc", "adl", "ad:high low close volume::"),
    is("chaikin-osc", "oscillator", "adosc:high low close volume:3 10:").from(200),
    is("chexit", "chandelierExit", "chandelier_exit:high low close:22 3:long"),
    is("cmf", "cmf", "cmf:high low close volume:20:"),
    is("cmo", "cmo", "cmou:close:14:"),
    is("corr", "varianceA", "rolling_variance:other:20:"),
    is("corr", "varianceB", "rolling_variance:close:20:"),
    is("corr", "covariance", "rolling_covariance:other close:20:"),
    is("corr", "correlation", "rolling_corr:other close:20:"),
    is("crsi", "streak", "streak:close::"),
    is("crsi", "rsi", "rsi:close:3:"),
    is("crsi", "rsiStreak", "streak:close:: | rsi:it:2:"),
    is("crsi", "percentRank", "pct_change:close:1: | rolling_percent_rank:it:100:").from(101).times(100.0),
    is("crsi", "connorsRsi", "connors_rsi:close:3 2 100:"),
    is("dema", "dema", "dema:close:14:").from(250),
    is("donchian", "upperBand", "donchian:high low:20:upper | previous:it:1:"),
    is("donchian", "centerline", "donchian:high low:20:middle | previous:it:1:"),
    is("donchian", "lowerBand", "donchian:high low:20:lower | previous:it:1:"),
    is("dynamic", "dynamic", "mcginley:close:14 0.6:").from(250),
    is("elder-ray", "ema", "ema:close:13:"),
    is("elder-ray", "bullPower", "eri:high low close:13:bull"),
    is("elder-ray", "bearPower", "eri:high low close:13:bear"),
    is("ema", "ema", "ema:close:20:"),
    is("epma", "epma", "linear_regression:close:10:"),
    is("fcb", "upperBand", "fcb:high low:2 2:upper"),
    is("fcb", "lowerBand", "fcb:high low:2 2:lower"),
    is("fisher", "fisher", "fisher:high low:10:fisher").from(250),
    is("fisher", "trigger", "fisher:high low:10:trigger").from(250),
    is("force", "forceIndex", "efi:close volume:2:"),
    is("heikinashi", "open", "heikin_ashi:open high low close::open"),
    is("heikinashi", "high", "heikin_ashi:open high low close::high"),
    is("heikinashi", "low", "heikin_ashi:open high low close::low"),
    is("heikinashi", "close", "heikin_ashi:open high low close::close"),
    is("hma", "hma", "hma:close:14:"),
    is("htl", "trendline", "median_price:high low:: | ht_trendline:it::").from(250),
    is("htl", "smoothPrice", "median_price:high low:: | wma:it:4:"),
    is("ichimoku", "tenkanSen", "ichimoku:high low close:9 26 52 26:conversion").from(77),
    is("ichimoku", "kijunSen", "ichimoku:high low close:9 26 52 26:base").from(77),
    is("ichimoku", "senkouSpanA", "ichimoku:high low close:9 26 52 26:span_a").from(77),
    is("ichimoku", "senkouSpanB", "ichimoku:high low close:9 26 52 26:span_b"),
    is("kama", "er", "er:close:10:"),
    is("kama", "kama", "kama:close:10 2 30:").from(10),
    is("kvo", "oscillator", "klinger:high low close volume:34 55 13:kvo").from(80),
    is("kvo", "signal", "klinger:high low close volume:34 55 13:signal").from(80),
    is("ma-env", "upperEnvelope", "ma_envelope:close:20 2.5 0:upper"),
    is("ma-env", "centerline", "ma_envelope:close:20 2.5 0:middle"),
    is("ma-env", "lowerEnvelope", "ma_envelope:close:20 2.5 0:lower"),
    is("macd", "macd", "macd:close:12 26 9:macd").from(250),
    is("macd", "signal", "macd:close:12 26 9:signal").from(250),
    is("macd", "histogram", "macd:close:12 26 9:histogram").from(250),
    is("macd", "fastEma", "ema:close:12:"),
    is("macd", "slowEma", "ema:close:26:"),
    is("mama", "mama", "median_price:high low:: | mama:it:0.5 0.05:mama").from(330),
    is("mama", "fama", "median_price:high low:: | mama:it:0.5 0.05:fama").from(330),
    is("mfi", "mfi", "mfi:high low close volume:14:"),
    // It starts from zero instead of the first volume.
    is("obv", "obv", "obv:close volume::").plus(-96_708_880.0),
    is("pmo", "pmo", "pmo:close:35 20 10:pmo").from(63),
    is("pmo", "signal", "pmo:close:35 20 10:signal"),
    is("prs", "prsPercent", "relative_performance:other close:20:"),
    // At one turn theirs begins from another stop.
    is("psar", "sar", "sar:high low:0.02 0.2:").from(60).apart(1),
    is("pvo", "pvo", "pvo:volume:12 26 1:").from(400),
    is("pvo", "signal", "pvo:volume:12 26 1: | ema:it:9:").from(400),
    is("roc", "momentum", "mom:close:14:"),
    is("roc", "roc", "roc:close:14:"),
    is("roc-wb", "roc", "roc:close:20:"),
    is("rolling-pivots", "pp", "rolling_pivots:open high low close:20 0 0:p"),
    is("rolling-pivots", "r1", "rolling_pivots:open high low close:20 0 0:r1"),
    is("rolling-pivots", "r2", "rolling_pivots:open high low close:20 0 0:r2"),
    is("rolling-pivots", "r3", "rolling_pivots:open high low close:20 0 0:r3"),
    is("rolling-pivots", "s1", "rolling_pivots:open high low close:20 0 0:s1"),
    is("rolling-pivots", "s2", "rolling_pivots:open high low close:20 0 0:s2"),
    is("rolling-pivots", "s3", "rolling_pivots:open high low close:20 0 0:s3"),
    is("rsi", "rsi", "rsi:close:14:"),
    is("slope", "slope", "slope:close:14:"),
    is("slope", "stdDev", "rolling_stddev:close:14:"),
    is("sma", "sma", "sma:close:20:"),
    is("sma-analysis", "sma", "sma:close:20:"),
    is("sma-analysis", "mse", "rolling_variance:close:20:"),
    is("smi", "smi", "smi:high low close:13 2 25 3:smi").from(330),
    is("smi", "signal", "smi:high low close:13 2 25 3:signal").from(330),
    is("smma", "smma", "rma:close:20:"),
    is("starc", "upperBand", "starc:high low close:5 10 2:upper"),
    is("starc", "centerline", "sma:close:5:"),
    is("starc", "lowerBand", "starc:high low close:5 10 2:lower"),
    is("stdev", "stdDev", "rolling_stddev:close:14:"),
    is("stdev", "mean", "sma:close:14:"),
    is("stdev", "zScore", "zscore:close:14 0:"),
    is("stoch", "oscillator", "kdj:high low close:14 3 0 3 0:k").from(17),
    is("stoch", "signal", "kdj:high low close:14 3 0 3 0:d").from(17),
    is("stoch", "k", "kdj:high low close:14 3 0 3 0:k").from(17),
    is("stoch", "d", "kdj:high low close:14 3 0 3 0:d").from(17),
    is("stoch", "percentJ", "kdj:high low close:14 3 0 3 0:j"),
    is("stoch", "j", "kdj:high low close:14 3 0 3 0:j"),
    is("stoch-rsi", "stochRsi", "stochrsi:close:14 14 3 0:k").from(29),
    is("stoch-rsi", "signal", "stochrsi:close:14 14 3 0:d"),
    is("supertrend", "superTrend", "supertrend:high low close:10 3:line"),
    is("t3", "t3", "t3:close:5 0.7:").from(250),
    is("tema", "tema", "tema:close:20:").from(350),
    is("tr", "tr", "true_range:high low close:0:"),
    is("trix", "trix", "trix:close:14:").from(300),
    is("tsi", "tsi", "tsi:close:25 13:"),
    is("tsi", "signal", "tsi:close:25 13: | ema:it:7:"),
    is("uo", "ultimate", "ultosc:high low close:7 14 28:"),
    is("vol-stop", "sar", "volatility_stop:high low close:7 3:stop"),
    is("vortex", "pvi", "vortex:high low close:14:plus"),
    is("vortex", "nvi", "vortex:high low close:14:minus"),
    is("vwap", "vwap", "vwap:high low close volume:0:"),
    is("vwma", "vwma", "vwma:close volume:14:"),
    is("willr", "williamsR", "williams_r:high low close:14:"),
    is("wma", "wma", "wma:close:14:"),
];

const SPLIT: &str = "The same line as another column, in one direction of the trend only.";
const ARITHMETIC: &str = "Arithmetic on columns that are compared.";
const FUTURE: &str = "Written at bars before those from which it is known.";

/// File, column (`*` for all) and why it is not compared.
const EXCUSED: &[(&str, &str, &str)] = &[
    ("adl", "moneyFlowMultiplier", ARITHMETIC),
    ("adl", "moneyFlowVolume", ARITHMETIC),
    ("adx", "adxr", "The mean with the ADX of `period` bars before, where TA-Lib and we go back `period - 1`."),
    ("atr-stop", "buyStop", SPLIT),
    ("atr-stop", "sellStop", SPLIT),
    ("awesome", "normalized", ARITHMETIC),
    ("barpart", "*", "Selects a price, which SQL does."),
    ("chaikin-osc", "moneyFlowMultiplier", ARITHMETIC),
    ("chaikin-osc", "moneyFlowVolume", ARITHMETIC),
    ("chaikin-osc", "fastEma", "An average of another column; the oscillator is compared."),
    ("chaikin-osc", "slowEma", "An average of another column; the oscillator is compared."),
    ("chop", "*", "Its range reaches to the closes before the bars; LEAN and we take the highs and lows."),
    ("cmf", "moneyFlowMultiplier", ARITHMETIC),
    ("cmf", "moneyFlowVolume", ARITHMETIC),
    ("corr", "rSquared", ARITHMETIC),
    ("doji", "*", "Counts a body of a fixed share of the range, where TA-Lib and we compare with the bars before."),
    ("donchian", "width", ARITHMETIC),
    ("dpo", "*", FUTURE),
    (
        "fractal",
        "*",
        "A price at the bar of the fractal, where ours is a condition at the bar that confirms it; fcb has the prices.",
    ),
    ("gator", "*", "Differences of the lines of the alligator, which are compared."),
    ("heikinashi", "volume", "The volume of the bar."),
    ("htl", "dcPeriods", "A whole number, rounded from the period of the cycle."),
    ("hurst", "*", "Ranges of returns instead of the deviations of lagged prices that LEAN and we take."),
    ("ichimoku", "chikouSpan", FUTURE),
    ("keltner", "*", "Around an average of the close, where TA-Lib and we take the typical price."),
    ("marubozu", "*", "Counts a body of a fixed share of the range, where TA-Lib and we compare with the bars before."),
    ("pivot-points", "*", "Of calendar months, which have few bars here; rolling-pivots has the same levels."),
    ("pivots", "*", FUTURE),
    ("prs", "prs", "The quotient of two prices, which SQL takes."),
    ("psar", "isReversal", "Where the stop changes sides; the stop is compared."),
    ("pvo", "histogram", ARITHMETIC),
    ("renko", "*", "One row a brick instead of one a bar."),
    ("renko-atr", "*", "One row a brick instead of one a bar."),
    ("roc-wb", "rocEma", "An average of another column."),
    ("roc-wb", "upperBand", "Bands of a root mean square of the rate of change, which we do not have."),
    ("roc-wb", "lowerBand", "Bands of a root mean square of the rate of change, which we do not have."),
    ("slope", "intercept", "Counted from the start of the series."),
    ("slope", "rSquared", ARITHMETIC),
    ("slope", "line", FUTURE),
    ("sma-analysis", "mad", "The mean absolute deviation of CCI, which is compared."),
    ("sma-analysis", "mape", "A mean absolute deviation in percent, which we do not have."),
    ("stc", "*", "Other smoothings of the two stochastics than those of Schaff, which LEAN and we have."),
    ("stdev-channels", "*", FUTURE),
    ("supertrend", "upperBand", SPLIT),
    ("supertrend", "lowerBand", SPLIT),
    ("trix", "ema3", "Three averages of ema one after the other; the change of it is compared."),
    (
        "ulcer",
        "*",
        "Falls from the highest close within one window, where ours are from the highest of the bars before each.",
    ),
    ("vol-stop", "isStop", "Where the stop changes sides; the stop is compared."),
    ("vol-stop", "upperBand", SPLIT),
    ("vol-stop", "lowerBand", SPLIT),
    ("zigzag", "*", FUTURE),
    ("zigzag-close", "*", FUTURE),
];

/// The columns of an array of flat objects, written one value a line; a nested object is left out, and so is text.
///
/// `null` is missing, `true` and `false` are one and zero.
fn read_results(path: &Path) -> Vec<(String, Vec<f64>)> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
    for line in text.lines() {
        let Some((name, value)) = line.strip_prefix("    \"").and_then(|line| line.split_once("\": ")) else {
            continue;
        };
        let value = match value.trim_end_matches(',') {
            "null" => f64::NAN,
            "true" => 1.0,
            "false" => 0.0,
            text if text.starts_with(['"', '{']) => continue,
            number => number.parse().unwrap_or_else(|e| panic!("{}: {number}: {e}", path.display())),
        };
        match columns.iter_mut().find(|(column, _)| column == name) {
            Some((_, values)) => values.push(value),
            None => columns.push((name.to_string(), vec![value])),
        }
    }
    columns
}

/// The bars, with the closes of the second market as `other`.
fn bars(folder: &Path) -> Table {
    let mut bars = Table::read(&folder.join("quotes/default.csv"));
    let other = Table::read(&folder.join("quotes/compare.csv"));
    bars.columns.push(("other".into(), other.column("close").to_vec()));
    bars
}

#[test]
fn columns_are_equal() {
    let Some(folder) = folder("skender") else { return };
    compare_all(ENTRIES, |entry| {
        let columns = read_results(&folder.join(format!("results/{}.standard.json", entry.file)));
        let (_, expected) = columns.into_iter().find(|(name, _)| name == entry.column).expect("covered below");
        (bars(&folder), expected)
    });
}

#[test]
fn every_column_is_compared_or_excused() {
    let Some(folder) = folder("skender") else { return };
    let mut columns = BTreeSet::new();
    for file in std::fs::read_dir(folder.join("results")).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".standard.json") else {
            // The workings of a spreadsheet, next to the results.
            assert_eq!(name, "dpo.standard.csv");
            continue;
        };
        // A column without any value has nothing to compare.
        let found = read_results(&path).into_iter().filter(|(_, values)| values.iter().any(|x| !x.is_nan()));
        columns.extend(found.map(|(column, _)| (name.to_string(), column)));
    }
    // The table of calls lists the same files.
    let calls = std::fs::read_to_string(folder.join("parameters.csv")).expect("the calls");
    let listed: BTreeSet<&str> = calls.lines().skip(1).filter_map(|line| line.split(".standard.json").next()).collect();
    let known: BTreeSet<&str> = ENTRIES.iter().map(|e| e.file).chain(EXCUSED.iter().map(|e| e.0)).collect();
    assert!(listed.is_subset(&known), "{:?}", listed.difference(&known));
    assert_covered(&columns, ENTRIES, EXCUSED);
}
