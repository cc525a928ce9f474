//! Calm stretches of positions, gone over once for all accounts that hold the same position.
//!
//! Accounts that enter on the same bar hold the same position if their sizes are fractions of the equity: it goes the same way
//! relative to what they had. What a stretch of calm bars does to a position, and what it adds up, is kept by where it begins
//! and what the position is there; an account whose position is that one, to the bit, takes it over. Nothing is assumed: a
//! position that differs in anything goes its own way.

use super::calm;
use super::ledger::Ledger;
use super::position::{Levels, Line, Position};
use super::record::Direction;
use super::sums::Interior;
use super::watch::Watch;
use crate::simd::widest;

/// What a stretch depends on besides the bars and the columns.
#[derive(Debug, Clone, PartialEq)]
struct Start {
    /// The first bar, and the one that a signal ends it at.
    range: (usize, usize),
    line: Line,
    levels: Levels,
    growth: f64,
    armed: bool,
    scaled_out: bool,
    adds: u32,
    /// Entry price, initial risk and the multiple of it that arms, as bits: two of them may be no numbers.
    arming: [u64; 3],
    /// What the interior bars before it added up to.
    interior: Interior,
}

/// A stretch of calm bars.
#[derive(Debug, Clone)]
struct Stretch {
    start: Start,
    /// The first bar after it.
    end: usize,
    /// How the position and the sums leave it.
    levels: Levels,
    growth: f64,
    interior: Interior,
    /// Smallest and largest `g` in it.
    growths: [f64; 2],
    /// The next one of the same position, plus one; 0 = none yet.
    next: u32,
}

/// The stretches of the positions that are entered in one tile of bars; may be used again.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    first_bar: usize,
    /// For each bar of the tile the first stretch of a long and of a short position, plus one; 0 = none yet.
    heads: Vec<[u32; 2]>,
    list: Vec<Stretch>,
    /// How many were taken over, and how many could not be.
    taken: usize,
    missed: usize,
    /// Too few were taken over to be worth their keeping.
    is_idle: bool,
}

/// Where an account is among the stretches: those of the position entered on a bar in a direction, and the number of the last
/// one, plus one; 0 = before the first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    entry: Option<(usize, Direction)>,
    last: u32,
}

impl Stretches {
    /// Forgets everything; goes on with the positions that are entered in the bars `start .. end`.
    pub(super) fn clear(&mut self, (start, end): (usize, usize)) {
        self.is_idle |= self.taken < (self.list.len() + self.missed) / 2;
        (self.first_bar, self.taken, self.missed) = (start, 0, 0);
        self.heads.clear();
        self.heads.resize(end - start, [0; 2]);
        self.list.clear();
    }

    /// [`calm::skip`], taken over from an account that came by before, if there was one.
    pub(super) fn skip(
        &mut self,
        cursor: &mut Cursor,
        (ledger, watch): (&mut Ledger, &Watch),
        position: &mut Position,
        range: (usize, usize),
    ) -> usize {
        let entry = (position.entry_bar, position.direction);
        if cursor.entry != Some(entry) {
            *cursor = Cursor { entry: Some(entry), last: 0 };
        }
        let place = entry.0.checked_sub(self.first_bar).filter(|place| *place < self.heads.len() && !self.is_idle);
        let Some(place) = place else { return calm::skip(ledger, watch, position, range) };
        let new = self.list.len() as u32 + 1;
        let link = match cursor.last {
            0 => &mut self.heads[place][usize::from(entry.1 == Direction::Short)],
            last => &mut self.list[last as usize - 1].next,
        };
        let number = *link;
        let start = Start::of(position, ledger, range);
        if number == 0 {
            *link = new;
            cursor.last = new;
            let end = calm::skip(ledger, watch, position, range);
            self.list.push(Stretch::between(start, end, watch.close, (position, ledger)));
            return end;
        }
        let stretch = &self.list[number as usize - 1];
        if stretch.start != start {
            // Not the same position after all; what follows is its own.
            cursor.entry = None;
            self.missed += 1;
            return calm::skip(ledger, watch, position, range);
        }
        cursor.last = number;
        self.taken += 1;
        stretch.take(ledger, watch.close, position);
        stretch.end
    }
}

impl Start {
    fn of(position: &Position, ledger: &Ledger, range: (usize, usize)) -> Self {
        let Position { line, levels, growth, armed, scaled_out, adds, entry_fill, initial_risk, arm_r, .. } = *position;
        let arming = [entry_fill, initial_risk, arm_r].map(f64::to_bits);
        let interior = ledger.interior.clone();
        Start { range, line, levels, growth, armed, scaled_out, adds, arming, interior }
    }
}

impl Stretch {
    /// The stretch that a position has just left.
    fn between(start: Start, end: usize, closes: &[f64], (position, ledger): (&Position, &Ledger)) -> Self {
        // The growth is a monotone function of the close, rounding included.
        let ends = widest(|| extremes(&closes[start.range.0..end])).map(|close| position.growth_at(close));
        let growths = if position.direction == Direction::Long { ends } else { [ends[1], ends[0]] };
        let (levels, growth, interior) = (position.levels, position.growth, ledger.interior.clone());
        Stretch { start, end, levels, growth, interior, growths, next: 0 }
    }

    /// Does to a position and an account what the stretch does.
    fn take(&self, ledger: &mut Ledger, closes: &[f64], position: &mut Position) {
        let (from, to) = (self.start.range.0, self.end);
        ledger.interior.clone_from(&self.interior);
        if ledger.summary.kept.drawdown && from < to {
            let [smallest, largest] = self.growths.map(|growth| position.equity * growth);
            // A product with a positive number does not fall when the other factor rises, rounding included.
            if largest < ledger.drawdown.peak {
                ledger.drawdown.mark(smallest, to - from);
            } else {
                calm::mark_all(&mut ledger.drawdown, closes, position, (from, to));
            }
        }
        position.levels = self.levels;
        position.growth = self.growth;
    }
}

/// The smallest and the largest of some closes; infinite without any.
#[inline(always)]
fn extremes(closes: &[f64]) -> [f64; 2] {
    let (mut low, mut high) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    let (blocks, rest) = closes.as_chunks::<8>();
    for block in blocks {
        for i in 0..8 {
            low[i] = if block[i] < low[i] { block[i] } else { low[i] };
            high[i] = if block[i] > high[i] { block[i] } else { high[i] };
        }
    }
    let all = |ends: [f64; 8]| ends.into_iter().chain(rest.iter().copied());
    [all(low).fold(f64::INFINITY, f64::min), all(high).fold(f64::NEG_INFINITY, f64::max)]
}

#[cfg(test)]
mod tests {
    use super::super::contract::{Bars, Flags, Numbers, Signals};
    use super::super::event::Events;
    use super::super::options::Options;
    use super::super::record::Record;
    use super::super::summary::Needs;
    use super::*;
    use crate::bits::Bits;

    /// Runs two sets of entries with some exits over sixty bars that rise by one each; how many stretches were taken over,
    /// could not be, and were kept.
    fn shared(others: Signals, entries: [&[usize]; 2]) -> [usize; 3] {
        let price: Vec<f64> = (0..60).map(|t| 100.0 + f64::from(t)).collect();
        let ts: Vec<i64> = (0..60).collect();
        let bars = Bars { ts: &ts, open: &price, high: &price, low: &price, close: &price, ..Bars::default() };
        let every_20: Vec<bool> = (0..60).map(|t| t % 20 == 10).collect();
        let exits = Bits::from_bools(&every_20);
        let (options, mut stretches) = (Options::default(), Stretches::default());
        stretches.clear((0, 60));
        for entries in entries {
            let enter = Bits::from_fn(60, |t| entries.contains(&t));
            let own = Signals {
                enter_long: Flags::Bits(enter.as_slice()),
                exit_long: Flags::Bits(exits.as_slice()),
                ..others
            };
            let mut record = Record::none();
            let mut run = Events::new(&bars, &own, &options, Needs::ALL, &mut record);
            run.advance(60, Some(&mut stretches));
            run.finish();
        }
        [stretches.taken, stretches.missed, stretches.list.len()]
    }

    #[test]
    fn positions_that_are_the_same_are_gone_over_once() {
        // The second set enters where the first does on bar 12, and alone on bar 33.
        assert_eq!(shared(Signals::default(), [&[0, 12], &[12, 33]]), [1, 0, 3]);
    }

    #[test]
    fn parts_and_adds_begin_new_stretches_of_the_same_position() {
        let twice = Bits::from_fn(60, |t| t == 16 || t == 24);
        let part = Bits::from_fn(60, |t| t == 20);
        // From bar 14 to the add, to the part, to the next add, to the exit.
        let builds = Signals {
            size: Numbers::Const(0.2),
            max_adds: Numbers::Const(2.0),
            add_long: Flags::Bits(twice.as_slice()),
            scale_out_long: Flags::Bits(part.as_slice()),
            scale_out_fraction: Numbers::Const(0.3),
            ..Signals::default()
        };
        assert_eq!(shared(builds, [&[0, 12], &[12]]), [4, 0, 5]);
    }

    #[test]
    fn a_size_that_depends_on_the_equity_is_noticed() {
        let by_money = Signals { notional: Numbers::Const(500.0), ..Signals::default() };
        assert_eq!(shared(by_money, [&[0, 12], &[12, 33]]), [0, 1, 3]);
    }
}
