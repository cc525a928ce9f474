//! The store: reading what is there, and writing.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use threadx::engine::import::{ImportOptions, run};
use threadx::engine::quality::gaps;
use threadx::engine::resample::resample;
use threadx::engine::series::{Bars, SeriesKey};
use threadx::engine::store::{Change, Store};
use threadx::engine::timeframe::{Timeframe, format_ts};

use super::{golden, hourly, rows, shared};

fn key(symbol: &str, timeframe: &str) -> SeriesKey {
    SeriesKey::parse(symbol, timeframe).unwrap()
}

fn new_store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

fn put(store: &Store, symbol: &str, timeframe: &str, bars: Bars) -> Change {
    store.import(vec![(key(symbol, timeframe), bars)]).unwrap()[0]
}

/// Files under a directory, hidden ones included, with their content.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut todo = vec![dir.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path)
            } else {
                out.push((path.display().to_string(), fs::read(&path).unwrap()))
            }
        }
    }
    out.sort();
    out
}

#[test]
fn the_shared_files_are_all_listed() {
    let Some(root) = shared("ohlcv") else { return };
    let datasets = Store::open(root).unwrap().datasets().unwrap();
    assert_eq!(datasets.len(), 56);
    assert!(datasets.iter().all(|d| d.error.is_none()));
    let find = |s: &str, t: Timeframe| datasets.iter().find(|d| d.symbol.as_str() == s && d.timeframe == t).unwrap();
    let hours = find("BTCUSDT", Timeframe::H1);
    assert_eq!(hours.rows, Some(58_419));
    assert_eq!(hours.first_ts.map(format_ts).as_deref(), Some("2017-08-17 04:00:00"));
    assert_eq!(hours.last_ts.map(format_ts).as_deref(), Some("2024-04-21 14:00:00"));
    assert_eq!(find("BTCUSD-BTPY", Timeframe::Month1).rows, Some(156));
}

#[test]
fn an_empty_or_absent_store_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path().join("not/there")).unwrap();
    assert!(store.datasets().unwrap().is_empty());
    let error = store.load(&key("BTCUSDT", "1h")).unwrap_err().to_string();
    assert!(error.contains("holds no bars yet; `threadx import FILE` brings some in"), "{error}");
    fs::write(dir.path().join("file"), "").unwrap();
    assert!(Store::open(dir.path().join("file")).unwrap_err().to_string().contains("is a file"));
}

#[test]
fn unknown_series_are_answered_with_what_there_is() {
    let Some(root) = shared("ohlcv") else { return };
    let store = Store::open(root).unwrap();
    let error = |s, t| store.load(&key(s, t)).unwrap_err().to_string();
    assert!(
        error("BTCUSTD", "1h").contains("unknown symbol `BTCUSTD`")
            && error("BTCUSTD", "1h").contains("did you mean `BTCUSD")
    );
    assert!(
        error("EURUSD-ASK", "5m").contains("no 5m bars of EURUSD-ASK")
            && error("EURUSD-ASK", "5m").ends_with("stored: 1h")
    );
}

#[test]
fn hourly_bars_give_the_daily_file() {
    let (Some(hours), Some(days)) = (golden("BTCUSDT", "1h"), golden("BTCUSDT", "1d")) else { return };
    let made = resample(&*hours, Timeframe::H1, Timeframe::D1).unwrap();
    let days = rows(&days);
    assert_eq!(days.len(), 1246);
    let prices = |b: &threadx::engine::series::Bar| (b.ts, b.open, b.high, b.low, b.close);
    assert!(made.iter().take(1246).map(|b| prices(&b)).eq(days.iter().map(prices)));
    let near = made.iter().zip(&days).filter(|(a, b)| (a.volume / b.volume - 1.0).abs() < 1e-6).count();
    assert_eq!(near, 1239);
    // The file ends in the middle of 2024-04-21, so that day is not given.
    assert_eq!(made.ts.last().copied().map(format_ts).as_deref(), Some("2024-04-20 00:00:00"));
}

#[test]
fn perpetuals_resample_to_their_own_files_but_for_known_bars() {
    for (symbol, from, to, expected) in [
        (
            "BTCUSDTPERP",
            Timeframe::M30,
            Timeframe::H1,
            &["2023-11-10 15:00:00", "2024-10-28 20:00:00", "2024-10-28 21:00:00"][..],
        ),
        ("BTCUSDTPERP", Timeframe::H1, Timeframe::H4, &["2023-11-10 12:00:00", "2024-10-28 20:00:00"]),
    ] {
        let (Some(fine), Some(coarse)) = (golden(symbol, from.name()), golden(symbol, to.name())) else { return };
        let made = resample(&*fine, from, to).unwrap();
        let coarse = rows(&coarse);
        assert_eq!(made.len(), coarse.len());
        let prices = |b: &threadx::engine::series::Bar| (b.ts, b.open, b.high, b.low, b.close);
        let differ = made
            .iter()
            .zip(&coarse)
            .filter(|(a, b)| prices(a) != prices(b) || (a.volume / b.volume - 1.0).abs() > 1e-6);
        let differ: Vec<String> = differ.map(|(a, _)| format_ts(a.ts)).collect();
        assert_eq!(differ, expected, "{from} to {to}");
    }
}

#[test]
fn a_timeframe_that_is_not_stored_is_made_of_the_longest_that_divides_it() {
    let Some(root) = shared("ohlcv") else { return };
    let store = Store::open(root).unwrap();
    let series = store.load(&key("BTCUSDTPERP", "8h")).unwrap();
    assert_eq!(series.resampled_from(), Some(Timeframe::H4));
    assert_eq!(store.load(&key("BTCUSDTPERP", "2h")).unwrap().resampled_from(), Some(Timeframe::H1));
    let weeks = store.load(&key("BTCUSDT", "1w")).unwrap();
    assert_eq!(weeks.resampled_from(), Some(Timeframe::D1));
    assert_eq!(format_ts(weeks.ts()[0]), "2017-08-14 00:00:00");
    assert_eq!(store.load(&key("BTCUSDT", "1h")).unwrap().resampled_from(), None);
}

#[test]
fn gaps_equal_the_expected_files() {
    let Some(root) = shared("golden/gaps") else { return };
    for (symbol, timeframe) in
        [("ADABTC", "5m"), ("BTCUSDT", "1h"), ("BTCUSD", "15m"), ("BTCUSD", "1d"), ("BTCUSD", "1h")]
    {
        check_gaps(&root, symbol, timeframe, golden(symbol, timeframe).unwrap().ts());
    }
}

fn check_gaps(root: &Path, symbol: &str, timeframe: &str, ts: &[i64]) {
    let text = fs::read_to_string(root.join(format!("{symbol}_{timeframe}_gaps.csv"))).unwrap();
    let expected: Vec<String> = text.lines().skip(1).map(str::to_string).collect();
    let iso = |ts| format_ts(ts).replace(' ', "T") + "Z";
    let found = gaps(ts, Timeframe::parse(timeframe).unwrap());
    let found: Vec<String> =
        found.iter().map(|g| format!("{},{},{}", iso(g.prev_ts), iso(g.next_ts), g.missing_bars)).collect();
    assert_eq!(found, expected, "{symbol} {timeframe}");
}

#[test]
fn what_is_written_is_read_back() {
    let (dir, store) = new_store();
    let bars = hourly(&[1.0, 2.0, 3.0]);
    assert_eq!(put(&store, "btc", "1h", bars.clone()), Change { inserted: 3, replaced: 0, unchanged: 0 });
    let series = store.load(&key("BTC", "1h")).unwrap();
    assert!(bars.iter().eq(rows(&series)));
    let files: Vec<String> = tree(dir.path()).into_iter().map(|f| f.0).collect();
    assert!(
        files.iter().any(|f| f.contains("ohlcv/symbol=BTC/timeframe=1h/bars-all-") && f.ends_with(".parquet")),
        "{files:?}"
    );
    let listed = store.datasets().unwrap();
    assert_eq!((listed.len(), listed[0].rows, listed[0].format.as_str()), (1, Some(3), "parquet"));
}

#[test]
fn importing_twice_changes_nothing_and_newer_bars_win() {
    let (dir, store) = new_store();
    put(&store, "A", "1h", hourly(&[1.0, 2.0, 3.0]));
    let before = tree(dir.path());
    assert_eq!(put(&store, "A", "1h", hourly(&[1.0, 2.0, 3.0])), Change { inserted: 0, replaced: 0, unchanged: 3 });
    assert_eq!(tree(dir.path()), before);
    assert_eq!(
        put(&store, "A", "1h", hourly(&[1.0, 9.0, 3.0, 4.0])),
        Change { inserted: 1, replaced: 1, unchanged: 2 }
    );
    assert_eq!(store.load(&key("A", "1h")).unwrap().close(), [1.0, 9.0, 3.0, 4.0]);
    assert_eq!(store.datasets().unwrap()[0].rows, Some(4));
}

#[test]
fn minute_bars_are_kept_in_one_file_per_year() {
    let (dir, store) = new_store();
    let new_year = 1_672_531_200_000_000i64;
    let minutes = |from: i64, n: i64| -> Bars {
        let mut bars = hourly(&vec![1.0; n as usize]);
        (0..n).for_each(|i| bars.ts[i as usize] = new_year + (from + i) * 60_000_000);
        bars
    };
    put(&store, "A", "1m", minutes(-5, 10));
    let names = || -> Vec<String> {
        tree(&dir.path().join("ohlcv")).into_iter().map(|f| f.0.rsplit('/').next().unwrap()[..10].to_string()).collect()
    };
    assert_eq!(names(), ["bars-2022-", "bars-2023-"]);
    let old = tree(&dir.path().join("ohlcv"))[0].clone();
    put(&store, "A", "1m", minutes(5, 10));
    assert_eq!(names(), ["bars-2022-", "bars-2023-"]);
    assert_eq!(tree(&dir.path().join("ohlcv"))[0], old, "an append leaves the years before alone");
    assert_eq!(store.load(&key("A", "1m")).unwrap().len(), 20);
}

#[test]
fn flat_files_and_written_bars_are_merged() {
    let (dir, store) = new_store();
    let csv = "ts,open,high,low,close,volume\n2023-01-01 00:00,1,1,1,1,1\n2023-01-01 01:00,2,2,2,2,1\n";
    fs::write(dir.path().join("btc_1h.csv"), csv).unwrap();
    fs::write(dir.path().join("notes.txt"), "x").unwrap();
    fs::write(dir.path().join("report_final.csv"), "x").unwrap();
    assert_eq!(store.load(&key("BTC", "1h")).unwrap().close(), [1.0, 2.0]);
    assert_eq!(put(&store, "BTC", "1h", hourly(&[1.0, 5.0, 3.0])), Change { inserted: 1, replaced: 1, unchanged: 1 });
    assert_eq!(store.load(&key("BTC", "1h")).unwrap().close(), [1.0, 5.0, 3.0]);
    assert_eq!(fs::read_to_string(dir.path().join("btc_1h.csv")).unwrap(), csv);
    let listed = store.datasets().unwrap();
    assert_eq!((listed.len(), listed[0].rows, listed[0].format.as_str()), (1, Some(3), "parquet+csv"));
}

#[test]
fn foreign_files_of_equal_rank_must_agree() {
    let (dir, store) = new_store();
    let line = |close: u32| format!("ts,open,high,low,close,volume\n2023-01-01 00:00,{close},9,1,{close},1\n");
    fs::write(dir.path().join("A_1h.csv"), line(2)).unwrap();
    fs::write(dir.path().join("a_1h.csv"), line(2)).unwrap();
    assert_eq!(store.load(&key("A", "1h")).unwrap().close(), [2.0]);
    fs::write(dir.path().join("a_1h.csv"), line(3)).unwrap();
    let error = store.load(&key("A", "1h")).unwrap_err().to_string();
    assert!(error.contains("its bar of 2023-01-01 00:00:00 differs from that of another file"), "{error}");
}

#[test]
fn a_broken_file_hides_only_its_own_series() {
    let (dir, store) = new_store();
    put(&store, "GOOD", "1h", hourly(&[1.0]));
    fs::write(dir.path().join("EMPTY_1h.parquet"), "").unwrap();
    fs::write(dir.path().join("BAD_1h.parquet"), "PAR1 no").unwrap();
    fs::write(dir.path().join("WORSE_1h.csv"), "ts,open,high,low,close,volume\n2023-01-01,1,1,1,x,1\n").unwrap();
    assert!(store.load(&key("GOOD", "1h")).is_ok());
    let error = |s| store.load(&key(s, "1h")).unwrap_err().to_string();
    assert!(error("EMPTY").contains("EMPTY_1h.parquet: the file is empty, not Parquet"));
    assert!(error("BAD").contains("BAD_1h.parquet: not a readable Parquet file"));
    assert!(error("WORSE").contains("WORSE_1h.csv: line 2: close `x` is not a number"));
    let listed = store.datasets().unwrap();
    let errors: Vec<(&str, bool)> = listed.iter().map(|d| (d.symbol.as_str(), d.error.is_some())).collect();
    assert_eq!(errors, [("BAD", true), ("EMPTY", true), ("GOOD", false), ("WORSE", true)]);
}

#[test]
fn impossible_bars_are_not_written() {
    let (dir, store) = new_store();
    let mut bars = hourly(&[1.0, 2.0]);
    bars.high[1] = 1.0;
    assert!(store.import(vec![(key("A", "1h"), bars)]).unwrap_err().to_string().contains("row 2"));
    let mut bars = hourly(&[1.0, 2.0]);
    bars.ts.swap(0, 1);
    assert!(store.import(vec![(key("A", "1h"), bars)]).is_err());
    assert!(tree(dir.path()).is_empty());
}

#[test]
fn symbols_cannot_leave_the_store() {
    let (dir, _) = new_store();
    let csv = dir.path().join("x.csv");
    let store = Store::open(dir.path().join("store")).unwrap();
    for symbol in ["../../evil", "/etc/passwd", "a/b", "..", "a\\b"] {
        fs::write(&csv, format!("symbol,ts,open,high,low,close,volume\n{symbol},2023-01-01 00:00,1,1,1,1,1\n{symbol},2023-01-01 01:00,1,1,1,1,1\n")).unwrap();
        let error = run(&ImportOptions::new([&csv]), &store).unwrap_err().to_string();
        assert!(error.contains("bad symbol"), "{symbol}: {error}");
    }
    assert!(!dir.path().join("store").exists());
}

#[test]
fn several_importers_at_once_lose_nothing() {
    let (_dir, store) = new_store();
    let store = Arc::new(store);
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                for round in 0..5 {
                    let mut bars = hourly(&[1.0; 4]);
                    bars.ts.iter_mut().for_each(|ts| *ts += (t * 20 + round * 4) * 3_600_000_000);
                    put(&store, "A", "1h", bars);
                    assert!(store.load(&key("A", "1h")).unwrap().len() >= 4);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    assert_eq!(store.load(&key("A", "1h")).unwrap().len(), 160);
}

#[test]
fn raw_files_of_one_symbol_add_up_and_are_idempotent() {
    let Some(root) = shared("raw/binance") else { return };
    let (_dir, store) = new_store();
    let options = ImportOptions::new(["ADABTC-1m-2021-11-27.csv", "ADABTC-1m-2021-11-28.csv"].map(|f| root.join(f)));
    let report = run(&options, &store).unwrap();
    assert_eq!((report.series.len(), report.inserted(), report.unchanged()), (1, 21, 0));
    let again = run(&options, &store).unwrap();
    assert_eq!((again.inserted(), again.replaced(), again.unchanged()), (0, 0, 21));
}
