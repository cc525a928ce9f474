//! Relative volatility index, Dorsey (1993).
//!
//! The relative strength index of volatility: the standard deviation of `stddev_period` values counts as up where the
//! value rose and as down where it fell, and `up / (up + down)` is taken of Wilder's averages of both over `period`
//! bars, in percent. Fifty without any, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib
//! `RVI`.

use super::def::*;
use super::state::{State, all_finite, compute, finite, stream};
use crate::quotient::divide;
use crate::simd::widest;
use crate::window::{Moments, PIECE, Smoother, Spread, changes_from, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "rvi",
    aliases: &["relative_volatility_index"],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1), Param::period("stddev_period", 10, 2)],
    outputs: &[Output::number("rvi", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) - 2,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Relative volatility index: the share of volatility on rising bars, in percent.",
    formula: "d = rolling_stddev(x, stddev_period); 100 * up / (up + down), where up and down are rma(d where x rose, period) and rma(d where x fell, period); 50 if both are 0. Missing bars are skipped.",
    source: "Dorsey, The Relative Volatility Index, 1993; TA-Lib RVI",
    example: "SELECT ts, rvi(close, 14, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Rvi, 1, 1>,
};

struct Rvi {
    previous: f64,
    spread: Spread,
    len: f64,
    up: Smoother,
    down: Smoother,
}

impl State<1, 1> for Rvi {
    fn new(params: &Params) -> Self {
        let (average, len) = (|| Smoother::rma(params.period(0)), params.period(1));
        Rvi { previous: f64::NAN, spread: Spread::new(len), len: len as f64, up: average(), down: average() }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [x];
        }
        let previous = std::mem::replace(&mut self.previous, x);
        let [_, squares] = self.spread.step(x);
        if squares.is_nan() {
            self.up.wait();
            self.down.wait();
            return [squares];
        }
        let deviation = (squares / self.len).sqrt();
        let up = self.up.step(if x > previous { deviation } else { 0.0 });
        let down = self.down.step(if x < previous { deviation } else { 0.0 });
        [share(up, down)]
    }
}

/// The share of the rises, in percent.
#[inline(always)]
fn share(up: f64, down: f64) -> f64 {
    let both = up + down;
    let share = 100.0 * (up / both);
    if both == 0.0 { 50.0 } else { share }
}

/// The batch form, over whole slices unless a value is missing, which the window skips, or a deviation is no number.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, len, out) = (inputs[0], params.period(1), &mut outputs[0]);
    moving_column::<Moments, 2>(
        x,
        len,
        out,
        |_| 0.0,
        |_, [_, squares], out| {
            divide(squares, len as f64);
            widest(|| out.iter_mut().zip(squares).for_each(|(out, square)| *out = square.sqrt()));
        },
    );
    let known = out.get(len - 1..).unwrap_or_default();
    if !widest(|| all_finite([x])) || !widest(|| all_finite([known])) {
        return compute::<Rvi, 1, 1>(inputs, params, outputs);
    }
    let Rvi { mut up, mut down, .. } = Rvi::new(params);
    let mut buffer = [0.0; PIECE];
    for (piece, ups) in out.chunks_mut(PIECE).enumerate() {
        let downs = &mut buffer[..ups.len()];
        widest(|| changes_from(x, piece * PIECE, downs, |before, now| now - before));
        widest(|| {
            for (deviation, change) in ups.iter_mut().zip(&mut *downs) {
                // Times zero, so that there is nothing before the first deviation.
                let nothing = *deviation * 0.0;
                let (rises, falls) = (*change > 0.0, *change < 0.0);
                *change = if falls { *deviation } else { nothing };
                *deviation = if rises { *deviation } else { nothing };
            }
        });
        up.take(ups);
        down.take(downs);
        widest(|| ups.iter_mut().zip(&*downs).for_each(|(up, down)| *up = finite(share(*up, *down))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // Deviations 1 up, 0.5 down, 0.
        assert!((out[0][2] - 200.0 / 3.0).abs() < 1e-12 && (out[0][3] - 200.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn flat_is_fifty() {
        let out = DEF.evaluate(&[&[0.1; 8]], &[3.0, 3.0]).unwrap();
        assert_eq!(out[0][4..], [50.0; 4]);
    }
}
