//! HiLo activator, Krausz (1998).
//!
//! A trend turns up when the close is above the mean high of the bars before, and down when it is below their mean low;
//! the line is the mean low in an upward trend and the mean high in a downward one. No value before the first such
//! bar. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "gann_hilo",
    aliases: &["hilo"],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("high_period", 13, 1), Param::period("low_period", 21, 1)],
    outputs: &[Output::number("line", Unit::Price), Output::number("trend", Unit::Ratio)],
    // At the least, with a close outside of the means at that bar.
    lookback: |params| params.period(0).max(params.period(1)),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::Sparse],
    summary: "HiLo activator: the mean low below an upward trend, the mean high above a downward one.",
    formula: "trend = 1 where close > sma(high, high_period)[i-1], -1 where close < sma(low, low_period)[i-1], else as before; line = sma(low, low_period) for 1, sma(high, high_period) for -1. Missing bars are skipped.",
    source: "Krausz, The New Gann Swing Chartist, Technical Analysis of Stocks and Commodities, 1998",
    example: "SELECT ts, gann_hilo(high, low, close, 13, 21).line FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<GannHilo, 3, 2>,
    flags: None,
    stream: stream::<GannHilo, 3, 2>,
};

struct GannHilo {
    high: Mean,
    low: Mean,
    before: [f64; 2],
    trend: f64,
}

impl State<3, 2> for GannHilo {
    fn new(params: &Params) -> Self {
        GannHilo {
            high: Mean::new(params.period(0)),
            low: Mean::new(params.period(1)),
            before: [f64::NAN; 2],
            trend: f64::NAN,
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN; 2];
        }
        let now = [self.high.step(high), self.low.step(low)];
        let before = std::mem::replace(&mut self.before, now);
        // Both means, so that the longer one decides where a trend can begin.
        if before.iter().all(|mean| !mean.is_nan()) {
            self.trend = if close > before[0] {
                1.0
            } else if close < before[1] {
                -1.0
            } else {
                self.trend
            };
        }
        let line = if self.trend > 0.0 { now[1] } else { now[0] };
        if self.trend.is_nan() { [f64::NAN; 2] } else { [line, self.trend] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (high, low) = ([3.0, 3.0, 5.0, 4.0, 2.0], [1.0, 1.0, 3.0, 2.0, 0.0]);
        let out = DEF.evaluate(&[&high, &low, &[2.0, 2.0, 5.0, 3.0, 1.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 2.5, 3.0]);
        assert_eq!(out[1][2..], [1.0, 1.0, -1.0]);
    }
}
