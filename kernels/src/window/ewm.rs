//! Exponentially weighted mean and variance that start at the first value, as pandas `ewm(adjust=False)`.

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
    fn two_values() {
        let mut ewm = Ewm::new(3);
        assert!(ewm.variance(1.0, 1).is_nan());
        assert_eq!(ewm.variance(3.0, 1), 2.0);
        assert_eq!(ewm.mean, 2.0);
    }
}
