//! Chaikin oscillator.
//!
//! The difference of two exponential averages of the accumulation/distribution line `ad`. The averages start at its
//! first value; there is no value before the longer of them has seen its period. A missing bar has no value and changes
//! nothing. Equals TA-Lib `ADOSC`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::eight::Number;
use crate::window::{Fadings, Making, Past, Recurrence, ema_weight, money_flow};

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

/// The averages of the running sum of flows.
const FAST: usize = 0;
const SLOW: usize = 1;

struct Adosc {
    has_begun: bool,
    /// Bars that are still without a value.
    early: usize,
    /// Of the sum from its averages, which begin with its first value.
    distances: Fadings<2, 0>,
}

struct Flowing;

impl Making<4, 1> for Flowing {
    #[inline(always)]
    fn make<T: Number>(&self, [high, low, close, volume]: [T; 4], _: [T; 4]) -> [T; 1] {
        [money_flow(high, low, close, volume)]
    }
}

/// The sum itself is not needed: a flow is its change, and distances have the same difference as the averages.
struct Parting;

impl Recurrence<1, 1> for Parting {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [flow]: [P::T; 1]) -> [P::T; 1] {
        let below_fast = past.distance_after(FAST, flow);
        [past.distance_after(SLOW, flow) - below_fast]
    }
}

impl State<4, 1> for Adosc {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        let periods = [params.period(0), params.period(1)];
        let distances = Fadings::new(periods.map(|period| 1.0 - ema_weight(period)));
        Adosc { has_begun: false, early: periods[FAST].max(periods[SLOW]), distances }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 1] {
        if bar.iter().any(|x| x.is_nan()) {
            return [f64::NAN];
        }
        self.early = self.early.saturating_sub(1);
        let difference = if std::mem::replace(&mut self.has_begun, true) {
            let [difference] = self.distances.step(&Parting, Flowing.make(bar, bar));
            difference
        } else {
            self.distances.settle();
            0.0
        };
        [if self.early > 0 { f64::NAN } else { difference }]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.early == 0 && self.distances.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, bars: [&[f64]; 4], outputs: [&mut [f64]; 1]) -> usize {
        self.distances.run_made(&Flowing, &mut [f64::NAN; 4], &Parting, bars, outputs)
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
