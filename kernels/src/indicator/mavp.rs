//! Moving average with a period for every bar.
//!
//! The value of `ma` over as many bars as `periods` says at the bar, without its fraction and kept between
//! `min_period` and `max_period`. All averages begin together with that over `max_period` bars, so exponential ones
//! are seeded with the last values before that; the `default` average is the simple one. No value where the period
//! is missing; a missing `x` counts as in the average that is chosen. Equals TA-Lib `MAVP`.
//!
//! There is one average per period that occurs. The streaming form makes it when its period occurs for the first
//! time, from all values so far, which it therefore keeps: a bar takes as much work as there are periods so far.

use std::collections::BTreeMap;

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::{is_finite, widest};
use crate::window::{AVERAGES, AverageKind, Late, Means, PIECE, sum_of_window};

pub(super) static DEF: Indicator = Indicator {
    name: "mavp",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x"), Input::number("periods")],
    params: &[
        Param::period("min_period", 2, 1),
        Param::period("max_period", 30, 1),
        Param::choice("average", 0, AVERAGES),
    ],
    outputs: &[Output::number("mavp", Unit::Price)],
    lookback: |params| kind(params).lookback(params.period(1)),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Moving average with a period of its own for every bar.",
    formula: "ma(x, periods[i], average) at bar i, with whole periods from min_period to max_period; all averages begin with the one over max_period bars.",
    source: "TA-Lib MAVP",
    example: "SELECT ts, mavp(close, CASE WHEN volume > 1000 THEN 5 ELSE 20 END) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (min, max) = (params.period(0), params.period(1));
        if min <= max {
            return Ok(());
        }
        Err(format!("`min_period` of mavp() must not be above `max_period`, got {min} and {max}"))
    }),
    compute: batch,
    flags: None,
    stream: stream::<Mavp, 2, 1>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(2), AverageKind::Sma)
}

/// The average over `period` bars that begins together with the longest one.
fn average(params: &Params, period: usize) -> Late {
    Late::new(kind(params), period, kind(params).lookback(params.period(1)))
}

/// The smallest period and the largest.
fn bounds(params: &Params) -> [f64; 2] {
    [0, 1].map(|k| params.period(k) as f64)
}

/// The period to use for a number that is not missing.
#[inline(always)]
fn limited([min, max]: [f64; 2], period: f64) -> f64 {
    // Not `clamp`, which would look at every bar whether the bounds are in order.
    period.max(min).min(max).trunc()
}

/// A whole number from zero to 2^32, in a form that every vector unit has: the last bits of its sum with 2^52.
#[inline(always)]
fn whole(number: f64) -> u32 {
    (number + (1_u64 << 52) as f64).to_bits() as u32
}

/// Batch form: the series is passed once per period that occurs, or the windows alone where that is less work.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, periods, out) = (inputs[0], inputs[1], &mut outputs[0]);
    out.clear();
    out.resize(x.len(), f64::NAN);
    let lookback = kind(params).lookback(params.period(1));
    let mut seen = 0;
    let is_behind_lookback = |x: &f64| {
        seen += usize::from(x.is_finite());
        seen > lookback
    };
    let begin = x.iter().position(is_behind_lookback).unwrap_or(x.len());
    // The period at each bar, zero for none, and the bars of each period.
    let mut chosen = vec![0; x.len()];
    let bounds = bounds(params);
    widest(|| {
        for (chosen, &period) in chosen[begin..].iter_mut().zip(&periods[begin..]) {
            *chosen = whole(if is_finite(period) { limited(bounds, period) } else { 0.0 });
        }
    });
    let bars = counted(&chosen, params.period(1) + 1);
    if kind(params) == AverageKind::Sma {
        return simple(x, &chosen, &bars, out);
    }
    let mut series = Vec::new();
    for period in (1..bars.len()).filter(|&period| bars[period] > 0) {
        average(params, period).fill(x, &mut series);
        for ((out, average), _) in
            out.iter_mut().zip(&series).zip(&chosen).filter(|(_, chosen)| **chosen as usize == period)
        {
            *out = *average;
        }
    }
}

/// How often each number below `count` occurs.
fn counted(numbers: &[u32], count: usize) -> Vec<usize> {
    // A counter has to wait for itself if neighbours are equal; four do not wait for each other.
    let mut counters = vec![[0; 4]; count];
    let (fours, rest) = numbers.as_chunks::<4>();
    for four in fours {
        for (k, &number) in four.iter().enumerate() {
            counters[number as usize][k] += 1;
        }
    }
    rest.iter().for_each(|&number| counters[number as usize][0] += 1);
    counters.into_iter().map(|four| four.iter().sum()).collect()
}

/// Periods whose means are made together, so that the series is in the nearest cache and their windows are too.
const TOGETHER: usize = 8;

/// The simple averages over the chosen periods, zero for none, which have so many bars each.
fn simple(x: &[f64], chosen: &[u32], bars: &[usize], out: &mut [f64]) {
    // A single window costs as much as several of those that are made in order, and more the longer it is.
    let is_rare = |period: usize| (32 + period) * bars[period] < x.len();
    let (rare, common): (Vec<usize>, Vec<usize>) =
        (1..bars.len()).filter(|&period| bars[period] > 0).partition(|&period| is_rare(period));
    if !rare.is_empty() {
        for (i, &period) in chosen.iter().enumerate() {
            let period = period as usize;
            if period > 0 && is_rare(period) {
                out[i] = finite(mean_at(x, i, period));
            }
        }
    }
    // Where the means of a period are, or behind all.
    let mut slots = vec![TOGETHER; bars.len()];
    let mut buffers = [[0.0; PIECE]; TOGETHER];
    for periods in common.chunks(TOGETHER) {
        slots.fill(TOGETHER);
        periods.iter().enumerate().for_each(|(slot, &period)| slots[period] = slot);
        let mut averages: Vec<Means> = periods.iter().map(|&period| Means::new(period, x.len())).collect();
        for ((x, chosen), out) in x.chunks(PIECE).zip(chosen.chunks(PIECE)).zip(out.chunks_mut(PIECE)) {
            for (means, buffer) in averages.iter_mut().zip(&mut buffers) {
                means.extend(x, &mut buffer[..x.len()]);
            }
            for (i, (out, &period)) in out.iter_mut().zip(chosen).enumerate() {
                if let Some(means) = buffers.get(slots[period as usize]) {
                    *out = means[i];
                }
            }
        }
    }
}

/// The moving mean at bar `i`, with its bits.
fn mean_at(x: &[f64], i: usize, period: usize) -> f64 {
    let window = &x[i + 1 - period..=i];
    if window.iter().all(|&value| value == x[i]) {
        return x[i];
    }
    sum_of_window(window) / period as f64
}

struct Mavp {
    params: Params,
    lookback: usize,
    seen: usize,
    history: Vec<f64>,
    /// The averages so far and their last values, by period.
    averages: BTreeMap<usize, (Late, f64)>,
}

impl State<2, 1> for Mavp {
    fn new(params: &Params) -> Self {
        Mavp {
            params: params.clone(),
            lookback: kind(params).lookback(params.period(1)),
            seen: 0,
            history: Vec::new(),
            averages: BTreeMap::new(),
        }
    }

    fn step(&mut self, [x, periods]: [f64; 2]) -> [f64; 1] {
        self.seen += usize::from(!x.is_nan());
        self.history.push(x);
        for (average, value) in self.averages.values_mut() {
            *value = average.step(x);
        }
        if self.seen <= self.lookback || periods.is_nan() {
            return [f64::NAN];
        }
        let period = limited(bounds(&self.params), periods) as usize;
        let (_, value) = self.averages.entry(period).or_insert_with(|| {
            let mut average = average(&self.params, period);
            let last = self.history.iter().map(|&x| average.step(x)).last();
            (average, last.unwrap_or(f64::NAN))
        });
        [*value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 2.0, 4.0, 8.0, 16.0];
        let periods = [2.0, 2.0, 2.9, 100.0, f64::NAN];
        let out = DEF.evaluate(&[&x, &periods], &[2.0, 3.0, 0.0]).unwrap();
        assert!(out[0][1].is_nan() && out[0][4].is_nan());
        assert_eq!(out[0][2..4], [3.0, 14.0 / 3.0]);
    }

    #[test]
    fn the_smallest_period_is_not_above_the_largest() {
        let error = DEF.check_params(&[5.0, 2.0, 0.0]).unwrap_err();
        assert_eq!(error, "`min_period` of mavp() must not be above `max_period`, got 5 and 2");
    }
}
