//! Averages of a window that are made of linear weights or of two simple averages.

use super::mean::{Flat, Mean};
use super::room::{PIECE, make_room, next_places};
use super::series::{Means, Windows, moving_column};
use super::summary::{Ramp, Trend};
use crate::quotient::quotients;
use crate::simd::widest;

/// A value on the straight line through a window: its mean and a share of its co-moment with the positions. In a window of
/// equal values it is that value.
#[derive(Debug, Clone)]
pub struct OnLine {
    window: Flat<Trend, 2>,
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
            (_, true) => x,
            ([sum, comoment], false) => (sum + comoment * self.tilt) / self.len,
        }
    }

    /// The values for a whole series, with the bits of [`OnLine::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        let OnLine { tilt, len, .. } = *self;
        moving_column::<Trend, 2>(
            values,
            len as usize,
            out,
            |x| x,
            |_, [sums, comoments], out| {
                widest(|| sums.iter_mut().zip(comoments).for_each(|(sum, comoment)| *sum += *comoment * tilt));
                quotients(sums, len, out);
            },
        );
    }
}

/// Moving mean with the weights `1, 2, ..., period`, the newest value having the largest.
#[derive(Debug, Clone)]
pub struct Weighted {
    window: Flat<Ramp, 2>,
    /// Sum of the weights.
    weights: f64,
}

impl Weighted {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Weighted { window: Flat::new(period), weights: period as f64 * (period as f64 + 1.0) / 2.0 }
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        match self.window.push(x) {
            (_, true) => x,
            ([_, ramp], false) => ramp / self.weights,
        }
    }

    /// The averages of a whole series, with the bits of [`Weighted::step`], and `NaN` for what is not finite.
    pub fn fill(&self, values: &[f64], out: &mut Vec<f64>) {
        let mut ramps = Ramps::new(self, values.len());
        make_room(out, values.len());
        for values in values.chunks(PIECE) {
            ramps.extend(values, next_places(out, values.len()));
        }
    }
}

/// [`Weighted`] averages of a series that is given in pieces.
struct Ramps {
    windows: Windows<Ramp, 2>,
    weights: f64,
}

impl Ramps {
    /// In a series of `len` values.
    fn new(average: &Weighted, len: usize) -> Self {
        Ramps { windows: Windows::new(average.window.period(), len), weights: average.weights }
    }

    /// The averages at the next values, and `NaN` for what is not finite.
    #[inline(always)]
    fn extend(&mut self, values: &[f64], out: &mut [f64]) {
        let weights = self.weights;
        self.windows.column(values, out, |x| x, |_, [_, ramps], out| quotients(ramps, weights, out));
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
        let [mut half, mut whole, mut root] =
            [&self.half, &self.whole, &self.root].map(|average| Ramps::new(average, values.len()));
        let [mut ahead, mut wholes] = [[0.0; PIECE]; 2];
        make_room(out, values.len());
        for values in values.chunks(PIECE) {
            let [ahead, wholes] = [&mut ahead, &mut wholes].map(|buffer| &mut buffer[..values.len()]);
            half.extend(values, ahead);
            whole.extend(values, wholes);
            widest(|| ahead.iter_mut().zip(&*wholes).for_each(|(half, whole)| *half = 2.0 * *half - whole));
            root.extend(ahead, next_places(out, values.len()));
        }
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
        let [mut inner, mut outer] = [&self.inner, &self.outer].map(|mean| Means::new(mean.period(), values.len()));
        let mut buffer = [0.0; PIECE];
        make_room(out, values.len());
        for values in values.chunks(PIECE) {
            let once = &mut buffer[..values.len()];
            inner.extend(values, once);
            outer.extend(once, next_places(out, values.len()));
        }
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
