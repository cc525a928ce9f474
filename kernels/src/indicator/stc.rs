//! Schaff's trend cycle.
//!
//! The place of `ema(x, fast) - ema(x, slow)` in its own range of `cycle` bars, smoothed, and the place of that in
//! its own range, smoothed again. Smoothing has the weight `weight` and begins with its first value; while a range
//! is flat the place stays what it was, at first zero. A missing bar has no value and changes nothing. Agrees with
//! LEAN's `SchaffTrendCycle`, which begins before the averages have a value, once that is forgotten.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Place, Smoother};

pub(super) static DEF: Indicator = Indicator {
    name: "stc",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("fast", 23, 1),
        Param::period("slow", 50, 1),
        Param::period("cycle", 10, 2),
        Param::float("weight", 0.5, 0.01, 1.0),
    ],
    outputs: &[Output::number("stc", Unit::Percent)],
    lookback: |params| params.period(1) - 1 + 2 * (params.period(2) - 1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Schaff's trend cycle: the distance of two averages, twice through a stochastic oscillator.",
    formula: "m = ema(x, fast) - ema(x, slow); k = 100 * (m - lowest m) / (highest m - lowest m) over `cycle` bars; d = d + weight * (k - d); the same again with d in place of m gives stc. Missing bars are skipped.",
    source: "Schaff, Trend Cycle, 1999; LEAN SchaffTrendCycle",
    example: "SELECT ts, stc(close, 23, 50, 10) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of stc() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: compute::<Stc, 1, 1>,
    flags: None,
    stream: stream::<Stc, 1, 1>,
};

/// Place of a value in its own range, smoothed.
struct Cycle {
    place: Place,
    weight: f64,
    raw: f64,
    smooth: f64,
}

impl Cycle {
    fn new(period: usize, weight: f64) -> Self {
        Cycle { place: Place::new(period), weight, raw: 0.0, smooth: f64::NAN }
    }

    #[inline(always)]
    fn step(&mut self, x: f64) -> f64 {
        let raw = self.place.step_or(x, x, x, self.raw);
        if raw.is_nan() {
            return f64::NAN;
        }
        self.raw = raw;
        self.smooth = if self.smooth.is_nan() { raw } else { self.smooth + self.weight * (raw - self.smooth) };
        self.smooth
    }
}

struct Stc {
    fast: Smoother,
    slow: Smoother,
    cycles: [Cycle; 2],
}

impl State<1, 1> for Stc {
    fn new(params: &Params) -> Self {
        Stc {
            fast: Smoother::ema(params.period(0)),
            slow: Smoother::ema(params.period(1)),
            cycles: [0; 2].map(|_| Cycle::new(params.period(2), params.float(3))),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let (fast, slow) = (self.fast.step(x), self.slow.step(x));
        let distance = fast - slow;
        if distance.is_nan() {
            return [f64::NAN];
        }
        let [first, second] = &mut self.cycles;
        let once = first.step(distance);
        [if once.is_nan() { f64::NAN } else { second.step(once) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 8.0, 16.0]], &[1.0, 2.0, 2.0, 1.0]).unwrap();
        // The distance only rises, so its place is 100 every time; a flat range keeps the zero from the start.
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3..], [0.0, 0.0]);
        let out = DEF.evaluate(&[&[1.0, 4.0, 2.0, 8.0]], &[1.0, 2.0, 2.0, 1.0]).unwrap();
        assert_eq!(out[0][3], 100.0);
    }
}
