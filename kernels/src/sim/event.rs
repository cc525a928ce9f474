//! The kernel in use: it steps only on bars where something can happen and skips the others in bulk.
//!
//! While flat it jumps to the next bar whose close may decide an entry. Inside a position it finds the next bar that can
//! end it or arm its trail, and adds up the calm bars before it in one tight loop. The bars in between go through
//! [`Machine::step`], the same code as the reference. A skipped bar is summed in the same order as a stepped one, so the
//! bits are the same; a property test compares the two.

use super::contract::{Bars, Flags, Signals};
use super::options::{DirectionFilter, Options};
use super::position::Position;
use super::record::Record;
use super::scalar::{Machine, simulate_reference};
use super::summary::{Needs, Summary};
use super::watch::{WINDOW, Watch, first_true, for_each_block, time_bar};
use crate::bits::first_of_two;

/// Runs a strategy's columns on a series of bars.
///
/// `needs` says which sums the result must hold, `record` what to write down. Nothing is allocated beyond what `record`
/// wants. `options` must have passed [`Options::check`].
///
/// # Panics
/// If the slices of `bars` and `signals` differ in length.
pub fn simulate(bars: &Bars, signals: &Signals, options: &Options, needs: Needs, record: &mut Record) -> Summary {
    if record.equity.is_some() {
        // A curve has a row per bar, so that there is nothing to skip.
        return simulate_reference(bars, signals, options, needs, record);
    }
    let mut machine = Machine::new(bars, signals, options, needs, record);
    let mut t = 0;
    while t < bars.len() {
        if !machine.has_pending() {
            t = if machine.position.is_some() { machine.skip_calm(t) } else { machine.skip_flat(t) };
        }
        if t < bars.len() {
            machine.step(t);
        }
        t += 1;
    }
    machine.finish()
}

impl Machine<'_> {
    /// Skips bars without a position up to the next entry decision; returns the bar to step on.
    fn skip_flat(&mut self, t: usize) -> usize {
        let n = self.bars.len();
        let next = if self.ledger.summary.ruined { n } else { self.next_entry(t) };
        self.ledger.sums.add_flat(t, next - t);
        if next > t {
            self.ledger.drawdown.mark(self.ledger.equity, next - t);
        }
        next
    }

    /// The first bar from `t` on whose close decides an entry; the number of bars if there is none.
    fn next_entry(&self, t: usize) -> usize {
        let n = self.bars.len();
        let unless =
            |wanted: DirectionFilter, flags| if self.options.direction == wanted { Flags::None } else { flags };
        let long = unless(DirectionFilter::Short, self.signals.enter_long);
        let short = unless(DirectionFilter::Long, self.signals.enter_short);
        // In the last bar nothing is decided.
        let end = n - 1;
        let next = match (long, short) {
            (Flags::Bits(long), Flags::Bits(short)) => first_of_two(long, short, t, end),
            _ => first_true(long, t, end).min(first_true(short, t, end)),
        };
        if next < end { next } else { n }
    }

    /// Skips bars on which the open position neither ends nor arms its trail; returns the bar to step on.
    ///
    /// Nothing waits for an open here, and the position was open before bar `t`, so that all skipped bars are interior.
    fn skip_calm(&mut self, t: usize) -> usize {
        let Some(mut position) = self.position.take() else { return t };
        let end = (self.bars.len() - 1).min(time_bar(&position));
        let watch = Watch::new(self.bars, self.signals, self.options, &position);
        let mut from = t;
        while from < end {
            let window_end = end.min(from + WINDOW);
            let next = watch.first_event(&mut position, from, window_end);
            self.add_calm(&mut position, from, next);
            from = next;
            if next < window_end {
                break;
            }
        }
        self.ledger.summary.bars_in_market += from.max(t) - t;
        self.position = Some(position);
        from.max(t)
    }

    /// Adds up the interior bars `from .. to`.
    fn add_calm(&mut self, position: &mut Position, from: usize, to: usize) {
        let kept = self.ledger.summary.kept;
        let closes = self.bars.close;
        if !kept.is_per_bar() && from < to {
            position.growth = position.growth_at(closes[to - 1]);
            return;
        }
        let (interior, drawdown) = (&mut self.ledger.interior, &mut self.ledger.drawdown);
        let (line, equity, previous) = (position.line, position.equity, &mut position.growth);
        for_each_block(&line, closes, (from, to), |lanes, growth| {
            interior.add_block(growth, *previous, lanes, kept);
            *previous = growth[lanes.1 - 1];
            if kept.drawdown {
                let equity = growth.map(|g| equity * g);
                let equity = &equity[lanes.0..lanes.1];
                if equity.iter().all(|&e| e < drawdown.peak) {
                    drawdown.mark(equity.iter().copied().fold(f64::INFINITY, f64::min), equity.len());
                } else {
                    equity.iter().for_each(|&e| drawdown.mark(e, 1));
                }
            }
        });
    }
}
