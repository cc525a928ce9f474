//! Moving average convergence divergence.
//!
//! The difference of two exponential averages, an exponential average of it, and the difference of those two. As in
//! TA-Lib both averages have their first value at bar `slow`, so the fast one is seeded with the `fast` values up to
//! there, and all three outputs begin together. A missing bar has no value and changes nothing. Equals TA-Lib `MACD`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Convergence, ema_weight};

pub(super) static DEF: Indicator = Indicator {
    name: "macd",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("fast", 12, 2), Param::period("slow", 26, 2), Param::period("signal", 9, 1)],
    outputs: &[
        Output::number("macd", Unit::Price),
        Output::number("signal", Unit::Price),
        Output::number("histogram", Unit::Price),
    ],
    lookback: |params| params.period(1) - 1 + params.period(2) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Moving average convergence divergence: the distance of a fast and a slow average, and its own average.",
    formula: "macd = ema(x, fast) - ema(x, slow), both starting at bar `slow`; signal = ema(macd, signal); histogram = macd - signal. Missing bars are skipped.",
    source: "Appel, Technical Analysis: Power Tools for Active Investors, 2005; TA-Lib MACD",
    example: "SELECT ts, macd(close, 12, 26, 9).histogram FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of macd() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: compute::<Macd, 1, 3>,
    flags: None,
    stream: stream::<Macd, 1, 3>,
};

pub(super) struct Macd(Convergence);

impl State<1, 3> for Macd {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        let (fast, slow) = (params.period(0), params.period(1));
        let periods = [fast, slow, params.period(2)];
        Macd(Convergence::new(periods, periods.map(ema_weight)))
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
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 8.0]], &[2.0, 3.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(out[2][2..], [0.0, 0.0]);
    }

    #[test]
    fn fast_must_be_below_slow() {
        let error = DEF.evaluate(&[&[]], &[26.0, 12.0, 9.0]).unwrap_err();
        assert_eq!(error, "`fast` of macd() must be below `slow`, got 26 and 12");
    }
}
