//! Reading the files of a series, and merging them.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::arrow::ipc::reader::FileReader;
use datafusion::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use super::catalog::{FileFormat, StoredFile};
use crate::engine::import::read_stored;
use crate::engine::series::{Bar, Bars, bars_schema, ts_type};
use crate::engine::timeframe::format_ts;
use crate::error::{Error, Result};

/// The bars of one file: of Parquet and Arrow in the order of the rows, their numbers unchecked; CSV sorted and checked.
pub(super) fn read_file(file: &StoredFile) -> Result<Bars> {
    let (schema, batches) = match file.format {
        FileFormat::Parquet => read_parquet(&file.path)?,
        FileFormat::Feather => read_feather(&file.path)?,
        FileFormat::Csv => return read_stored(&file.path),
    };
    let batch = concat_batches(&schema, &batches)?;
    bars_from_batch(&file.path, &batch)
}

/// All rows of a Parquet file.
pub(crate) fn read_parquet(path: &Path) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(|e| broken(path, "Parquet", e))?;
    let schema = builder.schema().clone();
    let reader = builder.with_batch_size(65_536).build().map_err(|e| broken(path, "Parquet", e))?;
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|e| broken(path, "Parquet", e))?;
    Ok((schema, batches))
}

/// The columns of a Parquet file.
pub(super) fn parquet_schema(path: &Path) -> Result<SchemaRef> {
    let meta = ArrowReaderMetadata::load(&open(path)?, Default::default()).map_err(|e| broken(path, "Parquet", e))?;
    Ok(meta.schema().clone())
}

/// All rows of an Arrow IPC file.
pub(crate) fn read_feather(path: &Path) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let reader = FileReader::try_new_buffered(open(path)?, None).map_err(|e| broken(path, "Arrow", e))?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|e| broken(path, "Arrow", e))?;
    Ok((schema, batches))
}

/// The bars of a batch whose columns are called like ours, in any case and order, with times of any unit and zone.
fn bars_from_batch(path: &Path, batch: &RecordBatch) -> Result<Bars> {
    let schema = batch.schema();
    let mut columns = Vec::with_capacity(6);
    for field in bars_schema().fields() {
        let index = find_column(&schema, field.name());
        let Some(index) = index else {
            let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            let text = format!("no column `{}`; the file has {}", field.name(), names.join(", "));
            return Err(Error::data(path, text));
        };
        let source = batch.column(index);
        if field.name() == "ts" && !matches!(source.data_type(), DataType::Timestamp(..) | DataType::Date32) {
            let text = format!("column ts is {}, not a timestamp; `threadx import` reads it", source.data_type());
            return Err(Error::data(path, text));
        }
        let column = cast(source, field.data_type())
            .map_err(|_| Error::data(path, format!("column `{}` is {}", field.name(), source.data_type())))?;
        if column.null_count() > 0 {
            let row = (0..column.len()).find(|&i| column.is_null(i)).unwrap_or(0) + 1;
            return Err(Error::data(path, format!("row {row}: {} is missing", field.name())));
        }
        columns.push(column);
    }
    Bars::from_batch(&RecordBatch::try_new(bars_schema(), columns)?)
}

fn find_column(schema: &Schema, name: &str) -> Option<usize> {
    schema.fields().iter().position(|f| f.name().eq_ignore_ascii_case(name))
}

/// What a file holds, told without reading its rows where the format allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Number of rows.
    pub(super) rows: u64,
    /// Earliest and latest open time; none where there are no rows.
    pub(super) span: Option<(i64, i64)>,
}

/// The extent of one file.
pub(super) fn extent(file: &StoredFile) -> Result<Extent> {
    if file.format == FileFormat::Parquet
        && let Some(extent) = parquet_extent(&file.path)?
    {
        return Ok(extent);
    }
    let bars = read_file(file)?;
    let span = bars.ts.iter().min().copied().zip(bars.ts.iter().max().copied());
    Ok(Extent { rows: bars.len() as u64, span })
}

/// The extent of a series. Files that do not overlap are told from their footers; others are merged to be counted.
pub(super) fn series_extent(files: &[StoredFile]) -> Result<Extent> {
    let mut extents = files.iter().map(extent).collect::<Result<Vec<_>>>()?;
    extents.retain(|e| e.rows > 0);
    extents.sort_by_key(|e| e.span);
    if extents.windows(2).all(|w| w[0].span.map(|s| s.1) < w[1].span.map(|s| s.0)) {
        let ends = extents.first().zip(extents.last()).and_then(|(a, b)| a.span.zip(b.span));
        return Ok(Extent { rows: extents.iter().map(|e| e.rows).sum(), span: ends.map(|(a, b)| (a.0, b.1)) });
    }
    let bars = read_series(files)?;
    Ok(Extent { rows: bars.len() as u64, span: bars.ts.first().copied().zip(bars.ts.last().copied()) })
}

/// Rows and times from the footer of a Parquet file; none where it has no statistics of `ts`.
fn parquet_extent(path: &Path) -> Result<Option<Extent>> {
    let file = open(path)?;
    let meta = ArrowReaderMetadata::load(&file, Default::default()).map_err(|e| broken(path, "Parquet", e))?;
    let groups = meta.metadata().row_groups();
    let rows = meta.metadata().file_metadata().num_rows().max(0) as u64;
    if rows == 0 {
        return Ok(Some(Extent { rows, span: None }));
    }
    let Some(index) = find_column(meta.schema(), "ts") else { return Ok(None) };
    let name = meta.schema().field(index).name();
    let Ok(converter) = StatisticsConverter::try_new(name, meta.schema(), meta.parquet_schema()) else {
        return Ok(None);
    };
    let (Ok(mins), Ok(maxs)) = (converter.row_group_mins(groups), converter.row_group_maxes(groups)) else {
        return Ok(None);
    };
    let times = |array| -> Option<Vec<i64>> {
        let array = cast(&array, &ts_type()).ok()?;
        let array = cast(&array, &DataType::Int64).ok()?;
        let array = array.as_any().downcast_ref::<datafusion::arrow::array::Int64Array>()?;
        (array.null_count() == 0).then(|| array.values().to_vec())
    };
    let (Some(mins), Some(maxs)) = (times(mins), times(maxs)) else { return Ok(None) };
    Ok(Some(Extent { rows, span: mins.into_iter().min().zip(maxs.into_iter().max()) }))
}

/// The bars of a series: all its files in time order, one bar per time, better tiers first.
///
/// # Errors
/// A file that cannot be read, or two files of equal rank that hold different bars for the same time.
pub(super) fn read_series(files: &[StoredFile]) -> Result<Bars> {
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        parts.push((file, sorted(&file.path, read_file(file)?)?));
    }
    // In time order, files that do not overlap are simply joined.
    parts.sort_by_key(|(_, bars)| bars.ts.first().copied());
    let apart = parts.windows(2).all(|w| w[0].1.ts.last() < w[1].1.ts.first());
    if apart {
        let mut out = Bars::with_capacity(parts.iter().map(|(_, b)| b.len()).sum());
        parts.iter().for_each(|(_, bars)| out.append(bars));
        return Ok(out);
    }
    parts.sort_by_key(|(file, _)| file.tier);
    let mut out = Bars::default();
    for group in parts.chunk_by(|a, b| a.0.tier == b.0.tier) {
        let mut tier = Bars::default();
        for (file, bars) in group {
            tier = merge(&tier, bars, |ours, theirs| {
                if ours.same_values(theirs) {
                    return Ok(*ours);
                }
                let text = format!(
                    "its bar of {} differs from that of another file of the same series; remove one of the two files",
                    format_ts(ours.ts)
                );
                Err(Error::data(&file.path, text))
            })?;
        }
        out = merge(&out, &tier, |better, _| Ok(*better))?;
    }
    Ok(out)
}

/// Two series in strictly increasing time order as one; `choose` decides where both have a bar.
pub(crate) fn merge(left: &Bars, right: &Bars, mut choose: impl FnMut(&Bar, &Bar) -> Result<Bar>) -> Result<Bars> {
    let mut out = Bars::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        let (a, b) = (left.get(i), right.get(j));
        match a.ts.cmp(&b.ts) {
            std::cmp::Ordering::Less => (out.push(a), i += 1).1,
            std::cmp::Ordering::Greater => (out.push(b), j += 1).1,
            std::cmp::Ordering::Equal => (out.push(choose(&a, &b)?), i += 1, j += 1).2,
        }
    }
    (i..left.len()).for_each(|i| out.push(left.get(i)));
    (j..right.len()).for_each(|j| out.push(right.get(j)));
    Ok(out)
}

/// Bars in strictly increasing time order. Repeated equal bars become one.
fn sorted(path: &Path, bars: Bars) -> Result<Bars> {
    if bars.first_unordered().is_none() {
        return Ok(bars);
    }
    let mut order: Vec<usize> = (0..bars.len()).collect();
    order.sort_by_key(|&i| bars.ts[i]);
    let mut out = Bars::with_capacity(bars.len());
    for i in order {
        let bar = bars.get(i);
        match out.len().checked_sub(1).map(|last| out.get(last)) {
            Some(last) if last.ts == bar.ts && last.same_values(&bar) => {}
            Some(last) if last.ts == bar.ts => {
                let text =
                    format!("two different bars for {}: close {} and {}", format_ts(bar.ts), last.close, bar.close);
                return Err(Error::data(path, text));
            }
            _ => out.push(bar),
        }
    }
    Ok(out)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| Error::io("read", path, e))
}

fn broken(path: &Path, format: &str, error: impl std::fmt::Display) -> Error {
    let size = std::fs::metadata(path).map(|m| m.len()).unwrap_or(0);
    if size == 0 {
        return Error::data(path, format!("the file is empty, not {format}"));
    }
    Error::data(path, format!("not a readable {format} file: {error}"))
}
