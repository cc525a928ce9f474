//! Series that are kept in memory: used while their files are the same, and never longer.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};
use std::time::{Duration, SystemTime};

use datafusion::prelude::SessionContext;
use threadx::engine::config::Settings;
use threadx::engine::result::Results;
use threadx::engine::series::{Bars, SeriesKey};
use threadx::engine::store::{CacheStats, Store};
use threadx::engine::strategy::Catalog;
use threadx::engine::sweep::PlannedBodies;
use threadx::engine::synthetic::{SyntheticOptions, synthetic_bars};
use threadx::engine::timeframe::Timeframe;
use threadx::engine::workspace::Workspace;

use super::hourly;

fn key(symbol: &str, timeframe: &str) -> SeriesKey {
    SeriesKey::parse(symbol, timeframe).unwrap()
}

/// A store to which every file is old enough to be kept.
fn open(dir: &Path) -> Store {
    Store::open(dir).unwrap().with_clock(|| SystemTime::now() + Duration::from_secs(3600))
}

/// A flat CSV file of hourly bars with these closes, one character each.
fn csv(closes: &str) -> String {
    let row = |(i, c): (usize, char)| format!("2024-01-01 {i:02}:00:00,{c},{c},{c},{c},1\n");
    "ts,open,high,low,close,volume\n".to_string() + &closes.chars().enumerate().map(row).collect::<String>()
}

fn closes(store: &Store, symbol: &str) -> Vec<f64> {
    store.load(&key(symbol, "1h")).unwrap().close().to_vec()
}

fn keep_at_most(store: &Store, bytes: usize) {
    let mut settings = Settings::default();
    settings.cache_bytes = bytes;
    store.follow(&settings);
}

#[test]
fn a_series_is_read_once_while_its_files_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.import(vec![(key("A", "1h"), hourly(&[1.0, 2.0]))]).unwrap();
    let first = store.load(&key("A", "1h")).unwrap();
    assert!(Arc::ptr_eq(&first, &store.clone().load(&key("A", "1h")).unwrap()));
    let CacheStats { series, bytes, loaded, shared } = store.cache_stats();
    assert_eq!((series, loaded, shared), (1, 1, 1));
    assert_eq!(bytes, first.batch().get_array_memory_size());
    // Another store over the same directory writes; this one sees it.
    Store::open(dir.path()).unwrap().import(vec![(key("A", "1h"), hourly(&[1.0, 5.0, 3.0]))]).unwrap();
    assert_eq!(closes(&store, "A"), [1.0, 5.0, 3.0]);
    assert_eq!(first.close(), [1.0, 2.0]);
    assert_eq!(store.cache_stats().series, 1);
}

#[test]
fn a_file_that_is_written_replaced_moved_or_removed_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("A_1h.csv");
    let store = open(dir.path());
    fs::write(&path, csv("12")).unwrap();
    assert_eq!(closes(&store, "A"), [1.0, 2.0]);
    // In place, of another length.
    fs::write(&path, csv("123")).unwrap();
    assert_eq!(closes(&store, "A"), [1.0, 2.0, 3.0]);
    // In place, of the same length, at another time.
    let modified = path.metadata().unwrap().modified().unwrap();
    fs::write(&path, csv("124")).unwrap();
    fs::File::options().append(true).open(&path).unwrap().set_modified(modified + Duration::from_secs(5)).unwrap();
    assert_eq!(closes(&store, "A"), [1.0, 2.0, 4.0]);
    // Another file of the same length and time takes its name.
    let other = dir.path().join("other");
    fs::write(&other, csv("125")).unwrap();
    fs::File::options().append(true).open(&other).unwrap().set_modified(modified + Duration::from_secs(5)).unwrap();
    fs::rename(&other, &path).unwrap();
    #[cfg(unix)]
    assert_eq!(closes(&store, "A"), [1.0, 2.0, 5.0]);
    // A file of a better tier joins.
    store.import(vec![(key("A", "1h"), hourly(&[7.0]))]).unwrap();
    assert_eq!(store.load(&key("A", "1h")).unwrap().len(), 4);
    fs::remove_dir_all(dir.path().join("ohlcv")).unwrap();
    fs::rename(&path, dir.path().join("B_1h.csv")).unwrap();
    assert!(store.load(&key("A", "1h")).unwrap_err().to_string().contains("`A`"));
    assert_eq!(closes(&store, "B").len(), 3);
}

/// Two writes within one tick of the clock leave the same stamp, so a file that has only just changed is not kept.
#[cfg(unix)]
#[test]
fn a_file_that_has_only_just_changed_is_read_every_time() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("A_1h.csv");
    fs::write(&path, csv("12")).unwrap();
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(path.metadata().unwrap().ctime() as u64);
    let store = Store::open(dir.path()).unwrap().with_clock(move || changed + Duration::from_secs(2));
    let modified = path.metadata().unwrap().modified().unwrap();
    for (text, expected) in [("13", 3.0), ("14", 4.0), ("15", 5.0)] {
        fs::write(&path, csv(text)).unwrap();
        fs::File::options().append(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_eq!(closes(&store, "A"), [1.0, expected]);
    }
    let CacheStats { series, loaded, shared, .. } = store.cache_stats();
    assert_eq!((series, loaded, shared), (0, 3, 0));
}

#[test]
fn resampled_bars_follow_the_bars_that_they_are_made_of() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let day = |close: f64| hourly(&[close; 24]);
    store.import(vec![(key("A", "1h"), day(1.0))]).unwrap();
    let daily = store.load(&key("A", "1d")).unwrap();
    assert_eq!((daily.close(), daily.resampled_from()), (&[1.0][..], Some(key("A", "1h").timeframe)));
    assert!(Arc::ptr_eq(&daily, &store.load(&key("A", "1d")).unwrap()));
    // Both are kept: the days and the hours.
    assert_eq!((store.cache_stats().series, store.cache_stats().loaded), (2, 2));
    store.import(vec![(key("A", "1h"), day(2.0))]).unwrap();
    assert_eq!(store.load(&key("A", "1d")).unwrap().close(), [2.0]);
    // Stored days are taken from now on, although the hours are as they were.
    store.import(vec![(key("A", "1d"), hourly(&[9.0]))]).unwrap();
    let daily = store.load(&key("A", "1d")).unwrap();
    assert_eq!((daily.close(), daily.resampled_from()), (&[9.0][..], None));
}

#[test]
fn what_was_used_longest_ago_goes_first_and_nothing_is_kept_over_the_bound() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let symbols = ["A", "B", "C"];
    store.import(symbols.map(|s| (key(s, "1h"), hourly(&[1.0; 100]))).to_vec()).unwrap();
    let load = |symbol| store.load(&key(symbol, "1h")).unwrap();
    let size = load("A").batch().get_array_memory_size();
    keep_at_most(&store, 2 * size + size / 2);
    load("B");
    load("A");
    load("C");
    let before = store.cache_stats();
    assert_eq!((before.series, before.bytes), (2, 2 * size));
    load("A");
    assert_eq!(store.cache_stats().loaded, before.loaded);
    load("B");
    assert_eq!(store.cache_stats().loaded, before.loaded + 1);
    // A lower bound holds at once, and 0 keeps nothing.
    keep_at_most(&store, size);
    assert_eq!((store.cache_stats().series, store.cache_stats().bytes), (1, size));
    keep_at_most(&store, 0);
    load("B");
    assert_eq!((store.cache_stats().series, store.cache_stats().bytes), (0, 0));
    // The bound of the engine's memory limit counts beside the setting.
    keep_at_most(&store, usize::MAX);
    store.limit_cache(size - 1);
    load("B");
    assert_eq!(store.cache_stats().series, 0);
    store.limit_cache(size);
    load("B");
    assert_eq!(store.cache_stats().series, 1);
}

#[test]
fn threads_that_want_the_same_series_at_once_share_one_reading() {
    const THREADS: usize = 8;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.import(vec![(key("A", "1h"), hourly(&[1.0; 24 * 400]))]).unwrap();
    let start = Barrier::new(THREADS);
    let load = || {
        start.wait();
        store.load(&key("A", "1d")).unwrap()
    };
    let all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(load)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|series| Arc::ptr_eq(series, &all[0])));
    // The days and the hours that they are made of.
    assert_eq!(store.cache_stats().loaded, 2);
    assert_eq!(store.cache_stats().shared, THREADS as u64 - 1);
}

#[test]
fn a_failure_reaches_everybody_who_waited_and_is_not_kept() {
    const THREADS: usize = 4;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("A_1h.parquet");
    fs::write(&path, "no bars").unwrap();
    let store = open(dir.path());
    let start = Barrier::new(THREADS);
    let load = || {
        start.wait();
        store.load(&key("A", "1h")).unwrap_err().to_string()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(load)).collect();
        for thread in threads {
            let error = thread.join().unwrap();
            assert!(error.contains("not a readable Parquet file"), "{error}");
        }
    });
    fs::remove_file(&path).unwrap();
    fs::write(dir.path().join("A_1h.csv"), csv("5")).unwrap();
    assert_eq!(closes(&store, "A"), [5.0]);
}

/// Several row groups, files of several years, and every number of threads give the bars that were written.
#[test]
fn a_long_series_comes_back_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let options = SyntheticOptions::new(200_000, Timeframe::M5);
    let bars = synthetic_bars(&options).unwrap();
    let store = open(dir.path());
    store.import(vec![(key("A", "5m"), bars.clone()), (key("A", "1h"), bars.clone())]).unwrap();
    let mut settings = Settings::default();
    settings.cache_bytes = 0;
    for threads in [1, 2, 7] {
        settings.threads = threads;
        store.follow(&settings);
        for timeframe in ["5m", "1h"] {
            let series = store.load(&key("A", timeframe)).unwrap();
            assert_eq!(Bars::from_batch(series.batch()).unwrap(), bars, "{timeframe} on {threads} threads");
        }
    }
    let longer = store.load(&key("A", "45m")).unwrap();
    assert_eq!(longer.len(), 200_000 / 9);
}

/// A store that keeps what it has read sees every import of other processes.
#[test]
fn imports_of_other_processes_are_seen() {
    const PROCESSES: usize = 4;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("store");
    let store = open(&root);
    store.import(vec![(key("A", "1h"), hourly(&[1.0]))]).unwrap();
    let children = (0..PROCESSES).map(|process| {
        let file = dir.path().join(format!("part{process}.csv"));
        let day = process + 1;
        let rows: String = (0..24).map(|hour| format!("2024-02-{day:02} {hour:02}:00:00,2,2,2,2,1\n")).collect();
        fs::write(&file, format!("ts,open,high,low,close,volume\n{rows}")).unwrap();
        Command::new(env!("CARGO_BIN_EXE_threadx"))
            .args(["--data", root.to_str().unwrap(), "import", file.to_str().unwrap()])
            .args(["--symbol", "A", "--timeframe", "1h"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    });
    let mut seen = 1;
    for mut child in children.collect::<Vec<_>>() {
        while child.try_wait().unwrap().is_none() {
            let now = store.load(&key("A", "1h")).unwrap().len();
            assert!(now >= seen && (now - 1).is_multiple_of(24), "{now} bars after {seen}");
            seen = now;
        }
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(store.load(&key("A", "1h")).unwrap().len(), 1 + 24 * PROCESSES);
}

#[tokio::test]
async fn statements_share_what_is_kept_and_obey_the_setting() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let bars: Bars = hourly(&(0..300).map(|i| 100.0 + f64::from(i % 7)).collect::<Vec<_>>());
    store.import(vec![(key("A", "1h"), bars)]).unwrap();
    let strategies = Catalog::open(&dir.path().join("strategies")).unwrap();
    let context = SessionContext::new();
    let results = Results::open_dir(store.dir());
    threadx::register(
        &context,
        Arc::new(Workspace { store: store.clone(), strategies, results, planned: PlannedBodies::default() }),
    )
    .unwrap();
    let run = async |sql: &str| context.sql(sql).await.unwrap().collect().await.unwrap();
    run("SELECT count(*) FROM bars('A', '1h')").await;
    run("SELECT count(*) FROM bars('A', '1h')").await;
    run("SELECT trades FROM backtest('A', '1h', sma_cross())").await;
    assert_eq!((store.cache_stats().series, store.cache_stats().loaded), (1, 1));
    run("SET threadx.cache_bytes = 0").await;
    run("SELECT count(*) FROM bars('A', '1h')").await;
    assert_eq!((store.cache_stats().series, store.cache_stats().loaded), (0, 2));
    run("SET threadx.cache_bytes = 1000000").await;
    run("SELECT count(*) FROM bars('A', '1h')").await;
    assert_eq!(store.cache_stats().series, 1);
}
