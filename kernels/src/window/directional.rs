//! Wilder's directional movement (1978), shared by `adx`, `dx`, `plus_di`, `plus_dm` and their likes.

use super::fading::{Fadings, Past, Recurrence};
use super::room::PIECE;
use super::true_range::{true_range, true_ranges};
use crate::eight::Number;
use crate::simd::widest_fn;

/// Wilder's running sums of directional movement.
///
/// The first `period - 1` bars with a predecessor are added up; from then on `sum = sum - sum / period + x`.
#[derive(Debug, Clone)]
pub struct Movements {
    /// High and low of the last bar.
    last: [f64; 2],
    sums: Wilder<2>,
}

impl Movements {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Movements { last: [f64::NAN; 2], sums: Wilder::new(period) }
    }

    /// Takes high and low of the next bar, none of them missing, and returns the sums of upward and of downward movement once
    /// they hold `period - 1` bars, at least one: the form of `plus_dm`.
    #[inline(always)]
    pub fn step(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let last = std::mem::replace(&mut self.last, [high, low]);
        let sums = self.sums.step(movement([high, low], last))?;
        (self.sums.seen + 1 >= self.sums.period).then_some(sums)
    }

    /// Whether a block of bars begins, which can be handed to [`Movements::run`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.sums.begins_block()
    }

    /// The sums at bars of finite prices, at most [`PIECE`] of them, as [`Movements::step`] gives them. They must be warm.
    #[inline(always)]
    pub fn run(&mut self, bars: [&[f64]; 2], plus: &mut [f64], minus: &mut [f64]) {
        let mut buffers = [[0.0; PIECE]; 2];
        let [ups, downs] = buffers.each_mut().map(|buffer| &mut buffer[..plus.len()]);
        movements(bars, &mut self.last, ups, downs);
        self.sums.fadings.run(&AddedUp, [ups, downs], [plus, minus]);
    }
}

/// Upward and downward movement from the high and low of one bar to those of the next, at least one of them zero.
#[inline(always)]
fn movement([high, low]: [f64; 2], [last_high, last_low]: [f64; 2]) -> [f64; 2] {
    let (up, down) = (high - last_high, last_low - low);
    [if up > down.larger(0.0) { up } else { 0.0 }, if down > up.larger(0.0) { down } else { 0.0 }]
}

/// The movements of bars after the last one, which is then the last of them.
#[inline(always)]
fn movements([high, low]: [&[f64]; 2], last: &mut [f64; 2], ups: &mut [f64], downs: &mut [f64]) {
    let end = ups.len() - 1;
    [ups[0], downs[0]] = movement([high[0], low[0]], *last);
    later_movements([high, low], &mut ups[1..], &mut downs[1..]);
    *last = [high[end], low[end]];
}

widest_fn! {
    /// The movements of all bars but the first.
    [] []
    fn later_movements(bars: [&[f64]; 2], ups: &mut [f64], downs: &mut [f64]) {
        let [high, low] = bars;
        let pairs = high.windows(2).zip(low.windows(2));
        for ((up, down), (high, low)) in ups.iter_mut().zip(downs).zip(pairs) {
            [*up, *down] = movement([high[1], low[1]], [high[0], low[0]]);
        }
    }
}

/// A sum of each number.
struct AddedUp;

impl<const N: usize> Recurrence<N, N> for AddedUp {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, mut numbers: [P::T; N]) -> [P::T; N] {
        for (k, number) in numbers.iter_mut().enumerate() {
            *number = past.fade(k, *number);
        }
        numbers
    }
}

/// Plain sums of `period - 1` values, which fade from then on.
#[derive(Debug, Clone)]
struct Wilder<const N: usize> {
    period: usize,
    has_begun: bool,
    /// Bars with a predecessor, up to `period`.
    seen: usize,
    fadings: Fadings<N, 0>,
}

impl<const N: usize> Wilder<N> {
    fn new(period: usize) -> Self {
        Wilder { period, has_begun: false, seen: 0, fadings: Fadings::new([1.0 - 1.0 / period as f64; N]) }
    }

    /// Whether the next bar is not one of the first `period`.
    #[inline(always)]
    fn is_warm(&self) -> bool {
        self.seen == self.period
    }

    #[inline(always)]
    fn begins_block(&self) -> bool {
        self.is_warm() && self.fadings.begins_block()
    }

    /// Takes the values of the next bar and gives the sums; `None` for the first bar, which has no values.
    #[inline(always)]
    fn step(&mut self, values: [f64; N]) -> Option<[f64; N]> {
        if self.is_warm() {
            return Some(self.fadings.step(&AddedUp, values));
        }
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
    /// High and low of the last bar, and its close.
    last: [f64; 2],
    previous_close: f64,
    sums: Wilder<3>,
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
        Directional { last: [f64::NAN; 2], previous_close: f64::NAN, sums: Wilder::new(period) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `None` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, bar @ [high, low, close]: [f64; 3]) -> Option<Direction> {
        if bar.iter().any(|price| price.is_nan()) {
            return None;
        }
        let last = std::mem::replace(&mut self.last, [high, low]);
        let previous_close = std::mem::replace(&mut self.previous_close, close);
        let [up, down] = movement([high, low], last);
        let [plus, minus, range] = self.sums.step([up, down, true_range(high, low, previous_close)])?;
        self.sums.is_warm().then_some(Direction { plus, minus, range })
    }

    /// Whether a block of bars begins, which can be handed to [`Directional::run`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.sums.begins_block()
    }

    /// What `f` makes of at most [`PIECE`] bars of finite prices, as [`Directional::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, [high, low, close]: [&[f64]; 3], out: &mut [f64], f: impl Fn(Direction) -> f64) {
        let mut buffers = [[0.0; PIECE]; 5];
        let [ups, downs, true_range, minus, range] = buffers.each_mut().map(|buffer| &mut buffer[..out.len()]);
        movements([high, low], &mut self.last, ups, downs);
        self.previous_close = true_ranges(high, low, close, self.previous_close, true_range);
        self.sums.fadings.run(&AddedUp, [ups, downs, true_range], [&mut *out, &mut *minus, &mut *range]);
        for ((out, &minus), &range) in out.iter_mut().zip(&*minus).zip(&*range) {
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
