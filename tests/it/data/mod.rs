//! The data layer on real files.

mod cache;
mod crash;
mod dirty;
mod processes;
mod raw;
mod sql;
mod store;

use std::path::PathBuf;
use std::sync::Arc;

use threadx::engine::series::{Bar, Bars, Series, SeriesKey};
use threadx::engine::store::Store;

/// The shared test data, or none with a printed reason. `THREADX_SHARED_DATA` says where it is; else it is looked for
/// beside the repository.
pub(crate) fn shared(what: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let root = std::env::var_os("THREADX_SHARED_DATA").map_or(beside, PathBuf::from);
    let path = root.join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no test data at {}", path.display());
    None
}

/// A series of the normalised test data.
pub(crate) fn golden(symbol: &str, timeframe: &str) -> Option<Arc<Series>> {
    let store = Store::open(shared("ohlcv")?).unwrap();
    Some(store.load(&SeriesKey::parse(symbol, timeframe).unwrap()).unwrap())
}

/// Bars of a series as rows.
pub(crate) fn rows(series: &Series) -> Vec<Bar> {
    (0..series.len()).map(|i| series.bar(i)).collect()
}

/// Flat hourly bars with the given closes, from 2023-01-01 on.
pub(crate) fn hourly(closes: &[f64]) -> Bars {
    const START: i64 = 1_672_531_200_000_000;
    let bar = |(i, &c): (usize, &f64)| Bar {
        ts: START + i as i64 * 3_600_000_000,
        open: c,
        high: c,
        low: c,
        close: c,
        volume: 1.0,
    };
    closes.iter().enumerate().map(bar).collect()
}
