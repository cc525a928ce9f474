//! What a series is traded against besides its own bars: finer bars that decide inside a bar, and funding.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, TimestampMicrosecondType};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::DataFrame;
use threadx_kernels::sim::{Bars, Detail, Funding};

use crate::engine::series::{Series, SeriesKey, Symbol, ts_type};
use crate::engine::store::Store;
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Funding rates by time, for one symbol or, without a column `symbol`, for all.
#[derive(Debug, Default)]
pub struct FundingRates {
    rates: BTreeMap<Option<Symbol>, Vec<(i64, f64)>>,
}

/// What one series is traded against, cut to its trading range.
#[derive(Debug, Default)]
pub struct Market {
    fine: Option<(Arc<Series>, Vec<u32>)>,
    at_open: Vec<f64>,
    inside: Vec<f64>,
}

impl FundingRates {
    /// Runs the relation of the option `funding`: columns `ts` and `rate`, and `symbol` where rates differ by symbol.
    ///
    /// # Errors
    /// A missing column, one of another type, a NULL, a rate that is not finite, or two rates of one symbol at one time.
    pub async fn collect(plan: &LogicalPlan, state: &SessionState) -> Result<Self> {
        let batches = DataFrame::new(state.clone(), plan.clone()).collect().await?;
        let mut rates: BTreeMap<Option<Symbol>, Vec<(i64, f64)>> = BTreeMap::new();
        for batch in &batches {
            let (ts, rate) = (column(batch, "ts", &ts_type())?, column(batch, "rate", &DataType::Float64)?);
            let symbols = match batch.column_by_name("symbol") {
                Some(_) => Some(column(batch, "symbol", &DataType::Utf8)?),
                None => None,
            };
            let (ts, rate) = (ts.as_primitive::<TimestampMicrosecondType>(), rate.as_primitive::<Float64Type>());
            for row in 0..batch.num_rows() {
                let symbol = match &symbols {
                    Some(symbols) => Some(Symbol::parse(symbols.as_string::<i32>().value(row))?),
                    None => None,
                };
                if !rate.value(row).is_finite() {
                    return Err(Error::argument(format!(
                        "`rate` of `funding` must be a finite fraction of notional, got {}",
                        rate.value(row)
                    )));
                }
                rates.entry(symbol).or_default().push((ts.value(row), rate.value(row)));
            }
        }
        for (symbol, rates) in &mut rates {
            rates.sort_by_key(|(ts, _)| *ts);
            if let Some(twice) = rates.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                let whose = symbol.as_ref().map_or(String::new(), |symbol| format!(" of {symbol}"));
                return Err(Error::argument(format!(
                    "`funding` has two rates{whose} at {}; one symbol has one rate at a time",
                    crate::engine::timeframe::format_ts(twice[0].0)
                )));
            }
        }
        Ok(FundingRates { rates })
    }

    /// The rates of a symbol.
    fn of(&self, symbol: &Symbol) -> Result<&[(i64, f64)]> {
        match self.rates.get(&Some(symbol.clone())).or_else(|| self.rates.get(&None)) {
            Some(rates) => Ok(rates),
            None => Err(Error::argument(format!(
                "`funding` has no rate of {symbol}; leave the option out to trade without"
            ))),
        }
    }
}

/// A column of the relation as `data_type`. A value of another kind would become one that nobody meant.
fn column(batch: &RecordBatch, name: &str, data_type: &DataType) -> Result<datafusion::arrow::array::ArrayRef> {
    let Some(array) = batch.column_by_name(name) else {
        let schema = batch.schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        return Err(Error::argument(format!(
            "`funding` must have the columns `ts` and `rate`, and `symbol` if rates differ by symbol; it has {}",
            names.join(", ")
        )));
    };
    if array.null_count() > 0 {
        return Err(Error::argument(format!("column `{name}` of `funding` has NULLs")));
    }
    let found = array.data_type();
    let (is_right, wanted) = match data_type {
        DataType::Float64 => (found.is_numeric(), "numbers"),
        DataType::Utf8 => (found.is_string(), "strings"),
        _ => (matches!(found, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64), "timestamps"),
    };
    if !is_right {
        return Err(Error::argument(format!("column `{name}` of `funding` must hold {wanted}, got {found}")));
    }
    Ok(cast(array, data_type)?)
}

impl Market {
    /// For a series and its trading range.
    ///
    /// # Errors
    /// Finer bars of a timeframe that does not divide that of the series, or of which the store has none; no rate of the symbol.
    pub fn new(
        store: &Store,
        (series, rows): (&Series, &Range<usize>),
        detail: Option<Timeframe>,
        funding: Option<&FundingRates>,
    ) -> Result<Self> {
        let fine = detail.map(|fine| fine_bars(store, (series, rows), fine)).transpose()?;
        let (at_open, inside) = match funding {
            Some(funding) => by_bar(funding.of(series.symbol())?, (series, rows)),
            None => (vec![], vec![]),
        };
        Ok(Market { fine, at_open, inside })
    }

    /// The bars of the trading range as the simulator reads them.
    pub fn bars<'a>(&'a self, series: &'a Series, rows: &Range<usize>) -> Bars<'a> {
        let cut = |values: &'a [f64]| &values[rows.clone()];
        Bars {
            ts: &series.ts()[rows.clone()],
            open: cut(series.open()),
            high: cut(series.high()),
            low: cut(series.low()),
            close: cut(series.close()),
            volume: cut(series.volume()),
            funding: Funding { at_open: &self.at_open, inside: &self.inside },
            detail: self.fine.as_ref().map(|(fine, starts)| Detail {
                open: fine.open(),
                high: fine.high(),
                low: fine.low(),
                starts,
            }),
        }
    }

    /// Numbers that differ wherever the content differs, for keys of stored results.
    pub fn content(&self) -> impl Iterator<Item = u64> + '_ {
        let fine = self.fine.as_ref().map_or(0, |(fine, _)| fine.fingerprint());
        let rates = self.at_open.iter().chain(&self.inside).map(|rate| rate.to_bits());
        [fine as u64, (fine >> 64) as u64, self.at_open.len() as u64].into_iter().chain(rates)
    }
}

/// The finer bars, and where those of each bar begin.
fn fine_bars(
    store: &Store,
    (series, rows): (&Series, &Range<usize>),
    timeframe: Timeframe,
) -> Result<(Arc<Series>, Vec<u32>)> {
    if !timeframe.divides(series.timeframe()) {
        return Err(Error::argument(format!(
            "`detail` must be a timeframe of which {} has a whole number of bars, got {timeframe}",
            series.timeframe()
        )));
    }
    let fine = store.load(&SeriesKey { symbol: series.symbol().clone(), timeframe })?;
    let first_from = |time: i64| fine.ts().partition_point(|&t| t < time) as u32;
    let ts = &series.ts()[rows.clone()];
    let end = ts.last().map_or(0, |&last| first_from(series.timeframe().bar_end(last)));
    let starts = ts.iter().map(|&t| first_from(t)).chain([end]).collect();
    Ok((fine, starts))
}

/// Sums of the rates that are due when each bar opens, and inside it.
fn by_bar(rates: &[(i64, f64)], (series, rows): (&Series, &Range<usize>)) -> (Vec<f64>, Vec<f64>) {
    let ts = &series.ts()[rows.clone()];
    let (mut at_open, mut inside) = (vec![0.0; ts.len()], vec![0.0; ts.len()]);
    for &(time, rate) in rates {
        let Some(bar) = ts.partition_point(|&t| t <= time).checked_sub(1) else { continue };
        if ts[bar] == time {
            at_open[bar] += rate;
        } else if bar + 1 < ts.len() || time < series.timeframe().bar_end(ts[bar]) {
            inside[bar] += rate;
        }
    }
    (at_open, inside)
}
