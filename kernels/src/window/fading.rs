//! Sums whose past fades: the recurrence of every exponential average.
//!
//! A sum is `sum = share * sum + x`. A processor can begin several multiplications at every cycle but has to wait for the last
//! one, so a sum that is carried from each bar to the next takes several cycles per bar. Here it is carried over eight bars, a
//! stride, and within a stride the values are added up in three rounds (Hillis and Steele 1986), each with the sums that end
//! one, two and four bars before and the share to that power. Bars that come one by one are added up in the same way.

use crate::eight::{Eight, Number, Work, in_eights};

/// Bars over which a sum is carried.
pub(super) const STRIDE: usize = 8;

/// Bars after which it is looked whether a sum is tiny.
pub(super) const GROUP: usize = 4 * STRIDE;

/// Sums below it are zero: in a long flat stretch they would end in subnormal numbers, which are slow and whose ratio is noise.
const TINY: f64 = 1e-290;

/// The zero that leaves every number as it is, minus zero too.
pub(super) const NOTHING: f64 = -0.0;

/// What is made of each bar and of what was before it: of one bar, or of eight side by side.
///
/// Every bar has to ask for the same sums and values, each once.
pub trait Recurrence<const IN: usize, const OUT: usize> {
    /// What is made of a bar; to be inlined always.
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; IN]) -> [P::T; OUT];
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
/// one by one until all have begun, each bar ended by [`Fadings::settle`].
#[derive(Debug, Clone)]
pub struct Fadings<const N: usize, const C: usize> {
    sums: [Fading; N],
    last: [f64; C],
    /// Bars since it was last looked for tiny sums.
    place: usize,
}

/// One of the sums.
#[derive(Debug, Clone)]
struct Fading {
    /// The share to the power of one, two and four.
    shares: [f64; 3],
    /// The sum at the start of the stride.
    carried: f64,
    /// What is left of it at the next bar.
    left: f64,
    sum: f64,
    /// The last values of the stride, and the last sums of two and of four of them, newest first.
    ones: f64,
    twos: [f64; 2],
    fours: [f64; 4],
}

impl Fading {
    fn new(share: f64) -> Self {
        let [one, two, four] = [share, share * share, share * share * (share * share)];
        Fading {
            shares: [one, two, four],
            carried: 0.0,
            left: share,
            sum: 0.0,
            ones: NOTHING,
            twos: [NOTHING; 2],
            fours: [NOTHING; 4],
        }
    }

    /// The sum with a value added, not yet carried.
    #[inline(always)]
    fn add(&mut self, x: f64) -> f64 {
        let [one, two, four] = self.shares;
        let ending = self.ones.mul_add(one, x);
        let twos = self.twos[1].mul_add(two, ending);
        let fours = self.fours[3].mul_add(four, twos);
        self.ones = x;
        self.twos = [ending, self.twos[0]];
        self.fours = [twos, self.fours[0], self.fours[1], self.fours[2]];
        self.sum = self.carried.mul_add(self.left, fours);
        self.left *= one;
        self.sum
    }

    /// Begins a stride.
    #[inline(always)]
    fn carry(&mut self, sum: f64) {
        (self.carried, self.sum, self.left) = (sum, sum, self.shares[0]);
        (self.ones, self.twos, self.fours) = (NOTHING, [NOTHING; 2], [NOTHING; 4]);
    }
}

impl<const N: usize, const C: usize> Fadings<N, C> {
    /// Sums that keep the shares of themselves from bar to bar, none of which is negative.
    pub fn new(shares: [f64; N]) -> Self {
        Fadings { sums: shares.map(Fading::new), last: [f64::NAN; C], place: 0 }
    }

    /// A sum.
    #[inline(always)]
    pub fn sum(&self, k: usize) -> f64 {
        self.sums[k].sum
    }

    /// Lets a sum go on from another.
    #[inline(always)]
    pub fn start_at(&mut self, k: usize, sum: f64) {
        self.sums[k].carry(sum);
    }

    /// Lets an average go on at a value of its column.
    #[inline(always)]
    pub fn start_average(&mut self, k: usize, x: f64, average: f64) {
        self.start_at(k, x - average);
        self.last[k] = x;
    }

    /// Ends a bar before all sums have begun.
    #[inline(always)]
    pub fn settle(&mut self) {
        self.carry_all();
        self.place = (self.place + 1) % GROUP;
    }

    /// Whether bars can be handed to [`Fadings::run_finite`].
    #[inline(always)]
    pub fn begins_stride(&self) -> bool {
        self.place.is_multiple_of(STRIDE)
    }

    #[inline(always)]
    fn carry_all(&mut self) {
        for fading in &mut self.sums {
            fading.carry(fading.sum);
        }
    }

    /// Takes the next bar, no number of which is `NaN`.
    #[inline(always)]
    pub fn step<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        bar: [f64; IN],
    ) -> [f64; OUT] {
        let made = recurrence.bar(self, bar);
        self.place = (self.place + 1) % GROUP;
        if self.place == 0 {
            for fading in &mut self.sums {
                fading.sum = flushed(fading.sum);
            }
        }
        if self.place.is_multiple_of(STRIDE) {
            self.carry_all();
        }
        made
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
        let before = len.min(self.place.next_multiple_of(STRIDE) - self.place);
        let strides = (len - before) / STRIDE * STRIDE;
        self.take(recurrence, inputs, &mut outputs, 0, before);
        if strides > 0 {
            in_eights(Strides::<_, _, _, _, _, false> {
                fadings: self,
                recurrence,
                inputs: inputs.map(|input| input[before..][..strides].as_chunks().0),
                outputs: outputs.each_mut().map(|output| output[before..][..strides].as_chunks_mut().0),
                taken: &mut 0,
            });
        }
        self.take(recurrence, inputs, &mut outputs, before + strides, len);
    }

    /// Takes the next bars, whose first one begins a stride, up to a stride with a number that is not finite or that is not whole.
    /// Writes what [`Fadings::step`] gives, and `NaN` for what is not finite; gives the bars that it took.
    #[inline(always)]
    pub fn run_finite<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: [&mut [f64]; OUT],
    ) -> usize {
        let mut taken = 0;
        in_eights(Strides::<_, _, _, _, _, true> {
            fadings: self,
            recurrence,
            inputs: inputs.map(|input| input.as_chunks().0),
            outputs: outputs.map(|output| output.as_chunks_mut().0),
            taken: &mut taken,
        });
        taken
    }

    /// What [`Fadings::run`] does with the bars from one up to another, one by one.
    #[inline(always)]
    fn take<R: Recurrence<IN, OUT>, const IN: usize, const OUT: usize>(
        &mut self,
        recurrence: &R,
        inputs: [&[f64]; IN],
        outputs: &mut [&mut [f64]; OUT],
        start: usize,
        end: usize,
    ) {
        for i in start..end {
            let made = self.step(recurrence, inputs.map(|input| input[i]));
            for (output, made) in outputs.iter_mut().zip(made) {
                output[i] = made;
            }
        }
    }
}

impl<const N: usize, const C: usize> Past for Fadings<N, C> {
    type T = f64;

    #[inline(always)]
    fn before(&mut self, k: usize, x: f64) -> f64 {
        std::mem::replace(&mut self.last[k], x)
    }

    #[inline(always)]
    fn share(&self, k: usize) -> f64 {
        self.sums[k].shares[0]
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, x: f64) -> f64 {
        self.sums[k].add(x)
    }
}

/// Whole strides of a run. Those with a number that is not finite are looked for if `CHECKED`.
struct Strides<'a, R, const N: usize, const C: usize, const IN: usize, const OUT: usize, const CHECKED: bool> {
    fadings: &'a mut Fadings<N, C>,
    recurrence: &'a R,
    inputs: [&'a [[f64; STRIDE]]; IN],
    outputs: [&'a mut [[f64; STRIDE]]; OUT],
    /// The bars that were taken.
    taken: &'a mut usize,
}

impl<R, const N: usize, const C: usize, const IN: usize, const OUT: usize, const CHECKED: bool> Work
    for Strides<'_, R, N, C, IN, OUT, CHECKED>
where
    R: Recurrence<IN, OUT>,
{
    // Loops and no closures: a closure is compiled for every processor, whoever calls it.
    #[inline(always)]
    fn run<E: Eight>(self, proof: E::Proof) {
        let Strides { fadings, recurrence, mut inputs, mut outputs, taken } = self;
        let len = inputs[0].len();
        for input in &mut inputs {
            *input = &input[..len];
        }
        for output in &mut outputs {
            *output = &mut std::mem::take(output)[..len];
        }
        let nothing = E::load(proof, &[NOTHING; STRIDE]);
        let mut lanes = Lanes { sums: [Lane::new(proof, &fadings.sums[0]); N], last: [nothing; C], nothing };
        for k in 0..N {
            lanes.sums[k] = Lane::new(proof, &fadings.sums[k]);
        }
        for k in 0..C {
            lanes.last[k] = nothing.all(fadings.last[k]);
        }
        let mut place = fadings.place;
        for i in 0..len {
            let mut bars = [nothing; IN];
            for k in 0..IN {
                bars[k] = E::load(proof, &inputs[k][i]);
            }
            if CHECKED {
                let mut sums = bars[0];
                for bar in &bars[1..] {
                    sums = sums + *bar;
                }
                if !sums.nothing().are_zero() {
                    break;
                }
            }
            let mut made = recurrence.bar(&mut lanes, bars);
            for k in 0..OUT {
                if CHECKED {
                    // No number from infinity, which leaves none; and minus zero stays what it is.
                    made[k] = made[k] - made[k].nothing();
                }
                made[k].store(&mut outputs[k][i]);
            }
            *taken += STRIDE;
            place += STRIDE;
            if place == GROUP {
                place = 0;
                for lane in &mut lanes.sums {
                    lane.carried = flushed(lane.carried);
                }
            }
        }
        fadings.place = place;
        let mut eight = [0.0; STRIDE];
        for k in 0..N {
            lanes.sums[k].carried.store(&mut eight);
            fadings.sums[k].carry(eight[0]);
        }
        for k in 0..C {
            lanes.last[k].store(&mut eight);
            fadings.last[k] = eight[STRIDE - 1];
        }
    }
}

/// [`Fadings`] of which a stride is taken at a time.
struct Lanes<E, const N: usize, const C: usize> {
    sums: [Lane<E>; N],
    /// The last eight values of columns.
    last: [E; C],
    nothing: E,
}

/// One of the sums.
#[derive(Clone, Copy)]
struct Lane<E> {
    /// The share to the power of one, two and four.
    shares: [E; 3],
    /// What is left of the carried sum at each bar, and after a stride.
    left: E,
    left_at_end: E,
    /// The sum at the start of the stride, eight times.
    carried: E,
}

impl<E: Eight> Lane<E> {
    #[inline(always)]
    fn new(proof: E::Proof, fading: &Fading) -> Self {
        let [one, two, four] = fading.shares;
        let mut left = [one; STRIDE];
        for i in 1..STRIDE {
            left[i] = left[i - 1] * one;
        }
        let like = E::load(proof, &left);
        Lane {
            shares: [like.all(one), like.all(two), like.all(four)],
            left: like,
            left_at_end: like.last(),
            carried: like.all(fading.carried),
        }
    }
}

impl<E: Eight, const N: usize, const C: usize> Past for Lanes<E, N, C> {
    type T = E;

    #[inline(always)]
    fn before(&mut self, k: usize, x: E) -> E {
        let before = x.back::<1>(self.last[k]);
        self.last[k] = x;
        before
    }

    #[inline(always)]
    fn share(&self, k: usize) -> E {
        self.sums[k].shares[0]
    }

    #[inline(always)]
    fn fade(&mut self, k: usize, x: E) -> E {
        let lane = &mut self.sums[k];
        let [one, two, four] = lane.shares;
        let twos = x.back::<1>(self.nothing).mul_add(one, x);
        let fours = twos.back::<2>(self.nothing).mul_add(two, twos);
        let eights = fours.back::<4>(self.nothing).mul_add(four, fours);
        let sums = lane.carried.mul_add(lane.left, eights);
        lane.carried = lane.carried.mul_add(lane.left_at_end, eights.last());
        sums
    }
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
        let x: Vec<f64> = (0..300).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let y: Vec<f64> = (0..300).map(|i| (f64::from(i) * 0.3).cos()).collect();
        let start = || {
            let mut fadings = Fadings::<2, 1>::new([0.9, 0.5]);
            fadings.last[0] = 1.0;
            fadings.start_at(1, 2.0);
            fadings
        };
        let mut single = start();
        let expected: Vec<[f64; 2]> = x.iter().zip(&y).map(|(&x, &y)| single.step(&SumOfSum, [x, y])).collect();
        for portion in [1, 3, 8, 13, 40, 300] {
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

    #[test]
    fn a_sum_of_zeros_has_their_sign() {
        let mut sums = [1.0; 3];
        Fadings::<1, 0>::new([0.5]).run(&Sum, [&[-0.0; 3]], [&mut sums]);
        assert_eq!(sums.map(f64::to_bits), [0; 3]);
    }
}
