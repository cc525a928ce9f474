//! Exponentially weighted mean that starts at the first value.
//!
//! `ewma = (1 - a) * ewma + a * x` with `a = 2 / (period + 1)`, beginning with `x[0]`: there is no warm-up without
//! values. Equals pandas `ewm(span=period, adjust=False, ignore_na=True).mean()` bit for bit, except that a missing bar
//! has no value where pandas repeats the last one. For a start from a simple average see `ema`, for other weights `ewm_mean`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ewm;

pub(super) static DEF: Indicator = Indicator {
    name: "ewma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("ewma", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Exponentially weighted mean that starts at the first value, as pandas.",
    formula: "ewma[i] = (1 - a) * ewma[i-1] + a * x[i] with a = 2 / (period + 1), seeded with the first value. Missing bars are skipped.",
    source: "pandas ewm(span=period, adjust=False, ignore_na=True).mean()",
    example: "SELECT ts, ewma(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Ewma, 1, 1>,
    flags: None,
    stream: stream::<Ewma, 1, 1>,
};

struct Ewma {
    ewm: Ewm,
}

impl State<1, 1> for Ewma {
    fn new(params: &Params) -> Self {
        Ewma { ewm: Ewm::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.ewm.mean(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, f64::NAN, 3.0, 4.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][0], out[0][2], out[0][3]), (1.0, 2.0, 3.0));
    }
}
