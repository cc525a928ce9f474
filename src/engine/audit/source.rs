//! An audit as a relation.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;

use super::lineage::lineage;
use super::report::{Cutting, Heading, audit_schema, judge, report};
use super::truncation::Trial;
use crate::engine::nested::with_table;
use crate::engine::source::Source;
use crate::engine::strategy::plan_body;
use crate::engine::sweep::{
    OutputKind, RunSpec, RunTable, Runtime, SeriesSource, check_point, params_text, with_values,
};
use crate::engine::threads;
use crate::error::{Error, Result};

/// Cuts if none are asked for.
pub const DEFAULT_CUTS: usize = 16;

/// Fewest cuts: the two near the end.
pub const MIN_CUTS: usize = 2;

/// Most cuts.
pub const MAX_CUTS: usize = 10_000;

/// The audit of one strategy with one combination of parameters.
pub struct AuditSource {
    spec: RunSpec,
    cuts: usize,
    state: SessionState,
}

impl AuditSource {
    /// The audit of the run that `spec` describes.
    pub fn new(spec: RunSpec, cuts: usize, state: &SessionState) -> Self {
        let mut state = state.clone();
        // Sums over several partitions are added up in an order that differs from run to run, and with it their last bits.
        state.config_mut().options_mut().execution.target_partitions = 1;
        state.mark_start_execution();
        Self { spec, cuts, state }
    }
}

impl fmt::Debug for AuditSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditSource({})", self.describe())
    }
}

impl Source for AuditSource {
    fn name(&self) -> &'static str {
        "AuditExec"
    }

    fn describe(&self) -> String {
        let names = |source: &SeriesSource| match source {
            SeriesSource::Names(names) => names.join(", "),
            SeriesSource::Query(_) => "(subquery)".into(),
        };
        let (symbols, timeframes) = (names(&self.spec.symbols), names(&self.spec.timeframes));
        let path = self.spec.path.describe();
        format!("{} on {symbols} {timeframes}, cuts={}, path={path}", self.spec.strategy.name, self.cuts)
    }

    fn schema(&self) -> SchemaRef {
        audit_schema()
    }

    fn run(&self, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let runtime = Runtime {
            state: self.state.clone(),
            handle: tokio::runtime::Handle::current(),
            pool: threads::pool(self.spec.options.threads)?,
        };
        let wait = &runtime.handle;
        let (spec, strategy) = (&self.spec, &self.spec.strategy);
        let keys = wait.block_on(spec.series(&self.state))?;
        let point = wait.block_on(spec.points(&self.state))?.point(0);
        check_point(strategy, &point, &self.state)?;
        let body = wait.block_on(plan_body(strategy, &self.state))?;
        let plan = with_values(&body.plan, &point)?;
        for key in keys {
            let series = spec.store.load(&key)?;
            let cutting = Cutting { rows: spec.options.rows(&series)?, count: self.cuts };
            let trial =
                Trial { path: &spec.path, point: &point, series: &series, store: &spec.store, runtime: &runtime };
            let (verdicts, cuts) = judge(&trial, &lineage(&plan, key.timeframe)?, &cutting)?;
            let (symbol, timeframe) = (key.symbol.to_string(), key.timeframe.name().to_string());
            let texts = [symbol, timeframe, strategy.name.clone(), params_text(strategy, &point)];
            if !emit(report(&Heading { texts, cuts }, &verdicts, series.ts())?) {
                break;
            }
        }
        Ok(())
    }
}

/// The audits of the strategies that a query runs, each once.
///
/// # Errors
/// A query that runs none, or one that runs a sweep.
pub fn audits_in(plan: &LogicalPlan, state: &SessionState) -> Result<Vec<AuditSource>> {
    let mut specs: Vec<Arc<RunSpec>> = vec![];
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            specs.extend(with_table(scan, |table: &RunTable| Arc::clone(table.spec())));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    if specs.is_empty() {
        return Err(Error::argument(
            "EXPLAIN AUDIT takes a query that runs a strategy, such as SELECT * FROM backtest('DEMO', '1h', sma_cross())",
        ));
    }
    let mut audits: Vec<AuditSource> = vec![];
    for spec in specs {
        if spec.output == OutputKind::Sweep {
            return Err(Error::argument(format!(
                "EXPLAIN AUDIT looks at one combination of parameters, and sweep() runs many; write SELECT * FROM \
                 audit(..., {}(...)) with the one that you want",
                spec.strategy.name
            )));
        }
        let audit = AuditSource::new(spec.as_ref().clone(), DEFAULT_CUTS, state);
        if !audits.iter().any(|known| known.is_same(&audit)) {
            audits.push(audit);
        }
    }
    Ok(audits)
}

impl AuditSource {
    /// Whether both look at the same series, strategy, parameters and range.
    fn is_same(&self, other: &Self) -> bool {
        let of = |audit: &Self| {
            let RunSpec { symbols, timeframes, strategy, grid, options, .. } = &audit.spec;
            format!("{symbols:?} {timeframes:?} {} {grid:?} {:?} {:?}", strategy.source, options.since, options.until)
        };
        of(self) == of(other)
    }
}
