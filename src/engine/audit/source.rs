//! An audit as a relation.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;

use super::account::Account;
use super::lineage::lineage;
use super::report::{Cutting, Heading, Verdict, audit_schema, judge, judge_account, report};
use super::truncation::Trial;
use crate::engine::nested::with_table;
use crate::engine::series::{Series, SeriesKey};
use crate::engine::source::{Demand, Source, SourceTable};
use crate::engine::strategy::{ParamValue, plan_body};
use crate::engine::sweep::{
    FundingRates, OutputKind, PortfolioSource, PortfolioSpec, RunSpec, RunTable, Runtime, SeriesSource, check_point,
    params_text, with_values,
};
use crate::engine::threads;
use crate::error::{Error, Result};

/// Cuts if none are asked for.
pub const DEFAULT_CUTS: usize = 16;

/// Fewest cuts: the two near the end.
pub const MIN_CUTS: usize = 2;

/// Most cuts.
pub const MAX_CUTS: usize = 10_000;

/// What an audit looks at, with one combination of parameters.
#[derive(Debug, Clone)]
pub enum Audited {
    /// A strategy on each series by itself.
    Strategy(RunSpec),
    /// A strategy on many series, and their account.
    Portfolio(PortfolioSpec),
}

impl Audited {
    fn run(&self) -> &RunSpec {
        match self {
            Audited::Strategy(run) => run,
            Audited::Portfolio(portfolio) => &portfolio.run,
        }
    }

    /// Columns that the simulator reads besides those of the contract.
    fn features(&self) -> Vec<String> {
        match self {
            Audited::Strategy(_) => vec![],
            Audited::Portfolio(portfolio) => portfolio.features(),
        }
    }

    /// The series; runs the subqueries.
    async fn keys(&self, state: &SessionState) -> Result<Vec<SeriesKey>> {
        match self {
            Audited::Strategy(run) => run.series(state).await,
            Audited::Portfolio(portfolio) => portfolio.keys(&portfolio.symbols(state).await?),
        }
    }

    /// Text that is the same where an audit would say the same.
    fn identity(&self) -> String {
        let RunSpec { symbols, timeframes, strategy, grid, options, .. } = self.run();
        let own = match self {
            Audited::Strategy(_) => format!("{:?} {:?}", options.since, options.until),
            Audited::Portfolio(portfolio) => format!("{} {options:?}", portfolio.rules_text()),
        };
        format!("{symbols:?} {timeframes:?} {} {grid:?} {own}", strategy.source)
    }
}

/// The audit of one strategy with one combination of parameters.
pub struct AuditSource {
    audited: Audited,
    cuts: usize,
    state: SessionState,
}

impl AuditSource {
    /// An audit with so many cuts.
    pub fn new(audited: Audited, cuts: usize, state: &SessionState) -> Self {
        let mut state = state.clone();
        // Sums over several partitions are added up in an order that differs from run to run, and with it their last bits.
        state.config_mut().options_mut().execution.target_partitions = 1;
        state.mark_start_execution();
        Self { audited, cuts, state }
    }

    /// The verdicts on the columns of the strategy on one series, and the number of cuts.
    fn columns(
        &self,
        (series, plan): (&Arc<Series>, &LogicalPlan),
        point: &[ParamValue],
        (runtime, demand): (&Runtime, &Demand),
    ) -> Result<(Vec<Verdict>, usize)> {
        let RunSpec { path, store, options, .. } = self.audited.run();
        let cutting = Cutting { rows: options.rows(series)?, count: self.cuts };
        let known = lineage(plan, series.timeframe())?;
        judge(&Trial { path, point, series, store, runtime, demand }, (&known, &self.audited.features()), &cutting)
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
        let run = self.audited.run();
        let (symbols, timeframes) = (names(&run.symbols), names(&run.timeframes));
        let rules = match &self.audited {
            Audited::Strategy(_) => String::new(),
            Audited::Portfolio(portfolio) => format!(", {}", portfolio.rules_text()),
        };
        let path = run.path.describe();
        format!("{} on {symbols} {timeframes}{rules}, cuts={}, path={path}", run.strategy.name, self.cuts)
    }

    fn schema(&self) -> SchemaRef {
        audit_schema()
    }

    fn run(&self, demand: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let run = self.audited.run();
        let runtime = Runtime {
            state: self.state.clone(),
            handle: tokio::runtime::Handle::current(),
            pool: threads::pool(run.options.threads)?,
        };
        let (wait, strategy) = (&runtime.handle, &run.strategy);
        let keys = wait.block_on(self.audited.keys(&self.state))?;
        let point = wait.block_on(run.points(&self.state))?.point(0);
        check_point(strategy, &point, &self.state)?;
        let body = wait.block_on(plan_body(strategy, &self.state))?;
        let plan = with_values(&body.plan, &point)?;
        let heading = |symbol: String, timeframe: &str, cuts| {
            let texts = [symbol, timeframe.to_string(), strategy.name.clone(), params_text(strategy, &point)];
            Heading { texts, cuts }
        };
        let (mut members, mut all) = (vec![], vec![]);
        for key in keys {
            let series = run.store.load(&key)?;
            let (verdicts, cuts) = self.columns((&series, &plan), &point, (&runtime, demand))?;
            let heading = heading(key.symbol.to_string(), key.timeframe.name(), cuts);
            if !emit(report(&heading, &verdicts, series.ts())?) {
                return Ok(());
            }
            members.push(series);
            all.extend(verdicts);
        }
        let Audited::Portfolio(portfolio) = &self.audited else { return Ok(()) };
        let symbols: Vec<&str> = members.iter().map(|series| series.symbol().as_str()).collect();
        let symbols = symbols.join(", ");
        let funding = run.options.funding.as_deref();
        let funding = funding.map(|plan| wait.block_on(FundingRates::collect(plan, &self.state))).transpose()?;
        let account = Account::new(portfolio, (members, funding), &point, (&runtime, demand))?;
        let (verdicts, cuts) = judge_account(&account, &all, self.cuts)?;
        emit(report(&heading(symbols, portfolio.timeframe.name(), cuts), &verdicts, account.times())?);
        Ok(())
    }
}

/// The audits of the strategies that a query runs, each once.
///
/// # Errors
/// A query that runs none, or one that runs a sweep.
pub fn audits_in(plan: &LogicalPlan, state: &SessionState) -> Result<Vec<AuditSource>> {
    let (mut found, mut per_row): (Vec<Audited>, Option<String>) = (vec![], None);
    plan.apply_with_subqueries(|node| {
        match node {
            LogicalPlan::TableScan(scan) => {
                found.extend(with_table(scan, |table: &RunTable| Audited::Strategy(table.spec().as_ref().clone())));
                let portfolio = |table: &SourceTable| {
                    table.source_as::<PortfolioSource>().map(|source| Audited::Portfolio(source.spec().clone()))
                };
                found.extend(with_table(scan, portfolio).flatten());
            }
            LogicalPlan::Extension(extension) if extension.node.name() == "Lateral" => {
                let text = node.display().to_string();
                per_row = text.trim_start_matches("Lateral: ").split('(').next().map(str::to_string);
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    if let Some(function) = per_row {
        return Err(Error::argument(format!(
            "EXPLAIN AUDIT looks at one combination of parameters, and LATERAL {function}(...) runs once per row; write the call with the \
             values of one row"
        )));
    }
    if found.is_empty() {
        return Err(Error::argument(
            "EXPLAIN AUDIT takes a query that runs a strategy, such as SELECT * FROM backtest('DEMO', '1h', sma_cross())",
        ));
    }
    let mut audits: Vec<AuditSource> = vec![];
    for audited in found {
        let run = audited.run();
        if run.output == OutputKind::Sweep {
            return Err(Error::argument(format!(
                "EXPLAIN AUDIT looks at one combination of parameters, and sweep() runs many; write SELECT * FROM \
                 audit(..., {}(...)) with the one that you want",
                run.strategy.name
            )));
        }
        if !audits.iter().any(|known| known.audited.identity() == audited.identity()) {
            audits.push(AuditSource::new(audited, DEFAULT_CUTS, state));
        }
    }
    Ok(audits)
}
