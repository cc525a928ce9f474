//! Accumulation/distribution line, Chaikin.
//!
//! The running sum of volume times the place of the close in the range of its bar, from -1 at the low to 1 at the high.
//! A bar without a range, or with its high below its low, adds nothing. A missing bar has no value and changes nothing.
//! Equals TA-Lib `AD`; the sum is compensated and does not drift.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{Total, money_flow};

pub(super) static DEF: Indicator = Indicator {
    name: "ad",
    aliases: &["accumulation_distribution", "adl"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[],
    outputs: &[Output::number("ad", Unit::Volume)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Accumulation/distribution line: the running sum of volume weighted with the place of the close in its bar.",
    formula: "ad[i] = ad[i-1] + volume * ((close - low) - (high - close)) / (high - low), unchanged where high <= low. Missing bars are skipped.",
    source: "Chaikin, in Achelis, Technical Analysis from A to Z, 1995; TA-Lib AD",
    example: "SELECT ts, ad(high, low, close, volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Ad, 4, 1>,
    flags: None,
    stream: stream::<Ad, 4, 1>,
};

struct Ad {
    total: Total,
}

impl State<4, 1> for Ad {
    fn new(_: &Params) -> Self {
        Ad { total: Total::default() }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let flow = money_flow(high, low, close, volume);
        [if flow.is_nan() { flow } else { self.total.add(flow) }]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 4], [out]: [&mut [f64]; 1]) {
        run_each(bars, [&mut *out], |[high, low, close, volume]| [money_flow(high, low, close, volume)]);
        self.total.fill(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out =
            DEF.evaluate(&[&[3.0, 4.0, 5.0], &[1.0, 2.0, 5.0], &[2.5, 2.0, 5.0], &[10.0, 20.0, 30.0]], &[]).unwrap();
        assert_eq!(out[0], [5.0, -15.0, -15.0]);
    }
}
