//! Historical volatility: the standard deviation of log returns, estimated over `period` bars and scaled by the root of
//! `periods_per_year` (1: per bar).
//!
//! `estimator` is one of
//! - `'close'`: the sample deviation of the close-to-close returns;
//! - `'parkinson'`: from the ranges of the bars;
//! - `'garman_klass'`: from the ranges, and the moves from open to close;
//! - `'rogers_satchell'`: from the extremes as seen from open and close, which allows for a drift;
//! - `'yang_zhang'`: the overnight and the open-to-close variance, and that of Rogers and Satchell, with the weights
//!   that make the variance of the estimate least; allows for a drift and for gaps between bars.
//!
//! The first and the last need the close before, so their first value comes `period` bars after the first bar, the
//! others one bar earlier. A missing bar gives no value as long as it is in the window, nor does a price that has no
//! logarithm.

use std::f64::consts::LN_2;

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Mean, Spread};

pub(super) static DEF: Indicator = Indicator {
    name: "historical_volatility",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 20, 2),
        Param::choice("estimator", 0, &["close", "parkinson", "garman_klass", "rogers_satchell", "yang_zhang"]),
        Param::float("periods_per_year", 1.0, 1.0, 1e9),
    ],
    outputs: &[Output::number("historical_volatility", Unit::Ratio)],
    lookback: |params| params.period(0) - usize::from(!needs_close_before(params.choice(1))),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Historical volatility by one of five estimators, per year or per bar.",
    formula: "sqrt(periods_per_year * v), where v is, over `period` bars, the sample variance of ln(close[i] / close[i-1]) (close); mean(ln(high/low)^2) / (4 ln 2) (parkinson); mean(ln(high/low)^2 / 2 - (2 ln 2 - 1) * ln(close/open)^2) (garman_klass); mean(ln(high/close) * ln(high/open) + ln(low/close) * ln(low/open)) (rogers_satchell); var(ln(open[i] / close[i-1])) + k * var(ln(close/open)) + (1 - k) * rogers_satchell with k = 0.34 / (1.34 + (period + 1) / (period - 1)) (yang_zhang).",
    source: "Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of Return, 1980; Garman and Klass, 1980; Rogers and Satchell, 1991; Yang and Zhang, Drift-Independent Volatility Estimation, 2000; R package TTR volatility",
    example: "SELECT ts, historical_volatility(open, high, low, close, 20, 'yang_zhang', 8760.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HistoricalVolatility, 4, 1>,
    flags: None,
    stream: stream::<HistoricalVolatility, 4, 1>,
};

const CLOSE: usize = 0;
const PARKINSON: usize = 1;
const GARMAN_KLASS: usize = 2;
const ROGERS_SATCHELL: usize = 3;
const YANG_ZHANG: usize = 4;

fn needs_close_before(estimator: usize) -> bool {
    matches!(estimator, CLOSE | YANG_ZHANG)
}

struct HistoricalVolatility {
    estimator: usize,
    len: f64,
    periods_per_year: f64,
    close_before: f64,
    /// Of the returns from close to close or, for Yang and Zhang, to the next open.
    between: Spread,
    /// Of the returns from open to close.
    inside: Spread,
    /// Of the terms of the other estimators.
    mean: Mean,
}

impl HistoricalVolatility {
    /// Variance per bar over the window.
    #[inline]
    fn variance(&mut self, [open, high, low, close]: [f64; 4]) -> f64 {
        let before = std::mem::replace(&mut self.close_before, close);
        // Every price is in each of these, so that any missing one is noticed.
        let extremes = (high / close).ln() * (high / open).ln() + (low / close).ln() * (low / open).ln();
        match self.estimator {
            CLOSE => self.between.step((close / before).ln() + 0.0 * extremes)[1] / (self.len - 1.0),
            PARKINSON => self.mean.step((high / low).ln().powi(2) + 0.0 * extremes) / (4.0 * LN_2),
            GARMAN_KLASS => {
                let (range, body) = ((high / low).ln(), (close / open).ln());
                self.mean.step(0.5 * range * range - (2.0 * LN_2 - 1.0) * body * body)
            }
            ROGERS_SATCHELL => self.mean.step(extremes),
            _ => {
                let k = 0.34 / (1.34 + (self.len + 1.0) / (self.len - 1.0));
                let between = self.between.step((open / before).ln())[1] / (self.len - 1.0);
                let inside = self.inside.step((close / open).ln())[1] / (self.len - 1.0);
                between + k * inside + (1.0 - k) * self.mean.step(extremes)
            }
        }
    }
}

impl State<4, 1> for HistoricalVolatility {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        HistoricalVolatility {
            estimator: params.choice(1),
            len: period as f64,
            periods_per_year: params.float(2),
            close_before: f64::NAN,
            between: Spread::new(period),
            inside: Spread::new(period),
            mean: Mean::new(period),
        }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 1] {
        // All prices at zero or below would have ratios with logarithms.
        let bar = if bar.iter().all(|&price| price > 0.0) { bar } else { [f64::NAN; 4] };
        [(self.periods_per_year * self.variance(bar)).sqrt()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARS: [&[f64]; 4] = [&[1.0, 1.0, 2.0], &[2.0, 4.0, 2.0], &[1.0, 1.0, 1.0], &[1.0, 2.0, 2.0]];

    #[test]
    fn close_to_close() {
        let out = DEF.evaluate(&BARS, &[2.0, 0.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - LN_2).abs() < 1e-15);
    }

    #[test]
    fn ranges() {
        // Ranges of ln 2 and 2 ln 2.
        let out = DEF.evaluate(&BARS, &[2.0, 1.0, 1.0]).unwrap();
        assert!((out[0][1] - (2.5 * LN_2 / 4.0).sqrt()).abs() < 1e-15);
        // The squares of ln 2, once and twice.
        let out = DEF.evaluate(&BARS, &[2.0, 3.0, 1.0]).unwrap();
        assert!((out[0][1] - 1.5_f64.sqrt() * LN_2).abs() < 1e-15);
    }

    #[test]
    fn prices_at_zero_have_no_volatility() {
        for estimator in 0..5 {
            let out = DEF.evaluate(&[&[-1.0, -1.0, -1.0] as &[f64]; 4], &[2.0, f64::from(estimator), 1.0]).unwrap();
            assert!(out[0].iter().all(|x| x.is_nan()));
        }
    }
}
