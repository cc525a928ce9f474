//! Parabolic stop and reverse, Wilder (1978).
//!
//! The trend begins upward unless the second bar moves down more than up; the stop begins at the low (or high) of the
//! first bar, the extreme point at the high (or low) of the second. The stop moves by the acceleration times its
//! distance from the extreme point and never past the low (or high) of the last two bars; the acceleration grows with
//! every new extreme point. A bar that touches the stop reverses the trend, and the stop becomes the extreme point. A
//! missing bar has no value and changes nothing. Equals TA-Lib `SAR`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Pace, Parabolic};

pub(super) static DEF: Indicator = Indicator {
    name: "sar",
    aliases: &["parabolic_sar"],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::float("acceleration", 0.02, 0.0, 1.0), Param::float("maximum", 0.2, 0.0, 1.0)],
    outputs: &[Output::number("sar", Unit::Price)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Parabolic stop and reverse.",
    formula: "sar = sar + af * (extreme - sar), kept behind the last two bars; af grows by `acceleration` up to `maximum` with every new extreme; a bar that touches sar reverses it to the extreme. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib SAR",
    example: "SELECT ts, sar(high, low, 0.02, 0.2) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Sar, 2, 1>,
    flags: None,
    stream: stream::<Sar, 2, 1>,
};

struct Sar(Parabolic);

impl State<2, 1> for Sar {
    fn new(params: &Params) -> Self {
        let pace = Pace::new(params.float(0), params.float(0), params.float(1));
        Sar(Parabolic::new(0.0, 0.0, [pace, pace]))
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        [self.0.step(high, low).map_or(f64::NAN, |stop| stop.price)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.0.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [high, low]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        self.0.run(high, low, out, |stop| stop.price);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[10.0, 11.0, 12.0, 11.0], &[9.0, 10.0, 11.0, 8.0]], &[0.5, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        // Half of the way from 9 to 11, then kept below the low of 10, then touched.
        assert_eq!(out[0][1..], [9.0, 10.0, 12.0]);
    }
}
