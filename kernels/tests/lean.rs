//! Indicators against the test data of QuantConnect LEAN (Apache-2.0), each file with its own bars.
//!
//! The files lie outside the repository; without them there is nothing to compare and the tests say so. Most have seven
//! digits or so, which the entries allow for. Every other column is in `EXCUSED`, with the reason.

#[expect(dead_code, reason = "the comparison of another test")]
mod common;
mod foreign;

use std::collections::BTreeSet;
use std::path::Path;

use common::Table;
use foreign::{Entry, assert_covered, compare_all, folder, is};
use threadx_kernels::indicator::find;

const ENTRIES: &[Entry] = &[
    is("spy_acceleration_bands_20_4.txt", "MiddleBand", "accbands:high low close:20 4:middle").within(1e-4),
    is("spy_acceleration_bands_20_4.txt", "UpperBand", "accbands:high low close:20 4:upper").within(1e-4),
    is("spy_acceleration_bands_20_4.txt", "LowerBand", "accbands:high low close:20 4:lower").within(1e-4),
    is("spy_ad.txt", "AD", "ad:high low close volume::"),
    is("spy_ad_osc.txt", "AdOsc_3_10", "adosc:high low close volume:3 10:").from(150),
    is("spy_adr.csv", "adr", "adr:high low:20:"),
    is("spy_ao.txt", "AO", "ao:high low:5 34:"),
    is("spy_apo.txt", "APO_5_10", "apo:close:5 10 0:"),
    is("spy_aroon_oscillator.txt", "Aroon Oscillator 14", "aroonosc:high low:14:").within(1e-5),
    is("spy_atr.txt", "Average True Range 14", "true_range:high low close:0: | sma:it:14:").within(1e-4),
    is("spy_atr_wilder.txt", "Average True Range 14", "atr:high low close:14:").from(250).within(1e-5),
    is("spy_bollinger_bands.txt", "Moving Average 20", "bollinger:close:20 2:middle").within(1e-4),
    is("spy_bollinger_bands.txt", "Bollinger Bands® 20 2 Top", "bollinger:close:20 2:upper").within(1e-4),
    is("spy_bollinger_bands.txt", "Bollinger Bands® 20 2 Bottom", "bollinger:close:20 2:lower").within(1e-4),
    is("spy_bollinger_bands.txt", "BandWidth", "bandwidth:close:20 2:").times(100.0).within(1e-3),
    is("spy_bollinger_bands.txt", "%B", "percent_b:close:20 2:").within(1e-4),
    is("spy_bop.txt", "BOP", "bop:open high low close::"),
    // The last bar was not complete.
    is("spy_cmf.txt", "CMF_20", "cmf:high low close volume:20:").from(20).apart(1),
    is("spy_cmo.txt", "CMO_5", "cmo:close:5:"),
    is("spy_coppock_curve.csv", "CoppockCurve", "coppock:close:10 11 14:"),
    is("spy_coppock_curve.csv", "roc_11", "roc:close:11:"),
    is("spy_coppock_curve.csv", "roc_14", "roc:close:14:"),
    // A close that does not change keeps the streak there; Connors, Skender and we set it to zero.
    is("spy_crsi.csv", "crsi", "connors_rsi:close:3 2 100:").apart(135),
    is("spy_dema.txt", "DEMA_5", "dema:close:5:"),
    is("spy_do.csv", "DO", "derivative_oscillator:close:14 5 3 9:"),
    is("spy_dpo.csv", "DPO", "dpo:close:21:").within(1e-6),
    is("spy_dpo.csv", "Sma(21)", "sma:close:21:").within(1e-6),
    is("spy_dpo.csv", "Lag(11)", "previous:close:11:"),
    is("spy_hurst_exponent.csv", "hurst_exponent", "hurst_exponent:close:252 20:"),
    is("spy_with_keltner.csv", "Middle Band", "typical_price:high low close:: | sma:it:20:").within(1e-4),
    is("spy_ema.csv", "EMA14", "ema:close:14:"),
    is("spy_heikin_ashi.txt", "HA_Open", "heikin_ashi:open high low close::open").within(1e-6),
    is("spy_heikin_ashi.txt", "HA_High", "heikin_ashi:open high low close::high").within(1e-6),
    is("spy_heikin_ashi.txt", "HA_Low", "heikin_ashi:open high low close::low").within(1e-6),
    is("spy_heikin_ashi.txt", "HA_Close", "heikin_ashi:open high low close::close").within(1e-6),
    is("spy_hma.txt", "HMA_16", "hma:close:16:").within(1e-6),
    is("spy_kama.txt", "KAMA_5", "kama:close:5 2 30:"),
    is("spy_ker.txt", "KER", "er:close:10:").from(10).within(1e-8),
    is("spy_logr14.txt", "LOGR14", "log_return:close:14:").within(1e-7),
    is("spy_mama.csv", "mama", "median_price:high low:: | mama:it:0.5 0.05:mama"),
    is("spy_mama.csv", "fama", "median_price:high low:: | mama:it:0.5 0.05:fama"),
    is("spy_mass_index_25.txt", "MassIndex", "massi:high low:9 25:").from(150).within(1e-7),
    is("spy_max.txt", "MAX_5", "highest:close:5:"),
    is("spy_mfi.txt", "Money Flow Index 20", "mfi:high low close volume:20:").within(1e-4),
    is("spy_midpoint.txt", "MIDPOINT_5", "midpoint:close:5:"),
    is("spy_midprice.txt", "MIDPRICE_5", "midprice:high low:5:"),
    is("spy_min.txt", "MIN_5", "lowest:close:5:"),
    is("spy_natr.txt", "NATR_5", "natr:high low close:5:"),
    is("spy_ppo.txt", "PPO_5_10", "ppo:close:5 10 0:"),
    is("spy_pso.csv", "pso", "premier_stochastic:high low close:8 5:"),
    is("spy_rocr.txt", "ROCR_5", "rocr:close:5:"),
    is("spy_rvi.txt", "RVI", "relative_vigor:open high low close:10:vigor").from(15),
    is("spy_rvi.txt", "RVI_S", "relative_vigor:open high low close:10:signal").from(18),
    is("spy_sm.csv", "mid_bb", "bollinger:close:20 2:middle"),
    is("spy_sm.csv", "bb high", "bollinger:close:20 2:upper"),
    is("spy_sm.csv", "bb low", "bollinger:close:20 2:lower"),
    is("spy_sortino.csv", "returns", "pct_change:close:1:").within(1e-10),
    is("spy_sortino.csv", "sortino_rf_0_period_15", "rolling_sortino:close:15 1 0:").within(1e-8),
    is("spy_sortino.csv", "sortino_rf_0.01_period_15", "rolling_sortino:close:15 1 0.01:").within(1e-8),
    // The deviation of the population; the last close is not the one of its row.
    is("spy_sr.txt", "SR_10", "rolling_sharpe:close:10 1 0:").from(10).times(1.054_092_553_389_459_8).apart(1),
    is("spy_stc.txt", "STC", "stc:close:23 50 10:").from(250),
    is("spy_t3.txt", "T3_5", "t3:close:5 0.7:"),
    is("spy_tema.txt", "TEMA_5", "tema:close:5:"),
    is("spy_tr.txt", "TR", "true_range:high low close:0:"),
    is("spy_trima.txt", "TRIMA_5", "trima:close:5:"),
    is("spy_trima.txt", "TRIMA_6", "trima:close:6:"),
    is("spy_trix.txt", "TRIX_5", "trix:close:5:"),
    is("spy_tsi.csv", "TSI_25_13", "tsi:close:25 13:"),
    is("spy_tsi.csv", "Signal_7", "tsi:close:25 13: | ema:it:7:"),
    is("spy_ultosc.txt", "ULTOSC_7_14_28", "ultosc:high low close:7 14 28:"),
    is("spy_var.txt", "Var", "rolling_variance:close:10:"),
    is("spy_with_ChandeKrollStop.csv", "short_stop", "chande_kroll_stop:high low close:5 2 3:short").from(150),
    is("spy_with_ChandeKrollStop.csv", "long_stop", "chande_kroll_stop:high low close:5 2 3:long").from(150),
    is("spy_with_ForceIndex.csv", "ForceIndex20", "efi:close volume:20:"),
    is("spy_with_McGinleyDynamic.csv", "McGinleyDynamic14", "mcginley:close:14 1:").from(250),
    is("spy_with_StochRSI.csv", "k", "rsi:close:14: | kdj:it it it:14 3 0 3 0:k").from(31),
    is("spy_with_StochRSI.csv", "d", "rsi:close:14: | kdj:it it it:14 3 0 3 0:d").from(31),
    is("spy_with_adx.txt", "TR", "true_range:high low close:0:").within(6e-3),
    is("spy_with_adx.txt", "+DI14", "plus_di:high low close:14:").from(200).within(1e-3),
    is("spy_with_adx.txt", "-DI14", "minus_di:high low close:14:").from(200).within(1e-3),
    is("spy_with_adx.txt", "ADX 14", "adx:high low close:14:").from(250).within(1e-3),
    is("spy_with_adx.txt", "+DM 1", "plus_dm:high low:1:").within(6e-3),
    is("spy_with_adx.txt", "-DM 1", "minus_dm:high low:1:").within(6e-3),
    is("spy_with_adx.txt", "+DM14", "plus_dm:high low:14:").from(200).within(0.02),
    is("spy_with_adx.txt", "-DM14", "minus_dm:high low:14:").from(200).within(0.02),
    is("spy_with_adx.txt", "DX", "dx:high low close:14:").from(200).within(0.02),
    is("spy_with_cci.txt", "Commodity Channel Index (CCI) 14", "cci:high low close:14:").within(0.02),
    is("spy_with_chop.csv", "CHOP14", "choppiness:high low close:14:").from(14),
    is("spy_with_don50.txt", "Donchian Channels 50 Top", "donchian:high low:50:upper").from(49),
    is("spy_with_don50.txt", "Donchian Channels 50 Bottom", "donchian:high low:50:lower").from(49),
    is("spy_with_don50.txt", "Donchian Channels 50 Mean", "donchian:high low:50:middle").from(49),
    is("spy_with_fisher.txt", "Fisher Transform 10", "fisher:high low:10:fisher").from(250).within(1e-6),
    is("spy_with_ichimoku.csv", "Tenkan", "ichimoku:high low close:9 26 52 26:conversion").from(77),
    is("spy_with_ichimoku.csv", "Kijun", "ichimoku:high low close:9 26 52 26:base").from(77),
    is("spy_with_ichimoku.csv", "Senkou A", "ichimoku:high low close:9 26 52 26:span_a").from(77),
    is("spy_with_ichimoku.csv", "Senkou B", "ichimoku:high low close:9 26 52 26:span_b").from(77),
    is("spy_with_ibs.csv", "IBS", "ibs:high low close::"),
    is("spy_with_ichimoku.csv", "TenkanMaximum", "highest:high:9:"),
    is("spy_with_ichimoku.csv", "TenkanMinimum", "lowest:low:9:"),
    is("spy_with_ichimoku.csv", "KijunMaximum", "highest:high:26:"),
    is("spy_with_ichimoku.csv", "KijunMinimum", "lowest:low:26:"),
    is("spy_with_ichimoku.csv", "SenkouBMaximum", "highest:high:52:"),
    is("spy_with_ichimoku.csv", "SenkouBMinimum", "lowest:low:52:"),
    is("spy_with_indicators.txt", "SMA14", "sma:close:14:").within(0.01),
    is("spy_with_indicators.txt", "EMA14", "ema:close:14:").from(150).within(0.01),
    is("spy_with_indicators.txt", "MACD 12 26", "macd:close:12 26 9:macd").from(250).within(1e-3),
    is("spy_with_indicators.txt", "RSI 14 Wilder", "rsi:close:14:").from(250).within(1e-4),
    is("spy_with_keltner.csv", "TypicalPrice", "typical_price:high low close::").within(1e-4),
    is("spy_with_kst.csv", "kst", "kst:close:5 10 15 25 5 5 5 10 9:kst").from(42),
    is("spy_with_kst.csv", "signal", "kst:close:5 10 15 25 5 5 5 10 9:signal"),
    is("spy_with_kvo.csv", "KVO5_10", "klinger:high low close volume:5 10 13:kvo").from(24),
    is("spy_with_macd.txt", "MACD", "macd:close:12 26 9:macd").from(250).within(1e-5),
    is("spy_with_macd.txt", "Signal", "macd:close:12 26 9:signal").from(250).within(1e-5),
    is("spy_with_macd.txt", "Histogram", "macd:close:12 26 9:histogram").from(250).within(1e-5),
    // The names of the first and the third column are swapped.
    is("spy_with_rma.csv", "SMA5", "sma:close:15:").from(15).within(1e-6),
    is("spy_with_rma.csv", "SMA10", "sma:close:10:").from(15).within(1e-6),
    is("spy_with_rma.csv", "SMA15", "sma:close:5:").from(15).within(1e-6),
    is("spy_with_obv.txt", "OBV", "obv:close volume::").within(2e3),
    is("spy_with_roc50.txt", "Rate of Change 50", "mom:close:50:").within(1e-4),
    is("spy_with_rocp50.txt", "Rate of Change % 50", "roc:close:50:").within(1e-4),
    is("spy_with_rsv.csv", "RSV9", "historical_volatility:open high low close:9 3:"),
    is("spy_with_sobv.csv", "SOBV20", "obv:close volume:: | sma:it:20:"),
    is("spy_with_stoch12k3.txt", "Stochastics 12 %K 3", "kdj:high low close:12 3 0 5 0:k").from(17).within(1e-3),
    is("spy_with_stoch12k3.txt", "%D 5", "kdj:high low close:12 3 0 5 0:d").from(17).within(1e-3),
    is("spy_with_vtx.csv", "plus_vtx", "vortex:high low close:14:plus"),
    is("spy_with_vtx.csv", "minus_vtx", "vortex:high low close:14:minus"),
    is("spy_with_vwap.txt", "Moving VWAP 50", "average_price:open high low close:: | vwma:it volume:50:").within(1e-4),
    is("spy_with_vwma.csv", "VWMA20", "vwma:close volume:20:"),
    is("spy_with_williamsR14.txt", "Williams %R 14", "williams_r:high low close:14:").within(1e-3),
    is("spy_with_zlema.csv", "ZLEMA5", "zlema:close:5:").from(100),
];

const BREADTH: &str = "About many markets at once.";
const TWO_MARKETS: &str = "The bars of two markets take turns in the rows.";
const COMPRESSED: &str = "Compressed, and of two markets or a statistic that we do not have.";
const FUTURE: &str = "Written at bars before those from which it is known.";
const ARITHMETIC: &str = "Arithmetic on columns that are compared.";

/// File, column (`*` for all) and why it is not compared.
const EXCUSED: &[(&str, &str, &str)] = &[
    ("alpha_indicator_datatest.csv", "*", TWO_MARKETS),
    ("arms_data.txt", "*", BREADTH),
    ("bi_datatest.csv", "*", TWO_MARKETS),
    ("frama.txt", "*", "The fractal adaptive average, of which we have none."),
    ("mcclellan_data.csv", "*", BREADTH),
    ("nhnl_data.csv", "*", BREADTH),
    ("spy_aps.txt", "*", "Augen's price spike, which we do not have."),
    ("spy_arima.csv", "*", "A fitted model."),
    ("dwac_supertrend.txt", "*", "Too short to forget the seed of its average true range."),
    ("spy_alma.txt", "*", "With the centre of the weights rounded down to a bar."),
    ("spy_coppock_curve.csv", "roc_sum", ARITHMETIC),
    ("spy_emv.txt", "*", "Thirty small differences of prices rounded to cents."),
    ("spy_pivot_pnt_hl.txt", "*", FUTURE),
    ("spy_qqq_corr.csv.gz", "*", COMPRESSED),
    ("spy_rdv.txt", "*", "Compares with the volume at the same time of other days, which we do not have."),
    ("spy_sm.csv", "kc high", "Around an exponential average with another seed."),
    ("spy_sm.csv", "kc low", "Around an exponential average with another seed."),
    ("spy_sm.csv", "squeeze on", "Of those channels."),
    ("spy_sortino.csv", "downside_returns_0", ARITHMETIC),
    ("spy_sortino.csv", "downside_returns_0.01", ARITHMETIC),
    ("spy_sortino.csv", "squared_downside_return_0", ARITHMETIC),
    ("spy_sortino.csv", "squared_downside_return_0.01", ARITHMETIC),
    ("spy_sortino.csv", "numerator_rf_0_period_15", ARITHMETIC),
    ("spy_sortino.csv", "numerator_rf_0.01_period_15", ARITHMETIC),
    ("spy_sortino.csv", "denominator_rf_0_period_15", ARITHMETIC),
    ("spy_sortino.csv", "denominator_rf_0.01_period_15", ARITHMETIC),
    (
        "spy_swiss.txt",
        "*",
        "Filters of one family by Ehlers in its own parameters, started from zero and rounded to cents.",
    ),
    ("spy_tdd.csv.gz", "*", COMPRESSED),
    ("spy_valueatrisk.csv.gz", "*", COMPRESSED),
    ("spy_vidya.txt", "*", "With the averages of Wilder in its momentum oscillator, where Chande and we take sums."),
    ("spy_with_adx.txt", "TR14", "The sum that the indicators are made of."),
    ("spy_with_adx.txt", "DI 14 Diff", ARITHMETIC),
    ("spy_with_adx.txt", "DI 14 Sum", ARITHMETIC),
    (
        "spy_with_adx.txt",
        "ADXR 14",
        "The mean with the ADX of `period` bars before, where TA-Lib and we go back `period - 1`.",
    ),
    ("spy_with_hilbert.csv", "*", "A transform with other weights than that of TA-Lib, which we have."),
    ("spy_with_ichimoku.csv", "DelayedTenkanSenkouA", "Another column, delayed."),
    ("spy_with_ichimoku.csv", "DelayedKijunSenkouA", "Another column, delayed."),
    ("spy_with_ichimoku.csv", "DelayedMaximumSenkouB", "Another column, delayed."),
    ("spy_with_ichimoku.csv", "DelayedMinimumSenkouB", "Another column, delayed."),
    ("spy_with_ichimoku.csv", "Ichimoku Cloud", "The middle of the bar."),
    ("spy_with_indicators.txt", "OBV", "With three digits."),
    ("spy_with_indicators.txt", "RSI 14", "With plain averages in place of those of Wilder."),
    ("spy_with_keltner.csv", "Keltner Channels 20 Top", "Plain averages, where TA-Lib and we take exponential ones."),
    (
        "spy_with_keltner.csv",
        "Keltner Channels 20 Bottom",
        "Plain averages, where TA-Lib and we take exponential ones.",
    ),
    ("spy_with_rma.csv", "RMA5", "Not an average of Wilder of these closes, whatever the period."),
    ("spy_zigzag.csv", "*", FUTURE),
    ("tp_datatest.csv", "*", "A market profile, which we do not have."),
    ("vp_datatest.csv", "*", "A market profile, which we do not have."),
];

/// The names of the columns and their values; quoted names lose their quotes, the bars are in lower case.
fn read(path: &Path) -> Table {
    let mut table = Table::read(path);
    for (name, _) in &mut table.columns {
        let plain = name.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}').to_string();
        let lower = plain.to_lowercase();
        *name = if ["open", "high", "low", "close", "volume"].contains(&lower.as_str()) { lower } else { plain };
    }
    table
}

/// Columns that are bars and their times.
const BARS: &[&str] =
    &["", "Date", "date", "time", "Symbol", "open", "high", "low", "close", "volume", "Adj Close", "Volume MA"];

/// Where TA-Lib has changed its answer since: two bodies that end at the same price are a weak harami now.
const CHANGED: &[(&str, usize)] = &[("CDLHARAMI", 346)];

/// The patterns of TA-Lib, under its names for them.
const PATTERNS: &str = "spy_candle_patterns.txt";

#[test]
fn columns_are_equal() {
    let Some(folder) = folder("lean") else { return };
    compare_all(ENTRIES, |entry| {
        let bars = read(&folder.join(entry.file));
        let expected = bars.column(entry.column).to_vec();
        (bars, expected)
    });
}

#[test]
fn patterns_are_equal() {
    let Some(folder) = folder("lean") else { return };
    let bars = read(&folder.join(PATTERNS));
    let mut compared = 0;
    for (column, expected) in bars.columns.iter().filter(|(name, _)| name.starts_with("CDL")) {
        let def = find(&column.to_lowercase()).unwrap_or_else(|| panic!("no indicator {column}"));
        let inputs = ["open", "high", "low", "close"].map(|name| bars.column(name));
        let got = def.evaluate(&inputs, def.default_params(0.0).values()).expect("four prices").swap_remove(0);
        for (row, (ours, theirs)) in got.iter().zip(expected).enumerate().filter(|(_, (_, theirs))| !theirs.is_nan()) {
            let changed = CHANGED.contains(&(column, row));
            assert!((ours == theirs) != changed, "{column} row {row}: got {ours}, expected {theirs}");
            compared += 1;
        }
    }
    println!("{compared} values");
}

#[test]
fn every_column_is_compared_or_excused() {
    let Some(folder) = folder("lean") else { return };
    let mut columns = BTreeSet::new();
    for file in std::fs::read_dir(&folder).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.ends_with(".gz") {
            columns.insert((name, "*".to_string()));
        } else if name != PATTERNS {
            let found = read(&path).columns.into_iter().filter(|(column, _)| !BARS.contains(&column.as_str()));
            columns.extend(found.map(|(column, _)| (name.clone(), column)));
        }
    }
    assert_covered(&columns, ENTRIES, EXCUSED);
}
