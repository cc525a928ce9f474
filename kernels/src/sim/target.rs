//! When the column `position` decides next.

use super::contract::{Numbers, Signals};
use super::options::{DirectionFilter, Options, Rebalance};
use super::watch::first_where;
use crate::simd::widest;

/// Values that are compared without an exit in between.
const BLOCK: usize = 32;

/// The bars at whose close a target is traded towards.
#[derive(Debug)]
pub(super) struct Due<'a> {
    target: Numbers<'a>,
    rebalance: Rebalance,
    direction: DirectionFilter,
    /// The next change of the column, once it was looked for.
    change: Option<usize>,
}

impl<'a> Due<'a> {
    pub(super) fn new(signals: &Signals<'a>, options: &Options) -> Self {
        Due { target: signals.position, rebalance: options.rebalance, direction: options.direction, change: None }
    }

    /// Whether the strategy has targets.
    pub(super) fn is_given(&self) -> bool {
        self.target.is_given()
    }

    /// The first bar in `t .. end` that is due, or `end`, given the last target that was traded towards. While flat, a
    /// rebalance towards nothing is not one.
    pub(super) fn next(&mut self, last: f64, is_flat: bool, (t, end): (usize, usize)) -> usize {
        match self.rebalance {
            Rebalance::Every(bars) => {
                let bars = bars as usize;
                let mut due = (t.div_ceil(bars)..).map(|k| k.saturating_mul(bars)).take_while(|t| *t < end);
                due.find(|t| self.is_traded(self.target.at(*t), is_flat)).unwrap_or(end)
            }
            Rebalance::OnChange => {
                // Only a bar that is due changes the last target.
                let known = self.change.filter(|change| *change >= t);
                let change = self.change.insert(known.unwrap_or_else(|| next_change(self.target, last, t, end)));
                end.min(*change)
            }
        }
    }

    fn is_traded(&self, target: f64, is_flat: bool) -> bool {
        let is_nothing = match self.direction {
            DirectionFilter::Both => target == 0.0,
            DirectionFilter::Long => target <= 0.0,
            DirectionFilter::Short => target >= 0.0,
        };
        !(target.is_nan() || is_flat && is_nothing)
    }
}

/// The first bar in `from .. end` with another target than the last one, or `end`; no value is no other target.
fn next_change(target: Numbers, last: f64, from: usize, end: usize) -> usize {
    match target {
        Numbers::None => end,
        Numbers::Const(value) => {
            if is_other(value, last) {
                from.min(end)
            } else {
                end
            }
        }
        Numbers::Slice(values) => widest(
            #[inline(always)]
            || first_other(values, last, from, end),
        ),
    }
}

#[inline(always)]
fn first_other(values: &[f64], last: f64, from: usize, end: usize) -> usize {
    let mut t = from;
    // Blocks without an early exit, which the compiler turns into vector comparisons.
    while t + BLOCK <= end {
        let mut any = false;
        for value in &values[t..t + BLOCK] {
            any |= is_other(*value, last);
        }
        if any {
            break;
        }
        t += BLOCK;
    }
    first_where(t, end, |t| is_other(values[t], last))
}

#[inline(always)]
fn is_other(value: f64, last: f64) -> bool {
    (value < last) | (value > last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due<'a>(values: &'a [f64], rebalance: Rebalance, direction: DirectionFilter) -> Due<'a> {
        let signals = Signals { position: Numbers::Slice(values), ..Signals::default() };
        Due::new(&signals, &Options { rebalance, direction, ..Options::default() })
    }

    #[test]
    fn a_change_is_another_number_and_never_a_missing_one() {
        let mut values = vec![f64::NAN; 200];
        (values[3], values[70], values[71], values[150]) = (0.0, 1.0, 1.0, -0.5);
        let mut due = due(&values, Rebalance::OnChange, DirectionFilter::Both);
        assert_eq!(due.next(0.0, true, (0, 199)), 70);
        assert_eq!(due.next(0.0, true, (70, 199)), 70);
        assert_eq!(due.next(1.0, false, (71, 199)), 150);
        assert_eq!(due.next(-0.5, false, (151, 199)), 199);
    }

    #[test]
    fn every_n_th_bar_is_due_unless_nothing_is_held_and_nothing_wanted() {
        let values: Vec<f64> = (0..40).map(|t| if t < 20 { 0.0 } else { -1.0 }).collect();
        let mut both = due(&values, Rebalance::Every(7), DirectionFilter::Both);
        assert_eq!(both.next(0.0, false, (1, 39)), 7);
        assert_eq!(both.next(0.0, true, (1, 39)), 21);
        assert_eq!(both.next(0.0, true, (36, 39)), 39);
        let mut long = due(&values, Rebalance::Every(7), DirectionFilter::Long);
        assert_eq!(long.next(0.0, true, (1, 39)), 39);
    }
}
