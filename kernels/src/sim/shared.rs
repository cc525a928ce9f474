//! Many sets of entries against some sets of exits: the outcome of each entry is traced once per set of exits.
//!
//! The bars are gone through tile by tile, so that a tile and the outcomes that begin in it stay in the fastest caches while
//! every group and every set of entries uses them. In a tile the chains of trades are found first, several sets side by
//! side, because each step waits for the one before it; then the accounts follow their chains.
//!
//! Cost: one trace per group and distinct entry bar and direction that any of its sets meets, then a constant number of
//! operations per trade, plus one pass over the interior of a trade whose equity reaches a new peak (only if the drawdown is
//! kept). Memory: that of one tile, and 2 bits per bar and set of entries.

use super::account::Account;
use super::alone::alone_because;
use super::contract::{Bars, Flags, Signals};
use super::entries::Entries;
use super::event::simulate;
use super::options::{Options, OverBudget, SizeBasis};
use super::outcome::{Outcome, Tracer};
use super::quick;
use super::record::{Direction, Record};
use super::sets::simulate_sets;
use super::summary::{Needs, Summary};
use super::sums::market_sums;

/// Bars through which all groups go before the next ones.
const TILE: usize = 4096;

/// Sets whose chains are followed side by side.
const ABREAST: usize = 8;

/// One set of exits and the sets of entries that meet it.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The exit and sizing columns; its entry columns are not read.
    pub exits: Signals<'a>,
    /// Entry columns, long and short.
    pub entries: Vec<(Flags<'a>, Flags<'a>)>,
}

/// Where the outcome of an entry is kept, and how the chain goes on after it.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Number of the outcome plus one; 0 = not traced yet.
    number: u32,
    /// The first bar whose close may decide the next entry.
    resume: u32,
}

/// Memory for the outcomes of one tile; may be used again.
#[derive(Debug, Default)]
pub struct OutcomeCache {
    /// For each bar of the tile a place for a long entry and one for a short entry.
    places: Vec<[Place; 2]>,
    outcomes: Vec<Outcome>,
    /// The bars of the tile that have a place which is taken.
    used: Vec<u32>,
    /// Outcomes traced since it was made.
    traced: usize,
}

impl OutcomeCache {
    /// Outcomes traced since it was made.
    pub fn traced(&self) -> usize {
        self.traced
    }

    /// Forgets the outcomes.
    fn clear(&mut self) {
        self.places.resize(TILE, Default::default());
        for &bar in &self.used {
            self.places[bar as usize] = Default::default();
        }
        self.used.clear();
        self.outcomes.clear();
    }
}

/// Why outcomes cannot be shared: what they would depend on besides the bars and columns, or what happens between their entry
/// and exit.
pub fn not_shared_because(bars: &Bars, signals: &Signals, options: &Options) -> Option<&'static str> {
    if let Some(reason) = alone_because(bars, signals, options) {
        Some(reason)
    } else if signals.notional.is_given() {
        Some("`notional` sizes depend on the equity")
    } else if signals.qty.is_given() {
        Some("`qty` sizes depend on the equity")
    } else if options.lot_size > 0.0 {
        Some("rounding to `lot_size` depends on the equity")
    } else if options.min_notional > 0.0 {
        Some("whether an order reaches `min_notional` depends on the equity")
    } else if options.min_qty > 0.0 {
        Some("whether an order reaches `min_qty` depends on the equity")
    } else if options.size_basis != SizeBasis::Notional {
        Some("sizes of this `size_basis` are whole quantities, which depend on the equity")
    } else if options.over_budget != OverBudget::Clip {
        Some("whether an order is within the budget is asked for each (`over_budget`)")
    } else if !options.has_plain_fees() {
        Some("fees per unit, of at least some amount, or other ones for limit orders depend on the equity or the exit")
    } else {
        None
    }
}

/// The same as [`simulate`] with the exits and each of the entries of each group, bit for bit.
///
/// Where outcomes cannot be shared, see [`not_shared_because`], each has its own run, and equal positions go over their calm
/// bars once. `None` if `goes_on`, which is asked after a few thousand bars of all groups, says no.
///
/// # Panics
/// If slices differ in length, or the series has more than two billion bars.
pub fn simulate_groups(
    bars: &Bars,
    groups: &[Group],
    (options, needs): (&Options, Needs),
    cache: &mut OutcomeCache,
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<Vec<Summary>>> {
    let n = bars.len();
    assert!(n < i32::MAX as usize, "too many bars");
    let mut records: Vec<Vec<Record>> = groups.iter().map(|group| vec![Record::none(); group.entries.len()]).collect();
    let mut runs: Vec<Option<Run>> = groups
        .iter()
        .zip(&mut records)
        .map(|(group, records)| match not_shared_because(bars, &group.exits, options) {
            None => Some(Run::new(bars, group, (options, needs), records)),
            Some(_) => None,
        })
        .collect();
    // In the last bar nothing is decided.
    let last = n.saturating_sub(1);
    for start in (0..last).step_by(TILE) {
        if !goes_on() {
            return None;
        }
        for run in runs.iter_mut().flatten() {
            run.advance((start, last.min(start + TILE)), cache);
        }
    }
    let market = if needs.market { market_sums(bars.close) } else { [f64::NAN; 2] };
    let finish = |(run, group): (Option<Run>, &Group)| {
        if not_shared_because(bars, &group.exits, options).is_some() {
            return simulate_sets(bars, &group.exits, &group.entries, (options, needs), goes_on);
        }
        let done = run.map_or(vec![None; group.entries.len()], Run::finish);
        let done = done.into_iter().map(|done| done.map(|summary| summary.with_market(|| market)));
        let alone = |(enter_long, enter_short)| {
            let signals = Signals { enter_long, enter_short, ..group.exits };
            goes_on().then(|| simulate(bars, &signals, options, needs, &mut Record::none()))
        };
        done.zip(&group.entries).map(|(done, entries)| done.or_else(|| alone(*entries))).collect()
    };
    runs.into_iter().zip(groups).map(finish).collect()
}

/// One group on its way through the bars.
struct Run<'a> {
    bars: &'a Bars<'a>,
    exits: Signals<'a>,
    options: &'a Options,
    needs: Needs,
    is_quick: bool,
    accounts: Vec<Account<'a>>,
}

impl<'a> Run<'a> {
    fn new(
        bars: &'a Bars<'a>,
        group: &Group<'a>,
        (options, needs): (&'a Options, Needs),
        records: &'a mut [Record],
    ) -> Self {
        let exits = Signals { enter_long: Flags::None, enter_short: Flags::None, ..group.exits };
        assert!(bars.is_even() && exits.fits(bars.len()), "every column must have one value per bar");
        let account = |((long, short), record): (&(Flags, Flags), &'a mut Record)| {
            let entries = Entries::new(*long, *short, options, bars.len());
            Account::new(entries, (bars, options, needs), record)
        };
        let accounts = group.entries.iter().zip(records).map(account).collect();
        Run { bars, exits, options, needs, is_quick: quick::is_enough(bars, &exits, options), accounts }
    }

    /// The entries that are decided in the tile `start .. end`, and their trades.
    fn advance(&mut self, (start, end): (usize, usize), cache: &mut OutcomeCache) {
        cache.clear();
        let Run { bars, exits, options, needs, is_quick, ref mut accounts } = *self;
        let tracer = Tracer { bars, signals: &exits, options, kept: needs, is_quick };
        for accounts in accounts.chunks_mut(ABREAST) {
            cache.find_chains(&tracer, accounts, (start, end));
            accounts.iter_mut().for_each(|account| account.follow(&cache.outcomes));
        }
    }

    /// The summaries; `None` where the account was lost on the way.
    fn finish(self) -> Vec<Option<Summary>> {
        self.accounts.into_iter().map(Account::finish).collect()
    }
}

impl OutcomeCache {
    /// From entry to exit to the next entry, as long as entries are decided before bar `end`.
    fn find_chains(&mut self, tracer: &Tracer, accounts: &mut [Account], (start, end): (usize, usize)) {
        let mut is_busy = true;
        while is_busy {
            is_busy = false;
            for account in accounts.iter_mut() {
                let Some((signal_bar, direction)) = account.entries.next(account.t, end) else { continue };
                let side = usize::from(direction == Direction::Short);
                let mut place = self.places[signal_bar - start][side];
                if place.number == 0 {
                    let outcome = tracer.trace(signal_bar, direction);
                    self.outcomes.push(outcome);
                    place = Place { number: self.outcomes.len() as u32, resume: outcome.resume };
                    self.used.push((signal_bar - start) as u32);
                    self.places[signal_bar - start][side] = place;
                    self.traced += 1;
                }
                account.chain.push(place.number - 1);
                account.t = place.resume as usize;
                is_busy = true;
            }
        }
        // Chains that end before the tile does go on in the next one.
        accounts.iter_mut().for_each(|account| account.t = account.t.max(end));
    }
}
