//! Average true range, Wilder (1978).
//!
//! Wilder's average of the true range; the first bar has no true range, so the first value comes `period` bars after it
//! and is the mean of the first `period` true ranges. A missing bar has no value and changes nothing: the next true
//! range uses the last close that there is. Equals TA-Lib `ATR`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::AverageRange;

pub(super) static DEF: Indicator = Indicator {
    name: "atr",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("atr", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Average true range with Wilder's smoothing.",
    formula: "rma(true_range(high, low, close), period), without the first bar. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib ATR",
    example: "SELECT ts, atr(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Atr, 3, 1>,
    flags: None,
    stream: stream::<Atr, 3, 1>,
};

struct Atr(AverageRange);

impl State<3, 1> for Atr {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        Atr(AverageRange::new(params.period(0)))
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 3]) -> [f64; 1] {
        [self.0.step(bar)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.0.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, bars: [&[f64]; 3], [out]: [&mut [f64]; 1]) -> usize {
        self.0.run_finite(bars, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0, 5.0], &[1.0, 2.0, 3.0, 4.0], &[1.5, 2.5, 4.0, 4.5]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 1.5]);
    }
}
