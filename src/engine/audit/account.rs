//! The truncation test of an account over many series: a portfolio is run on what was known at a time alone, and its books up
//! to then must be, bit for bit, what they are in the whole run.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array};
use threadx_kernels::sim::{Curve, FinalClose, Needs, PortfolioRecord, Record, union_of_times};

use super::as_of::path_as_of;
use super::truncation::Shortened;
use crate::engine::series::Series;
use crate::engine::source::Demand;
use crate::engine::strategy::ParamValue;
use crate::engine::sweep::{Evaluated, FundingRates, Loaded, PortfolioSpec, Prepared, Runtime, evaluate_leniently};
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// The columns of the account that are compared, as `portfolio_equity(...)` names them.
const BOOKS: [&str; 3] = ["portfolio_equity.equity", "portfolio_equity.positions", "portfolio_equity.free_capital"];

/// A portfolio on its series.
pub struct Account<'a> {
    spec: PortfolioSpec,
    series: Vec<Arc<Series>>,
    point: &'a [ParamValue],
    funding: Option<FundingRates>,
    runtime: &'a Runtime,
    demand: &'a Demand,
    /// The times at which any series has a bar to trade.
    axis: Vec<i64>,
    /// Bars per year of each series, for the cost of borrowing: a convention of the run, not something that it learns.
    periods_per_year: Vec<f64>,
}

impl<'a> Account<'a> {
    /// A portfolio with one combination of parameters on its series, sorted by name. `funding` is taken as given.
    ///
    /// # Errors
    /// A series without a bar to trade.
    pub fn new(
        spec: &PortfolioSpec,
        (series, funding): (Vec<Arc<Series>>, Option<FundingRates>),
        point: &'a [ParamValue],
        (runtime, demand): (&'a Runtime, &'a Demand),
    ) -> Result<Self> {
        let mut spec = spec.clone();
        // What is closed because the bars end would be closed at every cut.
        spec.run.options.sim.final_close = FinalClose::None;
        let options = &spec.run.options;
        let mut times = vec![];
        let mut periods_per_year = vec![];
        for series in &series {
            let ts = &series.ts()[options.rows(series)?];
            periods_per_year.push(options.periods_per_year(ts, spec.timeframe));
            times.push(ts);
        }
        let axis = union_of_times(&times);
        Ok(Account { spec, series, point, funding, runtime, demand, axis, periods_per_year })
    }

    /// The times of its rows.
    pub fn times(&self) -> &[i64] {
        &self.axis
    }

    /// The series that have a bar to trade by a time, as they were known when that bar was over.
    fn loaded_at(&self, time: i64) -> Result<Vec<Loaded>> {
        let (spec, options) = (&self.spec, &self.spec.run.options);
        let end = spec.timeframe.bar_end(time);
        let path = path_as_of(&spec.run.path, end)?;
        let store = spec.run.store.as_of(end);
        let mut loaded = vec![];
        for (series, periods_per_year) in self.series.iter().zip(&self.periods_per_year) {
            let part = Arc::new(series.part(0..series.ts().partition_point(|ts| *ts <= time)));
            let rows = part.rows_between(options.since, options.until);
            if rows.is_empty() {
                continue;
            }
            let others = Others::Store(store.clone());
            let known = evaluate_leniently(&path, (&part, &others), self.point, self.runtime)?;
            let prepared = Prepared::of_columns(&known.columns, &spec.features(), &rows)?;
            let member = Loaded::of(spec, (part, rows), prepared, (&store, self.funding.as_ref()))?;
            loaded.push(member.with_periods_per_year(*periods_per_year));
        }
        Ok(loaded)
    }
}

impl Shortened for Account<'_> {
    fn rows(&self) -> usize {
        self.axis.len()
    }

    fn whole(&self) -> Result<Evaluated> {
        self.on_first(self.axis.len())
    }

    fn on_first(&self, known: usize) -> Result<Evaluated> {
        let axis = &self.axis[..known];
        let loaded = axis.last().map(|time| self.loaded_at(*time)).transpose()?.unwrap_or_default();
        self.spec.check_margin(&loaded)?;
        let mut record = PortfolioRecord::new(Record { equity: Some(Curve::default()), ..Record::none() });
        self.spec.trade((&loaded, axis), Needs::NONE, &mut record, &|| self.demand.goes_on())?;
        let curve = record.record.equity.ok_or_else(|| Error::Internal("a portfolio that records nothing".into()))?;
        let books: [ArrayRef; 3] = [
            Arc::new(Float64Array::from(curve.equity)),
            Arc::new(record.positions.iter().map(|positions| Some(i64::from(*positions))).collect::<Int64Array>()),
            Arc::new(Float64Array::from(record.free)),
        ];
        Ok(Evaluated { columns: BOOKS.map(String::from).into_iter().zip(books).collect(), has_row: None })
    }
}
