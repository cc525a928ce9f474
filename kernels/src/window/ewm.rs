//! Exponentially weighted moments that start at the first value, as pandas `ewm`.

/// Mean and variance with the weight `2 / (period + 1)` for the newest value; the first value has the rest.
#[derive(Debug, Clone)]
pub struct Ewm {
    alpha: f64,
    decay: f64,
    mean: f64,
    covariance: f64,
    /// Sum of the squared weights, one before the second value.
    squared_weights: f64,
    started: bool,
}

impl Ewm {
    /// Smoothing over a span of `period` bars.
    pub fn new(period: usize) -> Self {
        // Written as pandas does, because the result is compared bit for bit.
        let alpha = 1.0 / (1.0 + (period as f64 - 1.0) / 2.0);
        Ewm { alpha, decay: 1.0 - alpha, mean: 0.0, covariance: 0.0, squared_weights: 1.0, started: false }
    }

    /// Takes the next value and returns the mean. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn mean(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        if !self.started {
            self.started = true;
            self.mean = x;
        } else if self.mean != x {
            // pandas divides by `decay + alpha`, which is exactly one.
            self.mean = self.decay * self.mean + self.alpha * x;
        }
        self.mean
    }

    /// Takes the next value and returns the variance: of the weighted population for `ddof` 0, without its bias for 1.
    /// A `NaN` gives `NaN` and changes nothing; one value has no unbiased variance.
    #[inline]
    pub fn variance(&mut self, x: f64, ddof: usize) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        if self.started {
            let before = self.mean;
            let mean = self.mean(x);
            let (moved, left) = (before - mean, x - mean);
            self.covariance = self.decay * (self.covariance + moved * moved) + self.alpha * (left * left);
            self.squared_weights = self.decay * self.decay * self.squared_weights + self.alpha * self.alpha;
        } else {
            self.mean(x);
        }
        match ddof {
            0 => self.covariance,
            _ if self.squared_weights < 1.0 => self.covariance / (1.0 - self.squared_weights),
            _ => f64::NAN,
        }
    }
}

/// Mean with weights that fall by `decay` per bar and are divided by their sum, as pandas `ewm(adjust=True)`.
#[derive(Debug, Clone)]
pub struct AdjustedEwm {
    decay: f64,
    mean: f64,
    /// Sum of the weights before the next value, whose own weight is one.
    weights: f64,
}

impl AdjustedEwm {
    /// Smoothing over a span of `period` bars.
    pub fn new(period: usize) -> Self {
        AdjustedEwm { decay: Ewm::new(period).decay, mean: f64::NAN, weights: 0.0 }
    }

    /// Takes the next value and returns the mean. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        let weights = self.weights * self.decay;
        self.weights = weights + 1.0;
        if self.mean.is_nan() {
            self.mean = x;
        } else if self.mean != x {
            self.mean = (weights * self.mean + x) / self.weights;
        }
        self.mean
    }
}

/// Exponentially weighted covariance of two series, with the weights of [`Ewm`].
#[derive(Debug, Clone)]
pub struct EwmPair {
    alpha: f64,
    decay: f64,
    means: [f64; 2],
    /// Covariance and the two variances, of the weighted population.
    moments: [f64; 3],
    /// Sum of the squared weights, one before the second pair.
    squared_weights: f64,
    started: bool,
}

impl EwmPair {
    /// Smoothing over a span of `period` bars.
    pub fn new(period: usize) -> Self {
        let Ewm { alpha, decay, .. } = Ewm::new(period);
        EwmPair { alpha, decay, means: [0.0; 2], moments: [0.0; 3], squared_weights: 1.0, started: false }
    }

    /// Takes the next pair and gives its covariance and the variances of the weighted population. A `NaN` in it gives
    /// `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, a: f64, b: f64) -> [f64; 3] {
        if a.is_nan() || b.is_nan() {
            return [f64::NAN; 3];
        }
        if !self.started {
            self.started = true;
            self.means = [a, b];
            return self.moments;
        }
        let before = self.means;
        let average = |mean: f64, x: f64| if mean == x { mean } else { self.decay * mean + self.alpha * x };
        let means = [average(before[0], a), average(before[1], b)];
        let (moved, left) = ([before[0] - means[0], before[1] - means[1]], [a - means[0], b - means[1]]);
        for (moment, (i, j)) in self.moments.iter_mut().zip([(0, 1), (0, 0), (1, 1)]) {
            *moment = self.decay * (*moment + moved[i] * moved[j]) + self.alpha * (left[i] * left[j]);
        }
        self.means = means;
        self.squared_weights = self.decay * self.decay * self.squared_weights + self.alpha * self.alpha;
        self.moments
    }

    /// What a moment is multiplied with to remove its bias; `NaN` before the second pair.
    pub fn unbiased(&self) -> f64 {
        if self.squared_weights < 1.0 { 1.0 / (1.0 - self.squared_weights) } else { f64::NAN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_that_pandas_makes_is_by_one() {
        for period in 1..200_000 {
            let ewm = Ewm::new(period);
            assert_eq!(ewm.decay + ewm.alpha, 1.0, "period {period}");
        }
    }

    #[test]
    fn a_pair_of_equal_series_has_its_variance() {
        let (mut ewm, mut pair) = (Ewm::new(5), EwmPair::new(5));
        for i in 0..50 {
            let x = f64::from(i * i % 7);
            let (variance, [covariance, a, b]) = (ewm.variance(x, 0), pair.step(x, x));
            assert_eq!([covariance, a, b], [variance; 3]);
        }
    }

    #[test]
    fn adjusted_weights_sum_to_one() {
        let mut ewm = AdjustedEwm::new(3);
        assert_eq!(ewm.step(1.0), 1.0);
        assert!((ewm.step(4.0) - 3.0).abs() < 1e-15 && ewm.step(f64::NAN).is_nan());
    }

    #[test]
    fn two_values() {
        let mut ewm = Ewm::new(3);
        assert!(ewm.variance(1.0, 1).is_nan());
        assert_eq!(ewm.variance(3.0, 1), 2.0);
        assert_eq!(ewm.mean, 2.0);
    }
}
