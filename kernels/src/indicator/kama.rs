//! Kaufman's adaptive moving average.
//!
//! An exponential average whose weight follows the efficiency of the moves: the net move of `period` bars divided by
//! the sum of their moves, 1 in a trend and without any move. It starts from the value before the first result,
//! which comes `period` bars after the first input; a period of one averages nothing. A missing bar has no value and
//! changes nothing. Equals TA-Lib `KAMA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::Kaufman;

pub(super) static DEF: Indicator = Indicator {
    name: "kama",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1), Param::period("fast", 2, 1), Param::period("slow", 30, 1)],
    outputs: &[Output::number("kama", Unit::Price)],
    lookback: |params| Kaufman::lookback(params.period(0)),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Kaufman's adaptive moving average: fast in a trend, slow in noise.",
    formula: "kama[i] = kama[i-1] + (e * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1))^2 * (x[i] - kama[i-1]), where e = abs(x[i] - x[i-period]) / sum(abs(changes), period). Missing bars are skipped.",
    source: "Kaufman, Smarter Trading, 1995; TA-Lib KAMA",
    example: "SELECT ts, kama(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| average(params).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Kama, 1, 1>,
};

struct Kama {
    average: Kaufman,
}

fn average(params: &Params) -> Kaufman {
    Kaufman::new(params.period(0), params.period(1), params.period(2))
}

impl State<1, 1> for Kama {
    fn new(params: &Params) -> Self {
        Kama { average: average(params) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, f64::NAN, 2.0]], &[2.0, 2.0, 30.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()) && out[0][3].is_nan());
        let first = 2.0 + 4.0 / 9.0;
        // The net move of two bars is zero, so the weight is the slow one.
        assert!((out[0][2] - first).abs() < 1e-15);
        assert!((out[0][4] - (first + (2.0_f64 / 31.0).powi(2) * (2.0 - first))).abs() < 1e-15);
    }
}
