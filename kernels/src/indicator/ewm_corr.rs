//! Exponentially weighted correlation that starts at the first pair.
//!
//! The covariance of `ewm_cov` divided by both deviations; there is no value while one of the series has not moved.
//! Equals pandas `ewm(span=period, adjust=False, ignore_na=True).corr(b)`; a bar where either is missing is skipped
//! and has no value.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::EwmPair;

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_corr",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[Param::period("period", 20, 2)],
    outputs: &[Output::number("ewm_corr", Unit::Ratio)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Exponentially weighted correlation that starts at the first pair, as pandas.",
    formula: "ewm_cov(a, b, period, 0) / sqrt(ewm_var(a, period, 0) * ewm_var(b, period, 0)). No value while one of them has not moved. Missing bars are skipped.",
    source: "pandas ewm(span=period, adjust=False, ignore_na=True).corr()",
    example: "SELECT ts, ewm_corr(open, close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmCorr, 2, 1>,
    flags: None,
    stream: stream::<EwmCorr, 2, 1>,
};

struct EwmCorr {
    ewm: EwmPair,
}

impl State<2, 1> for EwmCorr {
    fn new(params: &Params) -> Self {
        EwmCorr { ewm: EwmPair::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [a, b]: [f64; 2]) -> [f64; 1] {
        let [covariance, of_a, of_b] = self.ewm.step(a, b);
        [covariance / (of_a * of_b).sqrt()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0], &[2.0, -2.0, f64::NAN]], &[3.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][2].is_nan());
        assert_eq!(out[0][1], -1.0);
    }
}
