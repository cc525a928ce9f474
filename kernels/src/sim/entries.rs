//! Where entries are decided.

use super::contract::Flags;
use super::options::{DirectionFilter, Options};
use super::record::Direction;

/// Two entry columns after the direction filter, and where they go on from each bar of the tile at hand.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    long: Flags<'a>,
    short: Flags<'a>,
    /// Accounts that follow them.
    pub(super) accounts: usize,
    /// For each bar of the tile, and the one after it, the first entry from it on; empty where few accounts ask.
    steps: Vec<Step>,
    /// The tile.
    tile: (usize, usize),
}

/// Most accounts for which the columns themselves are searched: making a table of steps takes as long as some searches.
const FEW: usize = 4;

/// An entry that a bar of a tile decides: twice the offset of the bar, and one more for a short entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(u16);

/// Most bars of a tile.
pub(super) const LONGEST_TILE: usize = 4096;

impl Step {
    /// No entry.
    pub(super) const END: Step = Step(u16::MAX);

    #[inline(always)]
    fn new(offset: usize, is_long: bool) -> Self {
        Step(2 * offset as u16 + u16::from(!is_long))
    }

    /// The bar, counted from the first of the tile.
    #[inline(always)]
    pub(super) fn offset(self) -> usize {
        usize::from(self.0 / 2)
    }

    #[inline(always)]
    pub(super) fn direction(self) -> Direction {
        if self.0.is_multiple_of(2) { Direction::Long } else { Direction::Short }
    }
}

impl<'a> Entries<'a> {
    pub(super) fn new(long: Flags<'a>, short: Flags<'a>, options: &Options) -> Self {
        let unless = |wanted: DirectionFilter, flags| if options.direction == wanted { Flags::None } else { flags };
        Entries {
            long: unless(DirectionFilter::Short, long),
            short: unless(DirectionFilter::Long, short),
            accounts: 0,
            steps: vec![],
            tile: (usize::MAX, 0),
        }
    }

    /// Prepares for the tile `start .. end`; a second time it costs nothing.
    pub(super) fn visit(&mut self, (start, end): (usize, usize)) {
        if self.tile.0 == start {
            return;
        }
        self.tile = (start, end);
        if self.accounts <= FEW {
            return;
        }
        self.steps.resize(end - start + 1, Step::END);
        let mut from = 0;
        for i in start / 64..end.div_ceil(64) {
            let (long, short) = (word(self.long, i), word(self.short, i));
            let mut word = long | short;
            while word != 0 {
                let bit = word.trailing_zeros() as usize;
                word &= word - 1;
                let bar = 64 * i + bit;
                if bar < start || bar >= end {
                    continue;
                }
                // A long one, if both directions want in.
                let step = Step::new(bar - start, long >> bit & 1 == 1);
                self.steps[from..=bar - start].fill(step);
                from = bar - start + 1;
            }
        }
        self.steps[from..].fill(Step::END);
    }

    /// The first entry of the tile from the bar `offset` on; beyond the tile there is none.
    #[inline(always)]
    pub(super) fn step(&self, offset: usize) -> Step {
        match self.steps.last() {
            Some(last) => *self.steps.get(offset).unwrap_or(last),
            None => self.search(offset),
        }
    }

    #[inline(always)]
    fn search(&self, offset: usize) -> Step {
        let (start, end) = self.tile;
        let bar = start + offset;
        let mut from = bar % 64;
        for i in bar / 64..end.div_ceil(64) {
            let (long, short) = (word(self.long, i), word(self.short, i));
            let ahead = (long | short) & u64::MAX << from;
            if ahead != 0 {
                let bit = ahead.trailing_zeros() as usize;
                let found = 64 * i + bit;
                // A long one, if both directions want in.
                return if found < end { Step::new(found - start, long >> bit & 1 == 1) } else { Step::END };
            }
            from = 0;
        }
        Step::END
    }
}

/// 64 conditions; those beyond the series mean nothing.
#[inline(always)]
fn word(flags: Flags, i: usize) -> u64 {
    match flags {
        Flags::Bits(bits) => bits.words()[i],
        Flags::Const(true) => u64::MAX,
        Flags::None | Flags::Const(false) => 0,
    }
}

/// A value for each entry of a tile, by bar and direction; where there is none, the default.
#[derive(Debug, Default)]
pub(super) struct PerEntry<T> {
    values: Vec<[T; 2]>,
    /// Bars with a value.
    used: Vec<u32>,
}

impl<T: Clone + Default> PerEntry<T> {
    /// Forgets the values; a tile has `bars` bars. Costs a step per value.
    pub(super) fn clear(&mut self, bars: usize) {
        for &bar in &self.used {
            self.values[bar as usize] = Default::default();
        }
        self.used.clear();
        if self.values.len() < bars {
            self.values.resize(bars, Default::default());
        }
    }

    /// The value of an entry that the bar `offset` of the tile decides.
    #[inline(always)]
    pub(super) fn at(&self, offset: usize, direction: Direction) -> &T {
        &self.values[offset][usize::from(direction == Direction::Short)]
    }

    /// That of a step.
    #[inline(always)]
    pub(super) fn of(&self, step: Step) -> &T {
        self.at(step.offset(), step.direction())
    }

    /// Sets it.
    #[inline(always)]
    pub(super) fn set(&mut self, offset: usize, direction: Direction, value: T) {
        self.values[offset][usize::from(direction == Direction::Short)] = value;
        self.used.push(offset as u32);
    }
}
