//! Reading the files of a series.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, new_empty_array};
use datafusion::arrow::compute::{cast, concat, concat_batches};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::ipc::reader::FileReader;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use super::catalog::{FileFormat, StoredFile};
use super::file::SharedFile;
use super::merge::{merge_files, sorted};
use crate::engine::import::read_stored;
use crate::engine::series::{Bars, bars_schema, times, ts_type};
use crate::engine::threads;
use crate::error::{Error, Result};

/// Rows below which more threads cost more than they save.
const ROWS_FOR_THREADS: i64 = 16_384;

/// Most rows that memory is taken for before they are seen.
const PIECE_ROWS: usize = 1 << 24;

/// The bars of one file: of Parquet and Arrow in the order of the rows, their numbers unchecked; CSV sorted and checked.
pub(super) fn read_file(file: &StoredFile) -> Result<Bars> {
    Bars::from_batch(&read_batch(file, 1)?)
}

/// The same as a batch of the schema of bars.
fn read_batch(file: &StoredFile, threads: usize) -> Result<RecordBatch> {
    match file.format {
        FileFormat::Parquet => parquet_bars(&file.path, threads),
        FileFormat::Feather => {
            let (schema, batches) = read_feather(&file.path)?;
            feather_bars(&file.path, &concat_batches(&schema, &batches)?)
        }
        FileFormat::Csv => read_stored(&file.path)?.into_batch(),
    }
}

/// The bars of a Parquet file. Each column is decoded into the array that the series will have, by one thread.
fn parquet_bars(path: &Path, threads: usize) -> Result<RecordBatch> {
    let file = SharedFile::new(open(path)?).map_err(|e| Error::io("read", path, e))?;
    let meta = ArrowReaderMetadata::load(&file, Default::default()).map_err(|e| broken(path, "Parquet", e))?;
    let schema = bars_schema();
    let indices = schema.fields().iter().map(|field| column_index(path, meta.schema(), field));
    let indices = indices.collect::<Result<Vec<_>>>()?;
    let rows = meta.metadata().file_metadata().num_rows();
    let decode = |i: usize| {
        let column = parquet_column(&file, &meta, indices[i]).map_err(|e| broken(path, "Parquet", e))?;
        as_ours(path, schema.field(i), &column)
    };
    let threads = if rows < ROWS_FOR_THREADS { 1 } else { threads };
    let columns = threads::map(threads, indices.len(), decode).into_iter().collect::<Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(schema, columns)?)
}

/// All rows of one column, in one piece up to a number of rows that a damaged footer cannot exceed.
fn parquet_column(
    file: &SharedFile,
    meta: &ArrowReaderMetadata,
    index: usize,
) -> datafusion::parquet::errors::Result<ArrayRef> {
    let rows = usize::try_from(meta.metadata().file_metadata().num_rows()).unwrap_or(0).clamp(1, PIECE_ROWS);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file.clone(), meta.clone())
        .with_projection(ProjectionMask::roots(meta.parquet_schema(), [index]))
        .with_batch_size(rows)
        .build()?;
    let parts =
        reader.map(|batch| batch.map(|batch| ArrayRef::clone(batch.column(0)))).collect::<Result<Vec<_>, _>>()?;
    match parts.as_slice() {
        [] => Ok(new_empty_array(meta.schema().field(index).data_type())),
        [one] => Ok(ArrayRef::clone(one)),
        several => Ok(concat(&several.iter().map(AsRef::as_ref).collect::<Vec<_>>())?),
    }
}

/// The columns of a Parquet file.
pub(super) fn parquet_schema(path: &Path) -> Result<SchemaRef> {
    let meta = ArrowReaderMetadata::load(&open(path)?, Default::default()).map_err(|e| broken(path, "Parquet", e))?;
    Ok(meta.schema().clone())
}

/// All rows of an Arrow IPC file.
fn read_feather(path: &Path) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let reader = FileReader::try_new_buffered(open(path)?, None).map_err(|e| broken(path, "Arrow", e))?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|e| broken(path, "Arrow", e))?;
    Ok((schema, batches))
}

/// The bars of an Arrow file as one batch.
fn feather_bars(path: &Path, batch: &RecordBatch) -> Result<RecordBatch> {
    let ours = bars_schema();
    let column = |field| as_ours(path, field, batch.column(column_index(path, &batch.schema(), field)?));
    let columns = ours.fields().iter().map(|field| column(field)).collect::<Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(ours, columns)?)
}

/// Which column of a file is called like this one of ours, in any case, and may be read as it.
fn column_index(path: &Path, schema: &Schema, ours: &Field) -> Result<usize> {
    let Some(index) = find_column(schema, ours.name()) else {
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let text = format!("no column `{}`; the file has {}", ours.name(), names.join(", "));
        return Err(Error::data(path, text));
    };
    let theirs = schema.field(index).data_type();
    if ours.name() == "ts" && !matches!(theirs, DataType::Timestamp(..) | DataType::Date32) {
        let text = format!("column ts is {theirs}, not a timestamp; `threadx import` reads it");
        return Err(Error::data(path, text));
    }
    Ok(index)
}

/// A column of a file in our type: times of any unit and zone, numbers of any width. Nothing may be missing in it.
fn as_ours(path: &Path, ours: &Field, column: &ArrayRef) -> Result<ArrayRef> {
    let cast = cast(column, ours.data_type())
        .map_err(|_| Error::data(path, format!("column `{}` is {}", ours.name(), column.data_type())))?;
    if cast.null_count() > 0 {
        let row = (0..cast.len()).find(|&i| cast.is_null(i)).unwrap_or(0) + 1;
        return Err(Error::data(path, format!("row {row}: {} is missing", ours.name())));
    }
    Ok(cast)
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
    let bars = read_series(files, 1)?;
    let ts = times(&bars)?;
    Ok(Extent { rows: ts.len() as u64, span: ts.first().copied().zip(ts.last().copied()) })
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

/// The bars of a series as a batch of the schema of bars: all its files in time order, one bar per time, better tiers first.
///
/// # Errors
/// A file that cannot be read, or two files of equal rank that hold different bars for the same time.
pub(super) fn read_series(files: &[StoredFile], threads: usize) -> Result<RecordBatch> {
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        parts.push((file, sorted(&file.path, read_batch(file, threads)?)?));
    }
    if let [(_, only)] = parts.as_slice() {
        return Ok(only.clone());
    }
    let mut spans = Vec::with_capacity(parts.len());
    for (i, (_, batch)) in parts.iter().enumerate() {
        let ts = times(batch)?;
        spans.extend(ts.first().zip(ts.last()).map(|(first, last)| (*first, *last, i)));
    }
    // In time order, files that do not overlap are simply joined.
    spans.sort_unstable();
    if spans.windows(2).all(|w| w[0].1 < w[1].0) {
        return Ok(concat_batches(&bars_schema(), spans.iter().map(|(_, _, i)| &parts[*i].1))?);
    }
    merge_files(&parts)?.into_batch()
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
