//! Wilder's directional movement (1978), shared by `adx`, `dx`, `plus_di`, `plus_dm` and their likes.

use super::fading::Fading;
use super::room::PIECE;
use super::true_range::{true_range, true_ranges};

/// Wilder's running sums of directional movement.
///
/// The first `period - 1` bars with a predecessor are added up; from then on `sum = sum - sum / period + x`.
#[derive(Debug, Clone)]
pub struct Movements {
    period: usize,
    /// Bars with a predecessor, up to `period`.
    seen: usize,
    previous: Option<[f64; 2]>,
    sums: [Wilder; 2],
}

impl Movements {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Movements { period, seen: 0, previous: None, sums: [0, 1].map(|_| Wilder::new(period)) }
    }

    /// Takes high and low of the next bar, none of them missing, and returns the sums of upward and of downward
    /// movement, or `None` for the first bar.
    #[inline(always)]
    pub fn step(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let before = self.previous.replace([high, low])?;
        self.seen = (self.seen + 1).min(self.period);
        let [plus, minus] = movement([high, low], before);
        Some([self.sums[0].step(plus, self.seen), self.sums[1].step(minus, self.seen)])
    }

    /// The sums once they hold `period - 1` bars, at least one: the form of `plus_dm`.
    #[inline(always)]
    pub fn warm(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let sums = self.step(high, low)?;
        (self.seen + 1 >= self.period).then_some(sums)
    }

    /// Whether bars can be handed to [`Movements::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen == self.period
    }

    /// The sums at several bars of finite prices, as [`Movements::step`] gives them. They must be warm.
    #[inline(always)]
    pub fn run(&mut self, high: &[f64], low: &[f64], plus: &mut [f64], minus: &mut [f64]) {
        let (Some(before), false) = (self.previous, high.is_empty()) else { return };
        let len = high.len();
        let (high, low, plus, minus) = (&high[..len], &low[..len], &mut plus[..len], &mut minus[..len]);
        [plus[0], minus[0]] = movement([high[0], low[0]], before);
        for i in 1..len {
            [plus[i], minus[i]] = movement([high[i], low[i]], [high[i - 1], low[i - 1]]);
        }
        self.previous = Some([high[len - 1], low[len - 1]]);
        self.sums[0].sum.fill(plus);
        self.sums[1].sum.fill(minus);
    }
}

/// Upward and downward movement from one high and low to the next, at least one of them zero.
#[inline(always)]
fn movement([high, low]: [f64; 2], [before_high, before_low]: [f64; 2]) -> [f64; 2] {
    let (up, down) = (high - before_high, before_low - low);
    [if (up > down) & (up > 0.0) { up } else { 0.0 }, if (down > up) & (down > 0.0) { down } else { 0.0 }]
}

/// A plain sum of `period - 1` values that fades from then on.
#[derive(Debug, Clone)]
struct Wilder {
    period: usize,
    first: f64,
    sum: Fading,
}

impl Wilder {
    fn new(period: usize) -> Self {
        Wilder { period, first: 0.0, sum: Fading::new(1.0 - 1.0 / period as f64) }
    }

    /// Takes the next value, which is number `seen` and counts up to `period`, and gives the sum.
    #[inline(always)]
    fn step(&mut self, x: f64, seen: usize) -> f64 {
        if seen == self.period {
            return self.sum.step(x);
        }
        self.first += x;
        self.sum.start_at(self.first);
        self.first
    }
}

/// Movement relative to the true range: the indicators `+DI` and `-DI`.
///
/// The first value comes `period` bars after the first bar, as in TA-Lib.
#[derive(Debug, Clone)]
pub struct Directional {
    movements: Movements,
    previous_close: f64,
    range: Wilder,
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
        Directional { movements: Movements::new(period), previous_close: f64::NAN, range: Wilder::new(period) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `None` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, bar: [f64; 3]) -> Option<Direction> {
        if bar.iter().any(|price| price.is_nan()) {
            return None;
        }
        let [high, low, close] = bar;
        let before_close = std::mem::replace(&mut self.previous_close, close);
        let [plus, minus] = self.movements.step(high, low)?;
        let range = self.range.step(true_range(high, low, before_close), self.movements.seen);
        self.is_warm().then_some(Direction { plus, minus, range })
    }

    /// Whether bars can be handed to [`Directional::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.movements.is_warm()
    }

    /// What `f` makes of at most [`PIECE`] bars of finite prices, as [`Directional::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, [high, low, close]: [&[f64]; 3], out: &mut [f64], f: impl Fn(Direction) -> f64) {
        let mut buffers = [[0.0; PIECE]; 2];
        let [minus, ranges] = buffers.each_mut().map(|buffer| &mut buffer[..out.len()]);
        self.movements.run(high, low, out, minus);
        self.previous_close = true_ranges(high, low, close, self.previous_close, ranges);
        self.range.sum.fill(ranges);
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
