//! The kernel in use: it steps only on bars where something can happen and skips the others in bulk.
//!
//! While flat it jumps to the next bar whose close may decide an entry, and while a limit entry waits to the next one that may
//! fill or end it. Inside a position it finds the next bar that can end or change it or arm its trail, and adds up the calm
//! bars before it in one tight loop; after a part that was closed or an add the position goes on along its new line. Between
//! two targets it is the same. The bars in between go through [`Machine::step`], the same code as the reference. A skipped bar
//! is summed in the same order as a stepped one, so the bits are the same; a property test compares the two.

use super::calm;
use super::contract::{Bars, Flags, Signals};
use super::options::{DirectionFilter, Options, Rebalance};
use super::record::Record;
use super::scalar::{Machine, simulate_reference};
use super::stretch::{Cursor, Stretches};
use super::summary::{Needs, Summary};
use super::target::Due;
use super::watch::{Watch, first_true, time_bar};
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
    if record.equity.is_some() {
        return simulate_reference(bars, signals, options, needs, record);
    }
    let mut events = Events::new(bars, signals, options, needs, record);
    events.advance(bars.len(), None);
    events.finish()
}

/// Why a run looks at every bar, or at every bar of some positions: what happens on bars that [`simulate`] skips otherwise.
pub fn stepped_because(signals: &Signals, options: &Options) -> Option<&'static str> {
    if signals.position.is_given() && options.rebalance == Rebalance::Every(1) {
        Some("a target `position` is traded towards on every bar (`rebalance`)")
    } else if options.borrow_bps > 0.0 && options.direction != DirectionFilter::Long {
        Some(BORROWING)
    } else {
        None
    }
}

/// Why a run looks at every bar of its short positions.
pub(super) const BORROWING: &str = "a short position pays for borrowing on every bar (`borrow_bps`)";

/// A run between two bars on which something can happen.
pub(super) struct Events<'a> {
    machine: Machine<'a>,
    due: Due<'a>,
    cursor: Cursor,
    /// The next bar.
    t: usize,
}

impl<'a> Events<'a> {
    pub(super) fn new(
        bars: &'a Bars<'a>,
        signals: &'a Signals<'a>,
        options: &'a Options,
        needs: Needs,
        record: &'a mut Record,
    ) -> Self {
        let machine = Machine::new(bars, signals, options, needs, record);
        Events { machine, due: Due::new(signals, options), cursor: Cursor::default(), t: 0 }
    }

    /// Goes on to bar `end`, or to a later one if nothing can happen before it.
    pub(super) fn advance(&mut self, end: usize, mut stretches: Option<&mut Stretches>) {
        let n = self.machine.broker.bars.len();
        while self.t < end {
            self.t = self.skip(self.t, stretches.as_deref_mut());
            if self.t < n {
                self.machine.step(self.t);
            }
            self.t += 1;
        }
    }

    pub(super) fn finish(self) -> Summary {
        self.machine.finish()
    }

    /// Skips the bars from `t` on on which nothing can happen; returns the bar to step on.
    fn skip(&mut self, t: usize, stretches: Option<&mut Stretches>) -> usize {
        let broker = &self.machine.broker;
        let waits = broker.waiting.is_any();
        if let Some(position) = &broker.position {
            let end = if waits { t } else { t.max((broker.bars.len() - 1).min(time_bar(position))) };
            let end = if end > t { self.next_due(t, end) } else { t };
            return if end > t { self.skip_calm((t, end), stretches) } else { t };
        }
        let next = if waits { self.next_of_waiting(t) } else { self.next_entry(t) };
        self.add_flat(t, next);
        next
    }

    /// The first bar in `t .. end` at whose close the open position is brought to its target.
    fn next_due(&mut self, t: usize, end: usize) -> usize {
        if self.due.is_given() { self.due.next(self.machine.last_target, false, (t, end)) } else { end }
    }

    /// Adds up the bars `t .. next` without a position.
    fn add_flat(&mut self, t: usize, next: usize) {
        let ledger = &mut self.machine.broker.ledger;
        ledger.sums.add_flat(t, next - t);
        if next > t {
            ledger.drawdown.mark(ledger.equity, next - t);
        }
    }

    /// The next bar that matters to the orders that wait while nothing is open.
    fn next_of_waiting(&self, t: usize) -> usize {
        // The last bar takes back what still waits.
        self.machine.broker.next_of_limit(t, self.machine.broker.bars.len() - 1)
    }

    /// The first bar from `t` on whose close decides an entry; the number of bars if there is none.
    fn next_entry(&mut self, t: usize) -> usize {
        let Machine { broker, last_target, .. } = &self.machine;
        let n = broker.bars.len();
        if broker.ledger.summary.ruined {
            return n;
        }
        let end = self.machine.decided();
        let next = if self.due.is_given() {
            self.due.next(*last_target, true, (t, end))
        } else {
            let unless =
                |wanted: DirectionFilter, flags| if broker.options.direction == wanted { Flags::None } else { flags };
            let long = unless(DirectionFilter::Short, broker.signals.enter_long);
            let short = unless(DirectionFilter::Long, broker.signals.enter_short);
            match (long, short) {
                (Flags::Bits(long), Flags::Bits(short)) => first_of_two(long, short, t, end),
                _ => first_true(long, t, end).min(first_true(short, t, end)),
            }
        };
        if next < end { next } else { n }
    }

    /// Skips bars before `end` on which the open position neither ends nor changes nor arms its trail; returns the bar to step
    /// on.
    ///
    /// Nothing waits for an open here, and the position was open before bar `t`, so that all skipped bars are interior.
    fn skip_calm(&mut self, (t, end): (usize, usize), stretches: Option<&mut Stretches>) -> usize {
        let broker = &mut self.machine.broker;
        let Some(mut position) = broker.position.take() else { return t };
        let watch = Watch::new(broker.bars, broker.signals, broker.options, &position);
        let next = match stretches {
            _ if broker.pays_always(&position) => broker.hold(&watch, &mut position, (t, end)),
            None => calm::skip(&mut broker.ledger, &watch, &mut position, (t, end)),
            Some(stretches) => {
                let account = (&mut broker.ledger, &watch);
                stretches.skip(&mut self.cursor, account, &mut position, (t, end))
            }
        };
        broker.ledger.summary.bars_in_market += next - t;
        broker.position = Some(position);
        next
    }
}
