//! Aggregates of a moving window in constant amortised time, without ever removing a value.
//!
//! The series is cut into blocks of `period` values. A window covers the end of one block and the start of the next,
//! so it is the suffix aggregate of the older block joined with the running aggregate of the newer one. The suffix
//! aggregates are made once per block, from its end to its start (van Herk 1992, Gil and Werman 1993).

use super::aggregate::Sum;

/// A summary of consecutive values, numbers or small arrays of them, that can be joined with the summary of the values
/// after them.
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
    /// Values in the block being filled, less than `period`.
    len: usize,
    /// Aggregate of these values; meaningless while there are none.
    newer: A,
    /// Up to `len` the values of the block being filled, from there on the suffix aggregates of the previous block: a
    /// value takes the place of the suffix that began with the value which it pushes out of the window.
    slots: Vec<A>,
}

impl<A: Aggregate> Sliding<A> {
    /// A window of `period` values, at least one. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        Sliding { period: period.max(1), len: 0, newer: A::of(0.0), slots: Vec::new() }
    }

    /// Takes the next value and returns the aggregate of the window, or `None` before `period` values were seen.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<A> {
        self.push_summary(A::of(value))
    }

    /// The same with the summary of one bar, where that is more than one number.
    #[inline]
    pub fn push_summary(&mut self, one: A) -> Option<A> {
        let newer = if self.len == 0 { one } else { A::join(self.newer, self.len as f64, one, 1.0) };
        match self.slots.get_mut(self.len) {
            Some(slot) => *slot = one,
            None => self.slots.push(one),
        }
        self.len += 1;
        if self.len == self.period {
            self.close_block();
            return Some(newer);
        }
        self.newer = newer;
        let older = *self.slots.get(self.len)?;
        Some(A::join(older, (self.period - self.len) as f64, newer, self.len as f64))
    }

    /// Turns the values of a full block into its suffix aggregates.
    fn close_block(&mut self) {
        self.len = 0;
        let mut rest = self.slots.iter_mut().rev();
        let Some(last) = rest.next() else { return };
        let mut suffix = *last;
        let mut suffix_len = 1.0;
        for slot in rest {
            suffix = A::join(*slot, 1.0, suffix, suffix_len);
            suffix_len += 1.0;
            *slot = suffix;
        }
    }
}

impl Sliding<Sum> {
    /// Whether the next value has a sum.
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.slots.len() == self.period
    }

    /// Replaces values by the sums of the windows that end at them, as [`Sliding::push`] gives them. The window must be
    /// full.
    #[inline(always)]
    pub fn fill(&mut self, mut values: &mut [f64]) {
        while !values.is_empty() {
            let at = self.len;
            let (now, later) = values.split_at_mut(values.len().min(self.period - at));
            values = later;
            self.len = at + now.len();
            let mut newer = if at == 0 { NOTHING } else { self.newer.0 };
            let is_full = self.len == self.period;
            let joined = now.len() - usize::from(is_full);
            for (i, value) in now[..joined].iter_mut().enumerate() {
                newer += *value;
                let older = self.slots[at + i + 1].0;
                self.slots[at + i] = Sum(std::mem::replace(value, older + newer));
            }
            if is_full {
                // The last place of a block has no older value in its window.
                let last = now[joined];
                self.slots[self.period - 1] = Sum(last);
                newer += last;
                now[joined] = newer;
                self.close_block();
            }
            self.newer = Sum(newer);
        }
    }
}

/// The sum of no values, which leaves every number as it is, minus zero too.
const NOTHING: f64 = -0.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Max;

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

    #[test]
    fn sums_of_slices_have_the_bits_of_single_ones() {
        let values: Vec<f64> = (0..90).map(|i| if i == 40 { f64::NAN } else { (f64::from(i) * 0.7).sin() }).collect();
        for (period, portion) in [(1, 3), (2, 1), (5, 7), (7, 80), (30, 11)] {
            let mut sums = Sliding::<Sum>::new(period);
            values[..period].iter().for_each(|&x| _ = sums.push(x));
            assert!(sums.is_full());
            let mut single = sums.clone();
            for values in values[period..].chunks(portion) {
                let mut filled = values.to_vec();
                sums.fill(&mut filled);
                for (&x, sum) in values.iter().zip(filled) {
                    let expected = single.push(x).unwrap().0;
                    assert!(sum.to_bits() == expected.to_bits() || sum.is_nan() && expected.is_nan(), "{period}");
                }
            }
        }
    }
}
