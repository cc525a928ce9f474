//! Averages of a window that are made of linear weights or of two simple averages.

use super::aggregate::Trend;
use super::mean::{Flat, Mean, moving_mean};
use super::series::moving_column;
use crate::quotient::quotients;

/// A value on the straight line through a window: its mean and a share of its co-moment with the positions. In a window of
/// equal values it is that value.
#[derive(Debug, Clone)]
pub struct OnLine {
    window: Flat<Trend>,
    len: f64,
    tilt: f64,
}

impl OnLine {
    /// A window of `period` values; `tilt` is the share of the co-moment, times `period`.
    pub fn new(period: usize, tilt: f64) -> Self {
        OnLine { window: Flat::new(period), len: period as f64, tilt }
    }

    /// The line at the newest value.
    pub fn at_end(period: usize) -> Self {
        OnLine::new(period, 6.0 / (period as f64 + 1.0))
    }

    /// The line at the oldest value.
    pub fn at_start(period: usize) -> Self {
        OnLine::new(period, -6.0 / (period as f64 + 1.0))
    }

    /// The line one place after the newest of at least two values.
    pub fn ahead(period: usize) -> Self {
        OnLine::new(period, 6.0 / (period as f64 - 1.0))
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        match self.window.push(x) {
            Some((_, true)) => x,
            Some((trend, false)) => (trend.sum + trend.comoment * self.tilt) / self.len,
            None => f64::NAN,
        }
    }

    /// The values for a whole series, with the bits of [`OnLine::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        let OnLine { tilt, len, .. } = *self;
        let pick = |trend: Trend| [trend.sum + trend.comoment * tilt];
        moving_column(values, len as usize, out, pick, |x| x, |_, [sums], out| quotients(sums, len, out));
    }
}

/// Moving mean with the weights `1, 2, ..., period`, the newest value having the largest.
#[derive(Debug, Clone)]
pub struct Weighted(OnLine);

impl Weighted {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Weighted(OnLine::new(period, 2.0 / (period as f64 + 1.0)))
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        self.0.step(x)
    }

    /// The averages of a whole series, with the bits of [`Weighted::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        self.0.fill(values, out);
    }
}

/// Hull's average: a short weighted mean of twice the weighted mean of half the period less that of the whole.
#[derive(Debug, Clone)]
pub struct Hull {
    half: Weighted,
    whole: Weighted,
    root: Weighted,
}

impl Hull {
    /// Windows of `period / 2`, `period` and the square root of `period` values, all rounded down but at least one.
    pub fn new(period: usize) -> Self {
        Hull {
            half: Weighted::new((period / 2).max(1)),
            whole: Weighted::new(period),
            root: Weighted::new(period.isqrt()),
        }
    }

    /// Values before the first average.
    pub fn lookback(period: usize) -> usize {
        period - 1 + period.isqrt() - 1
    }

    /// Takes the next value; `NaN` before the first average and while a `NaN` is among the values it depends on.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let whole = self.whole.step(x);
        self.root.step(2.0 * self.half.step(x) - whole)
    }

    /// The averages of a whole series, with the bits of [`Hull::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        let mut ahead = Vec::new();
        self.half.fill(values, &mut ahead);
        self.whole.fill(values, out);
        ahead.iter_mut().zip(&*out).for_each(|(half, whole)| *half = 2.0 * *half - whole);
        self.root.fill(&ahead, out);
    }
}

/// Triangular average: the simple mean of a simple mean, so that the weights rise to the middle of the window.
#[derive(Debug, Clone)]
pub struct Triangular {
    inner: Mean,
    outer: Mean,
}

impl Triangular {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Triangular { inner: Mean::new(period.div_ceil(2)), outer: Mean::new(period / 2 + 1) }
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        self.outer.step(self.inner.step(x))
    }

    /// The averages of a whole series, with the bits of [`Triangular::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        let mut inner = Vec::new();
        moving_mean(values, self.inner.period(), &mut inner);
        moving_mean(&inner, self.outer.period(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights() {
        // The answer to an impulse is the list of weights, newest first.
        let mut triangular = Triangular::new(4);
        let answer: Vec<f64> = (0..10).map(|i| triangular.step(f64::from(u8::from(i == 4)))).skip(4).take(5).collect();
        assert_eq!(answer, [1.0 / 6.0, 2.0 / 6.0, 2.0 / 6.0, 1.0 / 6.0, 0.0]);
        let mut weighted = Weighted::new(2);
        weighted.step(1.0);
        assert_eq!(weighted.step(4.0), 3.0);
    }

    #[test]
    fn hull_follows_a_line_without_delay() {
        let mut hull = Hull::new(9);
        for i in 0..50 {
            let value = hull.step(f64::from(i));
            assert!(value.is_nan() == (i < 10) && (i < 10 || (value - f64::from(i)).abs() < 1.0), "{i}: {value}");
        }
    }
}
