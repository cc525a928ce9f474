//! Blocks of a series side by side, for the windows that cover them.
//!
//! As in [`Sliding`], but number by number in lanes, so that one vector instruction joins several blocks: the aggregates from
//! the start of a block and those to its end wait for the ones before them, blocks do not wait for each other.

use super::sliding::{Aggregate, Sliding};
use crate::simd::{LONG_PIECE, SHORT, widest_fn};

/// An aggregate of bars of `K` numbers that is itself made of `N` numbers.
pub trait Plain<const K: usize, const N: usize, V = f64>: Aggregate<V> {
    /// The summary of one bar.
    fn bar(values: [f64; K]) -> Self;

    /// The aggregate of these numbers.
    fn from_numbers(numbers: [f64; N]) -> Self;

    /// Its numbers, from which [`Plain::from_numbers`] makes it again.
    fn numbers(self) -> [f64; N];
}

/// Blocks side by side; fewer of them if they are long or have several columns, so that they stay in the nearest cache.
const WIDE: usize = 16;
const MIDDLE: usize = 8;
const NARROW: usize = 4;

/// Longest windows with so many blocks side by side. Where numbers of an aggregate wait for each other, more are better.
const LONGEST_WIDE: usize = 40;
const LONGEST_MIDDLE: usize = 128;
const LONGEST_MIDDLE_WAITING: usize = 512;

/// Bars that are worked on at a time, so that they stay in the nearest cache.
pub const PIECE: usize = 1024;

/// The same for windows, whose bars are in several columns at once; more if the period is long.
const WINDOW_PIECE: usize = 256;

/// Longest window whose blocks are taken side by side; more of longer ones do not fit into the cache.
const LONGEST: usize = 2048;

/// A number of each block.
type Lanes<const L: usize> = [f64; L];

/// What is kept from one piece to the next.
pub(super) enum Windows<A, V, const K: usize, const N: usize, const M: usize> {
    Wide(Blocks<K, N, M, WIDE>),
    Middle(Blocks<K, N, M, MIDDLE>),
    Narrow(Blocks<K, N, M, NARROW>),
    Steps(Sliding<A, V>),
}

/// Blocks in `L` lanes.
pub(super) struct Blocks<const K: usize, const N: usize, const M: usize, const L: usize> {
    period: usize,
    /// The bars at each place of the blocks.
    bars: Vec<[Lanes<L>; K]>,
    /// For each place of a block the aggregate of what follows it.
    rest: Vec<[Lanes<L>; N]>,
    /// The same of the last block of the group before.
    before: Vec<[f64; N]>,
    /// What was picked from the windows that end at each place.
    picked: Vec<[Lanes<L>; M]>,
}

impl<A: Plain<K, N, V>, V: Default, const K: usize, const N: usize, const M: usize> Windows<A, V, K, N, M> {
    pub(super) fn new(period: usize) -> Self {
        let middle = if N > K { LONGEST_MIDDLE_WAITING } else { LONGEST_MIDDLE };
        match period {
            _ if period <= LONGEST_WIDE && K == 1 => Windows::Wide(Blocks::new(period)),
            _ if period <= middle => Windows::Middle(Blocks::new(period)),
            _ if period <= LONGEST => Windows::Narrow(Blocks::new(period)),
            _ => Windows::Steps(Sliding::new(period)),
        }
    }

    /// Bars that are worked on together.
    pub(super) fn group(&self) -> usize {
        match self {
            Windows::Wide(blocks) => WIDE * blocks.period,
            Windows::Middle(blocks) => MIDDLE * blocks.period,
            Windows::Narrow(blocks) => NARROW * blocks.period,
            Windows::Steps(_) => 1,
        }
    }

    /// Bars in a piece of a series of `len` bars.
    pub(super) fn piece(&self, len: usize) -> usize {
        let piece = if len > SHORT { LONG_PIECE } else { WINDOW_PIECE };
        self.group() * (piece / self.group()).max(1)
    }

    pub(super) fn extend(&mut self, bars: [&[f64]; K], pick: impl Fn(A) -> [f64; M] + Copy, mut out: [&mut [f64]; M]) {
        match self {
            Windows::Wide(blocks) => blocks.extend(bars, pick, out),
            Windows::Middle(blocks) => blocks.extend(bars, pick, out),
            Windows::Narrow(blocks) => blocks.extend(bars, pick, out),
            Windows::Steps(sliding) => {
                for i in 0..bars[0].len() {
                    let window = sliding.push_summary(A::bar(bars.map(|column| column[i])));
                    let numbers = window.map_or([f64::NAN; M], pick);
                    out.iter_mut().zip(numbers).for_each(|(column, number)| column[i] = number);
                }
            }
        }
    }
}

impl<const K: usize, const N: usize, const M: usize, const L: usize> Blocks<K, N, M, L> {
    fn new(period: usize) -> Self {
        Blocks {
            period,
            bars: vec![[[0.0; L]; K]; period],
            rest: vec![[[0.0; L]; N]; period - 1],
            before: vec![[f64::NAN; N]; period - 1],
            picked: vec![[[0.0; L]; M]; period],
        }
    }

    /// The windows that end in the next groups of blocks.
    fn extend<A: Plain<K, N, V>, V>(
        &mut self,
        bars: [&[f64]; K],
        pick: impl Fn(A) -> [f64; M] + Copy,
        mut out: [&mut [f64]; M],
    ) {
        let group = L * self.period;
        for start in (0..bars[0].len()).step_by(group) {
            let bars = bars.map(|column| &column[start..start + group]);
            let out = out.each_mut().map(|column| &mut column[start..start + group]);
            extend_group::<A, V, K, N, M, L>(self, bars, pick, out);
        }
    }

    #[inline(always)]
    fn join<A: Plain<K, N, V>, V>(&mut self, pick: impl Fn(A) -> [f64; M] + Copy) {
        let len = self.period as f64;
        // To the end of each block.
        let mut suffix = [[0.0; L]; N];
        let mut suffix_len = 0.0;
        for (bars, rest) in self.bars[1..].iter().zip(&mut self.rest).rev() {
            let bars = summaries::<A, V, K, N, L>(bars);
            suffix = if suffix_len == 0.0 { bars } else { joined::<A, V, K, N, L>(&bars, 1.0, &suffix, suffix_len) };
            suffix_len += 1.0;
            *rest = suffix;
        }
        // From the start of each block, after the rest of the one before; the last place has its own aggregate.
        let mut prefix = summaries::<A, V, K, N, L>(&self.bars[0]);
        let mut prefix_len = 1.0;
        let rests = self.rest.iter().zip(&mut self.before);
        for ((bars, (rest, before)), out) in self.bars[1..].iter().zip(rests).zip(&mut self.picked) {
            let mut older = [[0.0; L]; N];
            for f in 0..N {
                older[f][0] = before[f];
                older[f][1..].copy_from_slice(&rest[f][..L - 1]);
                before[f] = rest[f][L - 1];
            }
            *out = picked(&joined::<A, V, K, N, L>(&older, len - prefix_len, &prefix, prefix_len), pick);
            prefix = joined::<A, V, K, N, L>(&prefix, prefix_len, &summaries::<A, V, K, N, L>(bars), 1.0);
            prefix_len += 1.0;
        }
        if let Some(out) = self.picked.last_mut() {
            *out = picked(&prefix, pick);
        }
    }
}

widest_fn! {
    /// The windows that end in the next group of blocks.
    [A: Plain<K, N, V>, V, const K: usize, const N: usize, const M: usize, const L: usize] [A, V, K, N, M, L]
    fn extend_group(
        blocks: &mut Blocks<K, N, M, L>,
        bars: [&[f64]; K],
        pick: impl Fn(A) -> [f64; M] + Copy,
        out: [&mut [f64]; M],
    ) {
        let period = blocks.period;
        for (column, bars) in bars.into_iter().enumerate() {
            for (four, bars) in bars.chunks_exact(4 * period).enumerate() {
                to_rows(&mut blocks.bars, column, 4 * four, bars, period);
            }
        }
        blocks.join(pick);
        for (column, out) in out.into_iter().enumerate() {
            for (four, out) in out.chunks_exact_mut(4 * period).enumerate() {
                from_rows(&blocks.picked, column, 4 * four, out, period);
            }
        }
    }
}

/// What is picked from the windows.
#[inline(always)]
fn picked<A: Plain<K, N, V>, V, const K: usize, const N: usize, const M: usize, const L: usize>(
    windows: &[Lanes<L>; N],
    pick: impl Fn(A) -> [f64; M],
) -> [Lanes<L>; M] {
    let mut row = [[0.0; L]; M];
    for lane in 0..L {
        let numbers = pick(A::from_numbers(std::array::from_fn(|f| windows[f][lane])));
        for f in 0..M {
            row[f][lane] = numbers[f];
        }
    }
    row
}

/// Lays four blocks side by side, four places at a time.
#[inline(always)]
fn to_rows<const N: usize, const L: usize>(
    rows: &mut [[Lanes<L>; N]],
    column: usize,
    lane: usize,
    blocks: &[f64],
    period: usize,
) {
    let ((a, b), (c, d)) = (blocks[..2 * period].split_at(period), blocks[2 * period..4 * period].split_at(period));
    let (row_fours, row_rest) = rows.as_chunks_mut::<4>();
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let ((c, c_rest), (d, d_rest)) = (c.as_chunks::<4>(), d.as_chunks::<4>());
    for ((((rows, a), b), c), d) in row_fours.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        for k in 0..4 {
            let four = [a[k], b[k], c[k], d[k]];
            rows[k][column][lane..lane + 4].copy_from_slice(&four);
        }
    }
    for ((((row, a), b), c), d) in row_rest.iter_mut().zip(a_rest).zip(b_rest).zip(c_rest).zip(d_rest) {
        row[column][lane..lane + 4].copy_from_slice(&[*a, *b, *c, *d]);
    }
}

/// The way back.
#[inline(always)]
fn from_rows<const N: usize, const L: usize>(
    rows: &[[Lanes<L>; N]],
    column: usize,
    lane: usize,
    blocks: &mut [f64],
    period: usize,
) {
    let (front, back) = blocks[..4 * period].split_at_mut(2 * period);
    let ((a, b), (c, d)) = (front.split_at_mut(period), back.split_at_mut(period));
    let (row_fours, row_rest) = rows.as_chunks::<4>();
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks_mut::<4>(), b.as_chunks_mut::<4>());
    let ((c, c_rest), (d, d_rest)) = (c.as_chunks_mut::<4>(), d.as_chunks_mut::<4>());
    for ((((rows, a), b), c), d) in row_fours.iter().zip(a).zip(b).zip(c).zip(d) {
        let [p, q, r, s] = [0, 1, 2, 3].map(|k| &rows[k][column][lane..lane + 4]);
        *a = [p[0], q[0], r[0], s[0]];
        *b = [p[1], q[1], r[1], s[1]];
        *c = [p[2], q[2], r[2], s[2]];
        *d = [p[3], q[3], r[3], s[3]];
    }
    for ((((row, a), b), c), d) in row_rest.iter().zip(a_rest).zip(b_rest).zip(c_rest).zip(d_rest) {
        let four = &row[column][lane..lane + 4];
        (*a, *b, *c, *d) = (four[0], four[1], four[2], four[3]);
    }
}

#[inline(always)]
fn summaries<A: Plain<K, N, V>, V, const K: usize, const N: usize, const L: usize>(
    bars: &[Lanes<L>; K],
) -> [Lanes<L>; N] {
    let mut row = [[0.0; L]; N];
    for lane in 0..L {
        let numbers = A::bar(std::array::from_fn(|column| bars[column][lane])).numbers();
        for f in 0..N {
            row[f][lane] = numbers[f];
        }
    }
    row
}

#[inline(always)]
fn joined<A: Plain<K, N, V>, V, const K: usize, const N: usize, const L: usize>(
    older: &[Lanes<L>; N],
    older_len: f64,
    newer: &[Lanes<L>; N],
    newer_len: f64,
) -> [Lanes<L>; N] {
    let mut row = [[0.0; L]; N];
    for lane in 0..L {
        let older = A::from_numbers(std::array::from_fn(|f| older[f][lane]));
        let newer = A::from_numbers(std::array::from_fn(|f| newer[f][lane]));
        let numbers = A::join(older, older_len, newer, newer_len).numbers();
        for f in 0..N {
            row[f][lane] = numbers[f];
        }
    }
    row
}
