//! Moving average convergence divergence with the weights of its first publication.
//!
//! As `macd(x, 12, 26, signal)`, but the averages have the weights 0.15 and 0.075, which 12 and 26 bars only come
//! near to. A missing bar has no value and changes nothing. Equals TA-Lib `MACDFIX`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Convergence, ema_weight};

pub(super) static DEF: Indicator = Indicator {
    name: "macdfix",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("signal", 9, 1)],
    outputs: &[
        Output::number("macd", Unit::Price),
        Output::number("signal", Unit::Price),
        Output::number("histogram", Unit::Price),
    ],
    lookback: |params| SLOW - 1 + params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Moving average convergence divergence with the fixed weights 0.15 and 0.075.",
    formula: "macd = fast - slow, exponential averages with the weights 0.15 and 0.075 that begin together at bar 26 with the mean of 12 and 26 values; signal = ema(macd, signal); histogram = macd - signal. Missing bars are skipped.",
    source: "Appel, The Moving Average Convergence-Divergence Method, 1979; TA-Lib MACDFIX",
    example: "SELECT ts, macdfix(close, 9).histogram FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Macdfix, 1, 3>,
    flags: None,
    stream: stream::<Macdfix, 1, 3>,
};

const FAST: usize = 12;
const SLOW: usize = 26;

struct Macdfix(Convergence);

impl State<1, 3> for Macdfix {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        let signal = params.period(0);
        Macdfix(Convergence::new([FAST, SLOW, signal], [0.15, 0.075, ema_weight(signal)]))
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        self.0.step(x)
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.0.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, [x]: [&[f64]; 1], outputs: [&mut [f64]; 3]) -> usize {
        self.0.run_finite(x, outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x: Vec<f64> = (0..27).map(f64::from).collect();
        let out = DEF.evaluate(&[&x], &[1.0]).unwrap();
        assert!(out[0][24].is_nan());
        assert_eq!((out[0][25], out[1][25], out[2][25]), (7.0, 7.0, 0.0));
        assert!((out[0][26] - (19.5 + 0.15 * 6.5 - 12.5 - 0.075 * 13.5)).abs() < 1e-12);
    }
}
