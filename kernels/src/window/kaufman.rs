//! How straight the way of a price was, and Kaufman's adaptive average that follows it.

use super::aggregate::Sum;
use super::bar::is_negligible;
use super::delay::Delay;
use super::fading::VaryingFading;
use super::room::PIECE;
use super::sliding::Sliding;
use super::smoother::ema_weight;

/// Net move of `period` bars and the sum of their moves.
#[derive(Debug, Clone)]
pub struct Moves {
    delay: Delay,
    moves: Sliding<Sum>,
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
        Moves { delay: Delay::new(period), moves: Sliding::new(period), last: f64::NAN }
    }

    /// Takes the next value, not `NaN`; `None` before `period + 1` values.
    #[inline]
    pub fn step(&mut self, x: f64) -> Option<Way> {
        let net = (x - self.delay.step(x)).abs();
        let last = std::mem::replace(&mut self.last, x);
        if last.is_nan() {
            return None;
        }
        let Sum(length) = self.moves.push((x - last).abs())?;
        Some(Way { net, length: Way::length(length, net, x), last })
    }

    /// Whether values can be handed to [`Moves::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.moves.is_full()
    }

    /// The lengths and net moves at several finite values; the first ones must have been stepped.
    #[inline(always)]
    pub fn run(&mut self, x: &[f64], lengths: &mut [f64], nets: &mut [f64]) {
        let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return };
        lengths[0] = (first - self.last).abs();
        for (length, pair) in lengths[1..].iter_mut().zip(x.windows(2)) {
            *length = (pair[1] - pair[0]).abs();
        }
        self.last = last;
        self.moves.fill(lengths);
        nets.copy_from_slice(x);
        self.delay.fill(nets);
        for ((net, length), &x) in nets.iter_mut().zip(lengths).zip(x) {
            *net = (x - *net).abs();
            *length = Way::length(*length, *net, x);
        }
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
            distance: VaryingFading::default(),
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

    /// Whether values can be handed to [`Kaufman::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.period > 1 && self.path.is_warm()
    }

    /// The averages of at most [`PIECE`] finite values, as [`Kaufman::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, x: &[f64], out: &mut [f64]) {
        let mut buffers = [[0.0; PIECE]; 2];
        let [shares, nets] = buffers.each_mut().map(|buffer| &mut buffer[..x.len()]);
        out[0] = x[0] - self.path.last;
        for (change, pair) in out[1..].iter_mut().zip(x.windows(2)) {
            *change = pair[1] - pair[0];
        }
        self.path.run(x, shares, nets);
        for (length, &net) in shares.iter_mut().zip(&*nets) {
            *length = self.share(net, *length);
        }
        self.distance.fill(out, shares);
        for (distance, &x) in out.iter_mut().zip(x) {
            *distance = x - *distance;
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
