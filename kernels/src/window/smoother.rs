//! Exponential smoothing that starts from a simple mean: the recurrence of `ema` and of Wilder's `rma`.

/// `value += weight * (x - value)`, seeded with the mean of the first `period` values.
#[derive(Debug, Clone)]
pub struct Smoother {
    weight: f64,
    period: usize,
    /// Values seen, up to `period`.
    seen: usize,
    value: f64,
}

impl Smoother {
    /// Weight `2 / (period + 1)`.
    pub fn ema(period: usize) -> Self {
        Smoother { weight: Self::ema_weight(period), period, seen: 0, value: 0.0 }
    }

    /// The weight of an exponential average over `period` values.
    pub(super) fn ema_weight(period: usize) -> f64 {
        2.0 / (period as f64 + 1.0)
    }

    /// Weight `1 / period`, as Wilder (1978).
    pub fn rma(period: usize) -> Self {
        Smoother { weight: 1.0 / period as f64, period, seen: 0, value: 0.0 }
    }

    /// A weight of its own, still seeded with the mean of `period` values.
    pub fn with_weight(weight: f64, period: usize) -> Self {
        Smoother { weight, period, seen: 0, value: 0.0 }
    }

    /// Takes the next value; `NaN` before `period` values. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        if self.seen == self.period {
            self.value = flushed(self.value + self.weight * (x - self.value));
            return self.value;
        }
        self.seen += 1;
        self.value += (x - self.value) / self.seen as f64;
        if self.seen == self.period { self.value } else { f64::NAN }
    }
}

/// Zero instead of a subnormal number, in which a long flat stretch would end and whose ratio to another one is noise.
///
/// A branch that is never expected, not a choice: the comparison would be part of the chain from one bar to the next.
#[inline(always)]
pub(super) fn flushed(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { nothing() } else { x }
}

/// Zero, which the compiler must not know.
#[cold]
#[inline(never)]
fn nothing() -> f64 {
    std::hint::black_box(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_from_the_mean_and_skips_missing_values() {
        let mut ema = Smoother::ema(3);
        let out: Vec<f64> = [1.0, f64::NAN, 2.0, 3.0, f64::NAN, 6.0].iter().map(|&x| ema.step(x)).collect();
        assert!(out[0].is_nan() && out[1].is_nan() && out[2].is_nan() && out[4].is_nan());
        assert_eq!((out[3], out[5]), (2.0, 4.0));
    }

    #[test]
    fn decays_to_zero() {
        let mut rma = Smoother::rma(2);
        rma.step(1.0);
        let last = (0..3000).map(|_| rma.step(0.0)).last();
        assert_eq!(last, Some(0.0));
    }
}
