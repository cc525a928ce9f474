//! The bar that leads a window, by TA-Lib's rule for equal values.

use std::collections::VecDeque;

/// The bar with the largest of the last `period` values.
///
/// A value that comes in takes the lead from an equal one; when the leader leaves the window, the oldest of equal ones
/// follows. So among equal values the leader depends on the bars before the window, as in TA-Lib. Amortised constant
/// time; memory for at most `period` values.
#[derive(Debug, Clone)]
pub struct Leader {
    period: usize,
    /// Bars seen.
    bars: usize,
    /// Bars since the last missing value.
    known: usize,
    /// The leader, once there was a whole window since the last missing value.
    leader: Option<(usize, f64)>,
    /// Bars that may lead later, the oldest and largest first; equal ones stay.
    queue: VecDeque<(usize, f64)>,
}

impl Leader {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Leader { period, bars: 0, known: 0, leader: None, queue: VecDeque::new() }
    }

    /// Takes the next value and gives the number of the leading bar, counted from 0; `NaN` before `period` values and
    /// while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let bar = self.bars;
        self.bars += 1;
        if x.is_nan() {
            self.known = 0;
            self.leader = None;
            self.queue.clear();
            return f64::NAN;
        }
        self.known += 1;
        while self.queue.back().is_some_and(|&(_, before)| before < x) {
            self.queue.pop_back();
        }
        self.queue.push_back((bar, x));
        if self.known < self.period {
            return f64::NAN;
        }
        let first = bar + 1 - self.period;
        while self.queue.front().is_some_and(|&(at, _)| at < first) {
            self.queue.pop_front();
        }
        self.leader = match self.leader {
            Some((at, before)) if at >= first => Some(if x >= before { (bar, x) } else { (at, before) }),
            _ => self.queue.front().copied(),
        };
        self.leader.map_or(f64::NAN, |(at, _)| at as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule as a search of each window.
    #[test]
    fn equal_values_follow_the_rule() {
        let values: Vec<f64> = (0..400).map(|i| if i % 97 == 50 { f64::NAN } else { ((i * 37) % 11) as f64 }).collect();
        for period in [1, 2, 3, 8, 30] {
            let (mut leader, mut expected) = (Leader::new(period), None);
            for (bar, &x) in values.iter().enumerate() {
                let got = leader.step(x);
                let window = &values[(bar + 1).saturating_sub(period)..=bar];
                if window.len() < period || window.iter().any(|x| x.is_nan()) {
                    expected = None;
                    assert!(got.is_nan(), "bar {bar}");
                    continue;
                }
                let first = bar + 1 - period;
                let oldest = || {
                    let best = window.iter().fold(f64::MIN, |best, &x| best.max(x));
                    first + window.iter().position(|&x| x == best).unwrap()
                };
                let at = match expected {
                    Some(at) if at >= first => {
                        if x >= values[at] {
                            bar
                        } else {
                            at
                        }
                    }
                    _ => oldest(),
                };
                expected = Some(at);
                assert_eq!(got, at as f64, "period {period}, bar {bar}");
            }
        }
    }
}
