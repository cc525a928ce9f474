//! Plus directional movement, Wilder (1978): the smoothed upward movement.
//!
//! A bar moves up by the rise of the high if that is more than the fall of the low. The first `period - 1` bars with a
//! predecessor are added up; from then on `sum = sum - sum / period + x`. With `period` 1 it is the movement of the
//! bar. A missing bar has no value and changes nothing. Equals TA-Lib `PLUS_DM`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Movements, PIECE};

pub(super) static DEF: Indicator = Indicator {
    name: "plus_dm",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("plus_dm", Unit::Price)],
    lookback: |params| (params.period(0) - 1).max(1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Plus directional movement: Wilder's running sum of the upward movement.",
    formula: "x = max(high - high[i-1], 0) if that is more than low[i-1] - low, otherwise 0; sum of the first period - 1, then sum = sum - sum / period + x. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib PLUS_DM",
    example: "SELECT ts, plus_dm(high, low, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PlusDm, 2, 1>,
    flags: None,
    stream: stream::<PlusDm, 2, 1>,
};

struct PlusDm {
    movements: Movements,
}

impl State<2, 1> for PlusDm {
    fn new(params: &Params) -> Self {
        PlusDm { movements: Movements::new(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        if high.is_nan() | low.is_nan() {
            return [f64::NAN];
        }
        [self.movements.step(high, low).map_or(f64::NAN, |sums| sums[0])]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.movements.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let other = &mut buffer[..out.len()];
        self.movements.run(bars, out, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 5.0], &[1.0, 3.0, 2.5]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 2.0]);
    }
}
