//! Anchored mean and spread since a starting point.

/// Mean of values with weights, and the weighted sum of their squared deviations from it, updated value by value
/// (West 1979). Equal values are exactly their own mean and have no deviation.
#[derive(Debug, Clone, Default)]
pub struct Anchored {
    weight: f64,
    mean: f64,
    squares: f64,
}

impl Anchored {
    /// Takes the next value and its weight. Without a weight it changes nothing.
    #[inline]
    pub fn add(&mut self, value: f64, weight: f64) {
        if weight == 0.0 {
            return;
        }
        self.weight += weight;
        let apart = value - self.mean;
        self.mean += apart * (weight / self.weight);
        self.squares += weight * apart * (value - self.mean);
    }

    /// The mean, or `NaN` as long as there is no weight.
    #[inline]
    pub fn mean(&self) -> f64 {
        if self.weight == 0.0 { f64::NAN } else { self.mean }
    }

    /// The weighted population standard deviation, or `NaN` as long as there is no weight.
    #[inline]
    pub fn deviation(&self) -> f64 {
        // A weight that dwarfs all before it can leave a negative rounding error.
        (self.squares.max(0.0) / self.weight).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let mut anchored = Anchored::default();
        anchored.add(7.0, 0.0);
        assert!(anchored.mean().is_nan() && anchored.deviation().is_nan());
        anchored.add(1.0, 1.0);
        anchored.add(5.0, 3.0);
        assert_eq!((anchored.mean(), anchored.deviation()), (4.0, 3.0_f64.sqrt()));
    }

    #[test]
    fn equal_values_are_their_mean() {
        let mut anchored = Anchored::default();
        for i in 1..100 {
            anchored.add(0.1, f64::from(i) * 0.3);
            assert_eq!((anchored.mean(), anchored.deviation()), (0.1, 0.0));
        }
    }
}
