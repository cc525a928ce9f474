//! Exponentially weighted standard deviation that starts at the first value.
//!
//! `v = (1 - a) * (v + (m' - m)^2) + a * (x - m)^2` around the mean `m` of `ewma`, with `a = 2 / (period + 1)`. `ddof`
//! 1 divides by `1 - sum(w^2)` of the weights to remove the bias and has no value at the first bar; `ddof` 0 does not.
//! Equals pandas `ewm(span=period, adjust=False, ignore_na=True).std(bias=ddof == 0)`; a missing bar has no value.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ewm;

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_std",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 20, 2),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(1), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("ewm_std", Unit::Price)],
    lookback: |params| params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Exponentially weighted standard deviation that starts at the first value, as pandas.",
    formula: "square root of ewm_var(x, period, ddof). Missing bars are skipped.",
    source: "pandas ewm(span=period, adjust=False, ignore_na=True).std(bias=ddof == 0)",
    example: "SELECT ts, ewm_std(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmStd, 1, 1>,
    flags: None,
    stream: stream::<EwmStd, 1, 1>,
};

struct EwmStd {
    ewm: Ewm,
    ddof: usize,
}

impl State<1, 1> for EwmStd {
    fn new(params: &Params) -> Self {
        EwmStd { ewm: Ewm::new(params.period(0)), ddof: params.period(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.ewm.variance(x, self.ddof).sqrt()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[3.0, 0.0]).unwrap();
        assert_eq!(out[0], [0.0, 1.0]);
    }

    #[test]
    fn without_bias() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[3.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1], 2.0_f64.sqrt());
    }
}
