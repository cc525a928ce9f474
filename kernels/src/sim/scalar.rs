//! The scalar reference: one bar after the other, in the order and with the names of the contract.
//!
//! It is written for reading, and every other kernel gives the same bits. This file decides; `broker.rs` fills. Where the
//! contract is silent:
//!
//! - A position is marked at the close on which it was filled, too, so that slippage shows in the equity at once.
//! - A target that is watched at the close (`stop_fill = close`) leaves by a market order and pays slippage like one.
//! - The liquidation price counts like a stop at the close as well.
//! - `reentry = next_bar` looks at exits decided at this close and exits inside this bar; an exit at this bar's open was
//!   decided on the bar before.
//! - An exit or a mark that leaves no equity ruins the run. An entry that was decided but not yet filled is then rejected
//!   with `no_equity`, and nothing is decided any more. The bars after it have a return of 0.
//! - An entry signal against the open position (`on_opposite`) comes after every other exit. With `close`, nothing is entered
//!   at that close, also if another exit came first; with `reverse`, the opposite position is. Where both directions want in,
//!   only the one that `direction` and `direction_conflict` leave is such a signal.
//! - While a limit entry waits, the enter columns are not read; the exit column of its direction takes it back.
//! - A part to close of 1 or more ends the position; of 0 or less, or none, closes nothing and may be tried again.

use super::broker::{Broker, Waiting};
use super::contract::{Bars, Numbers, Signals};
use super::ledger::{Exit, Ledger};
use super::options::{
    DirectionConflict, DirectionFilter, EntryExitConflict, FinalClose, OnOpposite, Options, Rebalance, Reentry, Ruin,
    StopFill,
};
use super::position::{Moment, Position, Sided};
use super::record::{Direction, Reason, Record};
use super::summary::{Needs, Summary};
use super::sums::market_sums;

/// Runs a strategy's columns on a series of bars, bar by bar.
///
/// The same result as [`simulate`](super::simulate), bit for bit, for tests and for reading. `options` must have passed
/// [`Options::check`].
///
/// # Panics
/// If the slices of `bars` and `signals` differ in length.
pub fn simulate_reference(
    bars: &Bars,
    signals: &Signals,
    options: &Options,
    needs: Needs,
    record: &mut Record,
) -> Summary {
    let mut machine = Machine::new(bars, signals, options, needs, record);
    for t in 0..bars.len() {
        machine.step(t);
    }
    machine.finish()
}

/// The state between two bars.
pub(super) struct Machine<'a> {
    pub(super) broker: Broker<'a>,
    /// The last value of the column `position` that was traded towards.
    pub(super) last_target: f64,
    /// An exit was decided at this close or happened inside this bar.
    left: bool,
    /// An exit happened inside this bar.
    left_inside: bool,
    /// Which entry the close may decide.
    entries: Entries,
}

/// Which entry a close may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entries {
    Any,
    /// A signal of the other direction closed the position and does nothing else.
    None,
    /// A reversal.
    Only(Direction),
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        bars: &'a Bars<'a>,
        signals: &'a Signals<'a>,
        options: &'a Options,
        needs: Needs,
        record: &'a mut Record,
    ) -> Self {
        assert!(bars.is_even() && signals.fits(bars.len()), "every column must have one value per bar");
        let broker = Broker::new(bars, signals, options, Ledger::new(bars, options, needs, record));
        Machine { broker, last_target: 0.0, left: false, left_inside: false, entries: Entries::Any }
    }

    pub(super) fn finish(mut self) -> Summary {
        self.broker.end();
        let closes = self.broker.bars.close;
        self.broker.ledger.finish().with_market(|| market_sums(closes))
    }

    /// How many bars decide something at their close: all but the last one, unless that is a bar like any other.
    pub(super) fn decided(&self) -> usize {
        let n = self.broker.bars.len();
        if self.broker.options.is_open_end() { n } else { n.saturating_sub(1) }
    }

    /// Nothing has happened in the next bar yet.
    pub(super) fn begin_bar(&mut self) {
        (self.left, self.left_inside, self.entries) = (false, false, Entries::Any);
        self.broker.begin_bar();
    }

    /// One bar.
    pub(super) fn step(&mut self, t: usize) {
        self.begin_bar();
        self.at_open(t);
        self.inside(t);
        self.broker.pay_holding(t);
        if t < self.decided() {
            self.decide(t);
        }
        self.mark(t);
    }

    /// 1. Executes what was decided at the previous close.
    fn at_open(&mut self, t: usize) {
        self.leave_at_open(t);
        self.enter_at_open(t);
    }

    /// The first half of the open: what the open position pays and does. A target of the other side, or of nothing, ends it.
    pub(super) fn leave_at_open(&mut self, t: usize) {
        let broker = &mut self.broker;
        broker.pay_funding(broker.bars.funding.at_open, t, broker.bars.open[t]);
        let at = broker.open_of(t);
        let Waiting { exit, part, add, rest, .. } = broker.waiting;
        broker.waiting = Waiting { entry: broker.waiting.entry, target: broker.waiting.target, ..Waiting::default() };
        if let Some(reason) = exit {
            broker.exit(at, reason);
        }
        if let Some(part) = part {
            broker.scale_out(at, part);
        }
        if let Some(rest) = rest {
            broker.fill_rest(at, rest);
        }
        if let Some(signal_bar) = add {
            broker.add(at, signal_bar);
        }
        if let Some((target, _)) = broker.waiting.target {
            broker.close_against(at, target);
        }
    }

    /// The second half of the open: the entry, or the trade towards a target.
    pub(super) fn enter_at_open(&mut self, t: usize) {
        self.broker.enter_waiting(self.broker.open_of(t));
    }

    /// The second half of a close at which orders fill at once.
    pub(super) fn enter_at_close(&mut self, t: usize) {
        self.broker.enter_waiting(self.broker.close_of(t));
    }

    /// 2. Limit entries, stops, targets and liquidations inside the bar.
    fn inside(&mut self, t: usize) {
        let limit = self.broker.reach_limit(t);
        self.test_levels(t, limit);
    }

    /// Stops, targets and liquidations inside the bar, in which a limit entry was filled at the price `limit`, if one was.
    pub(super) fn test_levels(&mut self, t: usize, limit: Option<f64>) {
        let broker = &mut self.broker;
        let Some(position) = &broker.position else { return };
        broker.ledger.summary.bars_in_market += 1;
        if broker.options.stop_fill != StopFill::Intrabar {
            return;
        }
        let (levels, bars, intrabar) = (&position.levels, broker.bars, broker.options.intrabar);
        let hit = match limit {
            Some(price) => levels.hit_after(bars, t, price, broker.options),
            None => levels.hit_in(bars, t, intrabar),
        };
        if let Some(hit) = hit {
            broker.ledger.summary.ambiguous_bars += usize::from(hit.ambiguous);
            broker.ledger.summary.undetailed_bars += usize::from(hit.undetailed);
            broker.exit((t, Moment::Inside, hit.price), hit.reason);
            (self.left, self.left_inside) = (true, true);
        }
    }

    /// Steps 3 and 4: what is decided at the close. First the exit or what moves the position, then the target or the entry.
    fn decide(&mut self, t: usize) {
        self.broker.expire_limit(t);
        self.decide_exit(t);
        if self.broker.signals.position.is_given() {
            self.decide_target(t);
        } else {
            self.decide_entry(t);
        }
    }

    /// 3. The close of a bar with an open position: leave; or close a part, add, and trail the stop.
    pub(super) fn decide_exit(&mut self, t: usize) {
        let broker = &mut self.broker;
        let Some(position) = &mut broker.position else { return };
        // What is left of an exit that found too little volume.
        if broker.waiting.exit.is_some() {
            return;
        }
        let (close, options) = (broker.bars.close[t], broker.options);
        let columns = Sided::of(broker.signals, position.direction);
        let wants = Wants::at(t, broker.signals, options);
        let (exits, opposes) = wants.against(position.direction);
        let mut reason = position.wants_out(t, close, exits, &columns, options.stop_fill);
        if reason.is_none() && options.on_opposite != OnOpposite::Ignore && opposes {
            reason = Some(Reason::Opposite);
            self.entries = Entries::Only(position.direction.opposite());
        }
        // Whatever closes the position: the signal of the other direction does nothing else.
        if options.on_opposite == OnOpposite::Close && opposes {
            self.entries = Entries::None;
        }
        let part = position.wanted_part(t, &columns, broker.signals.scale_out_fraction);
        let reason = reason.or_else(|| part.filter(|part| *part >= 1.0).map(|_| Reason::ScaleOut));
        if let Some(reason) = reason {
            self.left = true;
            broker.drop_rest(t);
            return broker.decide_exit(t, reason);
        }
        // One order at a time: while the rest of one waits, nothing is added.
        let adds = broker.waiting.rest.is_none() && position.wants_add(t, &columns, broker.signals.max_adds);
        if let Some(part) = part {
            broker.decide_part(t, part);
        }
        if adds {
            broker.decide_add(t);
        }
        if let Some(position) = &mut broker.position {
            position.trail(t, close, &columns, broker.signals.trail_distance);
        }
    }

    /// 4. The entry decision.
    fn decide_entry(&mut self, t: usize) {
        if !self.broker.ledger.summary.ruined
            && let Some(direction) = self.wanted_entry(t)
        {
            self.broker.decide_entry(t, direction);
        }
    }

    /// The direction that the close of bar `t` decides to enter, if it decides one.
    pub(super) fn wanted_entry(&self, t: usize) -> Option<Direction> {
        let Broker { position, waiting, signals, options, .. } = &self.broker;
        let stays = position.is_some() && waiting.exit.is_none();
        let waits = match options.reentry {
            Reentry::SameBar => false,
            Reentry::NextBar => self.left,
            Reentry::NotAfterStop => self.left_inside,
        };
        if stays || waits || waiting.entry.is_some() {
            return None;
        }
        let may = |direction| match self.entries {
            Entries::Any => true,
            Entries::None => false,
            Entries::Only(only) => only == direction,
        };
        let allowed = options.direction;
        let wants = Wants::at(t, signals, options);
        if allowed != DirectionFilter::Short && may(Direction::Long) && wants.enter_long {
            Some(Direction::Long)
        } else if allowed != DirectionFilter::Long && may(Direction::Short) && wants.enter_short {
            Some(Direction::Short)
        } else {
            None
        }
    }

    /// The decision of target mode. No value leaves the position as it is.
    fn decide_target(&mut self, t: usize) {
        if let Some(target) = self.due_target(t) {
            self.broker.decide_target(t, target);
        }
    }

    /// The target that the close of bar `t` decides, if it decides one; what is left of earlier orders is taken back.
    pub(super) fn due_target(&mut self, t: usize) -> Option<f64> {
        let broker = &mut self.broker;
        let target = broker.signals.position.at(t);
        if target.is_nan() || broker.ledger.summary.ruined {
            return None;
        }
        let is_due = match broker.options.rebalance {
            Rebalance::OnChange => target != self.last_target,
            Rebalance::Every(bars) => t.is_multiple_of(bars as usize),
        };
        if is_due {
            self.last_target = target;
            broker.drop_unfilled(t);
        }
        is_due.then_some(target)
    }

    /// Forgets the last target, so that the same one counts as a change.
    pub(super) fn forget_target(&mut self) {
        self.last_target = 0.0;
    }

    /// Gives its slot of a portfolio to a better one: leaves, and decides nothing else at the close of bar `t`.
    pub(super) fn rotate_out(&mut self, t: usize) {
        (self.left, self.entries) = (true, Entries::None);
        self.forget_target();
        let broker = &mut self.broker;
        broker.drop_rest(t);
        broker.waiting = Waiting { entry: broker.waiting.entry, ..Waiting::default() };
        broker.decide_exit(t, Reason::Rotated);
    }

    /// 5. The equity at the close; ruin; and the end of the range.
    fn mark(&mut self, t: usize) {
        let close = self.broker.bars.close[t];
        if let Some(position) = &self.broker.position {
            let last = t + 1 == self.broker.bars.len();
            let Options { ruin, final_close, .. } = *self.broker.options;
            if position.equity * position.growth_at(close) <= 0.0 && ruin == Ruin::Stop {
                let exit = Exit { bar: t, moment: Moment::Close, price: close, reason: Reason::Ruined };
                self.broker.exit_all(exit);
                self.broker.drop_waiting(t);
            } else if last && final_close != FinalClose::None {
                self.close_finally(t);
            } else {
                self.mark_position(t);
            }
        }
        self.broker.mark(t);
    }

    /// The end of the range, of which `t` is the last bar of the series.
    pub(super) fn close_finally(&mut self, t: usize) {
        let (bar, moment, price) = match self.broker.options.final_close {
            FinalClose::OrderPrice => self.broker.last_order(),
            _ => (t, Moment::Close, self.broker.bars.close[t]),
        };
        self.broker.exit_all(Exit { bar, moment, price, reason: Reason::EndOfData });
    }

    /// The open position at the close of bar `t`.
    pub(super) fn mark_position(&mut self, t: usize) {
        let Broker { position, bars, bar, ledger, .. } = &mut self.broker;
        let Some(position) = position else { return };
        let growth = position.growth_at(bars.close[t]);
        bar.factor *= growth / position.growth;
        if !bar.edge {
            ledger.interior.add(t, (growth, position.growth), bars.close);
        }
        position.growth = growth;
    }
}

/// What the enter and exit columns say at a close, conflicts resolved.
#[derive(Debug, Clone, Copy)]
struct Wants {
    enter_long: bool,
    enter_short: bool,
    exit_long: bool,
    exit_short: bool,
}

impl Wants {
    fn at(t: usize, signals: &Signals, options: &Options) -> Self {
        let resolve = |enter: bool, exit: bool| match options.entry_exit_conflict {
            EntryExitConflict::Ignore if enter && exit => (false, false),
            EntryExitConflict::Entry if enter => (true, false),
            EntryExitConflict::Exit if exit => (false, true),
            _ => (enter, exit),
        };
        let (mut enter_long, exit_long) = resolve(signals.enter_long.at(t), signals.exit_long.at(t));
        let (mut enter_short, exit_short) = resolve(signals.enter_short.at(t), signals.exit_short.at(t));
        if enter_long && enter_short {
            (enter_long, enter_short) = match (options.direction, options.direction_conflict) {
                // Of two directions, one of which may not be entered, the other one counts.
                (DirectionFilter::Long, _) | (DirectionFilter::Both, DirectionConflict::Long) => (true, false),
                (DirectionFilter::Short, _) | (DirectionFilter::Both, DirectionConflict::Short) => (false, true),
                (DirectionFilter::Both, DirectionConflict::Ignore) => (false, false),
            };
        }
        Wants { enter_long, enter_short, exit_long, exit_short }
    }

    /// For a position: whether its exit column and whether an entry of the other direction speaks against it.
    fn against(&self, direction: Direction) -> (bool, bool) {
        match direction {
            Direction::Long => (self.exit_long, self.enter_short),
            Direction::Short => (self.exit_short, self.enter_long),
        }
    }
}

impl Position {
    /// The part of the position that `scale_out` wants to close, once.
    pub(super) fn wanted_part(&self, t: usize, columns: &Sided, fraction: Numbers) -> Option<f64> {
        let part = if !self.scaled_out && columns.scale_out.at(t) { fraction.at(t) } else { f64::NAN };
        (part > 0.0).then_some(part)
    }

    /// Whether the position is to be added to.
    pub(super) fn wants_add(&self, t: usize, columns: &Sided, max_adds: Numbers) -> bool {
        let most = if max_adds.is_given() { max_adds.at(t) } else { 1.0 };
        let column = if self.adds == 0 { columns.add } else { columns.add_again };
        f64::from(self.adds) < most && column.at(t)
    }
}
