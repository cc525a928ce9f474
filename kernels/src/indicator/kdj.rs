//! KDJ oscillator.
//!
//! The stochastic oscillator with Wilder's averages, and `j`, which is as far beyond `k` as `d` lies behind it,
//! twice over. A flat range counts as zero. The outputs appear together. A missing bar gives no value as long as it
//! is in the range; after that it counts as in the averages that are chosen. The `default` average is Wilder's.
//! Equals TA-Lib `KDJ`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{AVERAGES, Average, AverageKind, PIECE, Place, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "kdj",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("fastk", 9, 1),
        Param::period("slowk", 3, 1),
        Param::choice("slowk_average", 13, AVERAGES),
        Param::period("slowd", 3, 1),
        Param::choice("slowd_average", 13, AVERAGES),
    ],
    outputs: &[
        Output::number("k", Unit::Percent),
        Output::number("d", Unit::Percent),
        Output::number("j", Unit::Ratio),
    ],
    lookback: |params| {
        let [(k, k_period), (d, d_period)] = averages(params);
        params.period(0) - 1 + k.lookback(k_period) + d.lookback(d_period)
    },
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "KDJ oscillator: the stochastic oscillator with Wilder's averages, and the line j beyond k.",
    formula: "raw = 100 * (close - lowest low) / (highest high - lowest low) over fastk bars, 0 for a flat range; k = ma(raw, slowk, slowk_average); d = ma(k, slowd, slowd_average); j = 3 * k - 2 * d.",
    source: "TA-Lib KDJ",
    example: "SELECT ts, kdj(high, low, close).j FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Kdj, 3, 3>,
};

/// The averages for `k` and `d`, each as its kind and its period.
fn averages(params: &Params) -> [(AverageKind, usize); 2] {
    [1, 3].map(|at| (AverageKind::at(params.choice(at + 1), AverageKind::Rma), params.period(at)))
}

struct Kdj {
    place: Place,
    k: Average,
    d: Average,
}

impl State<3, 3> for Kdj {
    fn new(params: &Params) -> Self {
        let [(k, k_period), (d, d_period)] = averages(params);
        let place = Place::new(params.period(0));
        Kdj { place, k: Average::new(k, k_period), d: Average::new(d, d_period) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 3] {
        let k = finite(self.k.step(finite(self.place.step(high, low, close))));
        let d = finite(self.d.step(k));
        if d.is_nan() { [f64::NAN; 3] } else { [k, d, lead(k, d)] }
    }
}

/// The third line.
#[inline(always)]
fn lead(k: f64, d: f64) -> f64 {
    3.0 * k - 2.0 * d
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Kdj { place, k: slow, d: signal } = Kdj::new(params);
    let [k, d, j] = outputs else { unreachable!("three outputs") };
    place.fill([inputs[0], inputs[1], inputs[2]], d);
    slow.fill(d, k);
    signal.fill(k, d);
    make_room(j, k.len());
    for (k, d) in k.chunks_mut(PIECE).zip(d.chunks(PIECE)) {
        let j = next_places(j, k.len());
        widest(|| {
            for ((j, k), d) in j.iter_mut().zip(k).zip(d) {
                *k = if d.is_nan() { f64::NAN } else { *k };
                *j = finite(lead(*k, *d));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars: [&[f64]; 3] = [&[2.0, 4.0, 4.0], &[0.0, 1.0, 2.0], &[1.0, 3.0, 4.0]];
        let out = DEF.evaluate(&bars, &[2.0, 1.0, 13.0, 2.0, 13.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2], out[2][2]), (100.0, 87.5, 125.0));
    }
}
