//! Chains of trades: from entry to exit to the next entry.

use super::account::Account;
use super::course::{Courses, Place};
use super::entries::{Entries, PerEntry, Step};
use super::outcome::Tracer;
use super::record::Direction;
use super::walk::Walks;
use crate::simd::widest;

/// Sets whose chains are followed side by side, because each step waits for the one before it.
const ABREAST: usize = 8;

/// The ends of the entries of one group in one tile.
#[derive(Debug, Default)]
pub(super) struct Chains {
    places: PerEntry<Place>,
    /// Places taken since it was made.
    pub(super) taken: usize,
}

/// A tile and one group on its way through it.
pub(super) struct Visit<'a> {
    pub(super) tracer: Tracer<'a>,
    /// What the group shares with others of the same levels; `None` = its exits are not common ones.
    pub(super) courses: Option<&'a mut Courses>,
    pub(super) walks: &'a mut Walks,
    /// Bars of the tile; entries are decided in these.
    pub(super) tile: (usize, usize),
}

impl Visit<'_> {
    /// The end of a position that nobody has asked for yet.
    #[inline(never)]
    fn end(&mut self, signal_bar: usize, direction: Direction) -> Place {
        match &mut self.courses {
            Some(courses) => {
                let at = (signal_bar - self.tile.0, signal_bar);
                widest(|| courses.end(&self.tracer, at, direction, self.walks))
            }
            None => {
                let outcome = self.tracer.trace(signal_bar, direction);
                Place { number: self.walks.push(outcome), resume: outcome.resume }
            }
        }
    }
}

impl Chains {
    /// Finds the chains of all sets of a group, as long as entries are decided in the tile.
    pub(super) fn find(&mut self, visit: &mut Visit, sets: &mut [Entries], accounts: &mut [Account]) {
        self.places.clear(visit.tile.1 - visit.tile.0);
        for accounts in accounts.chunks_mut(ABREAST) {
            self.find_abreast(visit, sets, accounts);
        }
    }

    fn find_abreast(&mut self, visit: &mut Visit, sets: &mut [Entries], accounts: &mut [Account]) {
        let (start, end) = visit.tile;
        for account in accounts.iter() {
            sets[account.set].visit(visit.tile);
        }
        let entries: [&Entries; ABREAST] = std::array::from_fn(|i| &sets[accounts[i.min(accounts.len() - 1)].set]);
        let mut steps = [Step::END; ABREAST];
        for ((account, entries), step) in accounts.iter().zip(entries).zip(&mut steps) {
            *step = entries.step(account.t.max(start) - start);
        }
        let mut is_busy = true;
        while is_busy {
            is_busy = false;
            for ((account, entries), step) in accounts.iter_mut().zip(entries).zip(&mut steps) {
                if *step == Step::END {
                    continue;
                }
                let mut place = *self.places.of(*step);
                if place.number == 0 {
                    place = visit.end(start + step.offset(), step.direction());
                    self.places.set(step.offset(), step.direction(), place);
                    self.taken += 1;
                }
                account.chain.push(place.number);
                account.t = place.resume as usize;
                *step = entries.step(account.t - start);
                is_busy = true;
            }
        }
        // There the next tile goes on.
        accounts.iter_mut().for_each(|account| account.t = account.t.max(end));
    }
}
