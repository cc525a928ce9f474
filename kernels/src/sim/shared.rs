//! Many sets of entries against one set of exits: the outcome of each entry is traced once.
//!
//! The bars are gone through tile by tile, so that the outcomes of a tile stay in the fastest caches while every set of
//! entries uses them. In a tile the chains of trades are found first, several sets side by side, because each step waits
//! for the one before it; then the accounts follow their chains.
//!
//! Cost: one trace per distinct entry bar and direction that any set meets, then a constant number of operations per
//! trade, plus one pass over the interior of a trade whose equity reaches a new peak (only if the drawdown is kept).
//! Memory: 16 bytes per bar, 128 per distinct entry, and 2 bits per bar and set of entries.

use super::account::Account;
use super::contract::{Bars, Flags, Signals};
use super::entries::Entries;
use super::event::simulate;
use super::options::Options;
use super::outcome::{Outcome, Tracer};
use super::quick;
use super::record::{Direction, Record};
use super::summary::{Needs, Summary};

/// Bars through which all sets of entries go before the next ones.
const TILE: usize = 4096;

/// Sets whose chains are followed side by side.
const ABREAST: usize = 8;

/// Where the outcome of an entry is kept, and how the chain goes on after it.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Number of the outcome plus one; 0 = not traced yet.
    number: u32,
    /// The first bar whose close may decide the next entry.
    resume: u32,
}

/// Memory for the outcomes of one set of exits; may be used again for the next one.
#[derive(Debug, Default)]
pub struct OutcomeCache {
    /// For each bar a place for a long entry and one for a short entry.
    places: Vec<[Place; 2]>,
    outcomes: Vec<Outcome>,
    /// The bars that have a place which is taken.
    used: Vec<u32>,
}

impl OutcomeCache {
    /// Forgets everything and makes room for `n` bars.
    fn clear(&mut self, n: usize) {
        for &bar in &self.used {
            self.places[bar as usize] = Default::default();
        }
        self.used.clear();
        self.outcomes.clear();
        self.places.resize(n, Default::default());
    }

    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<[Place; 2]>()
            + self.used.capacity() * size_of::<u32>()
            + self.outcomes.capacity() * size_of::<Outcome>()
    }
}

/// Why outcomes cannot be shared: what they would depend on besides the bars and columns.
pub fn not_shared_because(signals: &Signals, options: &Options) -> Option<&'static str> {
    if signals.notional.is_given() {
        Some("`notional` sizes depend on the equity")
    } else if signals.qty.is_given() {
        Some("`qty` sizes depend on the equity")
    } else if options.lot_size > 0.0 {
        Some("rounding to `lot_size` depends on the equity")
    } else if options.min_notional > 0.0 {
        Some("whether an order reaches `min_notional` depends on the equity")
    } else {
        None
    }
}

/// One set of exits on one series, to be run with many sets of entries.
pub struct SharedExits<'a> {
    bars: &'a Bars<'a>,
    signals: Signals<'a>,
    options: &'a Options,
    needs: Needs,
    cache: &'a mut OutcomeCache,
    is_quick: bool,
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
        let is_quick = quick::is_enough(&signals, options);
        Some(SharedExits { bars, signals, options, needs, cache, is_quick })
    }

    /// The same as [`simulate`] with each of these entry columns, long and short, bit for bit.
    pub fn run(&mut self, entries: &[(Flags<'_>, Flags<'_>)]) -> Vec<Summary> {
        let n = self.bars.len();
        let mut records = vec![Record::none(); entries.len()];
        let mut accounts: Vec<Account> = entries
            .iter()
            .zip(&mut records)
            .map(|((long, short), record)| {
                let entries = Entries::new(*long, *short, self.options, n);
                Account::new(entries, (self.bars, self.options, self.needs), record)
            })
            .collect();
        // In the last bar nothing is decided.
        let last = n.saturating_sub(1);
        for start in (0..last).step_by(TILE) {
            let end = last.min(start + TILE);
            for accounts in accounts.chunks_mut(ABREAST) {
                self.find_chains(accounts, end);
                accounts.iter_mut().for_each(|account| account.follow(&self.cache.outcomes));
            }
        }
        let finish = |(account, (long, short)): (Account, &(Flags, Flags))| {
            account.finish().unwrap_or_else(|| {
                let signals = Signals { enter_long: *long, enter_short: *short, ..self.signals };
                simulate(self.bars, &signals, self.options, self.needs, &mut Record::none())
            })
        };
        accounts.into_iter().zip(entries).map(finish).collect()
    }

    /// Outcomes traced so far.
    pub fn traced(&self) -> usize {
        self.cache.outcomes.len()
    }

    /// From entry to exit to the next entry, as long as entries are decided before bar `end`.
    #[inline(never)]
    fn find_chains(&mut self, accounts: &mut [Account], end: usize) {
        let mut is_busy = true;
        while is_busy {
            is_busy = false;
            for account in accounts.iter_mut() {
                let Some((signal_bar, direction)) = account.entries.next(account.t, end) else { continue };
                let mut place = self.cache.places[signal_bar][usize::from(direction == Direction::Short)];
                if place.number == 0 {
                    place = self.trace(signal_bar, direction);
                }
                account.chain.push(place.number - 1);
                account.t = place.resume as usize;
                is_busy = true;
            }
        }
    }

    #[cold]
    fn trace(&mut self, signal_bar: usize, direction: Direction) -> Place {
        let (bars, signals, options, kept, is_quick) =
            (self.bars, &self.signals, self.options, self.needs, self.is_quick);
        let tracer = Tracer { bars, signals, options, kept, is_quick };
        let outcome = tracer.trace(signal_bar, direction);
        self.cache.outcomes.push(outcome);
        let place = Place { number: self.cache.outcomes.len() as u32, resume: outcome.resume };
        self.cache.used.push(signal_bar as u32);
        self.cache.places[signal_bar][usize::from(direction == Direction::Short)] = place;
        place
    }
}
