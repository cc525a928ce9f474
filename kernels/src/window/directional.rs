//! Wilder's directional movement (1978), shared by `adx`, `dx`, `plus_di`, `plus_dm` and their likes.

use super::fading::{Fadings, Past, Recurrence};
use super::room::PIECE;
use super::true_range::known_range;
use crate::eight::Number;

/// Wilder's running sums of directional movement.
///
/// The first `period - 1` bars with a predecessor are added up; from then on `sum = sum - sum / period + x`.
#[derive(Debug, Clone)]
pub struct Movements {
    sums: Wilder<2, 2>,
}

/// Columns of the bars before.
const HIGH: usize = 0;
const LOW: usize = 1;
const CLOSE: usize = 2;

impl Movements {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Movements { sums: Wilder::new(period) }
    }

    /// Takes high and low of the next bar, none of them missing, and returns the sums of upward and of downward movement once
    /// they hold `period - 1` bars, at least one: the form of `plus_dm`.
    #[inline(always)]
    pub fn step(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let sums = self.sums.step(&Moving, [high, low])?;
        (self.sums.seen + 1 >= self.sums.period).then_some(sums)
    }

    /// Whether bars can be handed to [`Movements::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.sums.is_warm()
    }

    /// The sums at several bars of finite prices, as [`Movements::step`] gives them. They must be warm.
    #[inline(always)]
    pub fn run(&mut self, bars: [&[f64]; 2], plus: &mut [f64], minus: &mut [f64]) {
        self.sums.fadings.run(&Fading(&Moving), bars, [plus, minus]);
    }
}

/// Upward and downward movement from one bar to the next, at least one of them zero.
struct Moving;

impl Values<2, 2> for Moving {
    #[inline(always)]
    fn values<P: Past>(&self, past: &mut P, [high, low]: [P::T; 2]) -> [P::T; 2] {
        let (up, down) = (high - past.before(HIGH, high), past.before(LOW, low) - low);
        let nothing = up.all(0.0);
        [up.if_above(down.larger(nothing), up, nothing), down.if_above(up.larger(nothing), down, nothing)]
    }
}

/// Both movements and the true range.
struct MovingInRange;

impl Values<3, 3> for MovingInRange {
    #[inline(always)]
    fn values<P: Past>(&self, past: &mut P, [high, low, close]: [P::T; 3]) -> [P::T; 3] {
        let [plus, minus] = Moving.values(past, [high, low]);
        [plus, minus, known_range(high, low, past.before(CLOSE, close))]
    }
}

/// What is added up of a bar and the one before it.
trait Values<const IN: usize, const N: usize> {
    /// One for each sum.
    fn values<P: Past>(&self, past: &mut P, bar: [P::T; IN]) -> [P::T; N];
}

/// Sums of values.
struct Fading<'a, V>(&'a V);

impl<V: Values<IN, N>, const IN: usize, const N: usize> Recurrence<IN, N> for Fading<'_, V> {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; IN]) -> [P::T; N] {
        let mut sums = self.0.values(past, bar);
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum = past.fade(k, *sum);
        }
        sums
    }
}

/// Plain sums of `period - 1` values, which fade from then on.
#[derive(Debug, Clone)]
struct Wilder<const N: usize, const C: usize> {
    period: usize,
    has_begun: bool,
    /// Bars with a predecessor, up to `period`.
    seen: usize,
    fadings: Fadings<N, C>,
}

impl<const N: usize, const C: usize> Wilder<N, C> {
    fn new(period: usize) -> Self {
        Wilder { period, has_begun: false, seen: 0, fadings: Fadings::new([1.0 - 1.0 / period as f64; N]) }
    }

    /// Whether the next bar is not one of the first `period`.
    #[inline(always)]
    fn is_warm(&self) -> bool {
        self.seen == self.period
    }

    /// Takes the next bar and gives the sums; `None` for the first bar.
    #[inline(always)]
    fn step<V: Values<IN, N>, const IN: usize>(&mut self, values: &V, bar: [f64; IN]) -> Option<[f64; N]> {
        if self.is_warm() {
            return Some(self.fadings.step(&Fading(values), bar));
        }
        let values = values.values(&mut self.fadings, bar);
        let has_before = std::mem::replace(&mut self.has_begun, true);
        if has_before {
            self.seen += 1;
            for (k, value) in values.into_iter().enumerate() {
                if self.is_warm() {
                    self.fadings.fade(k, value);
                } else {
                    self.fadings.start_at(k, self.fadings.sum(k) + value);
                }
            }
        }
        self.fadings.settle();
        has_before.then(|| std::array::from_fn(|k| self.fadings.sum(k)))
    }
}

/// Movement relative to the true range: the indicators `+DI` and `-DI`.
///
/// The first value comes `period` bars after the first bar, as in TA-Lib.
#[derive(Debug, Clone)]
pub struct Directional {
    sums: Wilder<3, 3>,
}

/// The sums of upward movement, downward movement and true range at a bar.
#[derive(Debug, Clone, Copy)]
pub struct Direction {
    plus: f64,
    minus: f64,
    range: f64,
}

impl Direction {
    /// The indicators `+DI` and `-DI`, in percent. Without any range both are zero.
    #[inline(always)]
    pub fn indicators(self) -> [f64; 2] {
        let (plus, minus) = (100.0 * (self.plus / self.range), 100.0 * (self.minus / self.range));
        if self.range == 0.0 { [0.0, 0.0] } else { [plus, minus] }
    }

    /// The distance of the indicators relative to their sum, in percent; `NaN` if both are zero.
    #[inline(always)]
    pub fn index(self) -> f64 {
        // The range cancels.
        let total = self.plus + self.minus;
        let index = 100.0 * ((self.plus - self.minus).abs() / total);
        if (self.range == 0.0) | (total == 0.0) { f64::NAN } else { index }
    }
}

impl Directional {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Directional { sums: Wilder::new(period) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `None` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, bar: [f64; 3]) -> Option<Direction> {
        if bar.iter().any(|price| price.is_nan()) {
            return None;
        }
        let [plus, minus, range] = self.sums.step(&MovingInRange, bar)?;
        self.is_warm().then_some(Direction { plus, minus, range })
    }

    /// Whether bars can be handed to [`Directional::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.sums.is_warm()
    }

    /// What `f` makes of at most [`PIECE`] bars of finite prices, as [`Directional::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, bars: [&[f64]; 3], out: &mut [f64], f: impl Fn(Direction) -> f64) {
        let mut buffers = [[0.0; PIECE]; 2];
        let [minus, ranges] = buffers.each_mut().map(|buffer| &mut buffer[..out.len()]);
        self.sums.fadings.run(&Fading(&MovingInRange), bars, [&mut *out, &mut *minus, &mut *ranges]);
        for ((out, &minus), &range) in out.iter_mut().zip(&*minus).zip(&*ranges) {
            *out = f(Direction { plus: *out, minus, range });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_bars_move_up_only() {
        let mut directional = Directional::new(2);
        let bars = [[2.0, 1.0, 1.5], [3.0, 2.0, 2.5], [4.0, 3.0, 3.5]];
        assert!(directional.step(bars[0]).is_none() && directional.step(bars[1]).is_none());
        let [plus, minus] = directional.step(bars[2]).unwrap().indicators();
        assert!((plus - 100.0 / 1.5).abs() < 1e-12);
        assert_eq!(minus, 0.0);
    }
}
