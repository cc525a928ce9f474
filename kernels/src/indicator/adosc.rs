//! Chaikin oscillator.
//!
//! The difference of two exponential averages of the accumulation/distribution line `ad`. The averages start at its
//! first value; there is no value before the longer of them has seen its period. A missing bar has no value and changes
//! nothing. Equals TA-Lib `ADOSC`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{Apart, PIECE, money_flow};

pub(super) static DEF: Indicator = Indicator {
    name: "adosc",
    aliases: &["chaikin_oscillator"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("fast", 3, 1), Param::period("slow", 10, 1)],
    outputs: &[Output::number("adosc", Unit::Volume)],
    lookback: |params| params.period(0).max(params.period(1)) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chaikin oscillator: the difference of two exponential averages of the accumulation/distribution line.",
    formula: "ewma(ad, fast) - ewma(ad, slow), both starting at the first ad; no value on the first max(fast, slow) - 1 bars. Missing bars are skipped.",
    source: "Chaikin, in Achelis, Technical Analysis from A to Z, 1995; TA-Lib ADOSC",
    example: "SELECT ts, adosc(high, low, close, volume, 3, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Adosc, 4, 1>,
    flags: None,
    stream: stream::<Adosc, 4, 1>,
};

struct Adosc {
    averages: Apart,
    /// Bars that are still without a value.
    early: usize,
}

impl State<4, 1> for Adosc {
    fn new(params: &Params) -> Self {
        let (fast, slow) = (params.period(0), params.period(1));
        Adosc { averages: Apart::new(fast, slow), early: fast.max(slow) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let flow = money_flow(high, low, close, volume);
        if flow.is_nan() {
            return [f64::NAN];
        }
        let difference = self.averages.step(flow);
        self.early = self.early.saturating_sub(1);
        [if self.early > 0 { f64::NAN } else { difference }]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.early == 0
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 4], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let flows = &mut buffer[..out.len()];
        run_each(bars, [&mut *flows], |[high, low, close, volume]| [money_flow(high, low, close, volume)]);
        self.averages.run(flows, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let volume = [0.0, 12.0, 24.0];
        let out = DEF.evaluate(&[&[3.0; 3], &[1.0; 3], &[3.0; 3], &volume], &[1.0, 3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 36.0 - 21.0);
    }
}
