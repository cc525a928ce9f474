//! Where entries are decided.

use super::contract::Flags;
use super::options::{DirectionFilter, Options};
use super::record::Direction;

/// Two entry columns after the direction filter, as one bitmap of all entries and one of the long ones.
#[derive(Debug)]
pub(super) struct Entries {
    any: Vec<Word>,
    long: Vec<u64>,
}

/// 64 bars of a bitmap.
#[derive(Debug, Clone, Copy)]
struct Word {
    bits: u64,
    /// The first entry after these bars; `NEVER` without one.
    next: usize,
}

/// No bar.
const NEVER: usize = usize::MAX;

impl Entries {
    pub(super) fn new(long: Flags, short: Flags, options: &Options, n: usize) -> Self {
        let words = |flags: Flags, unless: DirectionFilter| match flags {
            _ if options.direction == unless => vec![0; n.div_ceil(64)],
            Flags::Bits(bits) => bits.words()[..n.div_ceil(64)].to_vec(),
            Flags::Const(true) => vec![u64::MAX; n.div_ceil(64)],
            Flags::None | Flags::Const(false) => vec![0; n.div_ceil(64)],
        };
        let (long, short) = (words(long, DirectionFilter::Short), words(short, DirectionFilter::Long));
        let mut any: Vec<Word> = long.iter().zip(&short).map(|(l, s)| Word { bits: l | s, next: NEVER }).collect();
        let mut next = NEVER;
        for (i, word) in any.iter_mut().enumerate().rev() {
            word.next = next;
            if word.bits != 0 {
                next = 64 * i + word.bits.trailing_zeros() as usize;
            }
        }
        Entries { any, long }
    }

    /// The first bar from `t` on whose close decides an entry, wherever the series ends; `t` is one of its bars.
    #[inline(always)]
    pub(super) fn next(&self, t: usize) -> usize {
        let word = self.any[t / 64];
        let near = word.bits >> (t % 64);
        // Without a branch: which of the two it is cannot be foretold.
        let bar = t + near.trailing_zeros() as usize;
        if near != 0 { bar } else { word.next }
    }

    /// The direction of the entry at `bar`; a long one, if both directions want in.
    #[inline(always)]
    pub(super) fn direction(&self, bar: usize) -> Direction {
        let is_long = self.long[bar / 64] >> (bar % 64) & 1 == 1;
        if is_long { Direction::Long } else { Direction::Short }
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

    /// Sets it.
    #[inline(always)]
    pub(super) fn set(&mut self, offset: usize, direction: Direction, value: T) {
        self.values[offset][usize::from(direction == Direction::Short)] = value;
        self.used.push(offset as u32);
    }
}
