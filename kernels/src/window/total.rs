//! Sum over the whole past.

/// Compensated running sum (Neumaier 1974): the error does not grow with the number of values.
#[derive(Debug, Clone, Default)]
pub struct Total {
    sum: f64,
    lost: f64,
}

impl Total {
    /// Adds a value and returns the sum so far. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn add(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let sum = self.sum + x;
        // The exact error of the addition whichever number is larger (Knuth), because which one is can't be foreseen.
        let added = sum - self.sum;
        self.lost += (self.sum - (sum - added)) + (x - added);
        self.sum = sum;
        sum + self.lost
    }

    /// Replaces values by the sums that [`Total::add`] gives.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        let mut total = self.clone();
        for value in values {
            *value = total.add(*value);
        }
        *self = total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_survive_large_ones() {
        let mut total = Total::default();
        let last = [1.0, 1e100, 1.0, -1e100].map(|x| total.add(x))[3];
        assert_eq!(last, 2.0);
    }
}
