//! Exponential averages side by side, some of them of others, each of which begins with the mean of its first values.

use super::fading::{Fadings, Making, Past, Recurrence};
use super::smoother::ema_weight;

/// `N` exponential averages, of columns with the same numbers, and the last values of `C` columns in all.
#[derive(Debug, Clone)]
pub struct Averages<const N: usize, const C: usize> {
    seeds: [Seed; N],
    /// Of the newest values from their averages.
    distances: Fadings<N, C>,
}

/// The mean of the first `period` values, with which an average begins.
#[derive(Debug, Clone)]
pub(super) struct Seed {
    period: usize,
    /// Values seen, up to `period`.
    seen: usize,
    mean: f64,
}

impl Seed {
    pub(super) fn new(period: usize) -> Self {
        Seed { period, seen: 0, mean: 0.0 }
    }

    /// Whether there is the mean.
    #[inline(always)]
    fn is_done(&self) -> bool {
        self.seen == self.period
    }

    /// Takes one of the values; the mean with the last of them.
    #[inline(always)]
    pub(super) fn take(&mut self, x: f64) -> Option<f64> {
        self.seen += 1;
        self.mean += (x - self.mean) / self.seen as f64;
        self.is_done().then_some(self.mean)
    }
}

impl<const N: usize, const C: usize> Averages<N, C> {
    /// Averages over the periods.
    pub fn new(periods: [usize; N]) -> Self {
        Self::with_weights(periods, periods.map(ema_weight))
    }

    /// Averages over the periods with weights of `1 / period`, as Wilder (1978).
    pub fn wilder(periods: [usize; N]) -> Self {
        Self::with_weights(periods, periods.map(|period| 1.0 / period as f64))
    }

    /// Averages with weights of their own, still seeded with the means of `periods` values.
    pub fn with_weights(periods: [usize; N], weights: [f64; N]) -> Self {
        Averages { seeds: periods.map(Seed::new), distances: Fadings::new(weights.map(|weight| 1.0 - weight)) }
    }

    /// Whether the next bar has every average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seeds.iter().all(Seed::is_done)
    }

    /// What is made of the next bar, none of whose numbers is `NaN`; averages that have not begun are `NaN`.
    #[inline(always)]
    pub fn step<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        bar: [f64; IN],
    ) -> [f64; OUT] {
        if self.is_warm() {
            return self.distances.step(recurrence, bar);
        }
        let made = recurrence.bar(self, bar);
        self.distances.settle();
        made
    }

    /// Lets a bar pass before the first value, so that blocks begin where those of other averages do.
    #[inline(always)]
    pub fn wait(&mut self) {
        if self.seeds.iter().all(|seed| seed.seen == 0) {
            self.distances.settle();
        }
    }

    /// What is made of bars, none of whose numbers is `NaN`, as [`Averages::step`] gives it.
    #[inline(always)]
    pub fn take<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        mut outputs: [&mut [f64]; OUT],
    ) {
        let mut warm = 0;
        while warm < inputs[0].len() && !self.is_warm() {
            let made = self.step(recurrence, inputs.map(|input| input[warm]));
            for (output, made) in outputs.iter_mut().zip(made) {
                output[warm] = made;
            }
            warm += 1;
        }
        self.run(recurrence, inputs.map(|input| &input[warm..]), outputs.map(|output| &mut output[warm..]));
    }

    /// The same. The averages must be warm.
    #[inline(always)]
    pub fn run<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) {
        self.distances.run(recurrence, inputs, outputs);
    }

    /// Whether the next bars can be handed to [`Averages::run_finite`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.distances.begins_block() && self.is_warm()
    }

    /// What is made of bars, as by [`Fadings::run_made`].
    #[inline(always)]
    pub fn run_made<M, R, const IN: usize, const MADE: usize, const OUT: usize>(
        &mut self,
        making: &M,
        last: &mut [f64; IN],
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) -> usize
    where
        M: Making<IN, MADE>,
        R: Recurrence<MADE, OUT>,
    {
        self.distances.run_made(making, last, recurrence, inputs, outputs)
    }

    /// What is made of bars, as by [`Fadings::run_finite`].
    #[inline(always)]
    pub fn run_finite<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) -> usize {
        self.distances.run_finite(recurrence, inputs, outputs)
    }
}

/// Averages some of which have not begun.
impl<const N: usize, const C: usize> Past for Averages<N, C> {
    type T = f64;

    #[inline(always)]
    fn before(&mut self, k: usize, x: f64) -> f64 {
        self.distances.before(k, x)
    }

    #[inline(always)]
    fn share(&self, k: usize) -> f64 {
        self.distances.share(k)
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, x: f64) -> f64 {
        self.distances.fade(k, x)
    }

    /// `NaN` before the average has begun. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    fn distance(&mut self, k: usize, x: f64) -> f64 {
        x - self.average(k, x)
    }

    /// The same of the average, which begins with the mean itself.
    #[inline(always)]
    fn average(&mut self, k: usize, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        if self.seeds[k].is_done() {
            return self.distances.average(k, x);
        }
        let Some(mean) = self.seeds[k].take(x) else { return f64::NAN };
        self.distances.start_average(k, x, mean);
        mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An average, and the average of that and a column of its own.
    struct Twice;

    impl Recurrence<2, 2> for Twice {
        fn bar<P: Past>(&self, past: &mut P, [x, y]: [P::T; 2]) -> [P::T; 2] {
            let once = past.average(0, x);
            let change = y - past.before(2, y);
            [once, past.average(1, once + change)]
        }
    }

    #[test]
    fn each_begins_with_the_mean_of_its_first_values() {
        let mut averages = Averages::<2, 3>::new([2, 3]);
        let made = [1.0, 3.0, 5.0, 7.0, 9.0].map(|x| averages.step(&Twice, [x, 10.0 * x]));
        assert!(made[0][0].is_nan() && made[..3].iter().all(|[_, twice]| twice.is_nan()) && averages.is_warm());
        let once = [2.0, 4.0, 6.0, 8.0];
        for (i, expected) in once.into_iter().enumerate() {
            assert!((made[i + 1][0] - expected).abs() < 1e-15, "{i}");
        }
        assert!((made[3][1] - 24.0).abs() < 1e-14 && (made[4][1] - 26.0).abs() < 1e-14, "{made:?}");
    }
}
