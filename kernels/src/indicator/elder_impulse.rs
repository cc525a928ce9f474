//! Impulse system, Elder (2002).
//!
//! 1 where both the exponential average and the histogram of `macd` rise, -1 where both fall, 0 otherwise. A missing bar
//! has no value and changes nothing.

use super::def::*;
use super::macd::Macd;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "elder_impulse",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 13, 1),
        Param::period("fast", 12, 2),
        Param::period("slow", 26, 2),
        Param::period("signal", 9, 1),
    ],
    outputs: &[Output::number("elder_impulse", Unit::Ratio)],
    lookback: |params| params.period(0).max(params.period(2) + params.period(3) - 1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Impulse system: 1 where an average and the MACD histogram both rise, -1 where both fall, else 0.",
    formula: "1 if ema(x, period) and macd(x, fast, slow, signal).histogram are above their values of the bar before, -1 if both are below, else 0. Missing bars are skipped.",
    source: "Elder, Come Into My Trading Room, 2002",
    example: "SELECT ts, elder_impulse(close, 13) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(1), params.period(2));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of elder_impulse() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: compute::<ElderImpulse, 1, 1>,
    flags: None,
    stream: stream::<ElderImpulse, 1, 1>,
};

struct ElderImpulse {
    average: Smoother,
    macd: Macd,
    before: [f64; 2],
}

impl State<1, 1> for ElderImpulse {
    fn new(params: &Params) -> Self {
        ElderImpulse {
            average: Smoother::ema(params.period(0)),
            macd: Macd::new(&Params::new(params.values()[1..].to_vec())),
            before: [f64::NAN; 2],
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let [_, _, histogram] = self.macd.step([x]);
        let now = [self.average.step(x), histogram];
        let [average, histogram] = std::mem::replace(&mut self.before, now);
        let (a, b) = (now[0] - average, now[1] - histogram);
        if a.is_nan() || b.is_nan() {
            return [f64::NAN];
        }
        [f64::from(i8::from(a > 0.0 && b > 0.0) - i8::from(a < 0.0 && b < 0.0))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // With a signal of one bar the histogram is always zero and never rises.
        let x = [1.0, 2.0, 4.0, 8.0, 16.0];
        let out = DEF.evaluate(&[&x], &[1.0, 2.0, 3.0, 1.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3..], [0.0, 0.0]);
        let out = DEF.evaluate(&[&x], &[1.0, 2.0, 3.0, 2.0]).unwrap();
        assert_eq!(out[0][4], 1.0);
    }
}
