//! Many sets of entries against some sets of exits: the outcome of each entry is traced once per set of exits.
//!
//! The bars are gone through tile by tile, so that a tile and the outcomes that begin in it stay in the fastest caches while
//! every group and every set of entries uses them. In a tile the chains of trades are found first, several sets side by
//! side, because each step waits for the one before it; then the accounts follow their chains.
//!
//! Cost: one trace per group and distinct entry bar and direction that any of its sets meets, then a constant number of
//! operations per trade, plus one pass over the interior of a trade whose equity reaches a new peak (only if the drawdown is
//! kept). Memory: that of one tile, and 2 bits per bar and set of entries.

use std::collections::HashMap;

use super::account::Account;
use super::chain::{Chains, Visit};
use super::contract::{Bars, Flags, Signals};
use super::course::{self, Courses};
use super::entries::{Entries, LONGEST_TILE};
use super::event::{simulate, stepped_because};
use super::options::{Options, OverBudget, SizeBasis};
use super::outcome::Tracer;
use super::record::Record;
use super::summary::{Needs, Summary};
use super::walk::{Rules, Walks};

/// One set of exits and the sets of entries that meet it.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The exit and sizing columns; its entry columns are not read.
    pub exits: Signals<'a>,
    /// Entry columns, long and short.
    pub entries: Vec<(Flags<'a>, Flags<'a>)>,
}

/// Memory for the outcomes of one tile; may be used again.
#[derive(Debug, Default)]
pub struct OutcomeCache {
    chains: Chains,
    courses: Courses,
    walks: Walks,
}

impl OutcomeCache {
    /// Ends of entries looked for since it was made.
    pub fn traced(&self) -> usize {
        self.chains.taken
    }
}

/// Why outcomes cannot be shared: what they would depend on besides the bars and columns, or what happens between their entry
/// and exit.
pub fn not_shared_because(bars: &Bars, signals: &Signals, options: &Options) -> Option<&'static str> {
    if let Some(reason) = stepped_because(bars, signals, options) {
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
/// Where outcomes cannot be shared, see [`not_shared_because`], each is simulated for itself. `None` if `goes_on`, which is
/// asked after a few thousand bars of all groups, says no.
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
    let mut sets = Sets::default();
    let rules = Rules { bars, options, kept: needs };
    let mut runs: Vec<Run> = vec![];
    for ((number, group), records) in groups.iter().enumerate().zip(&mut records) {
        if not_shared_because(bars, &group.exits, options).is_none() {
            runs.push(Run::new(&rules, (number, group), &mut sets, records));
        }
    }
    // Those with the same levels one after the other.
    runs.sort_by_key(|run| run.levels);
    let tile = tile(runs.iter().map(|run| run.accounts.len()).sum());
    // In the last bar nothing is decided.
    let last = n.saturating_sub(1);
    for start in (0..last).step_by(tile) {
        if !goes_on() {
            return None;
        }
        cache.advance(&rules, (start, last.min(start + tile)), &mut sets.list, &mut runs);
    }
    let mut done: Vec<Vec<Option<Summary>>> = groups.iter().map(|group| vec![None; group.entries.len()]).collect();
    for run in runs {
        done[run.number] = run.accounts.into_iter().map(Account::finish).collect();
    }
    let finish = |(done, group): (Vec<Option<Summary>>, &Group)| {
        let alone = |(enter_long, enter_short)| {
            let signals = Signals { enter_long, enter_short, ..group.exits };
            goes_on().then(|| simulate(bars, &signals, options, needs, &mut Record::none()))
        };
        done.into_iter().zip(&group.entries).map(|(done, entries)| done.or_else(|| alone(*entries))).collect()
    };
    done.into_iter().zip(groups).map(finish).collect()
}

/// Bars that so many accounts go through before the next ones.
fn tile(accounts: usize) -> usize {
    match accounts {
        0..=64 => LONGEST_TILE,
        65..=256 => 2048,
        257..=2048 => 1024,
        _ => 512,
    }
}

/// Distinct sets of entries.
#[derive(Debug, Default)]
struct Sets<'a> {
    list: Vec<Entries<'a>>,
    numbers: HashMap<[[usize; 3]; 2], usize>,
}

impl<'a> Sets<'a> {
    fn number(&mut self, (long, short): (Flags<'a>, Flags<'a>), options: &Options) -> usize {
        *self.numbers.entry([long.identity(), short.identity()]).or_insert_with(|| {
            self.list.push(Entries::new(long, short, options));
            self.list.len() - 1
        })
    }
}

/// One group on its way through the bars.
struct Run<'a> {
    /// Number of the group.
    number: usize,
    exits: Signals<'a>,
    /// What its levels and sizes are; `None` = its exits are not common ones.
    levels: Option<[[usize; 3]; 8]>,
    accounts: Vec<Account<'a>>,
}

impl<'a> Run<'a> {
    fn new(
        rules: &Rules<'a>,
        (number, group): (usize, &Group<'a>),
        sets: &mut Sets<'a>,
        records: &'a mut [Record],
    ) -> Self {
        let Rules { bars, options, .. } = *rules;
        let exits = Signals { enter_long: Flags::None, enter_short: Flags::None, ..group.exits };
        assert!(bars.is_even() && exits.fits(bars.len()), "every column must have one value per bar");
        let account = |(entries, record): (&(Flags<'a>, Flags<'a>), &'a mut Record)| {
            Account::new(sets.number(*entries, options), *rules, record)
        };
        let accounts = group.entries.iter().zip(records).map(account).collect();
        let levels = course::is_enough(bars, &exits, options).then(|| course::identity(&exits));
        Run { number, exits, levels, accounts }
    }
}

impl OutcomeCache {
    /// The entries that are decided in a tile, and their trades.
    fn advance(&mut self, rules: &Rules, (start, end): (usize, usize), sets: &mut [Entries], runs: &mut [Run]) {
        let Rules { bars, options, kept } = *rules;
        let OutcomeCache { chains, courses, walks } = self;
        walks.clear(end - start);
        for runs in runs.chunk_by_mut(|a, b| a.levels == b.levels) {
            courses.clear(end - start);
            for run in runs {
                let tracer = Tracer { bars, signals: &run.exits, options, kept };
                let courses = run.levels.is_some().then_some(&mut *courses);
                chains.find(&mut Visit { tracer, courses, walks, tile: (start, end) }, sets, &mut run.accounts);
            }
        }
        walks.go(rules);
        for account in runs.iter_mut().flat_map(|run| &mut run.accounts) {
            account.follow(rules, walks);
        }
    }
}
