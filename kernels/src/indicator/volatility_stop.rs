//! Volatility stop, after the volatility system of Wilder (1978).
//!
//! A stop at `width` average true ranges (`atr`) from the extreme close of the trend, which only moves towards the price.
//! A close beyond it turns the trend, and the extreme starts again at that close. It begins as an upward trend on the
//! first bar that has an `atr`. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Smoother, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "volatility_stop",
    aliases: &["vstop"],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 20, 1), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[Output::number("stop", Unit::Price), Output::number("trend", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "A stop at a multiple of the average true range from the extreme close of the trend.",
    formula: "a = width * atr(high, low, close, period); in an upward trend (1) stop = max(stop[i-1], highest close of the trend - a), in a downward one (-1) min(stop[i-1], lowest close + a); a close beyond the stop turns the trend and the stop is close -+ a. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TradingView Volatility Stop",
    example: "SELECT ts, volatility_stop(high, low, close, 20, 2.0).stop FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VolatilityStop, 3, 2>,
    flags: None,
    stream: stream::<VolatilityStop, 3, 2>,
};

struct VolatilityStop {
    previous: f64,
    range: Smoother,
    width: f64,
    trend: f64,
    extreme: f64,
    stop: f64,
}

impl State<3, 2> for VolatilityStop {
    fn new(params: &Params) -> Self {
        VolatilityStop {
            previous: f64::NAN,
            range: Smoother::rma(params.period(0)),
            width: params.float(1),
            trend: 1.0,
            extreme: f64::NAN,
            stop: f64::NAN,
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN; 2];
        }
        let range = self.range.step(true_range(high, low, std::mem::replace(&mut self.previous, close)));
        let reach = self.width * range;
        if reach.is_nan() {
            return [f64::NAN; 2];
        }
        // `max` and `min` drop the `NaN` of the first bar.
        if self.trend > 0.0 {
            self.extreme = self.extreme.max(close);
            self.stop = self.stop.max(self.extreme - reach);
        } else {
            self.extreme = self.extreme.min(close);
            self.stop = self.stop.min(self.extreme + reach);
        }
        if (close - self.stop) * self.trend < 0.0 {
            self.trend = -self.trend;
            self.extreme = close;
            self.stop = close - self.trend * reach;
        }
        [self.stop, self.trend]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 3.0, 4.0, 3.0, 1.0];
        let out = DEF.evaluate(&[&x, &x, &x], &[1.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        // Ranges 2, 1, 1, 2: on the last bar the close is below the stop and the trend turns.
        assert_eq!(out[0][1..], [1.0, 3.0, 3.0, 3.0]);
        assert_eq!(out[1][1..], [1.0, 1.0, 1.0, -1.0]);
    }
}
