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

    /// Stores values in place of which it gives those that they replace. The ring must be full.
    #[inline(always)]
    pub fn swap(&mut self, mut values: &mut [f64]) {
        while !values.is_empty() {
            let len = values.len().min(self.capacity - self.next);
            let (now, later) = values.split_at_mut(len);
            now.swap_with_slice(&mut self.values[self.next..self.next + len]);
            self.next = if self.next + len == self.capacity { 0 } else { self.next + len };
            values = later;
        }
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

    /// Whether the next call gives a value.
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.0.full().is_some()
    }

    /// Replaces values by those of `period` calls ago. It must be full.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        self.0.swap(values);
    }
}

/// The value of some bars ago, or the newest one for none.
#[derive(Debug, Clone)]
pub struct Behind(Option<Delay>);

impl Behind {
    /// A delay of `bars` bars.
    pub fn new(bars: usize) -> Self {
        Behind((bars > 0).then(|| Delay::new(bars)))
    }

    /// Takes the next value and returns the one of so many calls ago, or `NaN`.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        match &mut self.0 {
            Some(delay) => delay.step(value),
            None => value,
        }
    }
}

/// The last values of a series in their order.
#[derive(Debug, Clone)]
pub struct Recent {
    len: usize,
    /// The newest values at the end, behind others that are dropped together when there are as many of them.
    values: Vec<f64>,
}

impl Recent {
    /// Room for `len` values, at least one. Memory grows with the values, not with the room.
    pub fn new(len: usize) -> Self {
        Recent { len: len.max(1), values: Vec::new() }
    }

    /// Takes the next value and gives the last values, oldest first, once there are enough of them.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<&[f64]> {
        if self.values.len() == 2 * self.len {
            self.values.drain(..self.len);
        }
        self.values.push(value);
        self.last()
    }

    /// The last values, oldest first, once there are enough of them.
    #[inline]
    pub fn last(&self) -> Option<&[f64]> {
        let first = self.values.len().checked_sub(self.len)?;
        Some(&self.values[first..])
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

    #[test]
    fn no_delay_at_all() {
        let mut behind = Behind::new(0);
        assert_eq!(behind.step(3.0), 3.0);
        let mut behind = Behind::new(1);
        assert!(behind.step(3.0).is_nan());
        assert_eq!(behind.step(4.0), 3.0);
    }

    #[test]
    fn recent_values_are_in_order() {
        for len in 1..5 {
            let mut recent = Recent::new(len);
            for i in 0..30 {
                let expected: Vec<f64> = (0..len).map(|k| (i + k) as f64 + 1.0 - len as f64).collect();
                assert_eq!(recent.push(i as f64), (i + 1 >= len).then_some(expected.as_slice()));
            }
        }
    }
}
