//! Aggregates of a moving window in constant amortised time, without ever removing a value.
//!
//! The series is cut into blocks of `period` values. A window covers the end of one block and the start of the next,
//! so it is the suffix aggregate of the older block joined with the running aggregate of the newer one. The suffix
//! aggregates are made once per block, from its end to its start (van Herk 1992, Gil and Werman 1993).

/// A summary of consecutive values that can be joined with the summary of the values after them.
pub trait Aggregate: Copy {
    /// The summary of one value. A `NaN` must give a summary that makes every join with it `NaN`.
    fn of(value: f64) -> Self;

    /// The summary of two neighbouring runs with `older_len` and `newer_len` values.
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self;
}

/// The aggregate of the last `period` values.
#[derive(Debug, Clone)]
pub struct Sliding<A> {
    period: usize,
    /// Values of the block being filled.
    block: Vec<f64>,
    /// Aggregate of `block`; meaningless while it is empty.
    newer: A,
    /// `suffixes[i]` summarises the previous block from position `i` on; empty before the first block is full.
    suffixes: Vec<A>,
}

impl<A: Aggregate> Sliding<A> {
    /// A window of `period` values, at least one.
    pub fn new(period: usize) -> Self {
        Sliding { period: period.max(1), block: Vec::new(), newer: A::of(0.0), suffixes: Vec::new() }
    }

    /// Takes the next value and returns the aggregate of the window, or `None` before `period` values were seen.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<A> {
        let len = self.block.len();
        self.block.push(value);
        let one = A::of(value);
        let newer = if len == 0 { one } else { A::join(self.newer, len as f64, one, 1.0) };
        let len = len + 1;
        if len == self.period {
            self.close_block();
            return Some(newer);
        }
        self.newer = newer;
        let older = *self.suffixes.get(len)?;
        Some(A::join(older, (self.period - len) as f64, newer, len as f64))
    }

    fn close_block(&mut self) {
        self.suffixes.resize(self.period, self.newer);
        let mut suffix = self.newer;
        let mut len = 0.0;
        for (slot, &value) in self.suffixes.iter_mut().zip(&self.block).rev() {
            let one = A::of(value);
            suffix = if len == 0.0 { one } else { A::join(one, 1.0, suffix, len) };
            len += 1.0;
            *slot = suffix;
        }
        self.block.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Max, Sum};

    #[test]
    fn every_window_is_covered() {
        let values: Vec<f64> = (0..50).map(|i| ((i * 37) % 23) as f64).collect();
        for period in 1..=12 {
            let mut sum = Sliding::<Sum>::new(period);
            let mut max = Sliding::<Max>::new(period);
            for end in 0..values.len() {
                let (sum, max) = (sum.push(values[end]), max.push(values[end]));
                if end + 1 < period {
                    assert!(sum.is_none() && max.is_none());
                    continue;
                }
                let window = &values[end + 1 - period..=end];
                assert_eq!(sum.unwrap().0, window.iter().sum::<f64>(), "period {period}, bar {end}");
                assert_eq!(max.unwrap().0, window.iter().fold(0.0, |a: f64, &b| a.max(b)));
            }
        }
    }
}
