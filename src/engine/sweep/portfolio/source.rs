//! A portfolio as a relation.

use std::fmt;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::session_state::SessionState;
use rayon::prelude::*;
use threadx_kernels::sim::union_of_times;

use super::member::Loaded;
use super::output::{Heading, PortfolioOutput, portfolio_batch, portfolio_schema};
use super::spec::PortfolioSpec;
use crate::engine::source::{Demand, Source};
use crate::engine::sweep::market::FundingRates;
use crate::engine::sweep::{Runtime, check_point, params_text};
use crate::engine::threads;
use crate::error::{Error, Result};

/// Series that `EXPLAIN` names.
const NAMED: usize = 5;

/// One account over many series.
pub struct PortfolioSource {
    spec: PortfolioSpec,
    state: SessionState,
}

impl PortfolioSource {
    /// The run that `spec` describes.
    pub fn new(spec: PortfolioSpec, state: &SessionState) -> Self {
        let mut state = state.clone();
        state.mark_start_execution();
        Self { spec, state }
    }

    /// What was asked.
    pub fn spec(&self) -> &PortfolioSpec {
        &self.spec
    }

    /// Another run in the same session.
    pub fn with_spec(&self, spec: PortfolioSpec) -> Self {
        Self { spec, state: self.state.clone() }
    }

    /// The series in words, and how many times their bars have together.
    fn series_text(&self) -> String {
        let Some(names) = self.spec.written_symbols() else { return "(subquery)".into() };
        let keys = match self.spec.keys(names) {
            Ok(keys) => keys,
            Err(error) => return error.to_string(),
        };
        let mut text = keys.iter().take(NAMED).map(|key| key.to_string()).collect::<Vec<_>>().join(", ");
        if keys.len() > NAMED {
            text.push_str(&format!(" and {} more", keys.len() - NAMED));
        }
        let run = &self.spec.run;
        let times = keys.iter().map(|key| {
            let series = run.store.load(key)?;
            Ok(series.ts()[run.options.rows(&series)?].to_vec())
        });
        match times.collect::<Result<Vec<_>>>() {
            Ok(times) => {
                let axis = union_of_times(&times.iter().map(Vec::as_slice).collect::<Vec<_>>());
                let bars: usize = times.iter().map(Vec::len).sum();
                text.push_str(&format!(", bars={bars}, times={}", axis.len()));
            }
            Err(error) => text.push_str(&format!(", {error}")),
        }
        text
    }
}

impl fmt::Debug for PortfolioSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortfolioSource({})", self.spec.run.function)
    }
}

impl Source for PortfolioSource {
    fn name(&self) -> &'static str {
        match self.spec.output {
            PortfolioOutput::Metrics => "PortfolioExec",
            PortfolioOutput::Trades => "PortfolioTradesExec",
            PortfolioOutput::Equity => "PortfolioEquityExec",
            PortfolioOutput::Orders => "PortfolioOrdersExec",
        }
    }

    fn describe(&self) -> String {
        let run = &self.spec.run;
        format!(
            "{} on {}, {}, path={}, options={}, device=cpu",
            run.strategy.name,
            self.series_text(),
            self.spec.rules_text(),
            run.path.describe(),
            run.options.describe()
        )
    }

    fn schema(&self) -> SchemaRef {
        portfolio_schema(self.spec.output)
    }

    fn order(&self) -> &'static [&'static str] {
        if self.spec.output == PortfolioOutput::Equity { &["ts"] } else { &[] }
    }

    fn constants(&self) -> &'static [&'static str] {
        &["timeframe"]
    }

    fn run(&self, demand: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let (spec, run) = (&self.spec, &self.spec.run);
        let runtime = Runtime {
            state: self.state.clone(),
            handle: tokio::runtime::Handle::current(),
            pool: threads::pool(run.options.threads)?,
        };
        let names = runtime.handle.block_on(spec.symbols(&self.state))?;
        let mut keys = spec.keys(&names)?;
        keys.retain(|key| !run.is_yet_to_come(key));
        if keys.is_empty() {
            return Ok(());
        }
        let point = runtime.handle.block_on(run.points(&self.state))?.point(0);
        check_point(&run.strategy, &point, &self.state)?;
        let funding = match &run.options.funding {
            Some(plan) => Some(runtime.handle.block_on(FundingRates::collect(plan, &self.state))?),
            None => None,
        };
        let is_closed = || !demand.goes_on();
        let open = |key| Loaded::open(spec, key, &point, (&runtime, funding.as_ref()), &is_closed);
        let loaded: Vec<Result<Loaded>> = runtime.pool.install(|| keys.par_iter().map(open).collect());
        // Of several errors the first in the order of the series, whichever came first.
        let loaded: Vec<Loaded> = loaded.into_iter().collect::<Result<_>>()?;
        spec.check_margin(&loaded)?;
        let axis = axis(&loaded, demand)?;
        let convention = run.options.convention;
        let (needs, mut record) = spec.output.keep(convention, &|column| demand.wants(column));
        let summary = spec.trade((&loaded, &axis), needs, &mut record, &|| demand.goes_on())?;
        let heading = Heading {
            timeframe: spec.timeframe.name(),
            strategy: run.strategy.name.clone(),
            params: params_text(&run.strategy, &point),
        };
        emit(portfolio_batch((spec.output, &heading), (&loaded, &axis), (&summary, convention), &record)?);
        Ok(())
    }
}

/// The times at which any of the series has a bar, two series at a time, so that it can be stopped.
fn axis(loaded: &[Loaded], demand: &Demand) -> Result<Vec<i64>> {
    let unite = |pair: &[Vec<i64>]| match pair {
        _ if !demand.goes_on() => Err(Error::Cancelled),
        [only] => Ok(only.clone()),
        several => Ok(union_of_times(&several.iter().map(Vec::as_slice).collect::<Vec<_>>())),
    };
    let mut runs: Vec<Vec<i64>> = loaded.iter().map(|series| series.ts().to_vec()).collect();
    while runs.len() > 1 {
        runs = runs.chunks(2).map(unite).collect::<Result<_>>()?;
    }
    Ok(runs.pop().unwrap_or_default())
}
