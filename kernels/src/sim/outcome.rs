//! What becomes of one entry: the path of a position from its fill to its exit, without the money.
//!
//! Everything in a position is relative to the equity at its entry, so its outcome depends on the bars, on the exit and
//! sizing columns and on the signal bar alone. It is traced once and serves every set of entries that meets it.

use std::ops::Range;

use super::contract::{Bars, Signals};
use super::ledger::{Exit, slips};
use super::options::{Fill, Options, Reentry, StopFill};
use super::position::{Moment, Position, Sided};
use super::record::{Direction, Reason};
use super::sizing::{Entry, Refusal, leverage_at, plain_room, size, size_simply};
use super::summary::Needs;
use super::sums::{Interior, InteriorSums, ReturnSums};
use super::watch::{WINDOW, Watch, for_each_block, time_bar};

/// Below this neither an equity nor a growth is followed any further: products of two of them could vanish, and whether
/// they do depends on the account.
pub(super) const TINY: f64 = 1e-100;

/// Weights and prices with which the quantity is positive and finite for every equity that is followed.
const SAFE: Range<f64> = TINY..1.0 / TINY;

/// What an entry leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// A position that ends.
    Trip,
    /// No position, whatever the equity.
    Rejected,
    /// The equity decides: the account may be used up.
    Depends,
}

/// The outcome of one entry. What every account reads comes first, so that it shares a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Outcome {
    /// `g_exit`.
    pub(super) exit_growth: f64,
    /// Largest and smallest `g` at the closes before the exit bar, and 1.
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// What belongs to the position if both of its edges are its own.
    pub(super) whole: ReturnSums,
    pub(super) entry_bar: u32,
    pub(super) exit_bar: u32,
    pub(super) bars_in_market: u32,
    pub(super) fate: Fate,
    pub(super) direction: Direction,
    pub(super) ambiguous: bool,
    pub(super) undetailed: bool,
    /// `g` at the close of the entry bar, if the position is still open there.
    pub(super) entry_growth: f64,
    /// `g_exit` over `g` at the close before, or over 1 at the entry.
    pub(super) exit_factor: f64,
    /// Sums over the interior bars.
    pub(super) interior: InteriorSums,
    /// Largest and smallest `g` at the interior closes; `-inf` and `inf` without any.
    pub(super) highest: f64,
    pub(super) lowest: f64,
    /// [`Outcome::whole`] without the exit bar.
    pub(super) begun: ReturnSums,
    /// `F`.
    pub(super) fill: f64,
    /// Exit price with slippage: `X`.
    pub(super) price: f64,
    /// `w`.
    pub(super) weight: f64,
    /// The first bar whose close may decide the next entry.
    pub(super) resume: u32,
}

/// Follows entries to their exits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tracer<'a> {
    pub(super) bars: &'a Bars<'a>,
    pub(super) signals: &'a Signals<'a>,
    pub(super) options: &'a Options,
    pub(super) kept: Needs,
}

impl Tracer<'_> {
    /// The outcome of an entry that the close of `signal_bar` decides; never the last bar.
    pub(super) fn trace(&self, signal_bar: usize, direction: Direction) -> Outcome {
        let (entry_bar, fill) = self.fill(signal_bar, direction);
        match self.size(direction, signal_bar, fill) {
            Ok(entry) => Path::new(self, &entry, entry_bar).follow(),
            Err(fate) => Outcome { fate, resume: signal_bar as u32 + 1, ..Outcome::empty(entry_bar, direction) },
        }
    }

    /// Where and at which price an entry is filled.
    #[inline(always)]
    pub(super) fn fill(&self, signal_bar: usize, direction: Direction) -> (usize, f64) {
        let (entry_bar, price) = match self.options.fill {
            Fill::NextOpen | Fill::PrevClose => (signal_bar + 1, self.bars.open[signal_bar + 1]),
            Fill::Close => (signal_bar, self.bars.close[signal_bar]),
        };
        (entry_bar, self.options.slipped(price, direction, false))
    }

    /// [`Tracer::size`], where not much has to be asked; `room` is the last leverage and the room of it.
    #[inline(always)]
    pub(super) fn size_fast(
        &self,
        direction: Direction,
        signal_bar: usize,
        fill: f64,
        room: &mut (f64, f64),
    ) -> Result<Entry, Fate> {
        let leverage = leverage_at(self.signals, signal_bar);
        if leverage != room.0 {
            *room = (leverage, plain_room(leverage, 1.0, self.options));
        }
        match size_simply(self.signals, self.options, (direction, signal_bar), fill, *room) {
            Some(entry) if [entry.weight, fill].iter().all(|x| SAFE.contains(x)) => Ok(entry),
            _ => self.size(direction, signal_bar, fill),
        }
    }

    /// Sizes the entry for an equity of 1, and makes sure that the weight does not depend on the equity.
    pub(super) fn size(&self, direction: Direction, signal_bar: usize, fill: f64) -> Result<Entry, Fate> {
        let at = |equity: f64| size(self.signals, self.options, (direction, signal_bar), fill, equity);
        match at(1.0) {
            // Then the quantity is positive and finite for every equity that is followed.
            Ok(entry) if [entry.weight, entry.fill].iter().all(|x| SAFE.contains(x)) => Ok(entry),
            Ok(_) => Err(Fate::Depends),
            // A quantity of zero may be a weight that is lost in the division by the price.
            Err(Refusal { qty: 0.0, .. }) if !matches!(at(1.0 / TINY), Err(Refusal { qty: 0.0, .. })) => {
                Err(Fate::Depends)
            }
            Err(_) => Err(Fate::Rejected),
        }
    }
}

impl Outcome {
    #[inline(always)]
    pub(super) fn empty(entry_bar: usize, direction: Direction) -> Self {
        Outcome {
            exit_growth: f64::NAN,
            top: 1.0,
            bottom: 1.0,
            whole: ReturnSums::default(),
            entry_bar: entry_bar as u32,
            exit_bar: entry_bar as u32,
            bars_in_market: 0,
            fate: Fate::Trip,
            direction,
            ambiguous: false,
            undetailed: false,
            resume: 0,
            begun: ReturnSums::default(),
            fill: f64::NAN,
            price: f64::NAN,
            weight: f64::NAN,
            entry_growth: f64::NAN,
            exit_factor: f64::NAN,
            interior: InteriorSums::default(),
            highest: f64::NEG_INFINITY,
            lowest: f64::INFINITY,
        }
    }

    /// Draws the sums and extremes of the path together, once all of it is known.
    #[inline(always)]
    pub(super) fn complete(&mut self, rf: f64) {
        let interior = ReturnSums::of_interior(&self.interior);
        let entry = match self.exit_bar > self.entry_bar {
            true => ReturnSums::of(self.entry_growth, rf),
            false => ReturnSums::default(),
        };
        self.begun = entry + interior;
        self.whole = self.begun + ReturnSums::of(self.exit_factor, rf);
        // A growth that is no number stays out, as it does for the account that is then lost.
        self.top = 1.0_f64.max(self.entry_growth).max(self.highest);
        self.bottom = 1.0_f64.min(self.entry_growth).min(self.lowest);
    }
}

/// One position on its way.
struct Path<'a> {
    tracer: &'a Tracer<'a>,
    position: Position,
    columns: Sided<'a>,
    interior: Interior,
    out: Outcome,
    /// A mark that leaves next to nothing.
    exhausted: bool,
}

impl<'a> Path<'a> {
    fn new(tracer: &'a Tracer<'a>, entry: &Entry, entry_bar: usize) -> Self {
        let Tracer { signals, options, .. } = *tracer;
        let entered = if options.fill == Fill::Close { Moment::Close } else { Moment::Open };
        Path {
            tracer,
            position: Position::new(0, (entry_bar, entered), entry, signals, options),
            columns: Sided::of(signals, entry.direction),
            interior: Interior::new(options.risk_free_per_bar()),
            out: Outcome { fill: entry.fill, weight: entry.weight, ..Outcome::empty(entry_bar, entry.direction) },
            exhausted: false,
        }
    }

    fn follow(mut self) -> Outcome {
        let n = self.tracer.bars.len();
        let mut t = self.position.entry_bar;
        if self.position.entered == Moment::Close {
            self.mark(t);
            t = self.skip_calm(t + 1);
        }
        let exit = loop {
            if let Some(exit) = self.step(t) {
                break exit;
            }
            if self.exhausted {
                self.out.fate = Fate::Depends;
                return self.out;
            }
            t = self.skip_calm(t + 1);
            debug_assert!(t < n, "the last bar ends every position");
        };
        self.leave(&exit);
        self.out
    }

    /// The bar `t` in the order of the contract; the exit, if the position ends in it or at the next open.
    fn step(&mut self, t: usize) -> Option<Exit> {
        let Tracer { bars, signals, options, .. } = *self.tracer;
        self.out.bars_in_market += 1;
        let wait = usize::from(options.reentry == Reentry::NextBar);
        if options.stop_fill == StopFill::Intrabar
            && let Some(hit) = self.position.levels.hit_in(bars, t, options.intrabar)
        {
            self.out.ambiguous = hit.ambiguous;
            self.out.undetailed = hit.undetailed;
            self.out.resume = (t + wait) as u32;
            return Some(Exit { bar: t, moment: Moment::Inside, price: hit.price, reason: hit.reason });
        }
        let close = bars.close[t];
        if t + 1 == bars.len() {
            self.exhausted = self.position.growth_at(close) <= TINY;
            self.out.resume = bars.len() as u32;
            let exit = Exit { bar: t, moment: Moment::Close, price: close, reason: Reason::EndOfData };
            return (!self.exhausted).then_some(exit);
        }
        let decided = self.position.wants_out(t, close, self.columns.exit.at(t), &self.columns, options.stop_fill);
        if let Some(reason) = decided {
            self.out.resume = (t + wait) as u32;
            if options.fill == Fill::Close {
                return Some(Exit { bar: t, moment: Moment::Close, price: close, reason });
            }
        } else {
            self.position.trail(t, close, &self.columns, signals.trail_distance);
        }
        self.mark(t);
        let reason = decided.filter(|_| !self.exhausted)?;
        Some(Exit { bar: t + 1, moment: Moment::Open, price: bars.open[t + 1], reason })
    }

    /// The close of a bar after which the position is still open.
    fn mark(&mut self, t: usize) {
        let growth = self.position.growth_at(self.tracer.bars.close[t]);
        self.exhausted |= growth.is_nan() || growth <= TINY;
        if t == self.position.entry_bar {
            self.out.entry_growth = growth;
        } else {
            self.interior.add(t, (growth, self.position.growth), self.tracer.bars.close);
            self.out.highest = self.out.highest.max(growth);
            self.out.lowest = self.out.lowest.min(growth);
        }
        self.position.growth = growth;
    }

    /// Adds up the bars from `t` on at which nothing can happen; returns the next one.
    fn skip_calm(&mut self, t: usize) -> usize {
        let Tracer { bars, signals, options, kept, .. } = *self.tracer;
        let end = (bars.len() - 1).min(time_bar(&self.position));
        let watch = Watch::new(bars, signals, options, &self.position);
        let mut from = t;
        while from < end {
            let window_end = end.min(from + WINDOW);
            let next = watch.first_event(&mut self.position, from, window_end);
            self.add_calm(kept, from, next);
            from = next;
            if next < window_end {
                break;
            }
        }
        let next = from.max(t);
        self.out.bars_in_market += (next - t) as u32;
        next
    }

    fn add_calm(&mut self, kept: Needs, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let closes = self.tracer.bars.close;
        if !kept.is_per_bar() {
            self.position.growth = self.position.growth_at(closes[to - 1]);
            return;
        }
        let line = self.position.line;
        let mut previous = self.position.growth;
        let (mut highest, mut lowest) = (self.out.highest, self.out.lowest);
        for_each_block(&line, closes, (from, to), |start, lanes, growth| {
            self.interior.add_block(growth, previous, (start, lanes.0, lanes.1), closes, kept);
            previous = growth[lanes.1 - 1];
            for (i, &g) in growth.iter().enumerate() {
                let inside = (lanes.0..lanes.1).contains(&i);
                highest = if inside && g > highest { g } else { highest };
                lowest = if inside && g < lowest { g } else { lowest };
            }
        });
        self.position.growth = previous;
        (self.out.highest, self.out.lowest) = (highest, lowest);
    }

    fn leave(&mut self, exit: &Exit) {
        let price = match slips(exit, self.tracer.options) {
            true => self.tracer.options.slipped(exit.price, self.position.direction, true),
            false => exit.price,
        };
        let growth = self.position.line.after_exit(price);
        self.out.price = price;
        self.out.exit_bar = exit.bar as u32;
        self.out.exit_growth = growth;
        self.out.exit_factor = growth / self.position.growth;
        self.out.interior = self.interior.take();
        self.out.complete(self.tracer.options.risk_free_per_bar());
        if growth.is_nan() || growth <= TINY {
            self.out.fate = Fate::Depends;
        }
    }
}
