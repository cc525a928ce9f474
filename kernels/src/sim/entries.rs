//! Where entries are decided.

use super::contract::Flags;
use super::options::{DirectionFilter, Options};
use super::record::Direction;

/// Two entry columns after the direction filter, as one bitmap of all entries and one of the long ones.
#[derive(Debug)]
pub(super) struct Entries {
    /// With one word more than the bars need.
    any: Vec<u64>,
    long: Vec<u64>,
}

impl Entries {
    pub(super) fn new(long: Flags, short: Flags, options: &Options, n: usize) -> Self {
        let words = |flags: Flags, unless: DirectionFilter| match flags {
            _ if options.direction == unless => vec![0; n.div_ceil(64)],
            Flags::Bits(bits) => bits.words()[..n.div_ceil(64)].to_vec(),
            Flags::Const(true) => vec![u64::MAX; n.div_ceil(64)],
            Flags::None | Flags::Const(false) => vec![0; n.div_ceil(64)],
        };
        let (long, short) = (words(long, DirectionFilter::Short), words(short, DirectionFilter::Long));
        let any = long.iter().zip(&short).map(|(long, short)| long | short).chain([0]).collect();
        Entries { any, long }
    }

    /// The first bar in `t .. end` whose close decides an entry; a long one, if both directions want in.
    #[inline(always)]
    pub(super) fn next(&self, t: usize, end: usize) -> Option<(usize, Direction)> {
        if t >= end {
            return None;
        }
        let (mut i, shift) = (t / 64, t % 64);
        // The next 64 bars at once; where an entry is near, that needs no loop.
        let near = self.any[i] >> shift | (self.any[i + 1] << 1) << (63 - shift);
        let bar = if near != 0 {
            t + near.trailing_zeros() as usize
        } else {
            loop {
                i += 1;
                if 64 * i >= end {
                    return None;
                }
                if self.any[i] != 0 {
                    break 64 * i + self.any[i].trailing_zeros() as usize;
                }
            }
        };
        if bar >= end {
            return None;
        }
        let is_long = self.long[bar / 64] >> (bar % 64) & 1 == 1;
        Some((bar, if is_long { Direction::Long } else { Direction::Short }))
    }
}
