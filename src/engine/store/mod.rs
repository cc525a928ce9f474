//! The bar store: a directory of series.
//!
//! Written form: `ohlcv/symbol=BTCUSDT/timeframe=15m/bars-2023-<hash>.parquet`. Read form: that, any other Parquet file in
//! those directories, and flat files `SYMBOL_TF.{parquet,csv,feather,arrow}` in the store's own directory. Where several
//! files of a series hold the same bar, files written by ThreadX win over other Hive files, and those over flat files.

mod cache;
mod catalog;
mod dataset;
mod file;
mod handle;
mod journal;
mod lock;
mod merge;
mod read;
mod scan;
mod stamp;
mod write;

pub use cache::CacheStats;
pub use catalog::{FileFormat, StoredFile, Tier};
pub use dataset::Dataset;
pub use handle::Store;
pub use journal::Step;
pub(crate) use journal::sync_dir;
pub(crate) use lock::{Guard, try_exclusive};
pub(crate) use merge::merge;
pub use scan::Scannable;
pub use stamp::Stamp;
pub use write::Change;
