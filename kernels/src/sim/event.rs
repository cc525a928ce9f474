//! The kernel in use: it steps only on bars where something can happen and skips the others in bulk.
//!
//! While flat it jumps to the next bar whose close may decide an entry. Inside a position it finds the next bar that can
//! end it or arm its trail, and adds up the calm bars before it in one tight loop. The bars in between go through
//! [`Machine::step`], the same code as the reference. A skipped bar is summed in the same order as a stepped one, so the
//! bits are the same; a property test compares the two.

use super::contract::{Bars, Flags, Signals};
use super::options::{
    DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, OnOpposite, Options, Reentry, Ruin,
};
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
    // A curve has a row per bar, so that there is nothing to skip.
    if record.equity.is_some() || stepped_because(bars, signals, options).is_some() {
        return simulate_reference(bars, signals, options, needs, record);
    }
    let mut machine = Machine::new(bars, signals, options, needs, record);
    let mut t = 0;
    while t < bars.len() {
        if !machine.has_pending() {
            t = if machine.broker.position.is_some() { machine.skip_calm(t) } else { machine.skip_flat(t) };
        }
        if t < bars.len() {
            machine.step(t);
        }
        t += 1;
    }
    machine.finish()
}

/// Why a run has to look at every bar: what may happen on bars that [`simulate`] would skip.
pub fn stepped_because(bars: &Bars, signals: &Signals, options: &Options) -> Option<&'static str> {
    let parts = [signals.scale_out_long, signals.scale_out_short];
    let adds = [signals.add_long, signals.add_short];
    if signals.position.is_given() {
        Some("a target `position` may be traded on every bar")
    } else if parts.iter().any(Flags::is_given) {
        Some("`scale_out` may close a part on every bar")
    } else if adds.iter().any(Flags::is_given) {
        Some("`add` may add on every bar")
    } else if signals.entry_limit_price.is_given() {
        Some("a limit entry waits from bar to bar")
    } else if options.on_opposite != OnOpposite::Ignore {
        Some("an entry signal may close the opposite position (`on_opposite`)")
    } else if options.entry_exit_conflict != EntryExitConflict::Both {
        Some("enter and exit columns may cancel each other (`entry_exit_conflict`)")
    } else if options.direction_conflict != DirectionConflict::Long {
        Some("enter columns may cancel each other (`direction_conflict`)")
    } else if options.fill == Fill::PrevClose {
        Some("fills are booked one bar after their price (`fill`)")
    } else if options.reentry == Reentry::NotAfterStop {
        Some("whether a bar may enter depends on how the last position ended (`reentry`)")
    } else if options.ruin == Ruin::Ignore {
        Some("the equity may be negative (`ruin`)")
    } else if options.final_close != FinalClose::Close {
        Some("the last position does not end at the last close (`final_close`)")
    } else if options.max_volume_share > 0.0 {
        Some("fills are limited by the volume of each bar (`max_volume_share`)")
    } else if options.borrow_bps > 0.0 {
        Some("a short position pays for borrowing on every bar (`borrow_bps`)")
    } else if !bars.funding.at_open.is_empty() || !bars.funding.inside.is_empty() {
        Some("funding is paid on many bars")
    } else {
        None
    }
}

impl Machine<'_> {
    /// Skips bars without a position up to the next entry decision; returns the bar to step on.
    fn skip_flat(&mut self, t: usize) -> usize {
        let n = self.broker.bars.len();
        let next = if self.broker.ledger.summary.ruined { n } else { self.next_entry(t) };
        self.broker.ledger.sums.add_flat(t, next - t);
        if next > t {
            self.broker.ledger.drawdown.mark(self.broker.ledger.equity, next - t);
        }
        next
    }

    /// The first bar from `t` on whose close decides an entry; the number of bars if there is none.
    fn next_entry(&self, t: usize) -> usize {
        let n = self.broker.bars.len();
        let unless =
            |wanted: DirectionFilter, flags| if self.broker.options.direction == wanted { Flags::None } else { flags };
        let long = unless(DirectionFilter::Short, self.broker.signals.enter_long);
        let short = unless(DirectionFilter::Long, self.broker.signals.enter_short);
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
        let Some(mut position) = self.broker.position.take() else { return t };
        let end = (self.broker.bars.len() - 1).min(time_bar(&position));
        let watch = Watch::new(self.broker.bars, self.broker.signals, self.broker.options, &position);
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
        self.broker.ledger.summary.bars_in_market += from.max(t) - t;
        self.broker.position = Some(position);
        from.max(t)
    }

    /// Adds up the interior bars `from .. to`.
    fn add_calm(&mut self, position: &mut Position, from: usize, to: usize) {
        let kept = self.broker.ledger.summary.kept;
        let closes = self.broker.bars.close;
        if !kept.is_per_bar() && from < to {
            position.growth = position.growth_at(closes[to - 1]);
            return;
        }
        let (interior, drawdown) = (&mut self.broker.ledger.interior, &mut self.broker.ledger.drawdown);
        let (line, equity, previous) = (position.line, position.equity, &mut position.growth);
        for_each_block(&line, closes, (from, to), |start, lanes, growth| {
            interior.add_block(growth, *previous, lanes, kept);
            if kept.market {
                interior.add_products(growth, *previous, (start, lanes.0, lanes.1), closes);
            }
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
