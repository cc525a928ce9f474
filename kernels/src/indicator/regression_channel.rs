//! Least-squares line at the current bar, and a multiple of its standard error on both sides.
//!
//! The line is fitted to the last `period` values; the error is the root of the squared distances from it over `period
//! - 2`, exactly zero for a straight line. A missing bar gives no value as long as it is in the window. The middle is
//! `linear_regression`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Fit, Spread, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "regression_channel",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 3), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Regression channel: the least-squares line and a multiple of its standard error on both sides.",
    formula: "middle = linear_regression(x, period); error = sqrt(sum(squared distances from the line) / (period - 2)); upper and lower = middle +- width * error.",
    source: "Raff, Trading the Regression Channel, 1991; standard error of a simple regression",
    example: "SELECT ts, regression_channel(close, 20, 2.0).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RegressionChannel, 1, 3>,
    flags: None,
    stream: stream::<RegressionChannel, 1, 3>,
};

struct RegressionChannel {
    spread: Spread,
    fit: Fit,
    /// Co-moment to rise of the line from the middle of the window to its end.
    rise: f64,
    /// Sum of the squared distances of the positions from their mean.
    divisor: f64,
    len: f64,
    width: f64,
}

impl State<1, 3> for RegressionChannel {
    fn new(params: &Params) -> Self {
        let (period, len) = (params.period(0), params.period(0) as f64);
        RegressionChannel {
            spread: Spread::new(period),
            fit: Fit::new(period),
            rise: 6.0 / (len * (len + 1.0)),
            divisor: len * (len * len - 1.0) / 12.0,
            len,
            width: params.float(1),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let [_, squares] = self.spread.step(x);
        let [mean, comoment] = self.fit.step(x);
        let rest = squares - comoment * comoment / self.divisor;
        // What the rounding leaves of a straight line may have either sign.
        let error = if rest <= 0.0 || is_negligible(rest, squares) { 0.0 } else { (rest / (self.len - 2.0)).sqrt() };
        let (middle, reach) = (mean + comoment * self.rise, self.width * error);
        [middle + reach, middle, middle - reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // The line 0.5, 3, 5.5 is missed by 0.5, 1 and 0.5.
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0, 2.0]).unwrap();
        let error = 1.5_f64.sqrt();
        for (got, expected) in out.iter().zip([5.5 + 2.0 * error, 5.5, 5.5 - 2.0 * error]) {
            assert!(got[1].is_nan() && (got[2] - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn a_straight_line_is_its_own_channel() {
        let x: Vec<f64> = (0..30).map(|i| 0.1 * f64::from(i)).collect();
        let out = DEF.evaluate(&[&x], &[10.0, 2.0]).unwrap();
        assert!((9..30).all(|i| out[0][i] == out[2][i] && (out[1][i] - x[i]).abs() < 1e-14));
    }
}
