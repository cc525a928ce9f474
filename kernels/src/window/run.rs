//! Whether the last values of a series are all equal.

/// Counts equal values in a row.
#[derive(Debug, Clone)]
pub struct Run {
    period: usize,
    last: f64,
    len: usize,
}

impl Run {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Run { period, last: f64::NAN, len: 0 }
    }

    /// Takes the next value; whether it and the `period - 1` values before it are equal. A `NaN` equals nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> bool {
        self.len = if x == self.last { self.len + 1 } else { 1 };
        self.last = x;
        self.len >= self.period && !x.is_nan()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_equal_values() {
        let mut run = Run::new(2);
        let flat: Vec<bool> = [1.0, 1.0, 2.0, f64::NAN, f64::NAN, 3.0, 3.0].iter().map(|&x| run.step(x)).collect();
        assert_eq!(flat, [false, true, false, false, false, false, true]);
    }
}
