//! Many sets of entries against some sets of exits: what becomes of an entry is found once for all that share it.
//!
//! The bars are gone through tile by tile, so that a tile and the outcomes that begin in it stay in the fastest caches while
//! every group and every set of entries uses them. In a tile the chains of trades are found first, several sets side by side,
//! which only asks where positions end; then the way of each distinct entry is gone once for all its ends; then the accounts
//! follow their chains.
//!
//! Cost: one search for the touch of a level per distinct levels and entry, one way per distinct entry and weight, a constant
//! number of operations per distinct end, per group and entry that any of its sets meets, and per trade; plus one pass over the
//! interior of a trade whose equity reaches a new peak (only if the drawdown is kept). Memory: that of one tile, and some
//! hundred bytes per set of entries of a group.

use std::collections::HashMap;

use super::account::Account;
use super::alone::alone_because;
use super::chain::{Chains, Visit};
use super::contract::{Bars, Flags, Signals};
use super::course::{self, Courses};
use super::entries::{Entries, LONGEST_TILE};
use super::event::simulate;
use super::options::{Options, OverBudget, SizeBasis};
use super::outcome::Tracer;
use super::record::Record;
use super::sets::simulate_sets;
use super::summary::{Needs, Summary};
use super::sums::{market_returns, market_sums};
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
    let accounts = groups.iter().map(|group| group.entries.len()).sum();
    let market = if needs.market { market_returns(bars.close) } else { vec![] };
    simulate_in_tiles(Rules { bars, options, kept: needs, market: &market }, groups, cache, (tile(accounts), goes_on))
}

/// [`simulate_groups`] in tiles of so many bars.
fn simulate_in_tiles(
    rules: Rules,
    groups: &[Group],
    cache: &mut OutcomeCache,
    (tile, goes_on): (usize, &dyn Fn() -> bool),
) -> Option<Vec<Vec<Summary>>> {
    let Rules { bars, options, kept, .. } = rules;
    let n = bars.len();
    assert!(n < i32::MAX as usize, "too many bars");
    let mut records: Vec<Vec<Record>> = groups.iter().map(|group| vec![Record::none(); group.entries.len()]).collect();
    let mut sets = Sets::default();
    let mut runs: Vec<Run> = vec![];
    for ((number, group), records) in groups.iter().enumerate().zip(&mut records) {
        if not_shared_because(bars, &group.exits, options).is_none() {
            runs.push(Run::new(&rules, (number, group), &mut sets, records));
        }
    }
    // Those with the same levels one after the other.
    runs.sort_by_key(|run| run.levels);
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
    let market = if kept.market { market_sums(bars.close) } else { [f64::NAN; 2] };
    let finish = |(done, group): (Vec<Option<Summary>>, &Group)| {
        if not_shared_because(bars, &group.exits, options).is_some() {
            return simulate_sets(bars, &group.exits, &group.entries, (options, kept), goes_on);
        }
        let done = done.into_iter().map(|done| done.map(|summary| summary.with_market(|| market)));
        let alone = |(enter_long, enter_short)| {
            let signals = Signals { enter_long, enter_short, ..group.exits };
            goes_on().then(|| simulate(bars, &signals, options, kept, &mut Record::none()))
        };
        done.zip(&group.entries).map(|(done, entries)| done.or_else(|| alone(*entries))).collect()
    };
    done.into_iter().zip(groups).map(finish).collect()
}

/// Bars that so many accounts go through before the next ones.
fn tile(accounts: usize) -> usize {
    match accounts {
        0..=64 => LONGEST_TILE,
        65..=256 => 2048,
        _ => 1024,
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
        let number = *self.numbers.entry([long.identity(), short.identity()]).or_insert_with(|| {
            self.list.push(Entries::new(long, short, options));
            self.list.len() - 1
        });
        self.list[number].accounts += 1;
        number
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
        let Rules { bars, options, kept, .. } = *rules;
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

#[cfg(test)]
mod tests {
    use super::super::contract::{Funding, Numbers};
    use super::*;
    use crate::bits::Bits;

    /// Positions that span tiles, and chains that go on in the next one.
    #[test]
    fn tiles_of_any_length_give_the_same() {
        let mut state = 1_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let n = 700;
        let mut close = vec![100.0];
        (1..n).for_each(|t| close.push(close[t - 1] * (0.99 + 0.02 * draw())));
        let open: Vec<f64> = (0..n).map(|t| close[t.saturating_sub(1)]).collect();
        let high: Vec<f64> = open.iter().zip(&close).map(|(a, b)| a.max(*b) * 1.004).collect();
        let low: Vec<f64> = open.iter().zip(&close).map(|(a, b)| a.min(*b) * 0.996).collect();
        let ts: Vec<i64> = (0..n as i64).collect();
        let funding = Funding { at_open: &[], inside: &[] };
        let bars =
            Bars { ts: &ts, open: &open, high: &high, low: &low, close: &close, volume: &[], funding, detail: None };
        let columns = [0.05, 0.05, 0.3, 0.2, 0.02, 0.01].map(|p| {
            let values: Vec<bool> = (0..n).map(|_| draw() < p).collect();
            Bits::from_bools(&values)
        });
        let at = |i: usize| Flags::Bits(columns[i].as_slice());
        let entries = vec![(at(0), at(1)), (at(2), at(3)), (Flags::None, at(1))];
        let trailing = Signals {
            exit_long: at(4),
            exit_short: at(5),
            stop_distance: Numbers::Const(1.5),
            trail_distance: Numbers::Const(2.0),
            risk: Numbers::Const(0.01),
            ..Default::default()
        };
        let timed = Signals { max_bars: Numbers::Const(20.0), ..trailing };
        let plain = Signals { exit_long: at(4), exit_short: at(5), ..Default::default() };
        // Left in the bar of the entry, by a stop that is hit at once.
        let at_once = Signals { stop_distance: Numbers::Const(-1.0), ..plain };
        let groups = [at_once, trailing, plain, timed].map(|exits| Group { exits, entries: entries.clone() });
        let (options, kept) = (Options::default(), Needs::ALL);
        let market = market_returns(&close);
        let rules = Rules { bars: &bars, options: &options, kept, market: &market };
        let mut caches = [OutcomeCache::default(), OutcomeCache::default()];
        for (tile, count) in [1, 3, 8, 64, 100, 699, 4096].into_iter().flat_map(|tile| [(tile, 1), (tile, 4)]) {
            let (groups, cache) = (&groups[..count], &mut caches[usize::from(count > 1)]);
            let shared = simulate_in_tiles(rules, groups, cache, (tile, &|| true)).unwrap();
            for (group, shared) in groups.iter().zip(shared) {
                for ((enter_long, enter_short), shared) in group.entries.iter().zip(shared) {
                    let signals = Signals { enter_long: *enter_long, enter_short: *enter_short, ..group.exits };
                    let alone = simulate(&bars, &signals, &options, kept, &mut Record::none());
                    assert!(alone.trades > 3);
                    assert_eq!(format!("{shared:?}"), format!("{alone:?}"), "tiles of {tile}");
                }
            }
        }
    }
}
