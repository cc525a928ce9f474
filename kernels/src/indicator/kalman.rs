//! Kalman filter of a level that wanders: the best estimate of a random walk that is seen through noise.
//!
//! `ratio` is the variance of a step of the level, as a multiple of the variance of the noise of one observation.
//! Nothing is known before the first value, which is the first estimate; from then on the gain falls to that of an
//! exponential average. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "kalman",
    aliases: &["kalman_filter"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::float("ratio", 0.01, 0.0, 1000000.0)],
    outputs: &[Output::number("kalman", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Kalman filter of a random walk seen through noise.",
    formula: "p = v[1] + ratio; v = p / (p + 1); y = y[1] + v * (x - y[1]); starts with y = x and v = 1. Missing bars are skipped.",
    source: "Kalman, A New Approach to Linear Filtering and Prediction Problems, 1960; Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989 (local level)",
    example: "SELECT ts, kalman(close, 0.01) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Kalman, 1, 1>,
    flags: None,
    stream: stream::<Kalman, 1, 1>,
};

struct Kalman {
    ratio: f64,
    level: f64,
    /// Variance of the estimate, as a multiple of that of the noise.
    variance: f64,
    started: bool,
}

impl State<1, 1> for Kalman {
    fn new(params: &Params) -> Self {
        Kalman { ratio: params.float(0), level: 0.0, variance: 1.0, started: false }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        if !std::mem::replace(&mut self.started, true) {
            self.level = x;
            return [x];
        }
        let predicted = self.variance + self.ratio;
        // Of the noise's own unit the new variance is the gain.
        self.variance = predicted / (predicted + 1.0);
        let level = self.level + self.variance * (x - self.level);
        self.level = if level.is_finite() { level } else { x };
        [self.level]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_steps_it_is_the_mean() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 8.0]], &[0.0]).unwrap();
        assert!((out[0][1] - 2.0).abs() < 1e-15 && (out[0][2] - 4.0).abs() < 1e-15);
    }

    #[test]
    fn the_gain_settles() {
        // g = (g + q) / (g + q + 1) for q = 0.5 has the solution one half.
        let mut x = [0.0; 100];
        x[99] = 1.0;
        assert!((DEF.evaluate(&[&x], &[0.5]).unwrap()[0][99] - 0.5).abs() < 1e-15);
    }
}
