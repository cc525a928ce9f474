//! Fear and greed from price and volume alone.
//!
//! The mean of four scores from 0 to 100, smoothed: momentum, calm (volatility against its own past), volume against its
//! own window, and a neutral 50 in place of the news and surveys that published indices add. Windows grow to `period`
//! bars and averages start at their first value; the past of the volatility is the past only, so no value uses the
//! future. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ewm, GrowingSpread, Total};

pub(super) static DEF: Indicator = Indicator {
    name: "fear_greed",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 168, 2)],
    outputs: &[Output::number("fear_greed", Unit::Percent)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Fear and greed from 0 to 100, from momentum, volatility and volume.",
    formula: "r = pct_change(close), 0 at the first bar; v = stddev(r, ddof 1) over up to `period` bars; momentum = 50 + 50 * tanh(10 * ewma(r, period)); calm = 100 - 50 * v / mean of all v so far, 100 while all v are 0; crowd = 50 + 10 * zscore(volume, ddof 1) over up to `period` bars, 50 for a constant volume; both clipped to 0..100; ewma((momentum + calm + crowd + 50) / 4, period). Missing bars are skipped.",
    source: "after the Fear and Greed index of alternative.me, without its external sources",
    example: "SELECT ts, fear_greed(close, volume, 168) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<FearGreed, 2, 1>,
    flags: None,
    stream: stream::<FearGreed, 2, 1>,
};

struct FearGreed {
    previous: f64,
    trend: Ewm,
    returns: GrowingSpread,
    volatility: Total,
    volatilities: f64,
    volume: GrowingSpread,
    score: Ewm,
}

impl State<2, 1> for FearGreed {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        FearGreed {
            previous: f64::NAN,
            trend: Ewm::new(period),
            returns: GrowingSpread::new(period),
            volatility: Total::default(),
            volatilities: 0.0,
            volume: GrowingSpread::new(period),
            score: Ewm::new(period),
        }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, close);
        let change = if previous.is_nan() { 0.0 } else { close / previous - 1.0 };
        if !change.is_finite() {
            return [f64::NAN];
        }
        let momentum = 50.0 + 50.0 * (10.0 * self.trend.mean(change)).tanh();
        let ([_, squares], count) = self.returns.step(change);
        let ([mean, volume_squares], volume_count) = self.volume.step(volume);
        if count < 2.0 {
            return [f64::NAN];
        }
        let volatility = (squares / (count - 1.0)).sqrt();
        self.volatilities += 1.0;
        let usual = self.volatility.add(volatility) / self.volatilities;
        let calm = if usual == 0.0 { 100.0 } else { (100.0 - 50.0 * (volatility / usual)).clamp(0.0, 100.0) };
        let deviation = (volume_squares / (volume_count - 1.0)).sqrt();
        let score = if deviation == 0.0 { 0.0 } else { (volume - mean) / deviation };
        let crowd = (50.0 + 10.0 * score).clamp(0.0, 100.0);
        [self.score.mean(0.25 * momentum + 0.25 * calm + 0.25 * crowd + 0.25 * 50.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_market_is_calm() {
        let out = DEF.evaluate(&[&[5.0; 4], &[2.0; 4]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [62.5, 62.5, 62.5]);
    }

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1.1], &[1.0, 3.0]], &[3.0]).unwrap();
        let momentum = 50.0 + 50.0 * (10.0_f64 * 0.05).tanh();
        let crowd = 50.0 + 10.0 / 2.0_f64.sqrt();
        assert!((out[0][1] - (momentum + 50.0 + crowd + 50.0) / 4.0).abs() < 1e-12);
    }
}
