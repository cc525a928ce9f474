//! Stochastic oscillator.
//!
//! Where the close lies between the lowest low and the highest high of `fastk` bars, in percent, averaged over
//! `slowk` bars (`k`) and again over `slowd` bars (`d`). A flat range counts as zero. `k` and `d` appear together. A
//! missing bar gives no value as long as it is in the range; after that it counts as in the averages that are
//! chosen. The `default` average is the simple one. Equals TA-Lib `STOCH`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{AVERAGES, Average, AverageKind, Place};

pub(super) static DEF: Indicator = Indicator {
    name: "stochastic",
    aliases: &["stoch"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("fastk", 5, 1),
        Param::period("slowk", 3, 1),
        Param::choice("slowk_average", 0, AVERAGES),
        Param::period("slowd", 3, 1),
        Param::choice("slowd_average", 0, AVERAGES),
    ],
    outputs: &[Output::number("k", Unit::Percent), Output::number("d", Unit::Percent)],
    lookback: |params| {
        let [(k, k_period), (d, d_period)] = averages(params);
        params.period(0) - 1 + k.lookback(k_period) + d.lookback(d_period)
    },
    memory: Memory::Averages,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Stochastic oscillator: where the close lies in the range of the last bars.",
    formula: "raw = 100 * (close - lowest low) / (highest high - lowest low) over fastk bars, 0 for a flat range; k = ma(raw, slowk, slowk_average); d = ma(k, slowd, slowd_average).",
    source: "Lane, Lane's Stochastics, 1984; TA-Lib STOCH",
    example: "SELECT ts, stochastic(high, low, close, 5, 3, 'sma', 3, 'sma').k FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Stochastic, 3, 2>,
};

/// The averages for `k` and `d`, each as its kind and its period.
fn averages(params: &Params) -> [(AverageKind, usize); 2] {
    [1, 3].map(|at| (AverageKind::at(params.choice(at + 1), AverageKind::Sma), params.period(at)))
}

struct Stochastic {
    place: Place,
    k: Average,
    d: Average,
}

impl State<3, 2> for Stochastic {
    fn new(params: &Params) -> Self {
        let [(k, k_period), (d, d_period)] = averages(params);
        let place = Place::new(params.period(0));
        Stochastic { place, k: Average::new(k, k_period), d: Average::new(d, d_period) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let k = finite(self.k.step(finite(self.place.step(high, low, close))));
        let d = finite(self.d.step(k));
        if d.is_nan() { [f64::NAN; 2] } else { [k, d] }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Stochastic { place, k, d } = Stochastic::new(params);
    let [slow, column] = outputs else { unreachable!("two outputs") };
    place.fill([inputs[0], inputs[1], inputs[2]], column);
    k.fill(column, slow);
    d.fill(slow, column);
    slow.iter_mut().zip(column).for_each(|(k, d)| *k = if d.is_nan() { f64::NAN } else { *k });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars: [&[f64]; 3] = [&[2.0, 4.0, 4.0], &[0.0, 1.0, 2.0], &[1.0, 3.0, 4.0]];
        let out = DEF.evaluate(&bars, &[2.0, 1.0, 0.0, 2.0, 0.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (100.0, 87.5));
    }
}
