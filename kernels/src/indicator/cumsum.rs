//! Running sum since the start of the series.
//!
//! Compensated: the error does not grow with the number of values. A missing bar has no value and changes nothing.
//! Equals TA-Lib `CUMSUM`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Total;

pub(super) static DEF: Indicator = Indicator {
    name: "cumsum",
    aliases: &["cumulative_sum"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("cumsum", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Running sum of all values so far.",
    formula: "cumsum[i] = cumsum[i-1] + x[i], starting with x[0]. Missing bars are skipped.",
    source: "TA-Lib CUMSUM; Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974",
    example: "SELECT ts, cumsum(volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Cumsum, 1, 1>,
    flags: None,
    stream: stream::<Cumsum, 1, 1>,
};

struct Cumsum {
    total: Total,
}

impl State<1, 1> for Cumsum {
    fn new(_: &Params) -> Self {
        Cumsum { total: Total::default() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.total.add(x)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [x]: [&[f64]; 1], [out]: [&mut [f64]; 1]) {
        out.copy_from_slice(x);
        self.total.fill(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, f64::NAN, 2.0, -4.0]], &[]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][0], out[0][2], out[0][3]), (1.0, 3.0, -1.0));
    }
}
