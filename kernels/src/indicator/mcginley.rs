//! McGinley's dynamic.
//!
//! An average whose step is divided by the fourth power of the value relative to it, so that it falls faster than it
//! rises. It begins with the simple average of the first `period` values and never steps beyond the value. A missing
//! bar has no value and changes nothing. Equals LEAN's `McGinleyDynamic`; with `factor` 0.6 the steps are those of
//! Skender's Stock.Indicators, which begins with the first value.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "mcginley",
    aliases: &["mcginley_dynamic"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1), Param::float("factor", 1.0, 0.1, 10.0)],
    outputs: &[Output::number("mcginley", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "McGinley's dynamic: an average that follows falling prices faster than rising ones.",
    formula: "md[i] = md[i-1] + (x[i] - md[i-1]) / (factor * period * (x[i] / md[i-1])^4), at most to x[i], seeded with the mean of the first `period` values. Missing bars are skipped.",
    source: "McGinley, McGinley Dynamics, Journal of Technical Analysis, 1997; LEAN McGinleyDynamic",
    example: "SELECT ts, mcginley(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Mcginley, 1, 1>,
    flags: None,
    stream: stream::<Mcginley, 1, 1>,
};

struct Mcginley {
    seed: Smoother,
    slowness: f64,
    value: f64,
}

impl State<1, 1> for Mcginley {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Mcginley { seed: Smoother::ema(period), slowness: params.float(1) * period as f64, value: f64::NAN }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        if self.value.is_nan() {
            self.value = self.seed.step(x);
            return [self.value];
        }
        let ratio = x / self.value;
        let square = ratio * ratio;
        let slowness = self.slowness * (square * square);
        // Also where the ratio is no number, because both are zero.
        self.value = if slowness > 1.0 { self.value + (x - self.value) / slowness } else { x };
        [self.value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0, f64::NAN, 0.0, 0.0]], &[2.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][3].is_nan());
        assert_eq!((out[0][1], out[0][2]), (2.0, 2.0 + 2.0 / 32.0));
        assert_eq!(out[0][4..], [0.0, 0.0]);
    }
}
