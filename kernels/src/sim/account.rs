//! The account of one set of entries that follows outcomes traced before.

use super::contract::Bars;
use super::entries::Entries;
use super::ledger::{Ledger, RoundTrip};
use super::options::Options;
use super::outcome::{Fate, Outcome, TINY};
use super::position::Line;
use super::record::Record;
use super::summary::{Needs, Summary};
use super::sums::{Drawdown, Sums};
use super::watch::for_each_block;

/// One set of entries and its account, between two trades.
pub(super) struct Account<'a> {
    pub(super) entries: Entries,
    /// The first bar whose close may decide the next entry.
    pub(super) t: usize,
    /// Outcomes to follow, by number.
    pub(super) chain: Vec<u32>,
    bars: &'a Bars<'a>,
    options: &'a Options,
    ledger: Ledger<'a>,
    books: Books,
    /// The account may be used up, so that it cannot be followed this way.
    is_lost: bool,
}

/// What every trade changes, small enough for the registers of a processor.
#[derive(Debug, Clone)]
struct Books {
    equity: f64,
    sums: Sums,
    drawdown: Drawdown,
    /// Bars before this one are in the sums.
    done: usize,
    /// The bar in which the last trade ended; it is marked once the next trade is known to begin later. `NONE` = marked.
    edge: usize,
    /// The product of the factors of that bar.
    factor: f64,
    trades: usize,
    bars_held: usize,
    bars_in_market: usize,
    ambiguous: usize,
    rejected: usize,
}

/// No bar.
const NONE: usize = usize::MAX;

impl<'a> Account<'a> {
    pub(super) fn new(
        entries: Entries,
        (bars, options, needs): (&'a Bars<'a>, &'a Options, Needs),
        record: &'a mut Record,
    ) -> Self {
        let books = Books {
            equity: options.initial_capital,
            sums: Sums::new(options.risk_free_per_bar()),
            drawdown: Drawdown::new(options.initial_capital),
            done: 0,
            edge: NONE,
            factor: 1.0,
            trades: 0,
            bars_held: 0,
            bars_in_market: 0,
            ambiguous: 0,
            rejected: 0,
        };
        let ledger = Ledger::new(bars, options, needs, record);
        Account { entries, t: 0, chain: vec![], bars, options, ledger, books, is_lost: false }
    }

    /// Follows the chain to its end and empties it.
    pub(super) fn follow(&mut self, outcomes: &[Outcome]) {
        let Needs { moments, downside, drawdown, mean_equity, money } = self.ledger.summary.kept;
        // Compiled once for each combination, so that what is not kept costs nothing.
        let follow = match (moments || downside, drawdown, mean_equity || money) {
            (false, false, false) => Self::follow_with::<false, false, false>,
            (true, false, false) => Self::follow_with::<true, false, false>,
            (false, true, false) => Self::follow_with::<false, true, false>,
            (true, true, false) => Self::follow_with::<true, true, false>,
            (false, false, true) => Self::follow_with::<false, false, true>,
            (true, false, true) => Self::follow_with::<true, false, true>,
            (false, true, true) => Self::follow_with::<false, true, true>,
            (true, true, true) => Self::follow_with::<true, true, true>,
        };
        follow(self, outcomes);
    }

    fn follow_with<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(&mut self, outcomes: &[Outcome]) {
        let mut books = self.books.clone();
        for &number in &self.chain {
            let outcome = &outcomes[number as usize];
            match outcome.fate {
                Fate::Trip if (TINY..1.0 / TINY).contains(&books.equity) => {
                    let equity = books.equity;
                    if MONEY && self.ledger.summary.kept.money {
                        self.ledger.add_money(&RoundTrip {
                            equity,
                            growth: outcome.exit_growth,
                            fee_weight: outcome.weight * self.options.fee(),
                            qty: outcome.weight * equity / outcome.fill,
                            fill: outcome.fill,
                            price: outcome.price,
                        });
                    }
                    books.enter::<RETURNS, DRAWDOWN, MONEY>(outcome);
                    if DRAWDOWN && outcome.exit_bar > outcome.entry_bar + 1 {
                        self.mark_interior(&mut books.drawdown, outcome, equity);
                    }
                    books.leave::<RETURNS, MONEY>(outcome);
                }
                Fate::Rejected => books.rejected += 1,
                _ => {
                    self.is_lost = true;
                    // Nothing that follows is looked at.
                    self.t = usize::MAX;
                    break;
                }
            }
        }
        self.chain.clear();
        self.books = books;
    }

    /// Marks the interior closes of a trade that began with `equity`.
    #[inline(always)]
    fn mark_interior(&self, drawdown: &mut Drawdown, outcome: &Outcome, equity: f64) {
        let (from, to) = (outcome.entry_bar as usize + 1, outcome.exit_bar as usize);
        if equity * outcome.highest < drawdown.peak {
            // A product with a positive number does not fall when the other factor rises, rounding included.
            drawdown.mark(equity * outcome.lowest, to - from);
            return;
        }
        let line = Line::new(outcome.direction, outcome.weight, self.options.fee(), outcome.fill);
        for_each_block(&line, self.bars.close, (from, to), |lanes, growth| {
            for g in &growth[lanes.0..lanes.1] {
                drawdown.mark(equity * g, 1);
            }
        });
    }

    /// The end of the range; `None` if the account was lost on the way.
    pub(super) fn finish(mut self) -> Option<Summary> {
        self.books.mark_until::<true, true, true>(self.bars.len());
        let Books { equity, sums, drawdown, .. } = self.books;
        (self.ledger.equity, self.ledger.sums, self.ledger.drawdown) = (equity, sums, drawdown);
        let summary = &mut self.ledger.summary;
        summary.trades = self.books.trades;
        summary.sum_bars_held = self.books.bars_held;
        summary.bars_in_market = self.books.bars_in_market;
        summary.ambiguous_bars = self.books.ambiguous;
        summary.rejected_orders = self.books.rejected;
        (!self.is_lost).then(|| self.ledger.finish())
    }
}

impl Books {
    /// The bars up to the entry bar, and that bar if the trade is still open at its close.
    #[inline(always)]
    fn enter<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(&mut self, outcome: &Outcome) {
        let entry_bar = outcome.entry_bar as usize;
        self.mark_until::<RETURNS, DRAWDOWN, MONEY>(entry_bar);
        if MONEY {
            self.sums.settle_flat(self.equity);
        }
        if outcome.exit_bar > outcome.entry_bar {
            let (factor, marked) = (self.factor * outcome.entry_growth, self.equity * outcome.entry_growth);
            self.mark::<RETURNS, DRAWDOWN, MONEY>(entry_bar, factor, marked);
            self.factor = 1.0;
        }
    }

    /// The end of the trade; its bar is marked later.
    #[inline(always)]
    fn leave<const RETURNS: bool, const MONEY: bool>(&mut self, outcome: &Outcome) {
        if RETURNS {
            self.sums.settle_returns(&outcome.interior);
        }
        if MONEY {
            self.sums.settle_equity(self.equity, &outcome.interior);
        }
        self.equity *= outcome.exit_growth;
        self.trades += 1;
        self.bars_held += (outcome.exit_bar - outcome.entry_bar) as usize;
        self.bars_in_market += outcome.bars_in_market as usize;
        self.ambiguous += usize::from(outcome.ambiguous);
        self.edge = outcome.exit_bar as usize;
        self.done = self.edge;
        self.factor *= outcome.exit_factor;
    }

    /// The bars before `end`: the one in which the last trade ended, and flat ones.
    #[inline(always)]
    fn mark_until<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(&mut self, end: usize) {
        if self.edge < end {
            self.mark::<RETURNS, DRAWDOWN, MONEY>(self.edge, self.factor, self.equity);
            self.factor = 1.0;
            self.done = self.edge + 1;
            self.edge = NONE;
        }
        if self.done < end {
            if RETURNS || MONEY {
                self.sums.add_flat(self.done, end - self.done);
            }
            if DRAWDOWN {
                self.drawdown.mark(self.equity, end - self.done);
            }
        }
    }

    /// A bar in which a trade begins or ends.
    #[inline(always)]
    fn mark<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(
        &mut self,
        t: usize,
        factor: f64,
        equity: f64,
    ) {
        if RETURNS {
            self.sums.add_edge_return(t, factor);
        }
        if MONEY {
            self.sums.add_edge_equity(equity);
        }
        if DRAWDOWN {
            self.drawdown.mark(equity, 1);
        }
    }
}
