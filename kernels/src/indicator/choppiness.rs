//! Choppiness index, Dreiss.
//!
//! How much longer the path of the true ranges is than the range of the window, on a logarithmic scale: 0 for a
//! straight trend, about 100 for a market that goes nowhere, and 100 for a flat one. Highs and lows are those of the
//! bars, so a gap before the window can lift the value above 100. A missing bar gives no value as long as it is in the
//! window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Channel, Ladder, Sums, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "choppiness",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("choppiness", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Choppiness index: low in a trend, high in a market that goes nowhere.",
    formula: "100 * log10(sum(true_range, period) / (max(high, period) - min(low, period))) / log10(period); 100 for a flat window.",
    source: "Dreiss, Choppiness Index, about 1993",
    example: "SELECT ts, choppiness(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Choppiness, 3, 1>,
    flags: None,
    stream: stream::<Choppiness, 3, 1>,
};

struct Choppiness {
    previous_close: f64,
    ranges: Ladder<Sums, 1, 1>,
    channel: Channel,
    scale: f64,
}

impl State<3, 1> for Choppiness {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Choppiness {
            previous_close: f64::NAN,
            ranges: Ladder::new(period),
            channel: Channel::new(period),
            scale: 100.0 / (period as f64).log10(),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        // A missing close counts for its own bar too.
        let range = true_range(high, low, previous) + close * 0.0;
        let [high, low] = self.channel.step(high, low);
        let [path] = self.ranges.push([range]);
        let height = high - low;
        // Plus nothing, not 100: a missing close of long ago hides the value too.
        [if height <= 0.0 { 100.0 + path * 0.0 } else { self.scale * (path / height).log10() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 3.0, 5.0], &[1.0, 2.0, 2.0, 5.0], &[2.0, 3.0, 2.0, 5.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 100.0).abs() < 1e-12);
    }

    #[test]
    fn flat_is_a_hundred() {
        let out = DEF.evaluate(&[&[5.0, 5.0, 5.0, 5.0], &[5.0, 5.0, 5.0, 5.0], &[5.0, 5.0, 5.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [100.0, 100.0]);
    }
}
