//! The options of a run as the engine needs them.

use std::ops::Range;

use datafusion::logical_expr::LogicalPlan;
use threadx_kernels::metric::{Convention, DEFAULT_CONVENTION};
use threadx_kernels::sim::{Options, RUN_OPTIONS, Spacing, periods_per_year};

use crate::engine::series::Series;
use crate::engine::timeframe::{Timeframe, format_ts};
use crate::error::{Error, Result};

/// Simulator options and the trading range.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOptions {
    /// Options of the simulator; `periods_per_year: None` means that it is taken from the data.
    pub sim: Options,
    /// Trading starts at the first bar at or after this time, microseconds UTC.
    pub since: Option<i64>,
    /// Trading ends before this time, microseconds UTC.
    pub until: Option<i64>,
    /// Timeframe of the finer bars that decide what happened inside a bar.
    pub detail: Option<Timeframe>,
    /// The relation of funding rates.
    pub funding: Option<Box<LogicalPlan>>,
    /// Name of the preset.
    pub preset: String,
    /// How metrics are defined.
    pub convention: &'static Convention,
    /// Threads to compute on; 0 takes every core.
    pub threads: usize,
    /// Bytes that evaluated columns may take between batches.
    pub bank_bytes: usize,
}

impl RunOptions {
    /// The simulator options for the bars of one series in its trading range.
    pub fn for_series(&self, series: &Series, rows: &Range<usize>) -> Options {
        let periods = self.periods_per_year(&series.ts()[rows.clone()], series.timeframe());
        Options { periods_per_year: Some(periods), ..self.sim }
    }

    /// Bars per year of bars that open at `ts`.
    pub fn periods_per_year(&self, ts: &[i64], timeframe: Timeframe) -> f64 {
        self.sim.periods_per_year.unwrap_or_else(|| periods_per_year(ts, spacing(timeframe)))
    }

    /// The rows of a series in the trading range.
    ///
    /// # Errors
    /// No bar in the range.
    pub fn rows(&self, series: &Series) -> Result<Range<usize>> {
        let rows = series.rows_between(self.since, self.until);
        if !rows.is_empty() {
            return Ok(rows);
        }
        let covers = match (series.ts().first(), series.ts().last()) {
            (Some(first), Some(last)) => format!("the series covers {} to {}", format_ts(*first), format_ts(*last)),
            _ => "the series is empty".into(),
        };
        Err(Error::argument(format!("{} has no bars between `since` and `until`; {covers}", series.key())))
    }

    /// The options that differ from the defaults, as they would be written.
    pub fn describe(&self) -> String {
        let mut parts = vec![];
        // Bars per year are a column of the result.
        let own = &Options { periods_per_year: None, ..self.sim };
        let default = Options::default();
        if self.preset != "default" {
            parts.push(format!("preset={}", self.preset));
        }
        if *self.convention != DEFAULT_CONVENTION {
            parts.push(format!("convention={}", self.convention.name));
        }
        for option in RUN_OPTIONS {
            let value = option.get(own);
            if value != option.get(&default) {
                parts.push(format!("{}={value}", option.name));
            }
        }
        let range = [("since", self.since), ("until", self.until)];
        parts.extend(range.iter().filter_map(|(name, time)| Some(format!("{name}={}", format_ts((*time)?)))));
        if let Some(detail) = self.detail {
            parts.push(format!("detail={detail}"));
        }
        if self.funding.is_some() {
            parts.push("funding".into());
        }
        if parts.is_empty() { "default".into() } else { parts.join(", ") }
    }
}

fn spacing(timeframe: Timeframe) -> Spacing {
    match timeframe {
        Timeframe::Month1 => Spacing::Months(1),
        other => Spacing::Micros(other.duration_us()),
    }
}
