//! Directional indicator for downward movement, Wilder (1978).
//!
//! The share of the true range that was directional movement down, in percent, both summed with Wilder's smoothing. The
//! first value comes `period` bars after the first bar; without any range it is zero. A missing bar has no value and
//! changes nothing. Equals TA-Lib `MINUS_DI`, except that TA-Lib gives a fraction instead of percent for period 1.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Directional;

pub(super) static DEF: Indicator = Indicator {
    name: "minus_di",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("minus_di", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Directional indicator -DI: the share of downward movement in the range.",
    formula: "movement = low[i-1] - low where that is positive and above high - high[i-1], else 0; 100 * S(movement) / S(true_range) with S[i] = S[i-1] - S[i-1] / period + x[i]. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib MINUS_DI",
    example: "SELECT ts, minus_di(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<MinusDi, 3, 1>,
    flags: None,
    stream: stream::<MinusDi, 3, 1>,
};

struct MinusDi {
    directional: Directional,
}

impl State<3, 1> for MinusDi {
    fn new(params: &Params) -> Self {
        MinusDi { directional: Directional::new(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        [self.directional.step([high, low, close]).map_or(f64::NAN, |direction| direction.indicators()[1])]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.directional.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        self.directional.run(bars, out, |direction| direction.indicators()[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 3.0, 2.0], &[2.0, 2.0, 1.0], &[2.0, 2.0, 1.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [0.0, 100.0]);
    }
}
