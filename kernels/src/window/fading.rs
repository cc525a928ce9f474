//! Sums whose past fades: the recurrence of every exponential average.
//!
//! A sum is `sum = share * sum + x`. A processor can begin several multiplications at every cycle but has to wait for the last
//! one, so a sum that is carried from each bar to the next takes several cycles per bar. Here a block of 256 bars is cut into
//! eight lanes of neighbouring bars, whose bars are added up side by side, twice: first as if no sum were before the lane. What
//! a lane adds and what it leaves of the sums before it tells the sums after it, so the second time each lane goes on from
//! where the one before it ends. Bars that come one by one are added up in the same way.

use super::room::PIECE;
use crate::eight::{Eight, Number, Work, in_eights};
use crate::simd::fetch;

/// Lanes of a block.
const LANES: usize = 8;

/// Bars of a lane, and how many vectors they are.
const LANE: usize = 32;
const PARTS: usize = LANE / 8;

/// Bars of a block; a piece has whole blocks.
const BLOCK: usize = LANES * LANE;
const _: () = assert!(PIECE.is_multiple_of(BLOCK));

/// Sums below it are zero: in a long flat stretch they would end in subnormal numbers, which are slow and whose ratio is noise.
const TINY: f64 = 1e-290;

/// The zero that leaves every number as it is, minus zero too.
pub(super) const NOTHING: f64 = -0.0;

/// What is made of each bar and of what was before it: of one bar, or of eight side by side.
///
/// Every bar has to ask for the same sums and values, each once. What it adds to a sum is linear in the other sums, and without
/// them nothing if this bar and all before it are zeros. Columns whose last values are asked for are made of bars, of averages,
/// and of last values of columns that are made of bars alone.
pub trait Recurrence<const IN: usize, const OUT: usize> {
    /// What is made of a bar; to be inlined always.
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; IN]) -> [P::T; OUT];
}

/// What numbers are made of a bar and the one before it, before anything is averaged.
pub trait Making<const IN: usize, const MADE: usize> {
    /// The numbers; to be inlined always. Those of a bar that is not finite are not used.
    fn make<T: Number>(&self, bar: [T; IN], last: [T; IN]) -> [T; MADE];
}

/// The bar itself.
struct Direct;

impl<const IN: usize> Making<IN, IN> for Direct {
    #[inline(always)]
    fn make<T: Number>(&self, bar: [T; IN], _: [T; IN]) -> [T; IN] {
        bar
    }
}

/// Fading sums and the last values of columns.
pub trait Past {
    /// A number, or those of eight bars.
    type T: Number;

    /// The value one bar before `x` in column `k`.
    fn before(&mut self, k: usize, x: Self::T) -> Self::T;

    /// What sum `k` keeps of itself from bar to bar.
    fn share(&self, k: usize) -> Self::T;

    /// Sum `k` with `x` added.
    fn fade(&mut self, k: usize, x: Self::T) -> Self::T;

    /// How far the next value is above average `k`, which keeps `share` of itself; the value is `change` above the one before.
    ///
    /// The distance shrinks by what the average follows: `distance = share * (distance + change)`. Without moves it is zero.
    #[inline(always)]
    fn distance_after(&mut self, k: usize, change: Self::T) -> Self::T {
        let share = self.share(k);
        self.fade(k, share * change)
    }

    /// How far a value of column `k` is above average `k` of that column.
    #[inline(always)]
    fn distance(&mut self, k: usize, x: Self::T) -> Self::T {
        let change = x - self.before(k, x);
        self.distance_after(k, change)
    }

    /// Average `k` of column `k`.
    #[inline(always)]
    fn average(&mut self, k: usize, x: Self::T) -> Self::T {
        x - self.distance(k, x)
    }
}

/// `N` fading sums and the last values of `C` columns, side by side.
///
/// Bars are taken by [`Fadings::step`] or [`Fadings::run`], with the same bits. Sums that begin at different bars are taken
/// one by one until all have begun, each bar ended by [`Fadings::settle`]. Blocks begin at every 256th bar.
#[derive(Debug, Clone)]
pub struct Fadings<const N: usize, const C: usize> {
    now: Sums<f64, N, C>,
    /// Bars since the last place where a block may begin.
    place: usize,
    /// Since the first block began.
    lane: Option<Lane<N, C>>,
}

/// Fading sums and the last values of columns.
#[derive(Debug, Clone, Copy)]
struct Sums<T, const N: usize, const C: usize> {
    /// What each sum keeps of itself.
    shares: [T; N],
    sums: [T; N],
    last: [T; C],
}

/// The neighbouring bars of which sums of their own are made.
#[derive(Debug, Clone)]
struct Lane<const N: usize, const C: usize> {
    /// The sums before it, and of it alone.
    before: [f64; N],
    alone: Sums<f64, N, C>,
    /// How much of each sum before a lane is left in every sum after it.
    left: [[f64; N]; N],
}

impl<const N: usize, const C: usize> Fadings<N, C> {
    /// Sums that keep the shares of themselves from bar to bar, none of which is negative.
    pub fn new(shares: [f64; N]) -> Self {
        Fadings { now: Sums { shares, sums: [0.0; N], last: [f64::NAN; C] }, place: 0, lane: None }
    }

    /// A sum.
    #[inline(always)]
    pub fn sum(&self, k: usize) -> f64 {
        self.now.sums[k]
    }

    /// Lets a sum go on from another.
    #[inline(always)]
    pub fn start_at(&mut self, k: usize, sum: f64) {
        self.now.sums[k] = sum;
    }

    /// Lets an average go on at a value of its column.
    #[inline(always)]
    pub fn start_average(&mut self, k: usize, x: f64, average: f64) {
        self.start_at(k, x - average);
        self.now.last[k] = x;
    }

    /// Ends a bar before all sums have begun.
    #[inline(always)]
    pub fn settle(&mut self) {
        self.place = (self.place + 1) % BLOCK;
    }

    /// Whether bars can be handed to [`Fadings::run_finite`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.place == 0 && self.lane.is_some()
    }

    /// Takes the next bar, no number of which is `NaN`.
    #[inline(always)]
    pub fn step<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        bar: [f64; IN],
    ) -> [f64; OUT] {
        let last = self.now.last;
        let made = recurrence.bar(&mut self.now, bar);
        if let Some(lane) = &mut self.lane {
            recurrence.bar(&mut lane.alone, bar);
        }
        self.settle();
        if self.place.is_multiple_of(LANE) {
            self.end_lane(recurrence, bar, last);
        }
        made
    }

    /// Begins a lane, if there are any yet, after a bar and the last values before it.
    #[inline(never)]
    fn end_lane<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        bar: [f64; IN],
        last: [f64; C],
    ) {
        let Fadings { now, place, lane } = self;
        match lane {
            Some(lane) => {
                lane.before = lane.sums_after(lane.before, lane.alone.sums);
                now.sums = lane.before.map(flushed);
            }
            None if *place > 0 => return now.sums = now.sums.map(flushed),
            None => *lane = Some(Lane { before: now.sums, alone: *now, left: now.left(recurrence) }),
        }
        let Some(lane) = lane else { unreachable!("begun above") };
        if *place == 0 {
            lane.before = lane.before.map(flushed);
        }
        now.last = last;
        now.pass(recurrence, bar);
        (lane.alone.sums, lane.alone.last) = ([NOTHING; N], last);
        lane.alone.pass(recurrence, bar);
    }

    /// Takes the next bars, no number of which is `NaN`, and writes what [`Fadings::step`] gives.
    #[inline(always)]
    pub fn run<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        mut outputs: [&mut [f64]; OUT],
    ) {
        let len = inputs[0].len();
        let mut start = 0;
        while start < len {
            if self.begins_block() && len - start >= BLOCK {
                let end = start + (len - start) / BLOCK * BLOCK;
                in_eights(Blocks::<_, _, _, _, _, _, _, false> {
                    fadings: self,
                    making: &Direct,
                    last: &mut [f64::NAN; IN],
                    recurrence,
                    inputs: inputs.map(|input| in_blocks(&input[start..end])),
                    outputs: outputs.each_mut().map(|output| in_blocks_mut(&mut output[start..end])),
                    taken: &mut 0,
                });
                start = end;
                continue;
            }
            let made = self.step(recurrence, inputs.map(|input| input[start]));
            for (output, made) in outputs.iter_mut().zip(made) {
                output[start] = made;
            }
            start += 1;
        }
    }

    /// Takes the next bars, whose first one begins a block, up to a block with a number that is not finite or that is not whole.
    /// Writes what [`Fadings::step`] gives, and `NaN` for what is not finite; gives the bars that it took.
    #[inline(always)]
    pub fn run_finite<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) -> usize {
        self.run_made(&Direct, &mut [f64::NAN; IN], recurrence, inputs, outputs)
    }

    /// The same with what is made of bars; the last bar is replaced by the last one that is taken.
    #[inline(always)]
    pub fn run_made<M, R, const IN: usize, const MADE: usize, const OUT: usize>(
        &mut self,
        making: &M,
        last: &mut [f64; IN],
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) -> usize
    where
        M: Making<IN, MADE>,
        R: Recurrence<MADE, OUT>,
    {
        let mut taken = 0;
        in_eights(Blocks::<_, _, _, _, _, _, _, true> {
            fadings: self,
            making,
            last,
            recurrence,
            inputs: inputs.map(in_blocks),
            outputs: outputs.map(in_blocks_mut),
            taken: &mut taken,
        });
        taken
    }
}

impl<const N: usize, const C: usize> Past for Fadings<N, C> {
    type T = f64;

    #[inline(always)]
    fn before(&mut self, k: usize, x: f64) -> f64 {
        self.now.before(k, x)
    }

    #[inline(always)]
    fn share(&self, k: usize) -> f64 {
        self.now.share(k)
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, x: f64) -> f64 {
        self.now.fade(k, x)
    }
}

impl<T: Number, const N: usize, const C: usize> Past for Sums<T, N, C> {
    type T = T;

    #[inline(always)]
    fn before(&mut self, k: usize, x: T) -> T {
        std::mem::replace(&mut self.last[k], x)
    }

    #[inline(always)]
    fn share(&self, k: usize) -> T {
        self.shares[k]
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, x: T) -> T {
        self.sums[k] = self.sums[k].mul_add(self.shares[k], x);
        self.sums[k]
    }
}

impl<T: Number, const N: usize, const C: usize> Sums<T, N, C> {
    /// Takes the last values from a bar after which the sums are what they are now.
    #[inline(always)]
    fn pass<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(&mut self, recurrence: &R, bar: [T; IN]) {
        recurrence.bar(&mut Passing(self), bar);
    }
}

impl<const N: usize, const C: usize> Sums<f64, N, C> {
    /// How much of each sum before a lane is left in every sum after it.
    fn left<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(&self, recurrence: &R) -> [[f64; N]; N] {
        std::array::from_fn(|k| {
            let mut only = Sums { shares: self.shares, sums: [0.0; N], last: [0.0; C] };
            only.sums[k] = 1.0;
            only.pass(recurrence, [0.0; IN]);
            for _ in 0..LANE {
                recurrence.bar(&mut only, [0.0; IN]);
            }
            only.sums
        })
    }
}

/// Sums that stay as they are.
struct Passing<'a, T, const N: usize, const C: usize>(&'a mut Sums<T, N, C>);

impl<T: Number, const N: usize, const C: usize> Past for Passing<'_, T, N, C> {
    type T = T;

    #[inline(always)]
    fn before(&mut self, k: usize, x: T) -> T {
        self.0.before(k, x)
    }

    #[inline(always)]
    fn share(&self, k: usize) -> T {
        self.0.share(k)
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, _: T) -> T {
        self.0.sums[k]
    }
}

impl<const N: usize, const C: usize> Lane<N, C> {
    /// The sums after a lane, of those before it and of it alone.
    #[inline(always)]
    fn sums_after(&self, before: [f64; N], alone: [f64; N]) -> [f64; N] {
        let sums = self.finite_sums_after(before, alone);
        if are_finite(sums) {
            return sums;
        }
        let mut sums = alone;
        for (before, left) in before.into_iter().zip(&self.left) {
            // A sum that is infinite is not in those that are not made of it.
            for (sum, left) in sums.iter_mut().zip(left).filter(|(_, left)| **left != 0.0) {
                *sum = before.mul_add(*left, *sum);
            }
        }
        sums
    }

    /// The same; if not all of them are finite, there is one that is not.
    #[inline(always)]
    fn finite_sums_after(&self, before: [f64; N], alone: [f64; N]) -> [f64; N] {
        let mut sums = alone;
        for (before, left) in before.into_iter().zip(&self.left) {
            for (sum, left) in sums.iter_mut().zip(left) {
                *sum = before.mul_add(*left, *sum);
            }
        }
        sums
    }

    /// The sums after each lane of a block, of each alone.
    #[inline(always)]
    fn sums_after_each<E: Eight>(&mut self, proof: E::Proof, mut alone: [E; N]) -> [E; N] {
        let mut eights = [[0.0; LANES]; N];
        for (eight, alone) in eights.iter_mut().zip(alone) {
            alone.store(eight);
        }
        let (first, all_alone) = (self.before, eights);
        for lane in 0..LANES {
            self.before = self.finite_sums_after(self.before, of_lane(&eights, lane));
            for (sum, eight) in self.before.iter().zip(&mut eights) {
                eight[lane] = *sum;
            }
        }
        // One that is not finite stays so from lane to lane.
        if !are_finite(self.before) {
            self.before = first;
            for lane in 0..LANES {
                self.before = self.sums_after(self.before, of_lane(&all_alone, lane));
                for (sum, eight) in self.before.iter().zip(&mut eights) {
                    eight[lane] = *sum;
                }
            }
        }
        for (sums, eight) in alone.iter_mut().zip(&eights) {
            *sums = flushed(E::load(proof, eight));
        }
        for before in &mut self.before {
            *before = flushed(*before);
        }
        alone
    }
}

/// The sums of a lane.
#[inline(always)]
fn of_lane<const N: usize>(eights: &[[f64; LANES]; N], lane: usize) -> [f64; N] {
    let mut sums = [0.0; N];
    for (sum, eight) in sums.iter_mut().zip(eights) {
        *sum = eight[lane];
    }
    sums
}

/// Whether all sums are finite.
#[inline(always)]
fn are_finite<const N: usize>(sums: [f64; N]) -> bool {
    let mut zeros = 0.0;
    for sum in sums {
        zeros += sum * 0.0;
    }
    zeros == 0.0
}

/// Lanes of neighbouring bars.
type Block = [[[f64; 8]; PARTS]; LANES];

#[inline(always)]
fn in_blocks(column: &[f64]) -> &[Block] {
    column.as_chunks().0.as_chunks().0.as_chunks().0
}

#[inline(always)]
fn in_blocks_mut(column: &mut [f64]) -> &mut [Block] {
    column.as_chunks_mut().0.as_chunks_mut().0.as_chunks_mut().0
}

/// Whole blocks of a run. Those with a number that is not finite are looked for if `CHECKED`.
struct Blocks<
    'a,
    M,
    R,
    const N: usize,
    const C: usize,
    const IN: usize,
    const MADE: usize,
    const OUT: usize,
    const CHECKED: bool,
> {
    fadings: &'a mut Fadings<N, C>,
    making: &'a M,
    /// The last bar.
    last: &'a mut [f64; IN],
    recurrence: &'a R,
    inputs: [&'a [Block]; IN],
    outputs: [&'a mut [Block]; OUT],
    /// The bars that were taken.
    taken: &'a mut usize,
}

impl<
    M: Making<IN, MADE>,
    R: Recurrence<MADE, OUT>,
    const N: usize,
    const C: usize,
    const IN: usize,
    const MADE: usize,
    const OUT: usize,
    const CHECKED: bool,
> Work for Blocks<'_, M, R, N, C, IN, MADE, OUT, CHECKED>
{
    // Loops and no closures: a closure is compiled for every processor, whoever calls it.
    #[inline(always)]
    fn run<E: Eight>(self, proof: E::Proof) {
        let Blocks { fadings: Fadings { now, lane, .. }, making, last, recurrence, mut inputs, mut outputs, taken } =
            self;
        let Some(lane) = lane else { unreachable!("runs begin with a block") };
        let len = inputs[0].len();
        for input in &mut inputs {
            *input = &input[..len];
        }
        for output in &mut outputs {
            *output = &mut std::mem::take(output)[..len];
        }
        let nothing = E::load(proof, &[NOTHING; LANES]);
        let (shares, mut last_eight) = (eight_times(nothing, now.shares), eight_times(nothing, *last));
        let mut made: [Block; MADE] = [[[[0.0; 8]; PARTS]; LANES]; MADE];
        let mut bars = [[nothing; LANE]; MADE];
        // Blocks ahead that are asked for while one is worked on: nothing reads memory meanwhile, and the processor does not
        // read on by itself. Several columns two blocks ahead would be more than it keeps on their way.
        let ahead = if IN == 1 { 2 } else { 1 };
        for i in 0..len {
            // Sums are finite if all numbers are; several do not wait for each other.
            let (mut seen, mut earlier) = ([nothing; PARTS], last_eight);
            for j in 0..LANES {
                for part in 0..PARTS {
                    let (mut bar, mut before) = ([nothing; IN], [nothing; IN]);
                    for k in 0..IN {
                        bar[k] = E::load(proof, &inputs[k][i][j][part]);
                        before[k] = bar[k].back::<1>(earlier[k]);
                    }
                    earlier = bar;
                    seen[part] = seen[part] + sum_of(bar);
                    let numbers = making.make(bar, before);
                    for k in 0..MADE {
                        numbers[k].store(&mut made[k][j][part]);
                    }
                }
            }
            if CHECKED && !sum_of(seen).nothing().are_zero() {
                break;
            }
            last_eight = earlier;
            for (bars, made) in bars.iter_mut().zip(&made) {
                for (part, bars) in bars.as_chunks_mut().0.iter_mut().enumerate() {
                    *bars = E::load_turned(proof, made, part);
                }
            }
            let mut alone = Sums { shares, sums: [nothing; N], last: [nothing; C] };
            begin_lanes(&mut alone, &mut lane.alone.last, [nothing; N], recurrence, &bars);
            for row in 0..LANE {
                // A block has as many lines of eight numbers as a lane has rows.
                for input in &inputs {
                    fetch(input.as_ptr().wrapping_add(i + ahead).cast::<[f64; 8]>().wrapping_add(row));
                }
                recurrence.bar(&mut alone, bar_of(&bars, row));
            }
            let after = lane.sums_after_each(proof, alone.sums);
            let mut sums = Sums { shares, sums: after, last: [nothing; C] };
            begin_lanes(&mut sums, &mut now.last, eight_times(nothing, now.sums), recurrence, &bars);
            for part in 0..PARTS {
                let mut columns = [[nothing; 8]; OUT];
                for row in 0..8 {
                    let made = recurrence.bar(&mut sums, bar_of(&bars, 8 * part + row));
                    for (column, made) in columns.iter_mut().zip(made) {
                        // No number from infinity, which leaves none; and minus zero stays what it is.
                        column[row] = if CHECKED { made - made.nothing() } else { made };
                    }
                }
                for (column, output) in columns.into_iter().zip(&mut outputs) {
                    E::store_turned(column, &mut output[i], part);
                }
            }
            now.sums = lane.before;
            *taken += BLOCK;
        }
        for (last, eight) in last.iter_mut().zip(last_eight) {
            *last = newest(eight);
        }
    }
}

/// Each number eight times.
#[inline(always)]
fn eight_times<E: Eight, const K: usize>(like: E, numbers: [f64; K]) -> [E; K] {
    let mut eights = [like; K];
    for (eight, number) in eights.iter_mut().zip(numbers) {
        *eight = like.all(number);
    }
    eights
}

/// The last of eight numbers.
#[inline(always)]
fn newest<E: Eight>(eight: E) -> f64 {
    let mut numbers = [0.0; LANES];
    eight.store(&mut numbers);
    numbers[LANES - 1]
}

#[inline(always)]
fn sum_of<E: Eight, const K: usize>(numbers: [E; K]) -> E {
    let mut sum = numbers[0];
    for number in &numbers[1..] {
        sum = sum + *number;
    }
    sum
}

/// Begins the lanes of a block with the sums and the last values after each, to which those after the block before belong.
#[inline(always)]
fn begin_lanes<E: Eight, R: Recurrence<IN, OUT>, const N: usize, const C: usize, const IN: usize, const OUT: usize>(
    after: &mut Sums<E, N, C>,
    last: &mut [f64; C],
    sums: [E; N],
    recurrence: &R,
    bars: &[[E; LANE]; IN],
) {
    // The bar before is asked for the columns that are made of bars alone.
    after.pass(recurrence, bar_of(bars, LANE - 2));
    after.pass(recurrence, bar_of(bars, LANE - 1));
    for (after, last) in after.last.iter_mut().zip(last) {
        let (newest, before) = (newest(*after), after.all(*last));
        *after = after.back::<1>(before);
        *last = newest;
    }
    for (after, sums) in after.sums.iter_mut().zip(sums) {
        *after = after.back::<1>(sums);
    }
}

/// The numbers of a row.
#[inline(always)]
fn bar_of<E: Copy, const IN: usize>(bars: &[[E; LANE]; IN], row: usize) -> [E; IN] {
    let mut bar = [bars[0][row]; IN];
    for (number, column) in bar.iter_mut().zip(bars) {
        *number = column[row];
    }
    bar
}

/// Zero instead of a tiny number.
#[inline(always)]
pub(super) fn flushed<T: Number>(x: T) -> T {
    x.all(TINY).if_above(x.size(), x.all(0.0), x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of values, and the sum of that and of a column that changes.
    struct SumOfSum;

    impl Recurrence<2, 2> for SumOfSum {
        fn bar<P: Past>(&self, past: &mut P, [x, y]: [P::T; 2]) -> [P::T; 2] {
            let change = y - past.before(0, y);
            let once = past.fade(0, x);
            [once, past.fade(1, once + change)]
        }
    }

    #[test]
    fn portions_do_not_matter() {
        let x: Vec<f64> = (0..1500).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let y: Vec<f64> = (0..1500).map(|i| (f64::from(i) * 0.3).cos()).collect();
        let start = || {
            let mut fadings = Fadings::<2, 1>::new([0.9, 0.5]);
            fadings.now.last[0] = 1.0;
            fadings.start_at(1, 2.0);
            fadings
        };
        let mut single = start();
        let expected: Vec<[f64; 2]> = x.iter().zip(&y).map(|(&x, &y)| single.step(&SumOfSum, [x, y])).collect();
        for portion in [1, 13, 40, 256, 300, 1500] {
            let (mut fadings, mut places) = (start(), 0);
            for (x, y) in x.chunks(portion).zip(y.chunks(portion)) {
                let (mut once, mut twice) = (vec![0.0; x.len()], vec![0.0; x.len()]);
                fadings.run(&SumOfSum, [x, y], [&mut once, &mut twice]);
                for (once, twice) in once.into_iter().zip(twice) {
                    assert_eq!(
                        [once, twice].map(f64::to_bits),
                        expected[places].map(f64::to_bits),
                        "{portion} {places}"
                    );
                    places += 1;
                }
            }
            assert_eq!([0, 1].map(|k| fadings.sum(k)), [0, 1].map(|k| single.sum(k)));
        }
        let mut plain = [0.0, 2.0];
        for (i, sums) in expected.into_iter().enumerate() {
            let change = y[i] - if i == 0 { 1.0 } else { y[i - 1] };
            plain[0] = 0.9 * plain[0] + x[i];
            plain[1] = 0.5 * plain[1] + plain[0] + change;
            assert!((0..2).all(|k| (plain[k] - sums[k]).abs() < 1e-13), "{i}");
        }
    }

    /// A sum.
    struct Sum;

    impl Recurrence<1, 1> for Sum {
        fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
            [past.fade(0, x)]
        }
    }

    #[test]
    fn a_long_silence_ends_in_zero() {
        let mut fadings = Fadings::<1, 0>::new([0.5]);
        fadings.start_at(0, 1.0);
        let mut sums = [1.0; 2000];
        fadings.run(&Sum, [&[0.0; 2000]], [&mut sums]);
        assert!(sums[1999] == 0.0 && sums.iter().all(|sum| *sum == 0.0 || sum.is_normal()));
    }

    /// A sum of each of two columns.
    struct Two;

    impl Recurrence<2, 2> for Two {
        fn bar<P: Past>(&self, past: &mut P, [x, y]: [P::T; 2]) -> [P::T; 2] {
            [past.fade(0, x), past.fade(1, y)]
        }
    }

    #[test]
    fn an_infinite_sum_leaves_others_alone() {
        let huge: Vec<f64> = (0..1000).map(|i| if i < 3 { f64::MAX } else { 1.0 }).collect();
        let [mut infinite, mut finite] = [(); 2].map(|()| vec![0.0; 1000]);
        Fadings::<2, 0>::new([0.9; 2]).run(&Two, [&huge, &[1.0; 1000]], [&mut infinite, &mut finite]);
        assert!(!infinite[999].is_finite() && (finite[999] - 10.0).abs() < 1e-13);
        let mut single = Fadings::<2, 0>::new([0.9; 2]);
        for (i, (&x, sum)) in huge.iter().zip(&finite).enumerate() {
            assert_eq!(single.step(&Two, [x, 1.0])[1].to_bits(), sum.to_bits(), "{i}");
        }
    }

    #[test]
    fn a_sum_of_zeros_has_their_sign() {
        let mut sums = [1.0; 3];
        Fadings::<1, 0>::new([0.5]).run(&Sum, [&[-0.0; 3]], [&mut sums]);
        assert_eq!(sums.map(f64::to_bits), [0; 3]);
    }
}
