//! What a backtest, a sweep or one of their relatives was asked to do.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::DataFrame;

use super::grid::ParamGrid;
use super::options::RunOptions;
use super::output::OutputKind;
use super::prepare::Path;
use crate::engine::result::{ResultName, Results};
use crate::engine::series::SeriesKey;
use crate::engine::store::Store;
use crate::engine::strategy::{ParamValue, Strategy};
use crate::error::{Error, Result};

/// A run, planned but not started.
#[derive(Debug, Clone)]
pub struct RunSpec {
    /// Bars.
    pub store: Store,
    /// Stored results.
    pub results: Results,
    /// What rows the relation gives.
    pub output: OutputKind,
    /// Name of the table function, for errors.
    pub function: &'static str,
    /// Symbols.
    pub symbols: SeriesSource,
    /// Timeframes.
    pub timeframes: SeriesSource,
    /// The strategy.
    pub strategy: Arc<Strategy>,
    /// The points.
    pub grid: GridSource,
    /// Run options.
    pub options: RunOptions,
    /// Whether the result has the bounds of metrics.
    pub bounds: bool,
    /// How the strategy's body is evaluated.
    pub path: Arc<Path>,
    /// Where finished rows are kept, if they are.
    pub checkpoint: Option<CheckpointSpec>,
}

/// A stored result that a sweep reads and adds to.
#[derive(Debug, Clone)]
pub struct CheckpointSpec {
    /// Its name.
    pub name: ResultName,
    /// Identity of the strategy's body, from [`body_id`](crate::engine::result::body_id).
    pub body: u128,
}

/// Names given as constants or by a subquery.
#[derive(Debug, Clone)]
pub enum SeriesSource {
    /// Names.
    Names(Vec<String>),
    /// One column of names.
    Query(Box<LogicalPlan>),
}

/// Points given as values or by a subquery.
#[derive(Debug, Clone)]
pub enum GridSource {
    /// Points.
    Ready(ParamGrid),
    /// One column per parameter; parameters without a column keep their defaults.
    Query(Box<LogicalPlan>),
}

impl RunSpec {
    /// Every series of the run, symbols outermost; runs the subqueries.
    pub async fn series(&self, state: &SessionState) -> Result<Vec<SeriesKey>> {
        let symbols = self.symbols.names(state, self.function, "symbol").await?;
        let timeframes = self.timeframes.names(state, self.function, "timeframe").await?;
        let mut keys = vec![];
        for symbol in &symbols {
            for timeframe in &timeframes {
                let key = SeriesKey::parse(symbol, timeframe)?;
                if !keys.contains(&key) && !self.is_yet_to_come(&key) {
                    keys.push(key);
                }
            }
        }
        Ok(keys)
    }

    /// Whether the store is seen as of a time before the first bar of the run: then the series has no rows, which is no error.
    pub fn is_yet_to_come(&self, key: &SeriesKey) -> bool {
        let RunOptions { since, until, .. } = self.options;
        self.store.is_as_of() && self.store.load(key).is_ok_and(|series| series.rows_between(since, until).is_empty())
    }

    /// The points of the run, checked against the strategy; runs the subquery.
    pub async fn points(&self, state: &SessionState) -> Result<ParamGrid> {
        match &self.grid {
            GridSource::Ready(grid) => Ok(grid.clone()),
            GridSource::Query(plan) => {
                let frame = DataFrame::new(state.clone(), plan.as_ref().clone());
                let rows = points_from_batches(&self.strategy, &frame.collect().await?)?;
                let grid = ParamGrid::rows(Arc::clone(&self.strategy), rows)?;
                super::prepare::check_values(&grid, state)?;
                Ok(grid)
            }
        }
    }
}

impl SeriesSource {
    /// The names; runs the subquery. `function` and `what` say whose argument it is, for errors.
    pub async fn names(&self, state: &SessionState, function: &str, what: &str) -> Result<Vec<String>> {
        let plan = match self {
            SeriesSource::Names(names) => return Ok(names.clone()),
            SeriesSource::Query(plan) => plan,
        };
        if plan.schema().fields().len() != 1 {
            return Err(Error::argument(format!(
                "the subquery for `{what}` of {function}() must have one column, it has {}",
                plan.schema().fields().len()
            )));
        }
        let mut names = vec![];
        for batch in DataFrame::new(state.clone(), plan.as_ref().clone()).collect().await? {
            let column = cast(batch.column(0), &DataType::Utf8)?;
            if column.null_count() > 0 {
                return Err(Error::argument(format!(
                    "the subquery for `{what}` of {function}() gives NULL in one of its rows; leave those out"
                )));
            }
            names.extend(column.as_string::<i32>().iter().flatten().map(str::to_string));
        }
        if names.is_empty() {
            return Err(Error::argument(format!("the subquery for `{what}` of {function}() gives no rows")));
        }
        Ok(names)
    }
}

fn points_from_batches(strategy: &Strategy, batches: &[RecordBatch]) -> Result<Vec<Vec<ParamValue>>> {
    let defaults: Vec<ParamValue> = strategy.params.iter().map(|p| p.default.clone()).collect();
    let mut rows = vec![];
    for batch in batches {
        let schema = batch.schema();
        let targets =
            schema.fields().iter().map(|f| strategy.param(f.name()).map(|(i, _)| i)).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            let mut point = defaults.clone();
            for (column, target) in batch.columns().iter().zip(&targets) {
                let scalar = ScalarValue::try_from_array(column, row)?;
                let param = &strategy.params[*target];
                point[*target] = param.ty.value(&scalar).ok_or_else(|| {
                    Error::argument(format!(
                        "`{}` of strategy `{}` must be {}, got {} in row {} of the subquery",
                        param.name,
                        strategy.name,
                        param.ty.name(),
                        crate::engine::scalar::describe(&scalar),
                        rows.len() + 1
                    ))
                })?;
            }
            rows.push(point);
        }
    }
    Ok(rows)
}
