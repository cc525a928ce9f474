//! Pretty good oscillator, Johnson.
//!
//! The distance of the close from its moving mean in units of an exponential average of the true range. Zero where
//! there is no range. The range is averaged from the second bar on; both begin together. A missing bar has no value
//! and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Mean, Smoother, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "pretty_good_oscillator",
    aliases: &["pgo"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("pretty_good_oscillator", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Distance of the close from its moving mean in units of the average true range.",
    formula: "(close - sma(close, period)) / ema(true range, period); 0 without range. Missing bars are skipped.",
    source: "Johnson, Pretty Good Oscillator; pandas-ta pgo",
    example: "SELECT ts, pretty_good_oscillator(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PrettyGoodOscillator, 3, 1>,
    flags: None,
    stream: stream::<PrettyGoodOscillator, 3, 1>,
};

struct PrettyGoodOscillator {
    previous: f64,
    mean: Mean,
    range: Smoother,
}

impl State<3, 1> for PrettyGoodOscillator {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        PrettyGoodOscillator { previous: f64::NAN, mean: Mean::new(period), range: Smoother::ema(period) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN];
        }
        let range = self.range.step(true_range(high, low, std::mem::replace(&mut self.previous, close)));
        let distance = close - self.mean.step(close);
        [if range == 0.0 { 0.0 } else { distance / range }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 3.0], &[1.0, 2.0, 3.0], &[2.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 0.0, "on its mean");
        let out = DEF.evaluate(&[&[2.0, 4.0, 6.0], &[1.0, 2.0, 4.0], &[2.0, 3.0, 6.0]], &[2.0]).unwrap();
        // The close is 1.5 above 4.5; the true ranges are 2 and 3.
        assert_eq!(out[0][2], 0.6);
    }
}
