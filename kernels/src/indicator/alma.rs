//! Arnaud Legoux moving average.
//!
//! Weights along a bell curve whose middle lies at `peak` of the window, 1 being the newest bar, and whose width
//! is `period / sigma`. A missing bar gives no value as long as it is in the window; equal values have exactly that
//! value as their average. There is no recurrence for these weights: a bar takes work in proportion to the period,
//! which is therefore at most 10000. Equals `GetAlma` of Skender's Stock.Indicators.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Recent;

pub(super) static DEF: Indicator = Indicator {
    name: "alma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[
        Param { name: "period", kind: ParamKind::Int { default: Some(9), min: 1, max: 10_000 } },
        Param::float("peak", 0.85, 0.0, 1.0),
        Param::float("sigma", 6.0, 0.01, 1000.0),
    ],
    outputs: &[Output::number("alma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Arnaud Legoux moving average: weights along a bell curve near the newest bar.",
    formula: "sum(w[k] * x[i-period+1+k]) / sum(w[k]) for k in 0..period, with w[k] = exp(-(k - peak * (period - 1))^2 / (2 * (period / sigma)^2)).",
    source: "Legoux and Kouzis-Loukas, ALMA, 2009; Stock.Indicators",
    example: "SELECT ts, alma(close, 9, 0.85, 6.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Alma, 1, 1>,
    flags: None,
    stream: stream::<Alma, 1, 1>,
};

struct Alma {
    recent: Recent,
    /// They sum to one.
    weights: Vec<f64>,
}

impl State<1, 1> for Alma {
    fn new(params: &Params) -> Self {
        let (period, peak, sigma) = (params.period(0), params.float(1), params.float(2));
        let (middle, width) = (peak * (period as f64 - 1.0), period as f64 / sigma);
        let power = |k: usize| -(k as f64 - middle).powi(2) / (2.0 * width * width);
        // Relative to the largest weight, so that a narrow curve between two bars does not vanish altogether.
        let largest = (0..period).map(power).fold(f64::NEG_INFINITY, f64::max);
        let mut weights: Vec<f64> = (0..period).map(|k| (power(k) - largest).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        Alma { recent: Recent::new(period), weights }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let Some(values) = self.recent.push(x) else { return [f64::NAN] };
        // As distances from one of them, so that equal values are their own average.
        let distance: f64 = values.iter().zip(&self.weights).map(|(value, weight)| weight * (value - x)).sum();
        [x + distance]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // The curve lies in the middle of two bars, so they weigh the same.
        let out = DEF.evaluate(&[&[1.0, 3.0, f64::NAN, 5.0, 5.0]], &[2.0, 0.5, 6.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][2].is_nan() && out[0][3].is_nan());
        assert_eq!((out[0][1], out[0][4]), (2.0, 5.0));
    }
}
