//! Klinger volume oscillator.
//!
//! The volume force is volume, with the sign of the trend, times how far the cumulative range of the trend exceeds the
//! range of the bar. The trend is up where high + low + close rose, else down; its cumulative range starts anew, with
//! the ranges of the last two bars, where it turns. The first force comes with the third bar, because the second one
//! has no trend before it. Both exponential averages and the signal start from simple means, and `kvo` and `signal`
//! appear together. Without any range there is no force. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "klinger",
    aliases: &["kvo"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("fast", 34, 1), Param::period("slow", 55, 1), Param::period("signal", 13, 1)],
    outputs: &[Output::number("kvo", Unit::Volume), Output::number("signal", Unit::Volume)],
    lookback: |params| params.period(0).max(params.period(1)) + params.period(2),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Klinger volume oscillator: the difference of two averages of the volume force, and its signal line.",
    formula: "range = high - low; trend = 1 where high + low + close rose, else -1; total = total[i-1] + range while the trend is the same, else range[i-1] + range; force = 100 * trend * volume * |2 * (range / total - 1)|; kvo = ema(force, fast) - ema(force, slow); signal = ema(kvo, signal). Missing bars are skipped.",
    source: "Klinger, Identifying Trends with Volume Analysis, 1997; QuantConnect LEAN KlingerVolumeOscillator; Skender Stock Indicators GetKvo",
    example: "SELECT ts, klinger(high, low, close, volume, 34, 55, 13).kvo FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Klinger, 4, 2>,
    flags: None,
    stream: stream::<Klinger, 4, 2>,
};

struct Klinger {
    /// Sum of the prices and range of the bar before.
    before: Option<[f64; 2]>,
    /// Trend and its cumulative range; zero before the second bar.
    trend: f64,
    total: f64,
    fast: Smoother,
    slow: Smoother,
    signal: Smoother,
}

impl Klinger {
    /// The volume force, from the third bar on.
    #[inline]
    fn force(&mut self, prices: f64, range: f64, volume: f64) -> Option<f64> {
        let [before, range_before] = self.before.replace([prices, range])?;
        let trend = if prices > before { 1.0 } else { -1.0 };
        let trend_before = std::mem::replace(&mut self.trend, trend);
        if trend_before == 0.0 {
            self.total = range;
            return None;
        }
        self.total = range + if trend == trend_before { self.total } else { range_before };
        let beyond = if self.total == 0.0 { 0.0 } else { (2.0 * (range / self.total - 1.0)).abs() };
        Some(100.0 * trend * volume * beyond)
    }
}

impl State<4, 2> for Klinger {
    fn new(params: &Params) -> Self {
        let average = |k| Smoother::ema(params.period(k));
        Klinger { before: None, trend: 0.0, total: 0.0, fast: average(0), slow: average(1), signal: average(2) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 2] {
        let (prices, range) = (high + low + close, high - low);
        if prices.is_nan() || volume.is_nan() {
            return [f64::NAN; 2];
        }
        let Some(force) = self.force(prices, range, volume) else { return [f64::NAN; 2] };
        let kvo = self.fast.step(force) - self.slow.step(force);
        let signal = self.signal.step(kvo);
        if signal.is_nan() { [f64::NAN; 2] } else { [kvo, signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Ranges of 1 and rising, then falling: the cumulative ranges are 1, 2 and 2.
        let (high, low) = ([2.0, 3.0, 4.0, 3.0], [1.0, 2.0, 3.0, 2.0]);
        let out = DEF.evaluate(&[&high, &low, &low, &[9.0, 9.0, 1.0, 3.0]], &[1.0, 2.0, 1.0]).unwrap();
        assert!(out[0][..3].iter().all(|x| x.is_nan()));
        // Forces 100 and -300.
        assert_eq!((out[0][3], out[1][3]), (-200.0, -200.0));
    }
}
