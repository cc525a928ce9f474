//! Exponentially weighted covariance that starts at the first pair.
//!
//! The weights are those of `ewma`. `ddof` 1 divides by `1 - sum(w^2)` of the weights to remove the bias and has no
//! value at the first bar; `ddof` 0 does not. Equals pandas `ewm(span=period, adjust=False, ignore_na=True).cov(b,
//! bias=ddof == 0)`; a bar where either is missing is skipped and has no value.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::EwmPair;

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_cov",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[
        Param::period("period", 20, 2),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(1), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("ewm_cov", Unit::Square)],
    lookback: |params| params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Exponentially weighted covariance that starts at the first pair, as pandas.",
    formula: "cov[i] = (1 - w) * (cov[i-1] + (ma[i-1] - ma[i]) * (mb[i-1] - mb[i])) + w * (a[i] - ma[i]) * (b[i] - mb[i]) with w = 2 / (period + 1) around ma = ewma(a, period), mb = ewma(b, period); over 1 - sum of squared weights for ddof 1. Missing bars are skipped.",
    source: "pandas ewm(span=period, adjust=False, ignore_na=True).cov(bias=ddof == 0)",
    example: "SELECT ts, ewm_cov(open, close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmCov, 2, 1>,
    flags: None,
    stream: stream::<EwmCov, 2, 1>,
};

struct EwmCov {
    ewm: EwmPair,
    ddof: usize,
}

impl State<2, 1> for EwmCov {
    fn new(params: &Params) -> Self {
        EwmCov { ewm: EwmPair::new(params.period(0)), ddof: params.period(1) }
    }

    #[inline]
    fn step(&mut self, [a, b]: [f64; 2]) -> [f64; 1] {
        let [covariance, ..] = self.ewm.step(a, b);
        [if self.ddof == 0 { covariance } else { covariance * self.ewm.unbiased() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (a, b) = ([1.0, 3.0], [2.0, -2.0]);
        let out = DEF.evaluate(&[&a, &b], &[3.0, 0.0]).unwrap();
        assert_eq!(out[0], [0.0, -2.0]);
        let out = DEF.evaluate(&[&a, &b], &[3.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1], -4.0);
    }
}
