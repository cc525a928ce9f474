//! Squeeze of Carter (2005): whether the Bollinger bands lie within the Keltner channel, and the momentum.
//!
//! Both channels are centred on the simple average of the close, so the squeeze is `on` while `width` standard
//! deviations are less than `range_width` mean true ranges. The momentum is the end of the least-squares line through
//! the distances of the close from the mean of that average and the middle of the Donchian channel. All windows have
//! `period` bars; both outputs begin together. A missing bar gives no value as long as it is in one of the windows.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Channel, Fit, Mean, Spread, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "squeeze",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 20, 2),
        Param::float("width", 2.0, 0.0, 1000.0),
        Param::float("range_width", 1.5, 0.0, 1000.0),
    ],
    outputs: &[Output::bool("on"), Output::number("momentum", Unit::Price)],
    lookback: |params| 2 * params.period(0) - 2,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Squeeze: whether the Bollinger bands lie within the Keltner channel, and the momentum that a break would have.",
    formula: "on: width * stddev(close) < range_width * mean(true_range); momentum = linear_regression(close - ((highest high + lowest low) / 2 + sma(close)) / 2), all over the period.",
    source: "Carter, Mastering the Trade, 2005",
    example: "SELECT ts, squeeze(high, low, close, 20, 2.0, 1.5).on FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Squeeze, 3, 2>,
    flags: None,
    stream: stream::<Squeeze, 3, 2>,
};

struct Squeeze {
    previous_close: f64,
    range: Mean,
    spread: Spread,
    channel: Channel,
    fit: Fit,
    len: f64,
    /// From the mean of the line to its end, per unit of co-moment.
    rise: f64,
    width: f64,
    range_width: f64,
}

impl State<3, 2> for Squeeze {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        let len = period as f64;
        Squeeze {
            previous_close: f64::NAN,
            range: Mean::new(period),
            spread: Spread::new(period),
            channel: Channel::new(period),
            fit: Fit::new(period),
            len,
            rise: 6.0 / (len * (len + 1.0)),
            width: params.float(1),
            range_width: params.float(2),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        let range = self.range.step(true_range(high, low, previous));
        let [average, squares] = self.spread.step(close);
        let [high, low] = self.channel.step(high, low);
        let [mean, comoment] = self.fit.step(close - ((high + low) / 2.0 + average) / 2.0);
        let momentum = mean + comoment * self.rise;
        if momentum.is_nan() | range.is_nan() {
            return [f64::NAN; 2];
        }
        let on = self.width * (squares / self.len).sqrt() < self.range_width * range;
        [f64::from(u8::from(on)), momentum]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0, 1.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        // Deviation 0.75, mean range 2; the last distance is 4 - (3.5 + 3.25) / 2.
        assert_eq!((out[0][2], out[1][2]), (1.0, 0.625));
    }
}
