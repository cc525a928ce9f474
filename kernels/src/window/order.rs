//! Ranks of the values of a window.

use super::delay::Ring;

/// Values per sorted run, at most: little enough to move in one go.
const RUN: usize = 256;

/// A sorted multiset of numbers: runs of bounded length, one after the other, and a tree of their lengths (Fenwick
/// 1994), so that insertion, removal, selection and counting take logarithmic time.
#[derive(Debug, Clone, Default)]
pub struct Sorted {
    runs: Vec<Vec<f64>>,
    /// Largest value of each run.
    tops: Vec<f64>,
    /// Place `i` counts the values of the runs `i & (i + 1) ..= i`.
    tree: Vec<usize>,
}

impl Sorted {
    /// Inserts a number.
    pub fn insert(&mut self, x: f64) {
        if self.runs.is_empty() {
            self.runs.push(Vec::new());
            self.tops.push(x);
            self.tree.push(0);
        }
        let r = self.run_for(x);
        let run = &mut self.runs[r];
        run.insert(run.partition_point(|&v| v < x), x);
        self.tops[r] = run[run.len() - 1];
        if run.len() < RUN {
            return self.count(r, 1);
        }
        let upper = run.split_off(RUN / 2);
        self.tops[r] = run[run.len() - 1];
        self.tops.insert(r + 1, upper[upper.len() - 1]);
        self.runs.insert(r + 1, upper);
        self.rebuild();
    }

    /// Removes one number that was inserted.
    pub fn remove(&mut self, x: f64) {
        let r = self.run_for(x);
        let run = &mut self.runs[r];
        run.remove(run.partition_point(|&v| v < x));
        if let Some(&top) = run.last() {
            self.tops[r] = top;
            let has_neighbour = r + 1 < self.runs.len();
            if self.runs[r].len() >= RUN / 4 || !has_neighbour || self.runs[r].len() + self.runs[r + 1].len() > RUN / 2
            {
                return self.count(r, usize::MAX);
            }
            // Short runs are joined, so that there are never many of them.
            let next = self.runs.remove(r + 1);
            self.runs[r].extend(next);
            self.tops.remove(r);
        } else {
            self.runs.remove(r);
            self.tops.remove(r);
        }
        self.rebuild();
    }

    /// Removes one number and inserts another one.
    #[inline]
    pub fn replace(&mut self, old: f64, new: f64) {
        let r = self.run_for(old);
        if r != self.run_for(new) {
            self.remove(old);
            return self.insert(new);
        }
        let run = &mut self.runs[r];
        let (from, to) = (run.partition_point(|&v| v < old), run.partition_point(|&v| v < new));
        if from < to {
            run.copy_within(from + 1..to, from);
            run[to - 1] = new;
        } else {
            run.copy_within(to..from, to + 1);
            run[to] = new;
        }
        self.tops[r] = run[run.len() - 1];
    }

    /// The number with `k` numbers before it.
    #[inline]
    pub fn nth(&self, mut k: usize) -> f64 {
        let mut r = 0;
        let mut reach = self.tree.len().checked_ilog2().map_or(0, |bits| 1 << bits);
        while reach > 0 {
            if let Some(&count) = self.tree.get(r + reach - 1)
                && count <= k
            {
                r += reach;
                k -= count;
            }
            reach /= 2;
        }
        self.runs[r][k]
    }

    /// How many numbers are below `x`.
    #[inline]
    pub fn below(&self, x: f64) -> usize {
        let r = self.tops.partition_point(|&top| top < x);
        let mut count = self.runs.get(r).map_or(0, |run| run.partition_point(|&v| v < x));
        let mut end = r;
        while end > 0 {
            count += self.tree[end - 1];
            end &= end - 1;
        }
        count
    }

    /// The run where `x` is or belongs.
    #[inline]
    fn run_for(&self, x: f64) -> usize {
        self.tops.partition_point(|&top| top < x).min(self.runs.len() - 1)
    }

    /// Adds to the length of a run, modulo the word.
    #[inline]
    fn count(&mut self, run: usize, change: usize) {
        let mut i = run;
        while i < self.tree.len() {
            self.tree[i] = self.tree[i].wrapping_add(change);
            i |= i + 1;
        }
    }

    fn rebuild(&mut self) {
        self.tree.clear();
        self.tree.extend(self.runs.iter().map(Vec::len));
        for i in 0..self.tree.len() {
            let above = i | (i + 1);
            if above < self.tree.len() {
                self.tree[above] += self.tree[i];
            }
        }
    }
}

/// The last `period` values in order of size.
#[derive(Debug, Clone)]
pub struct Ranked {
    values: Ring,
    sorted: Sorted,
    missing: usize,
}

impl Ranked {
    /// A window of `period` values. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        Ranked { values: Ring::new(period), sorted: Sorted::default(), missing: 0 }
    }

    /// Takes the next value.
    #[inline]
    pub fn push(&mut self, x: f64) {
        // Zeros have one sign here, as they have one place.
        let x = x + 0.0;
        let old = self.values.push(x);
        match old {
            Some(old) if !old.is_nan() && !x.is_nan() => return self.sorted.replace(old, x),
            Some(old) if old.is_nan() => self.missing -= 1,
            Some(old) => self.sorted.remove(old),
            None => {}
        }
        if x.is_nan() {
            self.missing += 1;
        } else {
            self.sorted.insert(x);
        }
    }

    /// The values in order of size, if there are `period` of them and none is missing.
    #[inline]
    pub fn full(&self) -> Option<&Sorted> {
        (self.missing == 0 && self.values.full().is_some()).then_some(&self.sorted)
    }
}

/// How many of the last `period` values are below another one.
#[derive(Debug, Clone)]
pub enum Ranks {
    /// A few values are compared faster than ordered; with the number of those that are missing.
    Few(Ring, usize),
    /// The values in order.
    Many(Ranked),
}

impl Ranks {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        if period <= RUN { Ranks::Few(Ring::new(period), 0) } else { Ranks::Many(Ranked::new(period)) }
    }

    /// Counts the values below `x`, `NaN` before `period` values and if `x` or one of them is missing, and then takes
    /// `x`.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        match self {
            Ranks::Few(ring, missing) => {
                let known = ring.full().filter(|_| *missing == 0 && !x.is_nan());
                let below = known.map_or(f64::NAN, |values| below(values, x));
                *missing += usize::from(x.is_nan());
                *missing -= usize::from(ring.push(x).is_some_and(f64::is_nan));
                below
            }
            Ranks::Many(ranked) => {
                let sorted = ranked.full().filter(|_| !x.is_nan());
                let below = sorted.map_or(f64::NAN, |sorted| sorted.below(x) as f64);
                ranked.push(x);
                below
            }
        }
    }
}

/// How many values are below `x`.
#[inline]
fn below(values: &[f64], x: f64) -> f64 {
    // Counters as wide as the values are added several at a time.
    values.iter().map(|&value| u64::from(value < x)).sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers with ties, in random, rising and falling order.
    fn value(i: usize, len: usize) -> f64 {
        match i * 4 / len {
            0 | 3 => ((i * 7919) % 1013) as f64,
            1 => i as f64,
            _ => (len - i) as f64,
        }
    }

    #[test]
    fn ranks_of_every_window() {
        for period in [1, 2, 5, 300, 1500] {
            let len = 6000;
            let mut ranked = Ranked::new(period);
            let mut window: Vec<f64> = vec![];
            for i in 0..len {
                if i >= period {
                    let old = value(i - period, len);
                    window.remove(window.partition_point(|&v| v < old));
                }
                let x = value(i, len);
                window.insert(window.partition_point(|&v| v < x), x);
                ranked.push(x);
                let Some(sorted) = ranked.full() else { continue };
                for k in [0, period / 3, period - 1, (i * 31) % period] {
                    assert_eq!(sorted.nth(k), window[k], "period {period}, bar {i}");
                }
                for x in [x, x + 0.5, -1.0, 1e9] {
                    assert_eq!(sorted.below(x), window.partition_point(|&v| v < x));
                }
            }
        }
    }

    #[test]
    fn few_and_many_are_counted_alike() {
        for period in [1, 7, RUN] {
            let (mut few, mut many) = (Ranks::Few(Ring::new(period), 0), Ranks::Many(Ranked::new(period)));
            for i in 0..1000 {
                let x = if i % 301 == 300 { f64::NAN } else { value(i, 1000) };
                let (few, many) = (few.step(x), many.step(x));
                assert!(few == many || few.is_nan() && many.is_nan(), "period {period}, value {i}: {few}, {many}");
            }
        }
    }

    #[test]
    fn missing_values_leave_again() {
        let mut ranked = Ranked::new(2);
        let known = [1.0, f64::NAN, f64::NAN, 3.0, 2.0].map(|x| {
            ranked.push(x);
            ranked.full().map(|sorted| sorted.nth(0))
        });
        assert_eq!(known, [None, None, None, None, Some(2.0)]);
    }
}
