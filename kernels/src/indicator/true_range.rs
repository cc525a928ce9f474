//! True range.
//!
//! The largest of `high - low`, `|high - previous close|` and `|low - previous close|`. The first bar has no previous
//! close: `first` is `'null'` for no value there, as TA-Lib, or `'range'` for `high - low`, which other engines use. A
//! bar after a missing one has no value in either case.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{true_range, true_ranges};

pub(super) static DEF: Indicator = Indicator {
    name: "true_range",
    aliases: &["trange"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::choice("first", 0, &["null", "range"])],
    outputs: &[Output::number("true_range", Unit::Price)],
    lookback: |params| 1 - params.choice(0),
    // Not a window: with 'range' a bar has to know whether it is the first of the series.
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars],
    summary: "True range: the range of the bar, extended to the previous close.",
    formula: "max(high - low, |high - close[i-1]|, |low - close[i-1]|). The first bar has no value, or high - low with first = 'range'.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib TRANGE",
    example: "SELECT ts, true_range(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TrueRange, 3, 1>,
    flags: None,
    stream: stream::<TrueRange, 3, 1>,
};

struct TrueRange {
    previous_close: f64,
    first_is_range: bool,
}

impl State<3, 1> for TrueRange {
    fn new(params: &Params) -> Self {
        TrueRange { previous_close: f64::NAN, first_is_range: params.choice(0) == 1 }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        if self.first_is_range && ![high, low, close].iter().any(|price| price.is_nan()) {
            self.first_is_range = false;
            return [high - low];
        }
        [true_range(high, low, previous)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        !self.first_is_range
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close]: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        self.previous_close = true_ranges(high, low, close, self.previous_close, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[12.0, 15.0], &[10.0, 14.0], &[11.0, 14.0]], &[0.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1], 4.0);
    }

    #[test]
    fn first_bar_with_a_range() {
        let out = DEF.evaluate(&[&[f64::NAN, 12.0, 15.0], &[1.0, 10.0, 14.0], &[1.0, 11.0, 14.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 4.0]);
    }

    #[test]
    fn bar_after_a_gap_has_no_previous_close() {
        let (high, low) = ([2.0, f64::NAN, 6.0, 7.0], [1.0, 1.0, 5.0, 6.0]);
        for first in [0.0, 1.0] {
            let out = DEF.evaluate(&[&high, &low, &[1.5, f64::NAN, 5.5, 6.5]], &[first]).unwrap();
            assert!(out[0][1].is_nan() && out[0][2].is_nan());
            assert_eq!(out[0][3], 1.5);
        }
    }
}
