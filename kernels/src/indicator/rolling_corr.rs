//! Pearson correlation of the last `period` pairs of values.
//!
//! From -1 to 1; zero if either series does not move, as in TA-Lib. A missing value of either gives no value as long as
//! it is in the window. Equals TA-Lib `CORREL`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Pair, moving_correlation};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_corr",
    aliases: &["correl", "rolling_correlation"],
    family: Family::Statistics,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[Param::period("period", 30, 2)],
    outputs: &[Output::number("rolling_corr", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Correlation of the last `period` pairs of values.",
    formula: "cov(a, b) / sqrt(var(a) * var(b)) over the window, 0 where either variance is 0.",
    source: "Pearson, 1896; TA-Lib CORREL",
    example: "SELECT ts, rolling_corr(close, volume, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<RollingCorr, 2, 1>,
};

struct RollingCorr {
    pair: Pair,
}

impl State<2, 1> for RollingCorr {
    fn new(params: &Params) -> Self {
        RollingCorr { pair: Pair::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, values: [f64; 2]) -> [f64; 1] {
        [self.pair.correlation(values)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    moving_correlation(inputs[0], inputs[1], params.period(0), &mut outputs[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 3.0], &[5.0, 3.0, 1.0, 2.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], -1.0);
        assert!((out[0][3] + 0.75_f64.sqrt()).abs() < 1e-14);
    }
}
