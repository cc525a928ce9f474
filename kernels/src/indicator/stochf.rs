//! Fast stochastic oscillator.
//!
//! Where the close lies between the lowest low and the highest high of `fastk` bars, in percent (`k`), and its
//! average over `fastd` bars (`d`). A flat range counts as zero. `k` and `d` appear together. A missing bar gives no
//! value as long as it is in the range; after that it counts as in the average that is chosen. The `default` average
//! is the simple one. Equals TA-Lib `STOCHF`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{AVERAGES, Average, AverageKind, Place};

pub(super) static DEF: Indicator = Indicator {
    name: "stochf",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("fastk", 5, 1), Param::period("fastd", 3, 1), Param::choice("fastd_average", 0, AVERAGES)],
    outputs: &[Output::number("k", Unit::Percent), Output::number("d", Unit::Percent)],
    lookback: |params| params.period(0) - 1 + kind(params).lookback(params.period(1)),
    memory: Memory::Averages,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Fast stochastic oscillator: where the close lies in the range of the last bars, without smoothing.",
    formula: "k = 100 * (close - lowest low) / (highest high - lowest low) over fastk bars, 0 for a flat range; d = ma(k, fastd, fastd_average).",
    source: "Lane, Lane's Stochastics, 1984; TA-Lib STOCHF",
    example: "SELECT ts, stochf(high, low, close, 5, 3).d FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Stochf, 3, 2>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(2), AverageKind::Sma)
}

struct Stochf {
    place: Place,
    d: Average,
}

impl State<3, 2> for Stochf {
    fn new(params: &Params) -> Self {
        Stochf { place: Place::new(params.period(0)), d: Average::new(kind(params), params.period(1)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let k = finite(self.place.step(high, low, close));
        let d = finite(self.d.step(k));
        if d.is_nan() { [f64::NAN; 2] } else { [k, d] }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Stochf { place, d } = Stochf::new(params);
    let [k, slow] = outputs else { unreachable!("two outputs") };
    place.fill([inputs[0], inputs[1], inputs[2]], k);
    d.fill(k, slow);
    k.iter_mut().zip(slow).for_each(|(k, d)| *k = if d.is_nan() { f64::NAN } else { *k });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars: [&[f64]; 3] = [&[2.0, 4.0, 4.0], &[0.0, 1.0, 2.0], &[1.0, 3.0, 4.0]];
        let out = DEF.evaluate(&bars, &[2.0, 2.0, 0.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (100.0, 87.5));
    }
}
