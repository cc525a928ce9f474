//! A plan over tables as they were known at a time.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScan, col, lit};

use crate::engine::bars::BarsQuery;
use crate::engine::nested::{map_plans, scan_of, with_table};
use crate::engine::ohlcv::OhlcvTable;
use crate::engine::source::SourceTable;
use crate::engine::strategy::Body;
use crate::engine::sweep::{GridSource, Path, PortfolioSource, PortfolioSpec, RunSpec, RunTable, SeriesSource};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;

/// The plan over what was known at `time`, microseconds UTC: bars that were over by then, and runs of strategies over
/// them. The bars of the series being tested are not touched, nor are tables whose rows have no known time.
///
/// # Errors
/// A plan that cannot be built anew, which is a defect.
pub fn as_of(plan: &LogicalPlan, time: i64) -> Result<LogicalPlan> {
    map_plans(plan.clone(), &|plan| {
        let plan = plan.transform_up_with_subqueries(|node| {
            Ok(match &node {
                LogicalPlan::TableScan(scan) => scan_as_of(scan, time)?.map_or(Transformed::no(node), Transformed::yes),
                _ => Transformed::no(node),
            })
        });
        Ok(plan.data()?)
    })
}

/// How the body of a strategy is evaluated with what was known at `time`.
///
/// # Errors
/// As [`as_of`].
pub fn path_as_of(path: &Path, time: i64) -> Result<Path> {
    Ok(match path {
        Path::Columns(template) => Path::Columns(Arc::clone(template)),
        Path::Whole { body, used, reason, views } => {
            let body = Body { plan: as_of(&body.plan, time)?, schema: Arc::clone(&body.schema) };
            Path::Whole { body: Box::new(body), used: used.clone(), reason: reason.clone(), views: views.clone() }
        }
    })
}

fn scan_as_of(scan: &TableScan, time: i64) -> Result<Option<LogicalPlan>> {
    if let Some(known) = with_table(scan, |table: &SourceTable| source_as_of(table, time)) {
        return Ok(known?.map(|table| scan_of(scan, table)));
    }
    if let Some(table) = with_table(scan, |table: &BarsQuery| bars_as_of(table, time)) {
        return Ok(Some(scan_of(scan, table?)));
    }
    if let Some(table) = with_table(scan, |table: &RunTable| run_as_of(table, time)) {
        return Ok(Some(scan_of(scan, table?)));
    }
    match with_table(scan, |_: &OhlcvTable| ()) {
        Some(()) => stored_as_of(scan, time).map(Some),
        None => Ok(None),
    }
}

fn names_as_of(names: &SeriesSource, time: i64) -> Result<SeriesSource> {
    Ok(match names {
        SeriesSource::Names(names) => SeriesSource::Names(names.clone()),
        SeriesSource::Query(plan) => SeriesSource::Query(Box::new(as_of(plan, time)?)),
    })
}

fn bars_as_of(table: &BarsQuery, time: i64) -> Result<BarsQuery> {
    let (symbols, timeframes) = (names_as_of(&table.symbols, time)?, names_as_of(&table.timeframes, time)?);
    Ok(BarsQuery { store: table.store.as_of(time), symbols, timeframes, since: table.since, until: table.until })
}

fn source_as_of(table: &SourceTable, time: i64) -> Result<Option<SourceTable>> {
    let Some(portfolio) = table.source_as::<PortfolioSource>() else { return Ok(table.as_of(time)) };
    let run = spec_as_of(&portfolio.spec().run, time)?;
    Ok(Some(SourceTable::new(portfolio.with_spec(PortfolioSpec { run, ..portfolio.spec().clone() }))))
}

fn run_as_of(table: &RunTable, time: i64) -> Result<RunTable> {
    Ok(table.with_spec(spec_as_of(table.spec(), time)?))
}

fn spec_as_of(spec: &RunSpec, time: i64) -> Result<RunSpec> {
    let grid = match &spec.grid {
        GridSource::Ready(grid) => GridSource::Ready(grid.clone()),
        GridSource::Query(plan) => GridSource::Query(Box::new(as_of(plan, time)?)),
    };
    Ok(RunSpec {
        store: spec.store.as_of(time),
        symbols: names_as_of(&spec.symbols, time)?,
        timeframes: names_as_of(&spec.timeframes, time)?,
        path: Arc::new(path_as_of(&spec.path, time)?),
        grid,
        ..spec.clone()
    })
}

/// The rows of `ohlcv` whose bars were over at `time`: it finds them by the files, so they are filtered and not loaded.
fn stored_as_of(scan: &TableScan, time: i64) -> Result<LogicalPlan> {
    let column = |name: &str| col(Column::new(Some(scan.table_name.clone()), name));
    let microseconds = |ts: i64| lit(ScalarValue::TimestampMicrosecond(Some(ts), Some("UTC".into())));
    let over = |timeframe: &Timeframe| {
        let ended = match timeframe {
            Timeframe::Month1 => column("ts").lt(microseconds(timeframe.bucket_start(time))),
            fixed => column("ts").lt_eq(microseconds(time.saturating_sub(fixed.duration_us()))),
        };
        column("timeframe").eq(lit(timeframe.name())).and(ended)
    };
    let rows = Timeframe::ALL.iter().map(over).reduce(Expr::or).unwrap_or_else(|| lit(false));
    Ok(LogicalPlanBuilder::from(LogicalPlan::TableScan(scan.clone())).filter(rows)?.build()?)
}
