//! An import: read all files, then change the store once.

use std::collections::BTreeMap;
use std::path::Path;

use super::options::{ImportOptions, OnError};
use super::read::{ReadSeries, read};
use super::report::{ImportReport, Reason, Rejected};
use crate::engine::series::{Bars, SeriesKey};
use crate::engine::store::{Store, merge};
use crate::engine::timeframe::format_ts;
use crate::error::{Error, Result};

/// Imports files into a store. All files together are one change: either every series has its new bars or none has, also
/// if the process is killed. Bars that the store already has are left alone, and a bar with other numbers is replaced.
///
/// # Errors
/// All errors of [`read`], two files with different bars for the same time, and a store that cannot be written.
pub fn run(options: &ImportOptions, store: &Store) -> Result<ImportReport> {
    let found = read_merged(options)?;
    if let Some(path) = &options.rejects {
        let rejected: Vec<&Rejected> = found.values().flat_map(|s| &s.rejects).collect();
        write_rejects(path, &rejected)?;
    }
    let (mut reports, mut bars) = (Vec::new(), Vec::new());
    for (key, series) in found {
        reports.push(series.report);
        bars.push((key, series.bars));
    }
    for (report, change) in reports.iter_mut().zip(store.import(bars)?) {
        report.inserted = change.inserted;
        report.replaced = change.replaced;
        report.unchanged = change.unchanged;
    }
    Ok(ImportReport { series: reports, rejects: options.rejects.clone() })
}

/// Reads all files without writing anything, one entry per series.
///
/// # Errors
/// All errors of [`read`], and two files with different bars for the same time, unless bad rows are skipped.
pub fn read_merged(options: &ImportOptions) -> Result<BTreeMap<SeriesKey, ReadSeries>> {
    let mut found: BTreeMap<SeriesKey, ReadSeries> = BTreeMap::new();
    for series in read(options)? {
        let key = series.key.clone();
        let series = match found.remove(&key) {
            None => series,
            Some(before) => join(before, series, options.on_error)?,
        };
        found.insert(key, series);
    }
    Ok(found)
}

/// Two files of one series as one. Of different bars for one time the later file wins, where that is allowed.
fn join(mut before: ReadSeries, series: ReadSeries, on_error: OnError) -> Result<ReadSeries> {
    let file = series.report.files.first().cloned().unwrap_or_default();
    let earlier = before.report.files.join(", ");
    let (mut duplicates, mut conflicts) = (0, 0);
    let merged: Bars = merge(&before.bars, &series.bars, |old, new| {
        if old.same_values(new) {
            duplicates += 1;
        } else if on_error == OnError::Fail {
            let text = format!(
                "the bar of {} differs from that in {earlier}; `--on-error skip` keeps the one of the later file",
                format_ts(new.ts)
            );
            return Err(Error::data(&file, text));
        } else {
            conflicts += 1;
        }
        Ok(*new)
    })?;
    before.bars = merged;
    before.rejects.extend(series.rejects);
    before.report.add(series.report);
    before.report.duplicates += duplicates;
    if conflicts > 0 {
        *before.report.skipped.entry(Reason::ConflictingDuplicate).or_default() += conflicts;
    }
    Ok(before)
}

/// Writes the refused rows: file, row, reason, the reason in words, and the cells of the row.
fn write_rejects(path: &Path, rejected: &[&Rejected]) -> Result<()> {
    let failed = |e: csv::Error| Error::io("write", path, e.into());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path).map_err(failed)?;
    writer.write_record(["file", "row", "reason", "detail", "cells"]).map_err(failed)?;
    for reject in rejected {
        let row = reject.row.to_string();
        let start = [reject.file.as_str(), &row, reject.reason.name(), &reject.detail];
        writer.write_record(start.into_iter().chain(reject.raw.iter().map(String::as_str))).map_err(failed)?;
    }
    writer.flush().map_err(|e| Error::io("write", path, e))
}
