//! The options of a run as the engine needs them.

use std::ops::Range;

use threadx_kernels::metric::{Convention, DEFAULT_CONVENTION};
use threadx_kernels::sim::{Options, Spacing, periods_per_year};

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
        let periods = self
            .sim
            .periods_per_year
            .unwrap_or_else(|| periods_per_year(&series.ts()[rows.clone()], spacing(series.timeframe())));
        Options { periods_per_year: Some(periods), ..self.sim }
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
        let (own, default) = (&self.sim, Options::default());
        if self.preset != "default" {
            parts.push(format!("preset={}", self.preset));
        }
        if *self.convention != DEFAULT_CONVENTION {
            parts.push(format!("convention={}", self.convention.name));
        }
        let mut word = |name: &str, value: &str, same: bool| {
            if !same {
                parts.push(format!("{name}={value}"));
            }
        };
        word("fill", own.fill.name(), own.fill == default.fill);
        word("stop_fill", own.stop_fill.name(), own.stop_fill == default.stop_fill);
        word("intrabar", own.intrabar.name(), own.intrabar == default.intrabar);
        word("direction", own.direction.name(), own.direction == default.direction);
        word("reentry", own.reentry.name(), own.reentry == default.reentry);
        let mut number = |name: &str, value: f64, default: f64| {
            if value != default {
                parts.push(format!("{name}={value}"));
            }
        };
        number("fee_bps", own.fee_bps, default.fee_bps);
        number("slippage_bps", own.slippage_bps, default.slippage_bps);
        number("initial_capital", own.initial_capital, default.initial_capital);
        number("lot_size", own.lot_size, default.lot_size);
        number("min_notional", own.min_notional, default.min_notional);
        number("maintenance_margin", own.maintenance_margin, default.maintenance_margin);
        number("risk_free", own.risk_free, default.risk_free);
        if parts.is_empty() { "default".into() } else { parts.join(", ") }
    }
}

fn spacing(timeframe: Timeframe) -> Spacing {
    match timeframe {
        Timeframe::Month1 => Spacing::Months(1),
        other => Spacing::Micros(other.duration_us()),
    }
}
