//! Parquet and Arrow files as tables of cells.

use std::fs::File;
use std::io::Cursor;

use datafusion::arrow::array::{Array, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::FileReader;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::table::{Cell, Hints, Row, Rows, Table};
use crate::error::{Error, Result};

/// Reads a Parquet file.
///
/// # Errors
/// A file that is not valid Parquet.
pub(super) fn parquet(file: File, label: &str) -> Result<Table> {
    let bad = |e: &dyn std::fmt::Display| Error::data(label, format!("not a readable Parquet file: {e}"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| bad(&e))?;
    let schema = builder.schema().clone();
    let reader = builder.with_batch_size(65_536).build().map_err(|e| bad(&e))?;
    let batches = reader.collect::<Result<Vec<_>, ArrowError>>().map_err(|e| bad(&e))?;
    Ok(table(&schema, batches))
}

/// Reads an Arrow IPC file.
///
/// # Errors
/// A file that is not valid Arrow.
pub(super) fn ipc(bytes: Vec<u8>, label: &str) -> Result<Table> {
    let bad = |e: ArrowError| Error::data(label, format!("not a readable Arrow file: {e}"));
    let reader = FileReader::try_new(Cursor::new(bytes), None).map_err(bad)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(bad)?;
    Ok(table(&schema, batches))
}

/// Batches of one schema as a table.
pub(super) fn table(schema: &SchemaRef, batches: Vec<RecordBatch>) -> Table {
    let header: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let width = header.len();
    Table { header: Some(header), width, row_word: "row", rows: Rows::Batches(batches), hints: Hints::default() }
}

/// A column in the few types that cells have.
enum Column {
    Int(Int64Array),
    Float(Float64Array),
    Text(StringArray),
    Time {
        values: Int64Array,
        naive: bool,
    },
    /// A type that no column of bars has, such as a list.
    Other,
}

impl Column {
    fn new(array: &dyn Array) -> Self {
        use DataType::*;
        let to = |target: &DataType| cast(array, target).ok().filter(|a| a.null_count() == array.logical_null_count());
        let int = |array: Option<datafusion::arrow::array::ArrayRef>| array.map(|a| a.as_primitive().clone());
        match array.data_type() {
            Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64 => int(to(&Int64)).map(Column::Int),
            Float16 | Float32 | Float64 | Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..) => {
                to(&Float64).map(|a| Column::Float(a.as_primitive().clone()))
            }
            Timestamp(_, zone) => {
                int(to(&Timestamp(TimeUnit::Microsecond, zone.clone())).and_then(|a| cast(&a, &Int64).ok()))
                    .map(|values| Column::Time { values, naive: zone.is_none() })
            }
            Date32 | Date64 => int(to(&Timestamp(TimeUnit::Microsecond, None)).and_then(|a| cast(&a, &Int64).ok()))
                .map(|values| Column::Time { values, naive: true }),
            Utf8 | LargeUtf8 | Utf8View | Dictionary(..) => {
                to(&Utf8).map(|a| Column::Text(a.as_string::<i32>().clone()))
            }
            _ => None,
        }
        .unwrap_or(Column::Other)
    }

    fn cell(&self, i: usize) -> Cell<'_> {
        match self {
            Column::Int(a) if a.is_valid(i) => Cell::Int(a.value(i)),
            Column::Float(a) if a.is_valid(i) => Cell::Float(a.value(i)),
            Column::Text(a) if a.is_valid(i) => Cell::text(a.value(i)),
            Column::Time { values, naive: false } if values.is_valid(i) => Cell::Time(values.value(i)),
            Column::Time { values, naive: true } if values.is_valid(i) => Cell::Naive(values.value(i)),
            _ => Cell::Missing,
        }
    }
}

/// Calls `f` with every row.
pub(super) fn for_each(batches: &[RecordBatch], mut f: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let mut number = 0;
    for batch in batches {
        let columns: Vec<Column> = batch.columns().iter().map(|c| Column::new(c.as_ref())).collect();
        let mut cells = Vec::with_capacity(columns.len());
        for i in 0..batch.num_rows() {
            number += 1;
            cells.clear();
            cells.extend(columns.iter().map(|c| c.cell(i)));
            f(Row { number, cells: &cells, unterminated: false, broken: None })?;
        }
    }
    Ok(())
}
