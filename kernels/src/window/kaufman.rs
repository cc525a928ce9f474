//! How straight the way of a price was, and Kaufman's adaptive average that follows it.

use std::cell::Cell;

use super::bar::is_negligible;
use super::delay::Delay;
use super::ladder::Ladder;
use super::room::{make_room, next_places};
use super::series::{changes_from, every_window, step_series};
use super::smoother::ema_weight;
use super::summary::Sums;
use super::varying_fading::VaryingFading;
use crate::simd::{all_finite, finite, widest};

/// Net move of `period` bars and the sum of their moves.
#[derive(Debug, Clone)]
pub struct Moves {
    delay: Delay,
    moves: Ladder<Sums, 1, 1>,
    last: f64,
}

/// One step of a [`Moves`].
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Size of the net move.
    pub net: f64,
    /// Sum of the sizes of the moves, at least `net`, or zero if all of them are nothing but rounding.
    pub length: f64,
    /// The value before the newest one.
    pub last: f64,
}

impl Moves {
    /// The moves of `period` bars.
    pub fn new(period: usize) -> Self {
        Moves { delay: Delay::new(period), moves: Ladder::new(period), last: f64::NAN }
    }

    /// Takes the next value, not `NaN`; `None` before `period + 1` values.
    #[inline]
    pub fn step(&mut self, x: f64) -> Option<Way> {
        let net = (x - self.delay.step(x)).abs();
        let last = std::mem::replace(&mut self.last, x);
        if last.is_nan() {
            return None;
        }
        let [length] = self.moves.push([(x - last).abs()]);
        (!length.is_nan()).then(|| Way { net, length: Way::length(length, net, x), last })
    }
}

impl Way {
    /// The length of a way to `x` whose moves have a sum.
    #[inline(always)]
    fn length(sum: f64, net: f64, x: f64) -> f64 {
        // Moves that are nothing but rounding have no direction; and a rounded sum may fall below the one difference.
        let length = if sum < net { net } else { sum };
        if is_negligible(sum, x.abs()) { 0.0 } else { length }
    }
}

/// Exponential average that is fast in a trend and slow in noise: its weight is the square of a number between those of
/// a fast and a slow average, by the ratio of the net move of `period` bars to the sum of their moves.
#[derive(Debug, Clone)]
pub struct Kaufman {
    period: usize,
    path: Moves,
    fastest: f64,
    slowest: f64,
    /// From the average to the newest value; the average starts from the value before the first one that it has.
    distance: VaryingFading,
}

impl Kaufman {
    /// A ratio over `period` bars; a period of one averages nothing.
    pub fn new(period: usize, fast: usize, slow: usize) -> Self {
        Kaufman {
            period,
            path: Moves::new(period),
            fastest: ema_weight(fast),
            slowest: ema_weight(slow),
            distance: VaryingFading::from_place(Self::lookback(period)),
        }
    }

    /// Values before the first average.
    pub fn lookback(period: usize) -> usize {
        if period == 1 { 0 } else { period }
    }

    /// Takes the next value; `NaN` before the first average, which starts from the value before it. A `NaN` gives `NaN`
    /// and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() || self.period == 1 {
            return x;
        }
        let Some(Way { net, length, last }) = self.path.step(x) else { return f64::NAN };
        x - self.distance.step(x - last, self.share(net, length))
    }

    /// The averages of a whole series, with the bits of [`Kaufman::step`], and `NaN` for what is not finite.
    pub fn fill(mut self, values: &[f64], out: &mut Vec<f64>) {
        if self.period == 1 {
            return step_series(values, out, |x| self.step(x));
        }
        make_room(out, values.len());
        let (mut stepped, is_whole) = (self.clone(), Cell::new(true));
        let moves = |start: usize, [moves]: [&mut [f64]; 1]| {
            // While they are in the nearest cache.
            is_whole.set(is_whole.get() && widest(|| all_finite([&values[start..][..moves.len()]])));
            widest(|| changes_from(values, start, moves, |before, now| (now - before).abs()));
        };
        every_window::<Sums, 1, 1>(values.len(), self.period, moves, |start, _, [lengths]| {
            if !is_whole.get() {
                return;
            }
            let places = next_places(out, lengths.len());
            let early = self.period.saturating_sub(start).min(places.len());
            let (before, places) = places.split_at_mut(early);
            before.fill(f64::NAN);
            let (shares, at) = (&mut lengths[early..], start + early);
            if places.is_empty() {
                return;
            }
            let [now, last, earlier] = [0, 1, self.period].map(|ago| &values[at - ago..][..places.len()]);
            widest(|| {
                for ((((place, share), x), last), earlier) in
                    places.iter_mut().zip(&mut *shares).zip(now).zip(last).zip(earlier)
                {
                    let net = (x - earlier).abs();
                    *share = self.share(net, Way::length(*share, net, *x));
                    *place = x - last;
                }
            });
            self.distance.fill(places, shares);
            widest(|| places.iter_mut().zip(now).for_each(|(place, x)| *place = finite(x - *place)));
        });
        if !is_whole.get() {
            step_series(values, out, |x| stepped.step(x));
        }
    }

    /// What is left of the distance to a value on a way.
    #[inline(always)]
    fn share(&self, net: f64, length: f64) -> f64 {
        let ratio = net / length;
        // Without any move the way counts as straight.
        let ratio = if length == 0.0 { 1.0 } else { ratio };
        let weight = ratio * (self.fastest - self.slowest) + self.slowest;
        1.0 - weight * weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_has_the_fast_weight() {
        let mut kaufman = Kaufman::new(2, 2, 30);
        assert!(kaufman.step(1.0).is_nan() && kaufman.step(2.0).is_nan());
        assert!((kaufman.step(3.0) - (2.0 + 4.0 / 9.0)).abs() < 1e-15);
        assert!(kaufman.step(f64::NAN).is_nan());
    }
}
