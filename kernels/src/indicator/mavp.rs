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

/// The period to use for a number that is not missing.
fn limited(params: &Params, period: f64) -> usize {
    period.clamp(params.period(0) as f64, params.period(1) as f64) as usize
}

/// Batch form: the series is passed once per period that occurs, or the windows alone where that is less work.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, periods, out) = (inputs[0], inputs[1], &mut outputs[0]);
    out.clear();
    out.resize(x.len(), f64::NAN);
    let lookback = kind(params).lookback(params.period(1));
    let mut seen = 0;
    let mut rows = vec![Vec::new(); params.period(1) + 1];
    for (i, (x, period)) in x.iter().zip(periods).enumerate() {
        seen += usize::from(x.is_finite());
        if seen > lookback && period.is_finite() {
            rows[limited(params, *period)].push(i);
        }
    }
    let rows: Vec<(usize, Vec<usize>)> = rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()).collect();
    if kind(params) == AverageKind::Sma {
        return simple(x, &rows, out);
    }
    let mut series = Vec::new();
    for (period, rows) in rows {
        average(params, period).fill(x, &mut series);
        rows.iter().for_each(|&i| out[i] = series[i]);
    }
}

/// Periods whose means are made together, so that the series is in the nearest cache and their windows are too.
const TOGETHER: usize = 8;

/// The simple averages over each period at its rows.
fn simple(x: &[f64], rows: &[(usize, Vec<usize>)], out: &mut [f64]) {
    // A single window costs as much as several of those that are made in order, and more the longer it is.
    let (single, many): (Vec<_>, Vec<_>) = rows.iter().partition(|(period, rows)| (32 + period) * rows.len() < x.len());
    for (period, rows) in single {
        rows.iter().for_each(|&i| out[i] = finite(mean_at(x, i, *period)));
    }
    let mut buffer = [0.0; PIECE];
    for periods in many.chunks(TOGETHER) {
        let mut averages: Vec<(Means, &[usize])> =
            periods.iter().map(|(period, rows)| (Means::new(*period, x.len()), &rows[..])).collect();
        for (piece, values) in x.chunks(PIECE).enumerate() {
            let start = piece * PIECE;
            for (means, rows) in &mut averages {
                let means_here = &mut buffer[..values.len()];
                means.extend(values, means_here);
                let (here, later) = rows.split_at(rows.partition_point(|&row| row < start + values.len()));
                here.iter().for_each(|&row| out[row] = finite(means_here[row - start]));
                *rows = later;
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
        let period = limited(&self.params, periods);
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
