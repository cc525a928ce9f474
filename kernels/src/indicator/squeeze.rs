//! Squeeze: Bollinger bands inside Keltner channels, and the momentum to watch when it ends.
//!
//! Squeezed where both bands, `width` standard deviations from the mean, lie inside a channel of `range_width` mean true
//! ranges. The momentum is the end of the straight line through the last `period` distances of the close from the mean
//! of its own moving mean and the middle of the range. A missing bar gives no value as long as it is in one of the
//! windows; both outputs begin together.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Fit, Max, Mean, Min, Sliding, Spread, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "squeeze",
    aliases: &["ttm_squeeze"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 20, 2),
        Param::float("width", 2.0, 0.0, 1000.0),
        Param::float("range_width", 1.5, 0.0, 1000.0),
    ],
    outputs: &[Output::number("momentum", Unit::Price), Output::bool("squeezed")],
    lookback: |params| 2 * params.period(0) - 2,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether the Bollinger bands lie inside the Keltner channels, and the momentum.",
    formula: "squeezed = width * rolling_stddev(close, period, 0) < range_width * sma(true range, period); momentum = linear_regression(close - ((highest(high, period) + lowest(low, period)) / 2 + sma(close, period)) / 2, period).",
    source: "Carter, Mastering the Trade, 2005; LazyBear, Squeeze Momentum Indicator, TradingView",
    example: "SELECT ts, squeeze(high, low, close, 20).momentum FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Squeeze, 3, 2>,
    flags: None,
    stream: stream::<Squeeze, 3, 2>,
};

struct Squeeze {
    previous: f64,
    spread: Spread,
    range: Mean,
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    fit: Fit,
    len: f64,
    widths: [f64; 2],
}

impl State<3, 2> for Squeeze {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Squeeze {
            previous: f64::NAN,
            spread: Spread::new(period),
            range: Mean::new(period),
            highest: Sliding::new(period),
            lowest: Sliding::new(period),
            fit: Fit::new(period),
            len: period as f64,
            widths: [params.float(1), params.float(2)],
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let range = self.range.step(true_range(high, low, std::mem::replace(&mut self.previous, close)));
        let [mean, squares] = self.spread.step(close);
        let middle = match (self.highest.push(high), self.lowest.push(low)) {
            (Some(Max(high)), Some(Min(low))) => 0.5 * (high + low),
            _ => f64::NAN,
        };
        let [fit, comoment] = self.fit.step(close - 0.5 * (middle + mean));
        // The slope, comoment * 12 / (n (n^2 - 1)), times half of n - 1 bars from the middle to the end.
        let momentum = fit + 6.0 * comoment / (self.len * (self.len + 1.0));
        if momentum.is_nan() || range.is_nan() {
            return [f64::NAN; 2];
        }
        let [width, range_width] = self.widths;
        let on = width * (squares / self.len).sqrt() < range_width * range;
        [momentum, f64::from(u8::from(on))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (high, low, close) = ([3.0, 3.0, 4.0, 9.0], [1.0, 1.0, 2.0, 8.0], [2.0, 2.0, 3.0, 9.0]);
        let out = DEF.evaluate(&[&high, &low, &close], &[2.0, 2.0, 1.5]).unwrap();
        assert!(out[0][1].is_nan() && out[1][1].is_nan());
        // Middles 2, 2.5, 5.5; means 2, 2.5, 6; distances 0, 0.5, 3.25, and two points are their own line.
        assert!((out[0][2] - 0.5).abs() < 1e-15 && (out[0][3] - 3.25).abs() < 1e-15);
        assert_eq!(out[1][2..], [1.0, 0.0]);
    }
}
