//! Many sets of entries against one set of exits: the outcome of each entry is traced once.
//!
//! Cost: one trace per distinct entry bar and direction that any set meets, then a constant number of operations per
//! trade, plus one pass over the interior of a trade whose equity reaches a new peak (only if the drawdown is kept).
//! Memory: 8 bytes per bar and 192 per distinct entry.

use super::contract::{Bars, Flags, Signals};
use super::event::{Entries, simulate};
use super::ledger::{Ledger, RoundTrip};
use super::options::Options;
use super::outcome::{Fate, Outcome, TINY, Tracer};
use super::position::Line;
use super::record::{Direction, Record};
use super::summary::{Needs, Summary};
use super::watch::for_each_block;

/// Memory for the outcomes of one set of exits; may be used again for the next one.
#[derive(Debug, Default)]
pub struct OutcomeCache {
    /// For each bar and direction the number of the outcome plus one; 0 = not traced yet.
    index: Vec<u32>,
    outcomes: Vec<Outcome>,
    /// The places in `index` that are not 0.
    used: Vec<u32>,
}

impl OutcomeCache {
    /// Forgets everything and makes room for `n` bars.
    fn clear(&mut self, n: usize) {
        for &place in &self.used {
            self.index[place as usize] = 0;
        }
        self.used.clear();
        self.outcomes.clear();
        self.index.resize(2 * n, 0);
    }

    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        self.index.capacity() * 4 + self.used.capacity() * 4 + self.outcomes.capacity() * size_of::<Outcome>()
    }
}

/// One set of exits on one series, to be run with many sets of entries.
pub struct SharedExits<'a> {
    bars: &'a Bars<'a>,
    signals: Signals<'a>,
    options: &'a Options,
    needs: Needs,
    cache: &'a mut OutcomeCache,
    /// Outcomes traced.
    traced: usize,
}

/// Why outcomes cannot be shared: what they would depend on besides the bars.
pub fn not_shared_because(signals: &Signals, options: &Options) -> Option<&'static str> {
    if signals.notional.is_given() {
        Some("`notional` sizes depend on the equity")
    } else if signals.qty.is_given() {
        Some("`qty` sizes depend on the equity")
    } else if options.lot_size > 0.0 {
        Some("rounding to `lot_size` depends on the equity")
    } else {
        None
    }
}

impl<'a> SharedExits<'a> {
    /// The exit and sizing columns of `signals`; its entry columns are not read. `None` where outcomes cannot be shared,
    /// see [`not_shared_because`].
    ///
    /// # Panics
    /// If the slices of `bars` and `signals` differ in length, or the series has more than two billion bars.
    pub fn new(
        bars: &'a Bars<'a>,
        signals: &Signals<'a>,
        options: &'a Options,
        needs: Needs,
        cache: &'a mut OutcomeCache,
    ) -> Option<Self> {
        if not_shared_because(signals, options).is_some() {
            return None;
        }
        let signals = Signals { enter_long: Flags::None, enter_short: Flags::None, ..*signals };
        assert!(bars.is_even() && signals.fits(bars.len()), "every column must have one value per bar");
        assert!(bars.len() < i32::MAX as usize, "too many bars");
        cache.clear(bars.len());
        Some(SharedExits { bars, signals, options, needs, cache, traced: 0 })
    }

    /// The same as [`simulate`] with these entries, bit for bit.
    pub fn run(&mut self, enter_long: Flags<'a>, enter_short: Flags<'a>) -> Summary {
        let entries = Entries::filtered(enter_long, enter_short, self.options);
        if self.bars.len() > 1
            && let Some(summary) = self.walk(&entries)
        {
            return summary;
        }
        let signals = Signals { enter_long, enter_short, ..self.signals };
        simulate(self.bars, &signals, self.options, self.needs, &mut Record::none())
    }

    /// Outcomes traced so far.
    pub fn traced(&self) -> usize {
        self.traced
    }

    fn outcome(&mut self, signal_bar: usize, direction: Direction) -> usize {
        let place = 2 * signal_bar + usize::from(direction == Direction::Short);
        let known = self.cache.index[place];
        if known > 0 {
            return known as usize - 1;
        }
        let tracer = Tracer { bars: self.bars, signals: &self.signals, options: self.options, kept: self.needs };
        self.traced += 1;
        self.cache.outcomes.push(tracer.trace(signal_bar, direction));
        self.cache.used.push(place as u32);
        self.cache.index[place] = self.cache.outcomes.len() as u32;
        self.cache.outcomes.len() - 1
    }

    /// From entry to exit to the next entry; `None` where the account may be used up.
    fn walk(&mut self, entries: &Entries<'a>) -> Option<Summary> {
        let n = self.bars.len();
        let mut record = Record::none();
        let mut account = Account::new(Ledger::new(self.bars, self.options, self.needs, &mut record));
        let mut t = 0;
        loop {
            let signal_bar = entries.next(t, n);
            if signal_bar >= n {
                return Some(account.finish(n));
            }
            let direction = if entries.long.at(signal_bar) { Direction::Long } else { Direction::Short };
            let number = self.outcome(signal_bar, direction);
            let outcome = &self.cache.outcomes[number];
            t = match account.take(outcome, self.options)? {
                true => {
                    self.interior_drawdown(&mut account, outcome, direction);
                    account.leave(outcome, self.options);
                    outcome.resume as usize
                }
                false => {
                    account.ledger.summary.rejected_orders += 1;
                    signal_bar + 1
                }
            };
        }
    }

    /// Marks the interior closes of a trade.
    fn interior_drawdown(&self, account: &mut Account, outcome: &Outcome, direction: Direction) {
        if !self.needs.drawdown {
            return;
        }
        let (from, to) = (outcome.entry_bar as usize + 1, outcome.exit_bar as usize);
        if from >= to {
            return;
        }
        let equity = account.ledger.equity;
        let drawdown = &mut account.ledger.drawdown;
        if equity * outcome.highest < drawdown.peak {
            // A product with a positive number does not fall when the other factor rises, rounding included.
            drawdown.mark_below(equity * outcome.lowest, to - from);
            return;
        }
        let line = Line::new(direction, outcome.weight, self.options.fee(), outcome.fill);
        for_each_block(&line, self.bars.close, (from, to), |lanes, growth| {
            for g in &growth[lanes.0..lanes.1] {
                drawdown.mark(equity * g, 1);
            }
        });
    }
}

/// The account of one set of entries, between two trades.
struct Account<'a> {
    ledger: Ledger<'a>,
    /// Bars before this one are in the sums.
    done: usize,
    /// The bar in which the last trade ended and the product of its factors; it is marked once the next trade is known to
    /// begin later.
    edge: Option<(usize, f64)>,
}

impl<'a> Account<'a> {
    fn new(ledger: Ledger<'a>) -> Self {
        Account { ledger, done: 0, edge: None }
    }

    /// Opens a trade and marks the bars up to its entry bar; `false` if it is rejected, `None` if the equity is too small
    /// to go on.
    #[inline(always)]
    fn take(&mut self, outcome: &Outcome, options: &Options) -> Option<bool> {
        let equity = self.ledger.equity;
        match outcome.fate {
            Fate::Rejected => return Some(false),
            Fate::Trip if equity > TINY => {}
            _ => return None,
        }
        let qty = outcome.weight * equity / outcome.fill;
        if !(qty > 0.0 && qty.is_finite()) || qty * outcome.fill < options.min_notional {
            return Some(false);
        }
        let entry_bar = outcome.entry_bar as usize;
        self.mark_until(entry_bar);
        self.ledger.sums.settle_flat(equity);
        if outcome.exit_bar > outcome.entry_bar {
            let factor = self.edge.take().map_or(1.0, |(_, factor)| factor) * outcome.entry_growth;
            let marked = equity * outcome.entry_growth;
            self.ledger.sums.add_edge(entry_bar, factor, marked);
            self.ledger.drawdown.mark(marked, 1);
        }
        Some(true)
    }

    /// Closes the trade.
    #[inline(always)]
    fn leave(&mut self, outcome: &Outcome, options: &Options) {
        let equity = self.ledger.equity;
        let factor = self.edge.map_or(1.0, |(_, factor)| factor) * outcome.exit_factor;
        self.ledger.equity = equity * outcome.exit_growth;
        self.ledger.sums.settle_interior(equity, &outcome.interior);
        self.ledger.count_trade(&RoundTrip {
            equity,
            growth: outcome.exit_growth,
            fee_weight: outcome.weight * options.fee(),
            qty: outcome.weight * equity / outcome.fill,
            fill: outcome.fill,
            price: outcome.price,
            bars_held: (outcome.exit_bar - outcome.entry_bar) as usize,
        });
        self.ledger.summary.bars_in_market += outcome.bars_in_market as usize;
        self.ledger.summary.ambiguous_bars += usize::from(outcome.ambiguous);
        self.edge = Some((outcome.exit_bar as usize, factor));
        self.done = outcome.exit_bar as usize;
    }

    /// Marks the bars before `end`: the one in which the last trade ended, and flat ones.
    #[inline(always)]
    fn mark_until(&mut self, end: usize) {
        if let Some((bar, factor)) = self.edge
            && bar < end
        {
            self.ledger.sums.add_edge(bar, factor, self.ledger.equity);
            self.ledger.drawdown.mark(self.ledger.equity, 1);
            self.edge = None;
            self.done = bar + 1;
        }
        if self.done < end {
            self.ledger.sums.add_flat(self.done, end - self.done);
            self.ledger.drawdown.mark(self.ledger.equity, end - self.done);
            self.done = end;
        }
    }

    fn finish(mut self, n: usize) -> Summary {
        self.mark_until(n);
        self.ledger.finish()
    }
}
