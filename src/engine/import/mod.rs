//! Import: files as exchanges and tools write them, turned into checked bars.
//!
//! A file goes through these stages, one module each: `container` unpacks it, `text`, `json` and `arrow` read it
//! into a `table` of cells, `columns` says what the columns are, `number` and `when` settle the notation over the
//! whole column, `parse` makes bars, `grid` checks them against the timeframe, and `run` writes them to the store.

mod arrow;
mod columns;
mod container;
mod grid;
mod json;
mod lean;
mod names;
mod number;
mod options;
mod parse;
mod read;
mod report;
mod run;
mod table;
mod text;
mod when;

pub(crate) use grid::infer as infer_timeframe;
pub use options::{DateOrder, ImportOptions, OnError, Stamps};
pub(crate) use read::read_stored;
pub use read::{ReadSeries, read, read_batches};
pub use report::{ImportReport, Reason, Rejected, SeriesReport};
pub use run::{read_merged, run};
