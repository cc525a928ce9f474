//! Which series a query can read straight from its files.

use datafusion::arrow::datatypes::{DataType, Schema};

use super::catalog::{FileFormat, StoredFile, Tier};
use super::handle::Store;
use super::read;
use crate::engine::series::{SeriesKey, bars_schema};
use crate::error::Result;

/// How the rows of a series reach a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scannable {
    /// Parquet files that do not overlap: the scan reads them itself and skips what the predicate rules out.
    Files(Vec<StoredFile>),
    /// Files that must be read and merged first: text, Arrow, and files that overlap.
    Merged,
}

impl Store {
    /// The stored series that `keep` wants, and how each is read. Only files of those are opened.
    ///
    /// # Errors
    /// A file of a wanted series that cannot be read.
    pub fn scannable(&self, mut keep: impl FnMut(&SeriesKey) -> bool) -> Result<Vec<(SeriesKey, Scannable)>> {
        let snapshot = self.snapshot()?;
        let wanted = snapshot.catalog.iter().filter(|(key, _)| keep(key));
        wanted
            .map(|(key, files)| {
                self.note(key);
                Ok((key.clone(), of(files)?))
            })
            .collect()
    }
}

fn of(files: &[StoredFile]) -> Result<Scannable> {
    if files.iter().all(|f| f.tier == Tier::Managed) {
        return Ok(Scannable::Files(files.to_vec()));
    }
    if files.iter().any(|f| f.format != FileFormat::Parquet) {
        return Ok(Scannable::Merged);
    }
    for file in files {
        if !has_our_columns(read::parquet_schema(&file.path)?.as_ref()) {
            return Ok(Scannable::Merged);
        }
    }
    if files.len() > 1 {
        let mut spans = files.iter().map(|f| read::extent(f).map(|e| e.span)).collect::<Result<Vec<_>>>()?;
        spans.retain(Option::is_some);
        spans.sort_unstable();
        if spans.windows(2).any(|w| w[0].map(|s| s.1) >= w[1].map(|s| s.0)) {
            return Ok(Scannable::Merged);
        }
    }
    Ok(Scannable::Files(files.to_vec()))
}

/// Whether the scan can read a file as bars: our names, times of any unit, numbers of any width.
fn has_our_columns(schema: &Schema) -> bool {
    bars_schema().fields().iter().all(|ours| {
        schema.field_with_name(ours.name()).is_ok_and(|theirs| match ours.data_type() {
            DataType::Float64 => matches!(theirs.data_type(), DataType::Float64 | DataType::Float32),
            _ => matches!(theirs.data_type(), DataType::Timestamp(_, Some(_))),
        })
    })
}
