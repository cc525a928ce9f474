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
use crate::bits::first_of;

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
        let entries = Entries::of(self.signals, self.options);
        let next = if self.ledger.summary.ruined { n } else { entries.next(t, n) };
        self.ledger.sums.add_flat(t, next - t);
        if next > t {
            self.ledger.drawdown.mark(self.ledger.equity, next - t);
        }
        next
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
        if kept == Needs::NONE && from < to {
            position.growth = position.growth_at(closes[to - 1]);
            return;
        }
        let (interior, drawdown) = (&mut self.ledger.sums.interior, &mut self.ledger.drawdown);
        let (line, equity, previous) = (position.line(), position.equity, &mut position.growth);
        for_each_block(&line, closes, (from, to), |lanes, growth| {
            interior.add_block(growth, *previous, lanes, kept);
            *previous = growth[lanes.1 - 1];
            if kept.drawdown {
                let equity = growth.map(|g| equity * g);
                let equity = &equity[lanes.0..lanes.1];
                if equity.iter().all(|&e| e < drawdown.peak) {
                    drawdown.mark_below(equity.iter().copied().fold(f64::INFINITY, f64::min), equity.len());
                } else {
                    equity.iter().for_each(|&e| {
                        drawdown.mark(e, 1);
                    });
                }
            }
        });
    }
}

/// The entry columns that the options let through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entries<'a> {
    pub(super) long: Flags<'a>,
    pub(super) short: Flags<'a>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(signals: &Signals<'a>, options: &Options) -> Self {
        Entries::filtered(signals.enter_long, signals.enter_short, options)
    }

    pub(super) fn filtered(long: Flags<'a>, short: Flags<'a>, options: &Options) -> Self {
        let unless = |wanted: DirectionFilter, flags| if options.direction == wanted { Flags::None } else { flags };
        Entries { long: unless(DirectionFilter::Short, long), short: unless(DirectionFilter::Long, short) }
    }

    /// The first bar from `t` on whose close decides an entry; `n`, the number of bars, if there is none.
    #[inline]
    pub(super) fn next(&self, t: usize, n: usize) -> usize {
        // In the last bar nothing is decided.
        let end = n - 1;
        let next = match (self.long, self.short) {
            (Flags::Bits(long), Flags::Bits(short)) => first_of(long, Some(short), t, end),
            (long, short) => first_true(long, t, end).min(first_true(short, t, end)),
        };
        if next < end { next } else { n }
    }
}
