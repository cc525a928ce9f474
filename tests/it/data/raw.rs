//! Every file of `raw/`: what it gives, or why it is refused.

use std::path::{Path, PathBuf};

use threadx::engine::import::{ImportOptions, ReadSeries, Stamps, read};
use threadx::engine::series::Bar;
use threadx::engine::timeframe::{Timeframe, format_ts};

use super::{golden, rows, shared};

/// File, symbol option (or `-`), key, rows, first and last open time, first open.
const GOOD: &[(&str, &str, &str, usize, &str, &str, f64)] = &[
    ("binance/ADABTC-1m-2021-11-27.csv", "-", "ADABTC 1m", 10, "2021-11-27 00:00", "2021-11-27 00:09", 0.00002853),
    ("binance/ADABTC-1m-2021-11-28.csv", "-", "ADABTC 1m", 11, "2021-11-28 00:00", "2021-11-28 00:10", 0.0000282),
    (
        "binance/ADABTC_pipe_separated-1m-2021-11-27.csv",
        "ADABTC",
        "ADABTC 1m",
        10,
        "2021-11-27 00:00",
        "2021-11-27 00:09",
        0.00002853,
    ),
    ("binance_perp_seam/BTCUSDT_4h.parquet", "-", "BTCUSDT 4h", 7078, "2023-01-01 00:00", "2026-03-25 12:00", 16537.5),
    (
        "bitfinex/BTCUSD_1m_2013-04-10_16_flashcrash.json",
        "-",
        "BTCUSD 1m",
        76,
        "2013-04-10 16:00",
        "2013-04-10 17:59",
        235.0,
    ),
    ("bitfinex/BTCUSD_1m_2019-12-31_00.json", "-", "BTCUSD 1m", 117, "2019-12-31 00:00", "2019-12-31 01:59", 7260.9),
    ("bitfinex/BTCUSD_1m_2019-12-31_02.json", "-", "BTCUSD 1m", 116, "2019-12-31 02:00", "2019-12-31 03:59", 7274.3),
    ("bitfinex/BTCUSD_1m_2019-12-31_04.json", "-", "BTCUSD 1m", 109, "2019-12-31 04:00", "2019-12-31 05:59", 7248.9),
    (
        "bitfinex/BTCUSD_1m_2019-12-31_06.json",
        "-",
        "BTCUSD 1m",
        106,
        "2019-12-31 06:00",
        "2019-12-31 07:59",
        7275.69608798,
    ),
    ("bitfinex/BTCUSD_1m_2019-12-31_08.json", "-", "BTCUSD 1m", 111, "2019-12-31 08:00", "2019-12-31 09:59", 7268.5),
    ("bitfinex/BTCUSD_1m_2019-12-31_10.json", "-", "BTCUSD 1m", 105, "2019-12-31 10:00", "2019-12-31 11:59", 7249.7),
    ("bitfinex/BTCUSD_1m_2019-12-31_12.json", "-", "BTCUSD 1m", 113, "2019-12-31 12:00", "2019-12-31 13:59", 7263.9),
    (
        "bitfinex/BTCUSD_1m_2019-12-31_14.json",
        "-",
        "BTCUSD 1m",
        120,
        "2019-12-31 14:00",
        "2019-12-31 15:59",
        7257.73007606,
    ),
    ("bitfinex/BTCUSD_1m_2019-12-31_16.json", "-", "BTCUSD 1m", 119, "2019-12-31 16:00", "2019-12-31 17:59", 7203.0),
    ("bitfinex/BTCUSD_1m_2019-12-31_18.json", "-", "BTCUSD 1m", 118, "2019-12-31 18:00", "2019-12-31 19:59", 7173.8),
    ("bitfinex/BTCUSD_1m_2019-12-31_20.json", "-", "BTCUSD 1m", 119, "2019-12-31 20:00", "2019-12-31 21:59", 7182.4),
    ("bitfinex/BTCUSD_1m_2019-12-31_22.json", "-", "BTCUSD 1m", 112, "2019-12-31 22:00", "2019-12-31 23:59", 7197.3),
    ("csv_dialects/6EH4_1m_202401.csv.gz", "-", "6EH4 1m", 29996, "2024-01-01 23:01", "2024-01-31 23:59", 1.1076),
    ("csv_dialects/6EH4_1m_semicolon.csv", "-", "6EH4 1m", 9, "2024-01-01 23:01", "2024-01-01 23:09", 1.1076),
    ("csv_dialects/arch_sp500.csv.gz", "SP500", "SP500 1d", 5031, "1999-01-04 00:00", "2018-12-31 00:00", 1229.22998),
    (
        "csv_dialects/backtesting_py_BTCUSD.csv",
        "BTCUSD",
        "BTCUSD 1M",
        156,
        "2012-01-31 00:00",
        "2024-12-31 00:00",
        4.58,
    ),
    (
        "csv_dialects/backtesting_py_EURUSD.csv",
        "EURUSD",
        "EURUSD 1h",
        5000,
        "2017-04-19 09:00",
        "2018-02-07 15:00",
        1.0716,
    ),
    ("csv_dialects/backtesting_py_GOOG.csv", "GOOG", "GOOG 1d", 2148, "2004-08-19 00:00", "2013-03-01 00:00", 100.0),
    (
        "csv_dialects/dukascopy_EURUSD_1H_ASK.csv",
        "EURUSD",
        "EURUSD 1h",
        6225,
        "2017-01-01 22:00",
        "2017-12-29 21:00",
        1.05236,
    ),
    (
        "csv_dialects/gbpusd-m1-ask-2012.csv.gz",
        "GBPUSD",
        "GBPUSD 1m",
        30117,
        "2012-02-01 00:00",
        "2012-03-01 00:00",
        1.57608,
    ),
    ("csv_dialects/yahoo_GOOGL.csv", "GOOGL", "GOOGL 1d", 2335, "2009-05-22 00:00", "2018-08-29 00:00", 198.528534),
    (
        "exchange_json/binance_klines_response.json",
        "ETHBTC",
        "ETHBTC 1w",
        1,
        "2017-07-03 00:00",
        "2017-07-03 00:00",
        0.0163479,
    ),
    (
        "exchange_json/coinbase_http_candles.json",
        "BTC-USD",
        "BTC-USD 1h",
        2,
        "2024-04-04 00:00",
        "2024-04-04 01:00",
        65984.18,
    ),
    ("exchange_json/dydx_http_get_candles.json", "-", "BTC-USD 1m", 3, "2025-12-08 16:09", "2025-12-08 16:11", 90002.0),
    (
        "exchange_json/kraken_http_futures_candles_trade.json",
        "XBT",
        "XBT 1h",
        3,
        "2024-11-16 00:00",
        "2024-11-16 02:00",
        91069.0,
    ),
    ("exchange_json/kraken_http_ohlc.json", "-", "XBTUSDT 1m", 720, "2025-11-10 12:17", "2025-11-11 00:16", 106038.2),
    // Both candles say that they are not finished, which only the newest can be.
    (
        "exchange_json/okx_http_get_candlesticks.json",
        "BTC-USDT",
        "BTC-USDT 1m",
        1,
        "2021-07-01 00:00",
        "2021-07-01 00:00",
        33528.6,
    ),
    (
        "freqtrade/UNITTEST_BTC-1m.feather",
        "-",
        "UNITTEST_BTC 1m",
        13681,
        "2017-11-04 23:02",
        "2017-11-14 22:59",
        0.00162008,
    ),
    (
        "freqtrade/UNITTEST_BTC-1m.json",
        "-",
        "UNITTEST_BTC 1m",
        13681,
        "2017-11-04 23:02",
        "2017-11-14 22:59",
        0.00162008,
    ),
    (
        "freqtrade/UNITTEST_USDT_USDT-1h-mark.feather",
        "-",
        "UNITTEST_USDT_USDT 1h",
        100,
        "2021-11-15 07:00",
        "2021-11-19 10:00",
        1.21431,
    ),
    ("freqtrade/XRP_ETH-1m.feather", "-", "XRP_ETH 1m", 2469, "2019-10-11 00:00", "2019-10-13 11:19", 0.00141342),
    (
        "kraken/BTCUSDC_1m_2023Q1_ohlcvt.csv.gz",
        "-",
        "BTCUSDC 1m",
        56717,
        "2023-01-01 00:00",
        "2023-03-31 23:59",
        16535.97,
    ),
    (
        "lean/crypto_binance_minute_btcbusd_20221213_trade.zip",
        "-",
        "BTCBUSD 1m",
        1440,
        "2022-12-13 00:00",
        "2022-12-13 23:59",
        17212.12,
    ),
    (
        "lean/crypto_bitfinex_hour_btcusd_trade.zip",
        "-",
        "BTCUSD 1h",
        733,
        "2013-10-01 00:00",
        "2013-10-31 21:00",
        125.99,
    ),
    (
        "lean/crypto_bybit_minute_btcusdt_20221213_trade.zip",
        "-",
        "BTCUSDT 1m",
        1440,
        "2022-12-13 00:00",
        "2022-12-13 23:59",
        17208.86,
    ),
    (
        "lean/crypto_coinbase_daily_btcusd_trade.zip",
        "-",
        "BTCUSD 1d",
        1318,
        "2014-12-01 00:00",
        "2018-08-13 00:00",
        300.0,
    ),
    (
        "lean/crypto_coinbase_minute_btcusd_20171217_trade.zip",
        "-",
        "BTCUSD 1m",
        1440,
        "2017-12-17 00:00",
        "2017-12-17 23:59",
        19650.02,
    ),
    (
        "lean/cryptofuture_binance_minute_btcusd_20221213_trade.zip",
        "-",
        "BTCUSD 1m",
        1439,
        "2022-12-13 00:00",
        "2022-12-13 23:59",
        17204.0,
    ),
    ("lean/equity_usa_daily_aapl.zip", "-", "AAPL 1d", 5849, "1998-01-02 00:00", "2021-03-31 00:00", 13.63),
    ("lean/equity_usa_daily_qqq.zip", "-", "QQQ 1d", 3964, "1999-03-10 00:00", "2021-03-31 00:00", 102.25),
    (
        "lean/equity_usa_minute_spy_20131007_trade.zip",
        "-",
        "SPY 1m",
        828,
        "2013-10-07 08:00",
        "2013-10-07 23:59",
        167.41,
    ),
    (
        "skender/_issue0616.zigzag.schrodinger.json",
        "X",
        "X 1d",
        342,
        "2019-10-29 15:00",
        "2021-03-24 15:00",
        8.424630165,
    ),
    ("skender/_issue0632.zigzag.thresholds.json", "X", "X 1d", 17, "2021-10-20 00:00", "2021-11-11 00:00", 23.598),
    ("skender/_issue0859.adx.nan.csv", "X", "X 3m", 595, "2022-07-25 03:45", "2022-08-01 03:48", 498.075),
    ("skender/bitcoin.csv", "X", "X 1d", 1246, "2017-08-16 00:00", "2021-01-12 00:00", 4261.48),
    ("skender/intraday.csv", "X", "X 1m", 1564, "2020-12-15 09:30", "2020-12-18 16:00", 367.4),
    ("skender/longest.csv", "X", "X 1d", 15821, "1950-01-03 00:00", "2012-11-15 00:00", 16.66),
    ("skender/max.csv", "X", "X 1d", 502, "2019-08-30 00:00", "2021-01-12 00:00", 9583943.05677936),
    ("skender/mismatch.csv", "X", "X 1d", 502, "2016-01-18 00:00", "2018-12-31 00:00", 214.02),
    ("skender/msft.csv", "X", "X 1d", 8111, "1990-01-02 00:00", "2022-03-10 00:00", 0.378),
    ("skender/penny.csv", "X", "X 1d", 533, "2018-12-21 00:00", "2021-02-03 00:00", 2.72),
    ("skender/toobig.csv", "X", "X 1d", 1246, "2017-08-16 00:00", "2021-01-12 00:00", 42667410863718.8),
];

/// File, and a part of the refusal.
const REFUSED: &[(&str, &str)] = &[
    ("bitfinex/BTCUSD_1m_2016-04-15_00_empty.json", "holds no bars: the array is empty"),
    ("csv_dialects/histdata_quote_ticks_eurusd.csv", "quotes (time, bid, ask, volume); make bars of them first"),
    ("databento/test_data.ohlcv-1d.dbn.zst", "Databento DBN, which is not read; convert it with"),
    ("databento/test_data.ohlcv-1m.dbn.zst", "Databento DBN, which is not read; convert it with"),
    (
        "exchange_json/bybit_http_get_klines_linear.json",
        "the timeframe cannot be told from 1 rows; give it with `--timeframe`",
    ),
    ("freqtrade/XRP_USDT_USDT-8h-funding_rate.feather", "holds funding rates stored in the columns of bars"),
    ("kraken/trades_BCHEUR.csv", "it looks like trades (time, price, amount); make bars of them first"),
    ("lean/binance_margin_interest_btcusd.csv", "it looks like a rate over time, such as funding or interest rates"),
    ("lean/factor_files/aapl.csv", "a Lean factor file"),
    ("lean/factor_files/aig.csv", "a Lean factor file"),
    ("lean/factor_files/bac.csv", "a Lean factor file"),
    ("lean/factor_files/goog.csv", "a Lean factor file"),
    ("lean/factor_files/ibm.csv", "a Lean factor file"),
    ("lean/factor_files/spy.csv", "a Lean factor file"),
    ("lean/map_files/goog.csv", "a Lean map file"),
    ("lean/map_files/googl.csv", "a Lean map file"),
    ("lean/map_files/qqq.csv", "a Lean map file"),
    ("lean/map_files/spwr.csv", "a Lean map file"),
    ("skender/bad.csv", "line 202: the time is missing (165 bad rows in all"),
    ("skender/zeros.csv", "line 2: open is 0, a price must be above 0 (200 bad rows in all: 200 non_positive_price)"),
];

fn options(root: &Path, file: &str, symbol: &str) -> ImportOptions {
    let mut options = ImportOptions::new([root.join(file)]);
    options.symbol = (symbol != "-").then(|| symbol.to_string());
    options
}

fn one(options: &ImportOptions) -> ReadSeries {
    let mut all = read(options).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn every_file_gives_the_expected_bars() {
    let Some(root) = shared("raw") else { return };
    for (file, symbol, key, n, first, last, open) in GOOD {
        let mut all = read(&options(&root, file, symbol)).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(all.len(), 1, "{file}");
        let ReadSeries { key: found, bars, report, .. } = all.remove(0);
        let span = (format_ts(bars.ts[0]), format_ts(bars.ts[bars.len() - 1]));
        assert_eq!(found.to_string(), *key, "{file}");
        assert_eq!((bars.len(), bars.open[0]), (*n, *open), "{file}");
        assert_eq!(span, (format!("{first}:00"), format!("{last}:00")), "{file}");
        assert_eq!(bars.first_unordered(), None, "{file}");
        assert_eq!(report.rejected(), 0, "{file}");
    }
}

#[test]
fn every_other_file_is_refused_with_a_reason() {
    let Some(root) = shared("raw") else { return };
    for (file, expected) in REFUSED {
        let error = read(&options(&root, file, "X")).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(file), "{file}: {error}");
    }
}

#[test]
fn no_file_is_left_out_of_these_tables() {
    let Some(root) = shared("raw") else { return };
    let mut seen: Vec<&str> = GOOD.iter().map(|g| g.0).chain(REFUSED.iter().map(|r| r.0)).collect();
    // Five symbols in one file, below.
    seen.push("csv_dialects/bokeh_stocks_long.csv.gz");
    for path in files(&root) {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        assert!(name.starts_with("dirty/") || seen.contains(&name), "{name} is in no table");
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out
}

/// The bars of a raw file are bit for bit those of the normalised data.
#[test]
fn files_equal_the_normalised_data() {
    let Some(root) = shared("raw") else { return };
    for (file, symbol, timeframe) in [
        ("csv_dialects/arch_sp500.csv.gz", "SP500", "1d"),
        ("csv_dialects/backtesting_py_GOOG.csv", "GOOG", "1d"),
        ("csv_dialects/backtesting_py_EURUSD.csv", "EURUSD-BTPY", "1h"),
        ("csv_dialects/backtesting_py_BTCUSD.csv", "BTCUSD-BTPY", "1M"),
        ("csv_dialects/dukascopy_EURUSD_1H_ASK.csv", "EURUSD-ASK", "1h"),
        ("csv_dialects/6EH4_1m_202401.csv.gz", "6EH4", "1m"),
        ("kraken/BTCUSDC_1m_2023Q1_ohlcvt.csv.gz", "BTCUSDC-KRAKEN", "1m"),
        ("lean/equity_usa_daily_aapl.zip", "AAPL", "1d"),
        ("lean/crypto_coinbase_daily_btcusd_trade.zip", "BTCUSD-COINBASE", "1d"),
        ("skender/longest.csv", "SPX", "1d"),
    ] {
        let read = one(&options(&root, file, symbol));
        let golden = golden(symbol, timeframe).unwrap();
        assert!(read.bars.iter().eq(rows(&golden)), "{file}");
    }
}

/// The bars of a raw file are a part of the normalised data.
#[test]
fn files_are_parts_of_the_normalised_data() {
    let Some(root) = shared("raw") else { return };
    for (file, symbol, timeframe) in [
        ("lean/equity_usa_minute_spy_20131007_trade.zip", "SPY", "1m"),
        ("lean/crypto_coinbase_minute_btcusd_20171217_trade.zip", "BTCUSD-COINBASE", "1m"),
        ("csv_dialects/6EH4_1m_semicolon.csv", "6EH4", "1m"),
    ] {
        let read = one(&options(&root, file, symbol));
        let golden = golden(symbol, timeframe).unwrap();
        let part = golden.between(Some(read.bars.ts[0]), read.bars.ts.last().map(|t| t + 1));
        assert!(read.bars.iter().eq(rows(&part)), "{file}");
    }
    let seam = one(&options(&root, "binance_perp_seam/BTCUSDT_4h.parquet", "-"));
    let perp = rows(&golden("BTCUSDTPERP", "4h").unwrap());
    assert!(seam.bars.iter().take(perp.len()).eq(perp));
}

#[test]
fn the_day_of_bitfinex_files_equals_the_normalised_data() {
    let Some(root) = shared("raw/bitfinex") else { return };
    let hours = (0..24).step_by(2).map(|h| root.join(format!("BTCUSD_1m_2019-12-31_{h:02}.json")));
    let all = threadx::engine::import::read_merged(&ImportOptions::new(hours)).unwrap();
    let (_, day) = all.into_iter().next().unwrap();
    let golden = golden("BTCUSD", "1m").unwrap().between(Some(day.bars.ts[0]), None);
    assert_eq!(day.bars.len(), 1365);
    assert!(day.bars.iter().eq(rows(&golden)));
}

#[test]
fn a_long_file_gives_every_symbol() {
    let Some(root) = shared("raw/csv_dialects") else { return };
    let path = root.join("bokeh_stocks_long.csv.gz");
    let all = read(&ImportOptions::new([&path])).unwrap();
    let keys: Vec<(String, usize)> = all.iter().map(|s| (s.key.to_string(), s.bars.len())).collect();
    let expected = [("AAPL 1d", 3270), ("FB 1d", 196), ("GOOG 1d", 2148), ("IBM 1d", 3270), ("MSFT 1d", 3270)];
    assert_eq!(keys, expected.map(|(k, n)| (k.to_string(), n)));
    for symbol in ["MSFT", "FB"] {
        let series = all.iter().find(|s| s.key.symbol.as_str() == symbol).unwrap();
        assert!(series.bars.iter().eq(rows(&golden(symbol, "1d").unwrap())), "{symbol}");
    }
    let mut only = ImportOptions::new([&path]);
    only.symbol = Some("ibm".into());
    assert_eq!(one(&only).report.notes, ["8884 rows of other symbols left out"]);
    only.symbol = Some("MSFTT".into());
    assert!(read(&only).unwrap_err().to_string().contains("did you mean `MSFT`?"));
}

#[test]
fn a_time_zone_and_close_stamps_are_taken_into_account() {
    let Some(root) = shared("raw") else { return };
    let mut intraday = options(&root, "skender/intraday.csv", "SPY");
    intraday.timezone = Some("America/New_York".into());
    assert!(one(&intraday).bars.iter().eq(rows(&golden("SPY-2020", "1m").unwrap())));
    intraday.timezone = Some("Mars/Olympus".into());
    assert!(read(&intraday).unwrap_err().to_string().contains("unknown time zone `Mars/Olympus`"));

    let mut close = options(&root, "csv_dialects/6EH4_1m_semicolon.csv", "-");
    close.stamps = Stamps::Close;
    let moved = one(&close);
    assert_eq!(format_ts(moved.bars.ts[0]), "2024-01-01 23:00:00");
    let mut month_end = options(&root, "csv_dialects/backtesting_py_BTCUSD.csv", "X");
    month_end.stamps = Stamps::Close;
    assert_eq!(format_ts(one(&month_end).bars.ts[1]), "2012-02-01 00:00:00");
}

/// The labels of this file are one day early; moved, it is the day that the hourly bars give.
#[test]
fn the_bitcoin_file_is_one_day_early() {
    let Some(root) = shared("raw") else { return };
    let read = one(&options(&root, "skender/bitcoin.csv", "BTCUSDT"));
    let golden = rows(&golden("BTCUSDT", "1d").unwrap());
    let moved = read.bars.iter().map(|b| Bar { ts: b.ts + 86_400_000_000, ..b });
    assert!(moved.eq(golden));
}

#[test]
fn the_two_forms_of_freqtrade_and_of_binance_hold_the_same_bars() {
    let Some(root) = shared("raw") else { return };
    let bars = |file, symbol| one(&options(&root, file, symbol)).bars;
    // The tool that made the Feather file read 0.00162 as 0.0016200000000000001; we read the JSON exactly.
    let (json, feather) = (bars("freqtrade/UNITTEST_BTC-1m.json", "-"), bars("freqtrade/UNITTEST_BTC-1m.feather", "-"));
    assert_eq!(json.ts, feather.ts);
    assert_eq!(json.close[3], 0.00162);
    let near = |a: &f64, b: &f64| (a / b - 1.0).abs() < 1e-15;
    for (a, b) in json.iter().zip(feather.iter()) {
        assert!(near(&a.open, &b.open) && near(&a.high, &b.high) && near(&a.low, &b.low) && near(&a.close, &b.close));
    }
    let pipes = bars("binance/ADABTC_pipe_separated-1m-2021-11-27.csv", "A");
    assert_eq!(bars("binance/ADABTC-1m-2021-11-27.csv", "-"), pipes);
}

#[test]
fn values_of_single_rows() {
    let Some(root) = shared("raw") else { return };
    let row = |file: &str, symbol: &str, i: usize| {
        let b = one(&options(&root, file, symbol)).bars.get(i);
        [b.open, b.high, b.low, b.close, b.volume]
    };
    assert_eq!(
        row("bitfinex/BTCUSD_1m_2019-12-31_00.json", "-", 1),
        [7240.04860029, 7240.04860029, 7215.9, 7223.2, 35.33339155]
    );
    assert_eq!(
        row("exchange_json/binance_klines_response.json", "X", 0),
        [0.0163479, 0.8, 0.015758, 0.015771, 148976.11427815]
    );
    assert_eq!(
        row("exchange_json/coinbase_http_candles.json", "X", 1),
        [66312.4, 66331.99, 66055.14, 66181.6, 355.82896243]
    );
    assert_eq!(
        row("exchange_json/okx_http_get_candlesticks.json", "X", 0),
        [33528.6, 33870.0, 33528.6, 33783.9, 778.838]
    );
    assert_eq!(row("exchange_json/dydx_http_get_candles.json", "-", 2), [89934.0, 89970.0, 89911.0, 89941.0, 3.2767]);
    assert_eq!(row("lean/equity_usa_minute_spy_20131007_trade.zip", "-", 0), [167.41, 167.41, 167.25, 167.27, 3197.0]);
    assert_eq!(row("freqtrade/UNITTEST_USDT_USDT-1h-mark.feather", "-", 0)[4], 0.0);
    let mut bybit = options(&root, "exchange_json/bybit_http_get_klines_linear.json", "-");
    bybit.timeframe = Some(Timeframe::M1);
    let bybit = one(&bybit);
    assert_eq!((bybit.key.to_string(), bybit.bars.get(0).close), ("BTCUSDT 1m".to_string(), 27455.0));
    assert_eq!(bybit.report.notes, ["bars open 39s after the 1m grid; times kept as in the file"]);
}

/// Without path or name to tell the scale, a Lean file is not guessed.
#[test]
fn lean_files_are_read_only_with_certainty() {
    let Some(root) = shared("raw/lean") else { return };
    let dir = tempfile::tempdir().unwrap();
    let plain = |from: &str, to: &str| {
        std::fs::copy(root.join(from), dir.path().join(to)).unwrap();
        let mut options = ImportOptions::new([dir.path().join(to)]);
        options.symbol = Some("X".into());
        options
    };
    let mut minute = plain("equity_usa_minute_spy_20131007_trade.zip", "spy.zip");
    assert!(read(&minute).unwrap_err().to_string().contains("`--scale 10000 --timezone America/New_York`"));
    minute.scale = Some(10_000.0);
    minute.timezone = Some("America/New_York".into());
    assert_eq!(format_ts(one(&minute).bars.ts[0]), "2013-10-07 08:00:00");
    let mut daily = plain("equity_usa_daily_aapl.zip", "aapl.zip");
    assert!(read(&daily).unwrap_err().to_string().contains("`--scale 10000` or `--scale 1`"));
    daily.scale = Some(10_000.0);
    assert_eq!(one(&daily).bars.open[0], 13.63);
}
