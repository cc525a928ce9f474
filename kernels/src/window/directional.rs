//! Wilder's directional movement (1978), shared by `adx`, `dx`, `plus_di`, `plus_dm` and their likes.

use super::true_range::true_range;

/// Wilder's running sums of directional movement.
///
/// The first `period - 1` bars with a predecessor are added up; from then on `sum = sum - sum / period + x`.
#[derive(Debug, Clone)]
pub struct Movements {
    period: usize,
    weight: f64,
    /// Bars with a predecessor, up to `period`.
    seen: usize,
    previous: Option<[f64; 2]>,
    plus: f64,
    minus: f64,
}

impl Movements {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Movements { period, weight: 1.0 / period as f64, seen: 0, previous: None, plus: 0.0, minus: 0.0 }
    }

    /// Takes high and low of the next bar, none of them missing, and returns the sums of upward and of downward
    /// movement, or `None` for the first bar.
    #[inline]
    pub fn step(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let [before_high, before_low] = self.previous.replace([high, low])?;
        let (up, down) = (high - before_high, before_low - low);
        let plus = if up > down { up.max(0.0) } else { 0.0 };
        let minus = if down > up { down.max(0.0) } else { 0.0 };
        self.seen = (self.seen + 1).min(self.period);
        let fade = self.fade();
        self.plus = flush(self.plus - self.plus * fade + plus);
        self.minus = flush(self.minus - self.minus * fade + minus);
        Some([self.plus, self.minus])
    }

    /// The sums once they hold `period - 1` bars, at least one: the form of `plus_dm`.
    #[inline]
    pub fn warm(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let sums = self.step(high, low)?;
        (self.seen + 1 >= self.period).then_some(sums)
    }

    /// The share that a sum loses at the current bar.
    #[inline]
    fn fade(&self) -> f64 {
        if self.seen == self.period { self.weight } else { 0.0 }
    }
}

/// Movement relative to the true range: the indicators `+DI` and `-DI`.
///
/// The first value comes `period` bars after the first bar, as in TA-Lib.
#[derive(Debug, Clone)]
pub struct Directional {
    movements: Movements,
    previous_close: f64,
    range: f64,
}

impl Directional {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        Directional { movements: Movements::new(period), previous_close: f64::NAN, range: 0.0 }
    }

    /// Takes high, low and close of the next bar and returns the indicators `+DI` and `-DI`, in percent.
    ///
    /// A bar with a missing price gives `None` and changes nothing. Without any range both indicators are zero.
    #[inline]
    pub fn step(&mut self, bar: [f64; 3]) -> Option<[f64; 2]> {
        if bar.iter().any(|price| price.is_nan()) {
            return None;
        }
        let [high, low, close] = bar;
        let before_close = std::mem::replace(&mut self.previous_close, close);
        let [plus, minus] = self.movements.step(high, low)?;
        let range = true_range(high, low, before_close);
        self.range = flush(self.range - self.range * self.movements.fade() + range);
        if self.movements.seen < self.movements.period {
            return None;
        }
        if self.range == 0.0 {
            return Some([0.0, 0.0]);
        }
        Some([100.0 * (plus / self.range), 100.0 * (minus / self.range)])
    }
}

/// Zero instead of a subnormal number, whose ratio to another one is noise.
#[inline]
fn flush(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_bars_move_up_only() {
        let mut directional = Directional::new(2);
        let bars = [[2.0, 1.0, 1.5], [3.0, 2.0, 2.5], [4.0, 3.0, 3.5]];
        assert!(directional.step(bars[0]).is_none() && directional.step(bars[1]).is_none());
        let [plus, minus] = directional.step(bars[2]).unwrap();
        assert!((plus - 100.0 / 1.5).abs() < 1e-12);
        assert_eq!(minus, 0.0);
    }
}
