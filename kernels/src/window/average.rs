//! A moving average of any kind: what TA-Lib calls `matype`.

use super::cascade::{Cascade, ZeroLag, double, tillson, triple};
use super::kaufman::Kaufman;
use super::mama::Mama;
use super::mean::{Mean, moving_mean};
use super::room::{PIECE, make_room, next_places};
use super::series::{copy_finite, step_series};
use super::smoother::Smoother;
use super::weighted::{Hull, Triangular, Weighted};
use crate::simd::{finite, widest};

/// A moving average whose kind is known at run time. It has the bits of the indicator of that name.
///
/// A period of one averages nothing, whatever the kind.
#[derive(Debug, Clone)]
pub enum Average {
    /// The value itself.
    Identity,
    /// `sma`
    Simple(Mean),
    /// `ema` and `rma`
    Exponential(Smoother),
    /// `wma`
    Weighted(Weighted),
    /// `dema`
    Double(Box<Cascade<2>>),
    /// `tema`
    Triple(Box<Cascade<3>>),
    /// `trima`
    Triangular(Triangular),
    /// `kama`
    Kaufman(Box<Kaufman>),
    /// `mama`, the faster of its two lines.
    Mama(Box<Mama>),
    /// `t3`
    Tillson(Box<Cascade<6>>),
    /// `hma`
    Hull(Box<Hull>),
    /// `zlema`
    ZeroLag(ZeroLag),
}

/// The kinds, in TA-Lib's numbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AverageKind {
    /// Simple.
    Sma,
    /// Exponential.
    Ema,
    /// Linear weights.
    Wma,
    /// Double exponential.
    Dema,
    /// Triple exponential.
    Tema,
    /// Triangular.
    Trima,
    /// Kaufman's adaptive.
    Kama,
    /// Ehlers' adaptive, with its default limits and without a period.
    Mama,
    /// Tillson's, with its default factor.
    T3,
    /// Hull's.
    Hma,
    /// The value itself.
    None,
    /// Zero-lag exponential.
    Zlema,
    /// Wilder's.
    Rma,
}

/// Words for the kinds; a position is TA-Lib's number. `default` is the kind that a function uses by itself.
pub const AVERAGES: &[&str] =
    &["sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3", "hma", "none", "default", "zlema", "rma"];

impl AverageKind {
    /// The kind at a position in [`AVERAGES`], where `own` is the one that the function uses by itself.
    pub fn at(position: usize, own: AverageKind) -> AverageKind {
        match position {
            0 => AverageKind::Sma,
            1 => AverageKind::Ema,
            2 => AverageKind::Wma,
            3 => AverageKind::Dema,
            4 => AverageKind::Tema,
            5 => AverageKind::Trima,
            6 => AverageKind::Kama,
            7 => AverageKind::Mama,
            8 => AverageKind::T3,
            9 => AverageKind::Hma,
            10 => AverageKind::None,
            12 => AverageKind::Zlema,
            13 => AverageKind::Rma,
            _ => own,
        }
    }

    /// Values before the first average.
    pub fn lookback(self, period: usize) -> usize {
        let before = period - 1;
        match self {
            _ if period == 1 => 0,
            AverageKind::None => 0,
            AverageKind::Sma | AverageKind::Ema | AverageKind::Wma | AverageKind::Trima | AverageKind::Rma => before,
            AverageKind::Dema => 2 * before,
            AverageKind::Tema => 3 * before,
            AverageKind::T3 => 6 * before,
            AverageKind::Kama => Kaufman::lookback(period),
            AverageKind::Mama => Mama::LOOKBACK,
            AverageKind::Hma => Hull::lookback(period),
            AverageKind::Zlema => ZeroLag::lookback(period),
        }
    }

    /// Whether the average depends only on the last values.
    pub fn is_window(self) -> bool {
        matches!(self, AverageKind::Sma | AverageKind::Wma | AverageKind::Trima | AverageKind::Hma | AverageKind::None)
    }
}

impl Average {
    /// An average over `period` values.
    pub fn new(kind: AverageKind, period: usize) -> Self {
        match kind {
            _ if period == 1 => Average::Identity,
            AverageKind::None => Average::Identity,
            AverageKind::Sma => Average::Simple(Mean::new(period)),
            AverageKind::Ema => Average::Exponential(Smoother::ema(period)),
            AverageKind::Rma => Average::Exponential(Smoother::rma(period)),
            AverageKind::Wma => Average::Weighted(Weighted::new(period)),
            AverageKind::Dema => Average::Double(Box::new(double(period))),
            AverageKind::Tema => Average::Triple(Box::new(triple(period))),
            AverageKind::Trima => Average::Triangular(Triangular::new(period)),
            AverageKind::Kama => Average::Kaufman(Box::new(Kaufman::new(period, 2, 30))),
            AverageKind::Mama => Average::Mama(Box::new(Mama::new(0.5, 0.05))),
            AverageKind::T3 => Average::Tillson(Box::new(tillson(period, 0.7))),
            AverageKind::Hma => Average::Hull(Box::new(Hull::new(period))),
            AverageKind::Zlema => Average::ZeroLag(ZeroLag::new(period)),
        }
    }

    /// Takes the next value; `NaN` for a `NaN` and before the first average.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        match self {
            Average::Identity => x,
            Average::Simple(state) => state.step(x),
            Average::Exponential(state) => state.step(x),
            Average::Weighted(state) => state.step(x),
            Average::Double(state) => state.step(x),
            Average::Triple(state) => state.step(x),
            Average::Triangular(state) => state.step(x),
            Average::Kaufman(state) => state.step(x),
            Average::Mama(state) => state.step(x)[0],
            Average::Tillson(state) => state.step(x),
            Average::Hull(state) => state.step(x),
            Average::ZeroLag(state) => state.step(x),
        }
    }

    /// Whether values can be handed to [`Average::run`]: only those of an exponential average that has begun.
    #[inline(always)]
    pub fn takes_runs(&self) -> bool {
        matches!(self, Average::Exponential(average) if average.begins_block())
    }

    /// Replaces at most [`PIECE`](super::PIECE) values by their averages, as [`Average::step`] gives them.
    #[inline(always)]
    pub fn run(&mut self, values: &mut [f64]) {
        match self {
            Average::Exponential(average) => average.fill(values),
            _ => values.iter_mut().for_each(|value| *value = self.step(*value)),
        }
    }

    /// The averages of a whole series, with the bits of [`Average::step`], and `NaN` for what is not finite.
    pub fn fill(self, values: &[f64], out: &mut Vec<f64>) {
        // One loop per kind, so that none of them has to look which one it is.
        match self {
            Average::Simple(state) => moving_mean(values, state.period(), out),
            Average::Identity => step_series(values, out, |x| x),
            Average::Exponential(mut state) => {
                make_room(out, values.len());
                for values in values.chunks(PIECE) {
                    let out = next_places(out, values.len());
                    copy_finite(values, out);
                    state.take(out);
                    widest(|| out.iter_mut().for_each(|average| *average = finite(*average)));
                }
            }
            Average::Weighted(state) => state.fill(values, out),
            Average::Double(mut state) => step_series(values, out, |x| state.step(x)),
            Average::Triple(mut state) => step_series(values, out, |x| state.step(x)),
            Average::Triangular(state) => state.fill(values, out),
            Average::Kaufman(state) => state.fill(values, out),
            Average::Mama(mut state) => step_series(values, out, |x| state.step(x)[0]),
            Average::Tillson(mut state) => step_series(values, out, |x| state.step(x)),
            Average::Hull(state) => state.fill(values, out),
            Average::ZeroLag(state) => state.fill(values, out),
        }
    }
}

/// An average that lets some values pass before it begins, so that its first result comes with that of a longer one:
/// TA-Lib computes the parts of a function from a common first bar. Averages of a window have nothing to wait for.
#[derive(Debug, Clone)]
pub struct Late {
    waits: usize,
    average: Average,
}

impl Late {
    /// An average over `period` values whose first result comes after `lookback` values, or at once if that is later.
    pub fn new(kind: AverageKind, period: usize, lookback: usize) -> Self {
        let waits = if kind.is_window() { 0 } else { lookback.saturating_sub(kind.lookback(period)) };
        Late { waits, average: Average::new(kind, period) }
    }

    /// Takes the next value, as [`Average::step`].
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if self.waits == 0 {
            return self.average.step(x);
        }
        self.waits -= usize::from(!x.is_nan());
        f64::NAN
    }
}

impl Late {
    /// The averages of a whole series, with the bits of [`Late::step`], and `NaN` for what is not finite.
    pub fn fill(self, values: &[f64], out: &mut Vec<f64>) {
        let passed = match self.waits {
            0 => 0,
            // The place after the last of the values that pass.
            waits => {
                let mut present = (0..values.len()).filter(|&i| values[i].is_finite());
                present.nth(waits - 1).map_or(values.len(), |last| last + 1)
            }
        };
        self.average.fill(&values[passed..], out);
        out.splice(0..0, std::iter::repeat_n(f64::NAN, passed));
    }
}

/// A fast and a slow average that begin together.
#[derive(Debug, Clone)]
pub struct FastAndSlow {
    fast: Late,
    slow: Late,
}

impl FastAndSlow {
    /// Two averages, each of a kind and over a number of values.
    pub fn new(fast: (AverageKind, usize), slow: (AverageKind, usize)) -> Self {
        let lookback = Self::lookback(fast, slow);
        FastAndSlow { fast: Late::new(fast.0, fast.1, lookback), slow: Late::new(slow.0, slow.1, lookback) }
    }

    /// Values before the first pair.
    pub fn lookback(fast: (AverageKind, usize), slow: (AverageKind, usize)) -> usize {
        fast.0.lookback(fast.1).max(slow.0.lookback(slow.1))
    }

    /// The averages of a whole series, with the bits of [`FastAndSlow::step`], and `NaN` for what is not finite.
    pub fn fill(self, values: &[f64], fast: &mut Vec<f64>, slow: &mut Vec<f64>) {
        self.fast.fill(values, fast);
        self.slow.fill(values, slow);
    }

    /// Takes the next value and gives the fast and the slow average.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; 2] {
        [self.fast.step(x), self.slow.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> impl Iterator<Item = AverageKind> {
        (0..AVERAGES.len()).map(|position| AverageKind::at(position, AverageKind::Rma))
    }

    #[test]
    fn lookback_and_series() {
        let values: Vec<f64> = (0..1100).map(|i| 100.0 + (f64::from(i) * 0.7).sin()).collect();
        for kind in kinds() {
            for period in [1, 2, 3, 4, 9, 20] {
                let (mut average, mut series) = (Average::new(kind, period), vec![7.0]);
                let steps: Vec<f64> = values.iter().map(|&x| average.step(x)).collect();
                Average::new(kind, period).fill(&values, &mut series);
                assert!(steps.iter().zip(&series).all(|(a, b)| a.to_bits() == b.to_bits()), "{kind:?} {period}");
                let leading = steps.iter().take_while(|x| x.is_nan()).count();
                assert_eq!(leading, kind.lookback(period), "{kind:?} {period}");
            }
        }
    }

    #[test]
    fn a_missing_value_has_no_average() {
        for kind in kinds() {
            let mut average = Average::new(kind, 3);
            (0..50).for_each(|i| _ = average.step(f64::from(i)));
            assert!(average.step(f64::NAN).is_nan(), "{kind:?}");
        }
    }

    #[test]
    fn pairs_begin_together() {
        let mut pair = FastAndSlow::new((AverageKind::Ema, 2), (AverageKind::Ema, 4));
        (0..3).for_each(|i| assert!(pair.step(f64::from(i))[0].is_nan()));
        assert_eq!(pair.step(3.0), [2.5, 1.5]);
    }
}
