//! One series of a run: its bars, its bank, and the rows that it gives.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use datafusion::arrow::array::{ArrayRef, Float64Array, RecordBatch, RecordBatchOptions, UInt64Array};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use rayon::prelude::*;
use threadx_kernels::metric::{Run, Variant};
use threadx_kernels::sim::{
    self as simulator, Bars, ColumnKind, Curve, Flags, Needs, Options, OutcomeCache, Record, Summary, simulate,
    simulate_groups,
};

use super::bank::{Bank, Scratch};
use super::bind::{Binder, Distinct};
use super::bounds::{Bound, other_rules};
use super::drive::{Driver, Sink};
use super::estimate::{Estimate, account_bytes};
use super::grid::param_array;
use super::market::Market;
use super::output::{
    Label, OutputKind, equity_batch, metric, metric_array, orders_batch, params_text, signals_batch, trades_batch,
};
use super::plan::{Part, Plan};
use super::prepare::{Prepared, Preparer, constant_text, signals_of};
use super::resume::Units;
use super::rules::{Compute, Outcomes, Rule, by_rule};
use super::signal::SignalColumn;
use crate::engine::result::{Checkpoint, SeriesId};
use crate::engine::series::{Series, SeriesKey};
use crate::engine::strategy::ParamValue;
use crate::engine::view::Others;
use crate::error::{Error, Result};

thread_local! {
    /// Memory for outcomes, one per thread for all groups that it runs.
    static OUTCOMES: RefCell<OutcomeCache> = RefCell::default();
}

/// Some points of the grid and what they share.
#[derive(Debug)]
pub struct Window {
    /// Numbers of the points.
    pub ids: Vec<u64>,
    /// Their values.
    pub points: Vec<Vec<ParamValue>>,
    /// Their groups; `None` where no metric is wanted.
    pub plan: Option<Plan>,
}

/// How many times smaller than usual the parts of a sweep are made before it is refused for want of memory.
const FINEST: usize = 16;

/// One series of a run.
pub struct SeriesRun<'a> {
    driver: &'a Driver,
    series: Arc<Series>,
    /// The trading range.
    pub rows: Range<usize>,
    /// The rule of the run for the inside of bars, and the other ones where bounds are wanted.
    rules: Vec<Rule<'a>>,
    /// The evaluated columns.
    pub bank: Bank,
    /// What it is traded against besides its bars.
    market: Market,
    _reservation: MemoryReservation,
}

impl<'a> SeriesRun<'a> {
    /// Loads a series; `checkpoint` is where its rows are kept.
    pub fn open(driver: &'a Driver, key: &SeriesKey, checkpoint: Option<&'a Checkpoint>) -> Result<Self> {
        let series = driver.spec.store.load(key)?;
        let run = &driver.spec.options;
        let rows = run.rows(&series)?;
        let reservation = MemoryConsumer::new(format!("bars of {key}")).register(&driver.pool);
        reservation.try_grow(series.batch().get_array_memory_size())?;
        let columns = MemoryConsumer::new(format!("columns of {key}")).register(&driver.pool);
        let counts = Arc::clone(&driver.counts.bank);
        let others = Others::Store(driver.spec.store.clone());
        let bank = Bank::new((Arc::clone(&series), rows.clone(), others), columns, run.bank_bytes, counts);
        let options = run.for_series(&series, &rows);
        let (store, funding) = (&driver.spec.store, driver.funding.as_ref());
        let market = Market::new(store, (&series, &rows), run.detail, funding)?;
        let units = |options: &Options, needs| {
            checkpoint.zip(driver.spec.checkpoint.as_ref()).map(|(checkpoint, spec)| Units {
                checkpoint,
                id: SeriesId::new(spec.body, &series, &rows, options).with(market.content()),
                needs,
                resumed: &driver.counts.resumed,
            })
        };
        let others = if driver.bounds().is_empty() { vec![] } else { other_rules(&options) };
        let all = [(options, driver.needs())].into_iter().chain(others.into_iter().map(|o| (o, driver.bound_needs())));
        let rule = |(place, (options, needs))| Rule { place, options, needs, units: units(&options, needs) };
        let rules = all.enumerate().map(rule).collect();
        Ok(SeriesRun { driver, series, rows, rules, bank, market, _reservation: reservation })
    }

    /// What each rule gives for some points; nothing where no metric is wanted.
    pub fn by_rule(&self, points: &[Vec<ParamValue>], compute: Compute, sink: &dyn Sink) -> Result<Vec<Outcomes>> {
        if !self.driver.wants_metrics() {
            return Ok(vec![]);
        }
        by_rule(&self.rules, (points, &|points| self.others(points)), compute, sink)
    }

    /// The parts of a plan; smaller ones, which share less, where memory is short.
    fn fitting_parts(&self, plan: &Plan, threads: usize) -> Result<Vec<Vec<Part>>> {
        let bars = self.rows.len();
        let mut finer = 1;
        loop {
            let parts = plan.parts(threads, bars, finer);
            let estimate = Estimate::new(plan, &parts, threads, bars);
            match estimate.check(self.driver.pool.as_ref(), self.bank.reserved(), threads) {
                Ok(()) => return Ok(parts),
                Err(error) if finer == FINEST => return Err(error),
                Err(_) => finer *= 2,
            }
        }
    }

    /// One summary per point of a plan, computed group by group in the pool that this is called in; none without a plan.
    ///
    /// The work is cut for `threads` threads: the fewer, the more its parts share.
    pub fn summaries(
        &self,
        plan: Option<&Plan>,
        rules: (&Options, Needs),
        threads: usize,
        sink: &dyn Sink,
    ) -> Result<Vec<Summary>> {
        let Some(plan) = plan else { return Ok(vec![]) };
        let mut points_of = vec![0_u64; plan.groups.len()];
        plan.places.iter().for_each(|(group, _)| points_of[*group as usize] += 1);
        let parts = self.fitting_parts(plan, threads)?;
        if parts.len() < threads {
            // Too few parts for all threads, so that the expressions are spread over them first.
            self.bank.share(vec![true; plan.bound.len()]);
            let needed: Vec<Distinct> = plan.needed();
            needed.par_iter().try_for_each(|id| -> Result<()> {
                let mut scratch = self.bank.scratch();
                self.bank.value(&plan.bound, *id, &mut scratch)?;
                self.bank.release(scratch);
                Ok(())
            })?;
        } else {
            self.bank.share(plan.is_shared.clone());
        }
        let run = |part: &Vec<Part>| {
            let summaries = self.run_part(plan, part, rules, sink)?;
            let begun = part.iter().filter(|part| part.sets.start == 0);
            sink.advance(begun.map(|part| points_of[part.group]).sum());
            Ok(summaries)
        };
        let done: Vec<Vec<Vec<Summary>>> = parts.par_iter().map(run).collect::<Result<_>>()?;
        let mut by_group: Vec<Vec<Summary>> = vec![vec![]; plan.groups.len()];
        for (part, summaries) in parts.iter().flatten().zip(done.into_iter().flatten()) {
            by_group[part.group].extend(summaries);
        }
        self.driver.counts.groups.fetch_add(plan.groups.len(), Ordering::Relaxed);
        Ok(plan.places.iter().map(|(group, set)| by_group[*group as usize][*set as usize]).collect())
    }

    /// The simulations of some sets of some groups.
    fn run_part(
        &self,
        plan: &Plan,
        part: &[Part],
        rules: (&Options, Needs),
        sink: &dyn Sink,
    ) -> Result<Vec<Vec<Summary>>> {
        if sink.is_closed() {
            return Err(Error::Cancelled);
        }
        let mut scratch = self.bank.scratch();
        let mut columns = Vec::with_capacity(part.len());
        for Part { group, sets } in part {
            let group = &plan.groups[*group];
            let exits = group
                .exits
                .iter()
                .map(|(column, id)| Ok((*column, self.bank.signal(&plan.bound, *id, column.kind, &mut scratch)?)))
                .collect::<Result<Vec<_>>>()?;
            let entries = group.sets[sets.clone()]
                .iter()
                .map(|[long, short]| {
                    Ok([self.entries(plan, *long, &mut scratch)?, self.entries(plan, *short, &mut scratch)?])
                })
                .collect::<Result<Vec<_>>>()?;
            columns.push((exits, entries));
        }
        let sets = part.iter().map(|part| part.sets.len()).sum();
        self.bank.charge_scratch(&mut scratch, account_bytes(sets, self.rows.len()))?;
        if sink.is_closed() {
            return Err(Error::Cancelled);
        }
        let groups: Vec<simulator::Group> = columns
            .iter()
            .map(|(exits, entries)| simulator::Group {
                exits: signals_of(exits),
                entries: entries.iter().map(|[long, short]| (flags(long), flags(short))).collect(),
            })
            .collect();
        let summaries = OUTCOMES.with_borrow_mut(|outcomes| {
            let before = outcomes.traced();
            let summaries = simulate_groups(&self.bars(), &groups, rules, outcomes, &|| !sink.is_closed());
            self.driver.counts.traced.fetch_add(outcomes.traced() - before, Ordering::Relaxed);
            summaries.ok_or(Error::Cancelled)
        })?;
        self.driver.counts.simulated.fetch_add(summaries.iter().map(Vec::len).sum(), Ordering::Relaxed);
        self.bank.release(scratch);
        Ok(summaries)
    }

    fn entries(&self, plan: &Plan, id: Option<Distinct>, scratch: &mut Scratch) -> Result<Option<Arc<SignalColumn>>> {
        id.map(|id| self.bank.signal(&plan.bound, id, ColumnKind::Bool, scratch)).transpose()
    }

    /// The rows of points that are run one after the other. `known` holds the simulations of earlier points by rule and by
    /// what they are prepared from.
    pub fn run_singly(
        &self,
        (preparer, binder): (&mut Preparer, &mut Option<Binder>),
        known: &mut HashMap<(usize, usize), Summary>,
        (ids, points): (&[u64], &[Vec<ParamValue>]),
        sink: &dyn Sink,
    ) -> Result<Vec<RecordBatch>> {
        let cancelled = || sink.is_closed();
        match self.driver.spec.output {
            OutputKind::Sweep | OutputKind::Backtest => {
                let by_convention = !self.driver.variants().is_empty();
                let mut compute = |rule: &Rule, needs, numbers: &[usize], sink: &dyn Sink| {
                    let mut outcomes = Outcomes::default();
                    for &number in numbers {
                        let prepared = preparer.prepare(binder, &points[number], &cancelled)?;
                        if by_convention {
                            let (summary, own) = self.by_convention(&prepared, (&rule.options, needs))?;
                            outcomes.summaries.push(summary);
                            outcomes.own.push(own);
                            sink.advance(1);
                        } else {
                            let simulate = || self.simulate(&prepared, (&rule.options, needs));
                            let key = (rule.place, prepared.key);
                            outcomes.summaries.push(*known.entry(key).or_insert_with(simulate));
                        }
                    }
                    if !by_convention {
                        sink.advance(numbers.len() as u64);
                    }
                    Ok(outcomes)
                };
                let outcomes = self.by_rule(points, &mut compute, sink)?;
                Ok(vec![self.metrics_batch((ids, points), &outcomes)?])
            }
            OutputKind::Signals => points
                .iter()
                .map(|point| {
                    let own = preparer.all_columns(binder, point)?;
                    let bars = self.series.batch();
                    let batch = signals_batch(&self.driver.schema, &self.label(point), bars, &own, self.rows.clone())?;
                    self.project(&batch)
                })
                .collect(),
            _ => {
                points.iter().map(|point| self.recorded(point, &preparer.prepare(binder, point, &cancelled)?)).collect()
            }
        }
    }

    /// The fingerprints of all other series that these points read, in an order that depends on nothing but their names.
    pub fn others(&self, points: &[Vec<ParamValue>]) -> Result<Vec<u128>> {
        let mut views = BTreeSet::new();
        for args in self.driver.spec.path.views() {
            for point in points {
                views.insert(args.view(point)?);
            }
        }
        let foreign = views.iter().filter(|view| view.symbol.is_some());
        foreign.map(|view| Ok(self.bank.seen(view)?.fingerprint())).collect()
    }

    fn simulate(&self, prepared: &Prepared, (options, needs): (&Options, Needs)) -> Summary {
        self.driver.counts.simulated.fetch_add(1, Ordering::Relaxed);
        simulate(&self.bars(), &prepared.signals(), options, needs, &mut Record::none())
    }

    /// The sums of one point, and the metrics that the convention of the run defines otherwise.
    fn by_convention(
        &self,
        prepared: &Prepared,
        (options, needs): (&Options, Needs),
    ) -> Result<(Summary, Vec<Option<f64>>)> {
        let bars = self.bars();
        let mut record = Record { trades: Some(vec![]), equity: Some(Curve::default()), ..Record::none() };
        let summary = simulate(&bars, &prepared.signals(), options, needs, &mut record);
        self.driver.counts.simulated.fetch_add(1, Ordering::Relaxed);
        let (Some(trades), Some(curve)) = (&record.trades, &record.equity) else {
            return Err(Error::Internal("a run that records nothing".into()));
        };
        let run = Run { summary: &summary, ts: bars.ts, curve, trades };
        let own = self.driver.variants().iter().map(|variant| variant.value(&run)).collect();
        Ok((summary, own))
    }

    fn bars(&self) -> Bars<'_> {
        self.market.bars(&self.series, &self.rows)
    }

    fn label(&self, point: &[ParamValue]) -> Label {
        let key = self.series.key();
        Label {
            symbol: key.symbol.to_string(),
            timeframe: key.timeframe.name().to_string(),
            strategy: self.driver.grid.strategy.name.clone(),
            params: params_text(&self.driver.grid.strategy, point),
        }
    }

    /// The rows of points, one each; `outcomes` are what the rules gave for them, if a metric is wanted.
    pub fn metrics_batch(
        &self,
        (ids, points): (&[u64], &[Vec<ParamValue>]),
        outcomes: &[Outcomes],
    ) -> Result<RecordBatch> {
        let driver = self.driver;
        let strategy = &driver.grid.strategy;
        let key = self.series.key();
        let variants = driver.variants();
        let mut columns = Vec::with_capacity(driver.projection.len());
        for &index in &driver.projection {
            let name = driver.schema.field(index).name().as_str();
            let column = match (name, index) {
                (_, 0) => constant_text(key.symbol.as_str(), ids.len())?,
                (_, 1) => constant_text(key.timeframe.name(), ids.len())?,
                ("strategy", 2) if driver.spec.output == OutputKind::Backtest => {
                    constant_text(&strategy.name, ids.len())?
                }
                ("params", 3) if driver.spec.output == OutputKind::Backtest => {
                    constant_text(&params_text(strategy, &points[0]), ids.len())?
                }
                _ => match (metric(name), driver.bound(name)) {
                    (Some(metric), _) => {
                        let own = outcomes.first();
                        let values = own
                            .into_iter()
                            .flat_map(|own| (0..ids.len()).map(|point| own.value(metric, &variants, point)));
                        metric_array(metric, values)
                    }
                    (None, Some(bound)) => bound_array(bound, outcomes, &variants, ids.len()),
                    (None, None) if name == "combo_id" => Arc::new(UInt64Array::from(ids.to_vec())),
                    (None, None) => param_array(strategy.param(name)?.0, points)?,
                },
            };
            columns.push(column);
        }
        let rows = RecordBatchOptions::new().with_row_count(Some(ids.len()));
        Ok(RecordBatch::try_new_with_options(self.projected_schema()?, columns, &rows)?)
    }

    fn recorded(&self, point: &[ParamValue], prepared: &Prepared) -> Result<RecordBatch> {
        let bars = self.bars();
        let mut record = self.driver.spec.output.record();
        simulate(&bars, &prepared.signals(), &self.rules[0].options, Needs::NONE, &mut record);
        self.driver.counts.simulated.fetch_add(1, Ordering::Relaxed);
        let (schema, label) = (&self.driver.schema, self.label(point));
        let batch = match (&record.trades, &record.orders, &record.equity) {
            (Some(trades), _, _) => trades_batch(schema, &label, bars.ts, trades)?,
            (_, Some(orders), _) => orders_batch(schema, &label, bars.ts, orders)?,
            (_, _, Some(curve)) => equity_batch(schema, &label, bars.ts, bars.close, curve)?,
            _ => return Err(Error::Internal("a run that records nothing".into())),
        };
        self.project(&batch)
    }

    fn project(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        Ok(batch.project(&self.driver.projection)?)
    }

    fn projected_schema(&self) -> Result<SchemaRef> {
        Ok(Arc::new(self.driver.schema.project(&self.driver.projection)?))
    }
}

fn flags(column: &Option<Arc<SignalColumn>>) -> Flags<'_> {
    column.as_ref().map_or(Flags::None, |column| column.flags())
}

/// A column of bounds: of the values of its metric under every rule.
fn bound_array(bound: &Bound, outcomes: &[Outcomes], variants: &[&Variant], points: usize) -> ArrayRef {
    let metric = bound.metric();
    let of = |point| {
        bound.of(outcomes.iter().map(|outcomes| metric.and_then(|metric| outcomes.value(metric, variants, point))))
    };
    Arc::new((0..points).map(of).collect::<Float64Array>())
}
