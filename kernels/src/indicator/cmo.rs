//! Chande momentum oscillator with the smoothing of Wilder.
//!
//! `100 * (gain - loss) / (gain + loss)`, with Wilder's averages of the rises and falls, so `2 * rsi - 100`; zero
//! without any movement. Chande (1994) defines it with plain sums, which is `cmou`. A missing bar has no value and
//! changes nothing. Equals TA-Lib `CMO`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{GainAndLoss, PIECE};

pub(super) static DEF: Indicator = Indicator {
    name: "cmo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("cmo", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chande momentum oscillator with Wilder's smoothing, from -100 to 100.",
    formula: "100 * (gain - loss) / (gain + loss), where gain and loss are rma(rises, period) and rma(falls, period); 0 without movement. Missing bars are skipped.",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib CMO",
    example: "SELECT ts, cmo(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Cmo, 1, 1>,
    flags: None,
    stream: stream::<Cmo, 1, 1>,
};

struct Cmo(GainAndLoss);

impl State<1, 1> for Cmo {
    fn new(params: &Params) -> Self {
        Cmo(GainAndLoss::new(params.period(0)))
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
    let index = 100.0 * ((gain - loss) / movement);
    if movement == 0.0 { 0.0 } else { index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 4.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 50.0]);
    }

    #[test]
    fn flat_is_zero() {
        let out = DEF.evaluate(&[&[5.0, 5.0, 5.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [0.0, 0.0]);
    }
}
