//! Wave trend oscillator.
//!
//! The distance of the typical price from its exponential average, in units of 0.015 times the average distance, as in
//! `cci`; smoothed with an `ema` (`wave`) and again with an `sma` (`signal`). Without any distance it counts as zero.
//! Both outputs begin together. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Mean, Smoother, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "wave_trend",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("channel", 10, 1), Param::period("average", 21, 1), Param::period("signal", 4, 1)],
    outputs: &[Output::number("wave", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| 2 * params.period(0) + params.period(1) + params.period(2) - 4,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Wave trend oscillator: the smoothed distance of the price from its average, and its signal line.",
    formula: "t = (high + low + close) / 3; d = t - ema(t, channel); wave = ema(d / (0.015 * ema(abs(d), channel)), average), 0 for no distance; signal = sma(wave, signal). Missing bars are skipped.",
    source: "LazyBear, WaveTrend Oscillator, TradingView",
    example: "SELECT ts, wave_trend(high, low, close, 10, 21, 4).wave FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<WaveTrend, 3, 2>,
    flags: None,
    stream: stream::<WaveTrend, 3, 2>,
};

struct WaveTrend {
    center: Smoother,
    distance: Smoother,
    wave: Smoother,
    signal: Mean,
}

impl State<3, 2> for WaveTrend {
    fn new(params: &Params) -> Self {
        WaveTrend {
            center: Smoother::ema(params.period(0)),
            distance: Smoother::ema(params.period(0)),
            wave: Smoother::ema(params.period(1)),
            signal: Mean::new(params.period(2)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let price = typical_price(high, low, close);
        let distance = price - self.center.step(price);
        let unit = 0.015 * self.distance.step(distance.abs());
        if unit.is_nan() {
            return [f64::NAN; 2];
        }
        let wave = self.wave.step(if unit == 0.0 { 0.0 } else { distance / unit });
        if wave.is_nan() {
            return [f64::NAN; 2];
        }
        let signal = self.signal.step(wave);
        if signal.is_nan() { [f64::NAN; 2] } else { [wave, signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Averages of one bar leave no distance.
        let out = DEF.evaluate(&[&[3.0, 4.0], &[1.0, 2.0], &[2.0, 3.0]], &[1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!((out[0][1], out[1][1]), (0.0, 0.0));
    }

    #[test]
    fn a_steady_rise_keeps_its_distance() {
        let x: Vec<f64> = (0..30).map(f64::from).collect();
        let out = DEF.evaluate(&[&x, &x, &x], &[3.0, 2.0, 2.0]).unwrap();
        assert!(out[0][5].is_nan());
        assert!((out[0][6] - 1.0 / 0.015).abs() < 1e-10, "the distance is its own average");
    }
}
