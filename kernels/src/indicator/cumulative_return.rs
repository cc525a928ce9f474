//! Return since the first bar.
//!
//! A fraction, zero at the first bar. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "cumulative_return",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("cumulative_return", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Return since the first bar, as a fraction.",
    formula: "x[i] / x[0] - 1, with the first value that there is as x[0].",
    source: "common definition, as pandas-ta percent_return with cumulative",
    example: "SELECT ts, cumulative_return(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CumulativeReturn, 1, 1>,
    flags: None,
    stream: stream::<CumulativeReturn, 1, 1>,
};

struct CumulativeReturn {
    first: f64,
}

impl State<1, 1> for CumulativeReturn {
    fn new(_: &Params) -> Self {
        CumulativeReturn { first: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if self.first.is_nan() {
            self.first = x;
        }
        [x / self.first - 1.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[f64::NAN, 2.0, 3.0, f64::NAN, 1.0]], &[]).unwrap();
        assert!(out[0][0].is_nan() && out[0][3].is_nan());
        assert_eq!([out[0][1], out[0][2], out[0][4]], [0.0, 0.5, -0.5]);
    }
}
