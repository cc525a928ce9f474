//! Variance ratio, Lo and MacKinlay (1988).
//!
//! The variance of the changes over `lag` bars in relation to `lag` times that of the changes over one bar, over the
//! last `period` changes, both unbiased for overlapping changes: about 1 for a random walk, more for a trending and
//! less for a reverting series. Take the logarithm of prices first. No value where nothing changes. The first value
//! comes `period` bars after the first one. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Spread};

pub(super) static DEF: Indicator = Indicator {
    name: "variance_ratio",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 100, 3), Param::period("lag", 2, 2)],
    outputs: &[Output::number("variance_ratio", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Variance ratio: the variance of changes over `lag` bars in relation to that of one bar.",
    formula: "d1 and dq = changes over 1 and lag bars inside the window, mu = mean(d1), m = lag * (period - lag + 1) * (1 - lag / period); (sum((dq - lag * mu)^2) / m) / (sum((d1 - mu)^2) / (period - 1)).",
    source: "Lo and MacKinlay, Stock Market Prices Do Not Follow Random Walks, 1988",
    example: "SELECT ts, variance_ratio(ln(close), 100, 4) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        if params.period(1) < params.period(0) {
            return Ok(());
        }
        let (period, lag) = (params.period(0), params.period(1));
        Err(format!("`lag` of variance_ratio() must be below `period`, got {lag} and {period}"))
    }),
    compute: compute::<VarianceRatio, 1, 1>,
    flags: None,
    stream: stream::<VarianceRatio, 1, 1>,
};

struct VarianceRatio {
    before: f64,
    delay: Delay,
    short: Spread,
    long: Spread,
    len: f64,
    lag: f64,
}

impl State<1, 1> for VarianceRatio {
    fn new(params: &Params) -> Self {
        let (period, lag) = (params.period(0), params.period(1));
        VarianceRatio {
            before: f64::NAN,
            delay: Delay::new(lag),
            short: Spread::new(period),
            long: Spread::new(period - lag + 1),
            len: period as f64,
            lag: lag as f64,
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let (len, lag) = (self.len, self.lag);
        let [mean, short] = self.short.step(x - std::mem::replace(&mut self.before, x));
        let [long_mean, long] = self.long.step(x - self.delay.step(x));
        let changes = len - lag + 1.0;
        // The deviations are taken from the mean change over one bar.
        let apart = long_mean - lag * mean;
        let long = (long + changes * (apart * apart)) / (lag * changes * (1.0 - lag / len));
        [long / (short / (len - 1.0))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Changes 1, -1, 2 with mean 2/3, and 0, 1 over two bars.
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 2.0]], &[3.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        let long = (16.0 / 9.0 + 1.0 / 9.0) / (4.0 / 3.0);
        assert!((out[0][3] - long / (42.0 / 9.0 / 2.0)).abs() < 1e-14);
    }
}
