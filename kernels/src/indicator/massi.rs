//! Mass index, Dorsey (1992).
//!
//! The sum over `sum_period` bars of the ratio of the exponential average of high less low to its own exponential
//! average, both over `period` bars and started from simple means. A ratio without any range counts as one, as in
//! TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `MASSI`.

use super::def::*;
use super::state::{State, all_finite, compute, finite, run_each, stream};
use crate::eight::Number;
use crate::simd::widest;
use crate::window::{Averages, Ladder, PIECE, Past, Recurrence, Sums, any_nan, every_window, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "massi",
    aliases: &["mass_index"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 9, 1), Param::period("sum_period", 25, 1)],
    outputs: &[Output::number("massi", Unit::Ratio)],
    lookback: |params| 2 * (params.period(0) - 1) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Mass index: the summed ratio of the average range to its own average.",
    formula: "e = ema(high - low, period); rolling_sum(e / ema(e, period), sum_period), with a ratio of 1 where the divisor is 0. Missing bars are skipped.",
    source: "Dorsey, The Mass Index, 1992; TA-Lib MASSI",
    example: "SELECT ts, massi(high, low, 9, 25) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Massi, 2, 1>,
};

struct Massi {
    averages: Averages<2, 2>,
    sum: Ladder<Sums, 1, 1>,
}

impl State<2, 1> for Massi {
    fn new(params: &Params) -> Self {
        Massi { averages: Averages::new([params.period(0); 2]), sum: Ladder::new(params.period(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        if high.is_nan() | low.is_nan() {
            return [f64::NAN];
        }
        let [ratio] = self.averages.step(&Relating, [high - low]);
        if ratio.is_nan() { [ratio] } else { self.sum.push([ratio]) }
    }
}

/// The batch form, over whole slices unless a ratio is missing, which the window skips.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let [high, low] = [inputs[0], inputs[1]];
    let Massi { mut averages, sum } = Massi::new(params);
    let first = 2 * (params.period(0) - 1);
    let (mut is_whole, mut buffer) = (true, [0.0; PIECE]);
    let out = &mut outputs[0];
    make_room(out, high.len());
    let fill = |start: usize, [ratios]: [&mut [f64]; 1]| {
        let ranges = &mut buffer[..ratios.len()];
        let bars = [high, low].map(|prices| &prices[start..][..ranges.len()]);
        is_whole = is_whole && widest(|| all_finite(bars));
        if !is_whole {
            return;
        }
        widest(|| run_each(bars, [&mut *ranges], |[high, low]| [high - low]));
        averages.take(&Relating, [ranges], [&mut *ratios]);
        let known = ratios.get(first.saturating_sub(start)..).unwrap_or_default();
        is_whole = is_whole && !widest(|| any_nan(known));
    };
    every_window::<Sums, 1, 1>(high.len(), sum.period(), fill, |_, _, [sums]| {
        let places = next_places(out, sums.len());
        widest(|| places.iter_mut().zip(sums).for_each(|(place, sum)| *place = finite(*sum)));
    });
    if !is_whole {
        compute::<Massi, 2, 1>(inputs, params, outputs);
    }
}

/// The average range relative to its average.
struct Relating;

impl Recurrence<1, 1> for Relating {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [range]: [P::T; 1]) -> [P::T; 1] {
        let once = past.average(0, range);
        let twice = past.average(1, once);
        // An average that is missing is not above zero either, and stays missing.
        let without = twice.nothing() + twice.all(1.0);
        [twice.size().if_above(twice.all(0.0), once / twice, without)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]], &[1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 2.0]);
    }
}
