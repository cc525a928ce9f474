//! Evaluates a body on one series for one combination of parameters, without a simulation.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::execution::memory_pool::MemoryConsumer;

use super::bank::Bank;
use super::bind::Binder;
use super::prepare::{Path, Preparer, Runtime, named_columns, no_ts, whole_rows};
use crate::engine::series::Series;
use crate::engine::strategy::ParamValue;
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// The columns of a body on a series, one value per bar.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// Names and values, in the order of the query.
    pub columns: Vec<(String, ArrayRef)>,
    /// For each bar, whether the body gives a row; absent where it does for all.
    pub has_row: Option<Vec<bool>>,
}

/// Every column of a body for one point.
///
/// Blocks, and must not be called on a thread of the async runtime.
///
/// # Errors
/// A body that cannot be evaluated, or that does not give one row per bar.
pub fn evaluate(
    path: &Path,
    (series, others): (&Arc<Series>, &Others),
    point: &[ParamValue],
    runtime: &Runtime,
) -> Result<Evaluated> {
    let state = &runtime.state;
    let bank = bank_of((series, others), runtime);
    let rows = 0..series.len();
    let mut binder = match path {
        Path::Columns(template) => Some(Binder::new(Arc::clone(template), Arc::clone(state.config_options()))),
        Path::Whole { .. } => None,
    };
    let columns = Preparer::new(path, &bank, runtime.clone(), rows).all_columns(&mut binder, point)?;
    Ok(Evaluated { columns, has_row: None })
}

fn bank_of((series, others): (&Arc<Series>, &Others), runtime: &Runtime) -> Bank {
    let reservation = MemoryConsumer::new("evaluation").register(&runtime.state.runtime_env().memory_pool);
    Bank::new((Arc::clone(series), 0..series.len(), others.clone()), reservation, usize::MAX, Arc::default())
}

/// As [`evaluate`], but bars without a row are NULL in every column.
///
/// # Errors
/// As [`evaluate`], and two rows of one bar.
pub fn evaluate_leniently(
    path: &Path,
    (series, others): (&Arc<Series>, &Others),
    point: &[ParamValue],
    runtime: &Runtime,
) -> Result<Evaluated> {
    let Path::Whole { body, .. } = path else { return evaluate(path, (series, others), point, runtime) };
    let batch = whole_rows(body, point, &bank_of((series, others), runtime), runtime)?;
    let ts = batch.column_by_name("ts").ok_or_else(no_ts)?;
    let ts = ts.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(no_ts)?;
    let mut row_at = HashMap::with_capacity(ts.len());
    for row in 0..ts.len() {
        if ts.is_null(row) || row_at.insert(ts.value(row), row as u32).is_some() {
            return Err(Error::argument("the query of a strategy must give each bar's `ts` once, unchanged"));
        }
    }
    let rows: UInt32Array = series.ts().iter().map(|ts| row_at.get(ts).copied()).collect();
    let has_row = (rows.null_count() > 0).then(|| (0..rows.len()).map(|row| rows.is_valid(row)).collect());
    let by_bar = |(name, column): (String, ArrayRef)| Ok((name, take(&column, &rows, None)?));
    Ok(Evaluated { columns: named_columns(&batch).into_iter().map(by_bar).collect::<Result<_>>()?, has_row })
}
