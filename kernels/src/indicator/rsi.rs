//! Relative strength index, Wilder (1978).
//!
//! `100 * gain / (gain + loss)` with Wilder's averages of the rises and falls; the first value comes `period` bars
//! after the first input. Without any movement it is zero, as in TA-Lib. A missing bar has no value and changes
//! nothing: the next change is taken from the last value that there is. Equals TA-Lib `RSI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{GainAndLoss, PIECE};

pub(super) static DEF: Indicator = Indicator {
    name: "rsi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("rsi", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Wilder's relative strength index.",
    formula: "100 * gain / (gain + loss), where gain and loss are rma(rises, period) and rma(falls, period); 0 without movement. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib RSI",
    example: "SELECT ts, rsi(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Rsi, 1, 1>,
    flags: None,
    stream: stream::<Rsi, 1, 1>,
};

pub(super) struct Rsi(GainAndLoss);

impl State<1, 1> for Rsi {
    fn new(params: &Params) -> Self {
        Rsi(GainAndLoss::new(params.period(0)))
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [index(self.0.step(x))]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.0.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [x]: [&[f64]; 1], [gains]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let losses = &mut buffer[..x.len()];
        self.0.run(x, gains, losses);
        for (gain, &loss) in gains.iter_mut().zip(&*losses) {
            *gain = index([*gain, loss]);
        }
    }
}

/// The index of an average gain and an average loss.
#[inline(always)]
fn index([gain, loss]: [f64; 2]) -> f64 {
    let movement = gain + loss;
    let index = 100.0 * (gain / movement);
    if movement == 0.0 { 0.0 } else { index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 1.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 50.0]);
    }

    #[test]
    fn flat_is_zero() {
        let out = DEF.evaluate(&[&[5.0, 5.0, 5.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [0.0, 0.0]);
    }
}
