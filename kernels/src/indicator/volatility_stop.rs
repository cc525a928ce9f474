//! Volatility system of Wilder (1978).
//!
//! The stop is `width` average true ranges, of the bar before, from the most favourable close since the position was
//! taken; a close beyond it reverses the position. The first position is long if the last of the first `period` closes
//! is above the first one, which is a guess: it counts only from the first reversal on. A missing bar has no value and
//! changes nothing. Equals Skender's `VolatilityStop` from the first reversal on, where that begins.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::AverageRange;

pub(super) static DEF: Indicator = Indicator {
    name: "volatility_stop",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 7, 2), Param::float("width", 3.0, 0.0, 1000.0)],
    outputs: &[Output::number("stop", Unit::Price), Output::number("trend", Unit::Other)],
    lookback: |params| params.period(0) + 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Volatility system of Wilder: a stop at a multiple of the average true range from the best close, and the position as 1 or -1.",
    formula: "stop = best close since the reversal -+ width * atr(period)[i-1]; a close beyond it reverses: trend is the position after the close. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; Stock.Indicators VolatilityStop",
    example: "SELECT ts, volatility_stop(high, low, close, 7, 3.0).stop FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VolatilityStop, 3, 2>,
    flags: None,
    stream: stream::<VolatilityStop, 3, 2>,
};

struct VolatilityStop {
    range: AverageRange,
    width: f64,
    period: usize,
    /// Bars seen, up to `period`.
    seen: usize,
    first_close: f64,
    /// Largest and smallest close since the reversal.
    most: f64,
    least: f64,
    /// Distance of the stop, from the bar before.
    reach: f64,
    long: bool,
}

impl State<3, 2> for VolatilityStop {
    fn new(params: &Params) -> Self {
        VolatilityStop {
            range: AverageRange::new(params.period(0)),
            width: params.float(1),
            period: params.period(0),
            seen: 0,
            first_close: f64::NAN,
            most: f64::NEG_INFINITY,
            least: f64::INFINITY,
            reach: f64::NAN,
            long: false,
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 2];
        }
        let next = self.width * self.range.step([high, low, close]);
        let reach = std::mem::replace(&mut self.reach, next);
        if self.seen <= self.period {
            if self.seen == 0 {
                self.first_close = close;
            }
            self.seen += 1;
            if self.seen <= self.period {
                self.long = close > self.first_close;
            }
        }
        if reach.is_nan() {
            (self.most, self.least) = (self.most.max(close), self.least.min(close));
            return [f64::NAN; 2];
        }
        let stop = if self.long { self.most - reach } else { self.least + reach };
        let reverses = if self.long { close < stop } else { close > stop };
        if reverses {
            self.long = !self.long;
            (self.most, self.least) = (close, close);
        } else {
            (self.most, self.least) = (self.most.max(close), self.least.min(close));
        }
        [stop, if self.long { 1.0 } else { -1.0 }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(
                &[&[2.0, 3.0, 4.0, 4.0, 2.0], &[1.0, 2.0, 3.0, 3.0, 1.0], &[1.5, 2.5, 3.5, 3.5, 1.5]],
                &[2.0, 1.0],
            )
            .unwrap();
        assert!(out[0][2].is_nan());
        // The range of the bar before is 1.5, then 1.25, from the best close of 3.5.
        assert_eq!(out[0][3..], [2.0, 2.25]);
        assert_eq!(out[1][3..], [1.0, -1.0]);
    }
}
