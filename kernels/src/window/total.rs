//! Sum over the whole past.

/// Compensated running sum (Neumaier 1974): the error does not grow with the number of values.
#[derive(Debug, Clone, Default)]
pub struct Total {
    sum: f64,
    lost: f64,
}

impl Total {
    /// Adds a value and returns the sum so far.
    #[inline]
    pub fn add(&mut self, x: f64) -> f64 {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
        sum + self.lost
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
