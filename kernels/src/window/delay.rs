//! The last values of a series.

/// The last `capacity` values, in no particular order.
#[derive(Debug, Clone)]
pub struct Ring {
    capacity: usize,
    values: Vec<f64>,
    next: usize,
}

impl Ring {
    /// Room for `capacity` values, at least one. Memory grows with the values, not with the capacity.
    pub fn new(capacity: usize) -> Self {
        Ring { capacity: capacity.max(1), values: Vec::new(), next: 0 }
    }

    /// Stores a value and returns the one that it replaces, once the ring is full.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if self.values.len() < self.capacity {
            self.values.push(value);
            return None;
        }
        let old = std::mem::replace(&mut self.values[self.next], value);
        self.next = if self.next + 1 == self.capacity { 0 } else { self.next + 1 };
        Some(old)
    }

    /// The values from the oldest to the newest, in two pieces, if there are `capacity` of them.
    #[inline]
    pub fn in_order(&self) -> Option<[&[f64]; 2]> {
        let (newer, older) = self.full()?.split_at(self.next);
        Some([older, newer])
    }

    /// The values if there are `capacity` of them.
    #[inline]
    pub fn full(&self) -> Option<&[f64]> {
        (self.values.len() == self.capacity).then_some(&self.values)
    }
}

/// The value of `period` bars ago.
#[derive(Debug, Clone)]
pub struct Delay(Ring);

impl Delay {
    /// A delay of `period` bars, at least one.
    pub fn new(period: usize) -> Self {
        Delay(Ring::new(period))
    }

    /// Takes the next value and returns the one of `period` calls ago, or `NaN`.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        self.0.push(value).unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_by_the_period() {
        for period in 1..5 {
            let mut delay = Delay::new(period);
            for i in 0..20 {
                let old = delay.step(i as f64);
                if i < period {
                    assert!(old.is_nan());
                } else {
                    assert_eq!(old, (i - period) as f64);
                }
            }
        }
    }
}
