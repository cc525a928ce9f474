//! The account of one set of entries that follows outcomes traced before.

use super::ledger::{Ledger, RoundTrip};
use super::outcome::{Fate, Outcome, TINY};
use super::position::Line;
use super::record::Record;
use super::summary::{Needs, Summary};
use super::sums::{Drawdown, ReturnSums, Sums, market_return};
use super::walk::{Rules, Walks};
use super::watch::for_each_block;
use crate::simd::widest;

/// One set of entries and its account, between two trades.
pub(super) struct Account<'a> {
    /// Number of the set.
    pub(super) set: usize,
    /// The first bar whose close may decide the next entry.
    pub(super) t: usize,
    /// Outcomes to follow, by their numbers.
    pub(super) chain: Vec<u32>,
    books: Books,
    /// Apart, because only money and the end need it.
    ledger: Box<Ledger<'a>>,
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
    /// What belongs to the last trade, if the bar of its end is its own.
    whole: ReturnSums,
    /// The same without that bar.
    begun: ReturnSums,
    /// Whether several trades share that bar.
    is_shared: bool,
    /// Number of the outcome of the last trade, if `factor` and `begun` are still to be taken from it; 0 = they are not.
    last: u32,
    trades: usize,
    bars_held: usize,
    bars_in_market: usize,
    ambiguous: usize,
    undetailed: usize,
    rejected: usize,
}

/// No bar.
const NONE: usize = usize::MAX;

impl<'a> Account<'a> {
    pub(super) fn new(set: usize, Rules { bars, options, kept, .. }: Rules<'a>, record: &'a mut Record) -> Self {
        let books = Books {
            equity: options.initial_capital,
            sums: Sums::new(options.risk_free_per_bar()),
            drawdown: Drawdown::new(options.initial_capital),
            done: 0,
            edge: NONE,
            factor: 1.0,
            whole: ReturnSums::default(),
            begun: ReturnSums::default(),
            is_shared: false,
            last: 0,
            trades: 0,
            bars_held: 0,
            bars_in_market: 0,
            ambiguous: 0,
            undetailed: 0,
            rejected: 0,
        };
        let ledger = Box::new(Ledger::new(bars, options, kept, record));
        Account { set, t: 0, chain: vec![], books, ledger, is_lost: false }
    }

    /// Follows the chain to its end and empties it.
    pub(super) fn follow(&mut self, rules: &Rules, walks: &Walks) {
        let Needs { moments, downside, drawdown, mean_equity, market, money } = rules.kept;
        // Compiled once for each combination, so that what is not kept costs nothing.
        let follow = match (moments || downside, drawdown, mean_equity || market || money) {
            (false, false, false) => Self::follow_with::<false, false, false>,
            (true, false, false) => Self::follow_with::<true, false, false>,
            (false, true, false) => Self::follow_with::<false, true, false>,
            (true, true, false) => Self::follow_with::<true, true, false>,
            (false, false, true) => Self::follow_with::<false, false, true>,
            (true, false, true) => Self::follow_with::<true, false, true>,
            (false, true, true) => Self::follow_with::<false, true, true>,
            (true, true, true) => Self::follow_with::<true, true, true>,
        };
        follow(self, rules, walks);
    }

    fn follow_with<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(
        &mut self,
        rules: &Rules,
        walks: &Walks,
    ) {
        widest(|| self.follow_chain::<RETURNS, DRAWDOWN, MONEY>(rules, walks));
    }

    #[inline(always)]
    fn follow_chain<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(
        &mut self,
        rules: &Rules,
        walks: &Walks,
    ) {
        let mut books = self.books.clone();
        for &number in &self.chain {
            let outcome = walks.outcome(number);
            match outcome.fate {
                Fate::Trip if (TINY..1.0 / TINY).contains(&books.equity) => {
                    let equity = books.equity;
                    if MONEY && rules.kept.money {
                        self.ledger.add_money(&RoundTrip {
                            equity,
                            growth: outcome.exit_growth,
                            fee_weight: outcome.weight * rules.options.fee(),
                            qty: outcome.weight * equity / outcome.fill,
                            fill: outcome.fill,
                            price: outcome.price,
                        });
                    }
                    let is_alone = books.edge < outcome.entry_bar as usize;
                    if !MONEY && is_alone && !books.is_shared {
                        // Nearly every trade: after the bar in which the last one ended, below the peak.
                        if RETURNS {
                            books.add_alone(outcome);
                        }
                        if DRAWDOWN && !books.drawdown.stays_below(equity, outcome, books.edge) {
                            books.drawdown.mark(equity, outcome.entry_bar as usize - books.edge);
                            if outcome.exit_bar > outcome.entry_bar {
                                books.drawdown.mark(equity * outcome.entry_growth, 1);
                            }
                            books.drawdown.mark_interior(rules, outcome, equity);
                        }
                        books.leave_alone::<RETURNS>(number, outcome);
                    } else {
                        books.settle(walks);
                        let is_shared = books.enter::<RETURNS, DRAWDOWN, MONEY>(outcome, rules.bars.close);
                        if DRAWDOWN {
                            books.drawdown.mark_interior(rules, outcome, equity);
                        }
                        books.leave::<RETURNS, MONEY>(outcome, is_shared);
                    }
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
        books.settle(walks);
        self.books = books;
    }

    /// The end of the range; `None` if the account was lost on the way.
    pub(super) fn finish(mut self) -> Option<Summary> {
        let closes = self.ledger.bars.close;
        self.books.mark_until::<true, true, true>(closes.len(), closes);
        let Books { equity, sums, drawdown, .. } = self.books;
        (self.ledger.equity, self.ledger.sums, self.ledger.drawdown) = (equity, sums, drawdown);
        let summary = &mut self.ledger.summary;
        summary.trades = self.books.trades;
        summary.sum_bars_held = self.books.bars_held;
        summary.bars_in_market = self.books.bars_in_market;
        summary.ambiguous_bars = self.books.ambiguous;
        summary.undetailed_bars = self.books.undetailed;
        summary.rejected_orders = self.books.rejected;
        (!self.is_lost).then(|| self.ledger.finish())
    }
}

impl Books {
    /// The returns up to a trade that begins after the bar in which the last one ended.
    #[inline(always)]
    fn add_alone(&mut self, outcome: &Outcome) {
        self.sums.total = self.sums.total + self.whole;
        self.sums.add_flat(self.edge + 1, outcome.entry_bar as usize - self.edge - 1);
    }

    /// The bars up to the entry bar, and that bar if the trade is still open at its close. Tells whether another trade ended in
    /// it.
    #[inline(always)]
    fn enter<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(
        &mut self,
        outcome: &Outcome,
        closes: &[f64],
    ) -> bool {
        let entry_bar = outcome.entry_bar as usize;
        self.mark_until::<RETURNS, DRAWDOWN, MONEY>(entry_bar, closes);
        if MONEY {
            self.sums.settle_flat(self.equity);
        }
        let is_shared = self.edge == entry_bar;
        if is_shared && RETURNS {
            self.sums.total = self.sums.total + std::mem::take(&mut self.begun);
        }
        self.is_shared = is_shared;
        if outcome.exit_bar > outcome.entry_bar {
            let factor = self.factor * outcome.entry_growth;
            if is_shared && RETURNS && entry_bar > 0 {
                self.sums.total = self.sums.total + ReturnSums::of(factor, self.sums.rf());
            }
            if MONEY {
                self.sums.add_edge_product(factor, market_return(closes, entry_bar));
            }
            self.mark::<DRAWDOWN, MONEY>(self.equity * outcome.entry_growth);
            self.factor = 1.0;
            self.is_shared = false;
        }
        is_shared
    }

    /// The end of the trade; its bar is marked later. `is_shared` = another trade ended in the bar in which it began.
    #[inline(always)]
    fn leave<const RETURNS: bool, const MONEY: bool>(&mut self, outcome: &Outcome, is_shared: bool) {
        if MONEY {
            self.sums.settle_equity(self.equity, &outcome.interior);
        }
        self.count(outcome);
        self.factor = if is_shared { self.factor * outcome.exit_factor } else { outcome.exit_factor };
        if RETURNS {
            (self.begun, self.whole) = (outcome.begun, outcome.whole);
            // The first bar has no return, and a shared one does not belong to the trade.
            if is_shared || outcome.entry_bar == 0 {
                self.begun = ReturnSums::of_interior(&outcome.interior);
                self.whole = self.begun + ReturnSums::of(outcome.exit_factor, self.sums.rf());
            }
        }
    }

    /// [`Books::leave`] of a trade that shares no bar up to now. What only a shared bar needs is left in the outcome.
    #[inline(always)]
    fn leave_alone<const RETURNS: bool>(&mut self, number: u32, outcome: &Outcome) {
        self.count(outcome);
        self.last = number;
        if RETURNS {
            self.whole = outcome.whole;
        }
    }

    /// Takes what a shared bar needs from the outcome of the last trade.
    #[inline(always)]
    fn settle(&mut self, walks: &Walks) {
        if self.last != 0 {
            let last = walks.outcome(self.last);
            (self.factor, self.begun, self.last) = (last.exit_factor, last.begun, 0);
        }
    }

    /// The equity after a trade and what is counted of it.
    #[inline(always)]
    fn count(&mut self, outcome: &Outcome) {
        self.equity *= outcome.exit_growth;
        self.trades += 1;
        self.bars_held += (outcome.exit_bar - outcome.entry_bar) as usize;
        self.bars_in_market += outcome.bars_in_market as usize;
        self.ambiguous += usize::from(outcome.ambiguous);
        self.undetailed += usize::from(outcome.undetailed);
        self.edge = outcome.exit_bar as usize;
        self.done = self.edge;
    }

    /// The bars before `end`: the one in which the last trade ended, and flat ones.
    #[inline(always)]
    fn mark_until<const RETURNS: bool, const DRAWDOWN: bool, const MONEY: bool>(&mut self, end: usize, closes: &[f64]) {
        if self.edge < end {
            if RETURNS {
                let bar = ReturnSums::of(self.factor, self.sums.rf());
                let last = if self.is_shared { self.begun + bar } else { self.whole };
                self.sums.total = self.sums.total + last;
                (self.begun, self.whole) = Default::default();
            }
            if MONEY {
                self.sums.add_edge_product(self.factor, market_return(closes, self.edge));
            }
            self.mark::<DRAWDOWN, MONEY>(self.equity);
            self.factor = 1.0;
            self.is_shared = false;
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

    /// The equity at the close of a bar in which a trade begins or ends.
    #[inline(always)]
    fn mark<const DRAWDOWN: bool, const MONEY: bool>(&mut self, equity: f64) {
        if MONEY {
            self.sums.add_edge_equity(equity);
        }
        if DRAWDOWN {
            self.drawdown.mark(equity, 1);
        }
    }
}

impl Drawdown {
    /// Marks the interior closes of a trade that began with `equity`.
    #[inline(always)]
    fn mark_interior(&mut self, rules: &Rules, outcome: &Outcome, equity: f64) {
        let (from, to) = (outcome.entry_bar as usize + 1, outcome.exit_bar as usize);
        if from >= to {
            return;
        }
        if equity * outcome.highest < self.peak {
            // A product with a positive number does not fall when the other factor rises, rounding included.
            self.mark(equity * outcome.lowest, to - from);
            return;
        }
        let line = Line::new(outcome.direction, outcome.weight, rules.options.fee(), outcome.fill);
        for_each_block(&line, rules.bars.close, (from, to), |_, lanes, growth| {
            for g in &growth[lanes.0..lanes.1] {
                self.mark(equity * g, 1);
            }
        });
    }

    /// Marks the bars from `edge`, where the equity was `equity`, to the one before the exit, if all of them are below the
    /// peak; a product with a positive number does not fall when the other factor rises, rounding included.
    #[inline(always)]
    fn stays_below(&mut self, equity: f64, outcome: &Outcome, edge: usize) -> bool {
        let is_below = equity * outcome.top < self.peak;
        if is_below {
            self.mark(equity * outcome.bottom, outcome.exit_bar as usize - edge);
        }
        is_below
    }
}
