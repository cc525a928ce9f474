//! The bar that leads a window, by TA-Lib's rule for equal values.

use std::collections::VecDeque;

use super::delay::Recent;
use super::room::{make_room, next_places};
use crate::simd::finite;

/// The bar with the largest of the last `period` values.
///
/// A value that comes in takes the lead from an equal one; when the leader leaves the window, the oldest of equal ones
/// follows. So among equal values the leader depends on the bars before the window, as in TA-Lib. Memory for at most
/// `period` values.
#[derive(Debug, Clone)]
pub struct Leader {
    period: usize,
    /// Bars seen.
    bars: usize,
    /// Bars since the last missing value.
    known: usize,
    /// The leader, once there was a whole window since the last missing value.
    leader: Option<(usize, f64)>,
    followers: Followers,
}

/// Where the next leader is found.
#[derive(Debug, Clone)]
enum Followers {
    /// In the values of the window.
    Short(Recent),
    /// In the bars that may lead later, the oldest and largest first; equal ones stay.
    Long(VecDeque<(usize, f64)>),
}

/// Longest window that is searched when its leader leaves: mostly that is seldom.
const SHORT: usize = 64;

impl Leader {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        let followers =
            if period <= SHORT { Followers::Short(Recent::new(period)) } else { Followers::Long(VecDeque::new()) };
        Leader { period, bars: 0, known: 0, leader: None, followers }
    }

    /// Takes the next value and gives the number of the leading bar, counted from 0; `NaN` before `period` values and
    /// while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let bar = self.bars;
        self.bars += 1;
        self.known = if x.is_nan() { 0 } else { self.known + 1 };
        self.leader = self.leader.filter(|_| self.known > 0);
        let first = (bar + 1).saturating_sub(self.period);
        self.followers.push(first, bar, x);
        if self.known < self.period {
            return f64::NAN;
        }
        self.leader = match self.leader {
            Some((at, before)) if at >= first => Some(if x >= before { (bar, x) } else { (at, before) }),
            _ => self.followers.best(first),
        };
        self.leader.map_or(f64::NAN, |(at, _)| at as f64)
    }
}

/// The leaders of a whole series, as [`Leader::step`] gives them; with `LOW` those of the negated values.
pub fn moving_leader<const LOW: bool>(values: &[f64], period: usize, out: &mut Vec<f64>) {
    make_room(out, values.len());
    if period > SHORT || !values.iter().all(|x| x.is_finite()) {
        let mut leader = Leader::new(period);
        out.extend(values.iter().map(|&x| leader.step(finite(if LOW { -x } else { x }))));
        return;
    }
    let beats = |a: f64, b: f64| if LOW { a < b } else { a > b };
    let (early, late) = next_places(out, values.len()).split_at_mut((period - 1).min(values.len()));
    early.fill(f64::NAN);
    let (mut at, mut best) = (0, f64::NAN);
    for (first, (out, window)) in late.iter_mut().zip(values.windows(period)).enumerate() {
        let newest = window[period - 1];
        if first == 0 || at < first {
            (at, best) = (first, window[0]);
            for (bar, &x) in (first..).zip(window) {
                (at, best) = if beats(x, best) { (bar, x) } else { (at, best) };
            }
        } else if !beats(best, newest) {
            (at, best) = (first + period - 1, newest);
        }
        *out = at as f64;
    }
}

impl Followers {
    /// Takes the value of a bar, whose window begins with the first one.
    #[inline]
    fn push(&mut self, first: usize, bar: usize, x: f64) {
        match self {
            Followers::Short(values) => _ = values.push(x),
            Followers::Long(queue) if x.is_nan() => queue.clear(),
            Followers::Long(queue) => {
                while queue.front().is_some_and(|&(at, _)| at < first) {
                    queue.pop_front();
                }
                while queue.back().is_some_and(|&(_, before)| before < x) {
                    queue.pop_back();
                }
                queue.push_back((bar, x));
            }
        }
    }

    /// The oldest of the largest values from the first bar of the window on; none of them is missing.
    fn best(&self, first: usize) -> Option<(usize, f64)> {
        match self {
            Followers::Short(values) => {
                let (&oldest, rest) = values.last()?.split_first()?;
                let mut best = (first, oldest);
                for (&x, bar) in rest.iter().zip(first + 1..) {
                    if x > best.1 {
                        best = (bar, x);
                    }
                }
                Some(best)
            }
            Followers::Long(queue) => queue.front().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule as a search of each window.
    #[test]
    fn equal_values_follow_the_rule() {
        let values: Vec<f64> = (0..400).map(|i| if i % 97 == 50 { f64::NAN } else { ((i * 37) % 11) as f64 }).collect();
        for period in [1, 2, 3, 8, 30, 80] {
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

    #[test]
    fn a_series_has_the_leaders_of_its_steps() {
        let clean: Vec<f64> = (0..400).map(|i| ((i * 37) % 11) as f64).collect();
        let mut gaps = clean.clone();
        (gaps[50], gaps[200]) = (f64::NAN, f64::INFINITY);
        for values in [&clean[..], &gaps, &clean[..1], &[]] {
            for period in [1, 2, 3, 8, 30, 80] {
                let [mut highest, mut lowest] = [(); 2].map(|()| Leader::new(period));
                let [mut highs, mut lows] = [(); 2].map(|()| Vec::new());
                moving_leader::<false>(values, period, &mut highs);
                moving_leader::<true>(values, period, &mut lows);
                assert_eq!((highs.len(), lows.len()), (values.len(), values.len()));
                for (&x, got) in values.iter().zip(highs.iter().zip(&lows)) {
                    let (high, low) = (highest.step(finite(x)), lowest.step(finite(-x)));
                    assert_eq!((high.to_bits(), low.to_bits()), (got.0.to_bits(), got.1.to_bits()), "period {period}");
                }
            }
        }
    }
}
