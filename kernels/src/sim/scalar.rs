//! The scalar reference: one bar after the other, in the order and with the names of the contract.
//!
//! It is written for reading, and every other kernel gives the same bits. Where the contract is silent:
//!
//! - A position is marked at the close on which it was filled, too, so that slippage shows in the equity at once.
//! - A target that is watched at the close (`stop_fill = close`) leaves by a market order and pays slippage like one.
//! - The liquidation price counts like a stop at the close as well.
//! - `reentry = next_bar` looks at exits decided at this close and exits inside this bar; an exit at this bar's open was
//!   decided on the bar before.
//! - An exit or a mark that leaves no equity ruins the run. An entry that was decided but not yet filled is then rejected
//!   with `no_equity`, and nothing is decided any more. The bars after it have a return of 0.

use super::contract::{Bars, Signals};
use super::ledger::{Exit, Ledger, Moment};
use super::options::{DirectionFilter, Fill, Options, Reentry, StopFill};
use super::position::{Position, Sided};
use super::record::{Direction, Reason, Record};
use super::sizing::{Refusal, size};
use super::summary::{Needs, Summary};

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
    pub(super) bars: &'a Bars<'a>,
    pub(super) signals: &'a Signals<'a>,
    pub(super) options: &'a Options,
    pub(super) ledger: Ledger<'a>,
    pub(super) position: Option<Position>,
    /// An exit decided at the last close, to be filled at the next open.
    pending_exit: Option<Reason>,
    /// An entry decided at the last close, to be filled at the next open: direction and signal bar.
    pending_entry: Option<(Direction, usize)>,
    bar: BarState,
}

/// What happened in the bar at hand.
#[derive(Debug, Clone, Copy)]
struct BarState {
    /// Product of the factors of the positions present in it.
    factor: f64,
    /// A position began or ended in it.
    edge: bool,
    /// Positions that were open in it.
    positions: usize,
    /// An exit was decided at its close or happened inside it.
    left: bool,
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
        Machine {
            bars,
            signals,
            options,
            ledger: Ledger::new(bars, options, needs, record),
            position: None,
            pending_exit: None,
            pending_entry: None,
            bar: BarState { factor: 1.0, edge: false, positions: 0, left: false },
        }
    }

    pub(super) fn finish(self) -> Summary {
        self.ledger.finish()
    }

    /// Whether an order waits for the next open.
    pub(super) fn has_pending(&self) -> bool {
        self.pending_exit.is_some() || self.pending_entry.is_some()
    }

    /// One bar.
    pub(super) fn step(&mut self, t: usize) {
        let positions = usize::from(self.position.is_some());
        self.bar = BarState { factor: 1.0, edge: false, positions, left: false };
        self.at_open(t);
        self.inside(t);
        // In the last bar nothing is decided.
        if t + 1 < self.bars.len() {
            self.decide_exit(t);
            self.decide_entry(t);
        }
        self.mark(t);
    }

    /// 1. Executes what was decided at the previous close.
    fn at_open(&mut self, t: usize) {
        let price = self.bars.open[t];
        if let Some(reason) = self.pending_exit.take() {
            self.exit(Exit { bar: t, moment: Moment::Open, price, reason });
        }
        if let Some((direction, signal_bar)) = self.pending_entry.take() {
            self.enter(t, Moment::Open, price, (direction, signal_bar));
        }
    }

    /// 2. Stops, targets and liquidations inside the bar.
    fn inside(&mut self, t: usize) {
        let Some(position) = &self.position else { return };
        self.ledger.summary.bars_in_market += 1;
        if self.options.stop_fill != StopFill::Intrabar {
            return;
        }
        let Bars { open, high, low, .. } = self.bars;
        if let Some(hit) = position.levels.hit(open[t], high[t], low[t], self.options.intrabar) {
            self.ledger.summary.ambiguous_bars += usize::from(hit.ambiguous);
            self.exit(Exit { bar: t, moment: Moment::Inside, price: hit.price, reason: hit.reason });
            self.bar.left = true;
        }
    }

    /// 3. The close of a bar with an open position: leave, or trail the stop.
    fn decide_exit(&mut self, t: usize) {
        let Some(position) = &mut self.position else { return };
        let close = self.bars.close[t];
        let columns = Sided::of(self.signals, position.direction);
        let Some(reason) = position.wants_out(t, close, &columns, self.options.stop_fill) else {
            position.trail(t, close, &columns, self.signals.trail_distance);
            return;
        };
        self.bar.left = true;
        match self.options.fill {
            Fill::Close => self.exit(Exit { bar: t, moment: Moment::Close, price: close, reason }),
            Fill::NextOpen => self.pending_exit = Some(reason),
        }
    }

    /// 4. The entry decision.
    fn decide_entry(&mut self, t: usize) {
        let stays = self.position.is_some() && self.pending_exit.is_none();
        let waits = self.options.reentry == Reentry::NextBar && self.bar.left;
        if stays || waits || self.ledger.summary.ruined {
            return;
        }
        let allowed = self.options.direction;
        let direction = if allowed != DirectionFilter::Short && self.signals.enter_long.at(t) {
            Direction::Long
        } else if allowed != DirectionFilter::Long && self.signals.enter_short.at(t) {
            Direction::Short
        } else {
            return;
        };
        match self.options.fill {
            Fill::Close => self.enter(t, Moment::Close, self.bars.close[t], (direction, t)),
            Fill::NextOpen => self.pending_entry = Some((direction, t)),
        }
    }

    /// 5. The equity at the close; ruin; and the end of the range.
    fn mark(&mut self, t: usize) {
        let close = self.bars.close[t];
        if let Some(position) = &mut self.position {
            let growth = position.growth_at(close);
            let last = t + 1 == self.bars.len();
            if position.equity * growth <= 0.0 {
                self.exit(Exit { bar: t, moment: Moment::Close, price: close, reason: Reason::Ruined });
                self.drop_pending(t);
            } else if last {
                self.exit(Exit { bar: t, moment: Moment::Close, price: close, reason: Reason::EndOfData });
            } else {
                self.bar.factor *= growth / position.growth;
                if !self.bar.edge {
                    self.ledger.interior.add(t, growth, position.growth);
                }
                position.growth = growth;
            }
        }
        let equity = match &self.position {
            Some(position) => position.equity * position.growth,
            None => self.ledger.equity,
        };
        if self.bar.edge {
            let BarState { factor, positions, .. } = self.bar;
            self.ledger.sums.add_edge(t, (factor, equity), positions == 1, self.position.is_some());
        } else if self.position.is_none() {
            self.ledger.sums.add_flat(t, 1);
        }
        self.ledger.mark(t, equity, self.bar.factor, self.position.as_ref());
    }

    /// Ends the open position.
    fn exit(&mut self, exit: Exit) {
        let Some(position) = self.position.take() else { return };
        self.bar.factor *= self.ledger.close(&position, &exit);
        self.bar.edge = true;
    }

    /// Opens a position at a price before slippage, or rejects the entry.
    fn enter(&mut self, t: usize, moment: Moment, price: f64, (direction, signal_bar): (Direction, usize)) {
        let fill = self.options.slipped(price, direction, false);
        match size(self.signals, self.options, (direction, signal_bar), fill, self.ledger.equity) {
            Err(refusal) => self.ledger.reject(t, direction, fill, refusal),
            Ok(entry) => {
                let (id, at_close) = (self.ledger.next_id(), moment == Moment::Close);
                self.ledger.open(t, &entry);
                self.position = Some(Position::new(id, t, at_close, &entry, self.signals, self.options));
                self.bar.edge = true;
                self.bar.positions += 1;
            }
        }
    }

    /// Drops the orders that wait for an open which a ruined account does not see.
    fn drop_pending(&mut self, t: usize) {
        self.pending_exit = None;
        if let Some((direction, _)) = self.pending_entry.take() {
            let refusal = Refusal { reason: Reason::NoEquity, qty: f64::NAN };
            self.ledger.reject(t, direction, f64::NAN, refusal);
        }
    }
}
