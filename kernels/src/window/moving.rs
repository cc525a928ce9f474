//! Moving primitives over a whole series: the bits of the ones that are stepped, in loops over slices.

use super::extremes::Channel;

/// Sums of every window of a series that is given in pieces, with the bits of `Sliding<Sum>`.
///
/// The sums of the older block from its end and of the newer one from its start do not wait for each other.
#[derive(Debug, Clone)]
pub struct MovingSum {
    period: usize,
    /// Suffix sums of the block before.
    older: Vec<f64>,
    /// Values of the block being filled, and their sum.
    block: Vec<f64>,
    sum: f64,
}

impl MovingSum {
    /// Windows of `period` values. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        MovingSum { period, older: Vec::new(), block: Vec::new(), sum: 0.0 }
    }

    /// The sums of the windows that end at the next values; `NaN` before `period` values.
    pub fn extend(&mut self, mut values: &[f64], mut out: &mut [f64]) {
        while !values.is_empty() {
            let at = self.block.len();
            let (now, later) = values.split_at(values.len().min(self.period - at));
            let (sums, rest) = std::mem::take(&mut out).split_at_mut(now.len());
            (values, out) = (later, rest);
            for (i, (&x, sum)) in now.iter().zip(sums.iter_mut()).enumerate() {
                self.sum = if at + i == 0 { x } else { self.sum + x };
                *sum = self.sum;
            }
            self.block.extend_from_slice(now);
            let is_full = self.block.len() == self.period;
            // The last place of a full block has its own sum; the others join the rest of the older block.
            let joined = &mut sums[..now.len() - usize::from(is_full)];
            match self.older.get(at + 1..) {
                Some(rest) => joined.iter_mut().zip(rest).for_each(|(sum, rest)| *sum += rest),
                None => joined.fill(f64::NAN),
            }
            if is_full {
                let mut suffix = 0.0;
                for (i, x) in self.block.iter_mut().enumerate().rev() {
                    suffix = if i + 1 == self.period { *x } else { *x + suffix };
                    *x = suffix;
                }
                std::mem::swap(&mut self.older, &mut self.block);
                self.block.clear();
            }
        }
    }
}

/// Means of every window of a series that is given in pieces, with the bits of `Mean`, except that a sum that is too
/// large for a number stays infinite.
#[derive(Debug, Clone)]
pub struct MovingMean {
    sum: MovingSum,
    last: f64,
    /// Equal values up to the last one.
    run: usize,
}

impl MovingMean {
    /// Windows of `period` values. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        MovingMean { sum: MovingSum::new(period), last: f64::NAN, run: 0 }
    }

    /// The means of the windows that end at the next values; `NaN` before `period` values.
    pub fn extend(&mut self, values: &[f64], out: &mut [f64]) {
        let Some((&first, &last)) = values.first().zip(values.last()) else { return };
        self.sum.extend(values, out);
        let len = self.sum.period as f64;
        out.iter_mut().for_each(|mean| *mean /= len);
        // Mostly no two neighbours are equal, and then nothing is flat; one value is its own mean anyway.
        let equal: usize = values.windows(2).map(|pair| usize::from(pair[0] == pair[1])).sum();
        if equal == 0 && first != self.last {
            (self.last, self.run) = (last, 1);
            return;
        }
        for (&x, mean) in values.iter().zip(out) {
            self.run = if x == self.last { self.run + 1 } else { 1 };
            self.last = x;
            *mean = if (self.run >= self.sum.period) & !x.is_nan() { x } else { *mean };
        }
    }
}

/// Bars that are worked on at a time, so that they stay in the nearest cache.
pub const PIECE: usize = 1024;

/// Longest window whose extremes are found by doubling.
const DOUBLED: usize = 2048;

/// Highest high and lowest low of every window, with the values of [`Channel`], handed out in pieces with the position
/// of the first; `NaN` before `period` bars and while a price in the window is not finite.
///
/// A window of `2 w` values has the extremes of the two windows of `w` values in it, and windows may overlap: the
/// logarithm of `period` passes without a branch.
pub fn moving_channel(high: &[f64], low: &[f64], period: usize, mut f: impl FnMut(usize, &[f64], &[f64])) {
    let len = high.len();
    if period > DOUBLED {
        let mut channel = Channel::new(period);
        for i in 0..len {
            let known = high[i].is_finite() & low[i].is_finite();
            let [high, low] = channel.step(if known { high[i] } else { f64::NAN }, low[i]);
            f(i, &[high], &[low]);
        }
        return;
    }
    let piece = PIECE.max(period);
    let mut buffers = [(); 4].map(|()| Vec::with_capacity((piece + period).min(len)));
    for start in (0..len).step_by(piece) {
        let (from, end) = (start.saturating_sub(period - 1), (start + piece).min(len));
        let [highs, lows, next_highs, next_lows] = &mut buffers;
        for column in [&mut *highs, &mut *lows, &mut *next_highs, &mut *next_lows] {
            column.clear();
            column.resize(end - from, 0.0);
        }
        let bars = high[from..end].iter().zip(&low[from..end]);
        for ((highest, lowest), (&high, &low)) in highs.iter_mut().zip(lows.iter_mut()).zip(bars) {
            // A missing bar is infinitely high and low.
            let known = high.is_finite() & low.is_finite();
            (*highest, *lowest) = if known { (high, low) } else { (f64::INFINITY, f64::NEG_INFINITY) };
        }
        let mut width = 1;
        while width < period {
            let shift = width.min(period - width);
            double(highs, next_highs, shift, |older, newer| if older > newer { older } else { newer });
            double(lows, next_lows, shift, |older, newer| if older < newer { older } else { newer });
            std::mem::swap(highs, next_highs);
            std::mem::swap(lows, next_lows);
            width += shift;
        }
        let known = start - from..end - from;
        let (highs, lows) = (&mut highs[known.clone()], &mut lows[known]);
        for (i, (high, low)) in highs.iter_mut().zip(lows.iter_mut()).enumerate() {
            let hidden = (*high == f64::INFINITY) | (start + i + 1 < period);
            (*high, *low) = if hidden { (f64::NAN, f64::NAN) } else { (*high, *low) };
        }
        f(start, highs, lows);
    }
}

/// Joins every value with the one `shift` places before it.
#[inline(always)]
fn double(values: &[f64], out: &mut [f64], shift: usize, join: impl Fn(f64, f64) -> f64) {
    let shift = shift.min(values.len());
    let (head, tail) = out.split_at_mut(shift);
    head.copy_from_slice(&values[..shift]);
    for ((out, &newer), &older) in tail.iter_mut().zip(&values[shift..]).zip(values) {
        *out = join(older, newer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Mean, Sliding, Sum};

    fn values(len: usize) -> Vec<f64> {
        let odd = [f64::NAN, f64::INFINITY, 1e300, -0.0, 0.0];
        let value = |i: usize| match i % 197 {
            k if k < 5 && len > 100 => odd[k],
            k if k < 40 => 1.1,
            k => 100.0 + (k as f64 * 0.37).sin(),
        };
        (0..len).map(value).collect()
    }

    fn same(a: f64, b: f64) -> bool {
        a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
    }

    #[test]
    fn sums_have_the_bits_of_the_window() {
        for len in [0, 1, 2, 19, 20, 21, 600] {
            for period in [1, 2, 3, 7, 20, 64, 700] {
                let values = values(len);
                let mut sums = vec![7.0; len];
                let mut moving = MovingSum::new(period);
                let pieces = values.chunks(9).zip(sums.chunks_mut(9));
                pieces.for_each(|(values, sums)| moving.extend(values, sums));
                let mut means = vec![7.0; len];
                let mut moving = MovingMean::new(period);
                let pieces = values.chunks(9).zip(means.chunks_mut(9));
                pieces.for_each(|(values, means)| moving.extend(values, means));
                let mut mean = Mean::new(period);
                for (&x, &got) in values.iter().zip(&means) {
                    let step = mean.step(x);
                    assert!(same(step, got), "{step}, {got}, period {period}");
                }
                let mut window = Sliding::<Sum>::new(period);
                for (&x, &sum) in values.iter().zip(&sums) {
                    let step = window.push(x).map_or(f64::NAN, |sum| sum.0);
                    assert!(same(step, sum), "{step}, {sum}, period {period}");
                }
            }
        }
    }

    #[test]
    fn channels_have_the_values_of_the_window() {
        for len in [0, 1, 2, 19, 600, 3000] {
            for period in [1, 2, 3, 7, 20, 64, 700, 2500] {
                let high = values(len);
                let low: Vec<f64> = values(len + 3)[3..].iter().map(|x| x - 2.0).collect();
                let mut columns = [vec![], vec![]];
                moving_channel(&high, &low, period, |start, highs, lows| {
                    assert_eq!(start, columns[0].len());
                    columns[0].extend_from_slice(highs);
                    columns[1].extend_from_slice(lows);
                });
                let mut channel = Channel::new(period);
                for i in 0..len {
                    let known = high[i].is_finite() && low[i].is_finite();
                    let step = channel.step(if known { high[i] } else { f64::NAN }, low[i]);
                    assert!(same(step[0], columns[0][i]) && same(step[1], columns[1][i]), "{i}, period {period}");
                }
            }
        }
    }
}
