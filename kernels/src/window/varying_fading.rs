//! A sum whose past fades faster at some bars than at others: the recurrence of adaptive averages.

use super::fading::{NOTHING, flushed};
use crate::eight::{Eight, Number, Work, in_eights};

/// Bars over which a sum is carried.
const STRIDE: usize = 8;

/// Bars after which it is looked whether a sum is tiny.
const GROUP: usize = 4 * STRIDE;

/// `sum = share * (sum + x)` with a share of its own for each value, added up as [`Fadings`](super::Fadings) are.
#[derive(Debug, Clone)]
pub struct VaryingFading {
    /// The sum at the start of the stride.
    carried: f64,
    /// The last parts of this stride of one, two and four values, newest first.
    ones: Part<f64>,
    twos: [Part<f64>; 2],
    fours: [Part<f64>; 4],
    /// Values since it was last looked whether the sum is tiny.
    place: usize,
}

/// Some values in a row: their sum, and the share that is left of what was before them.
#[derive(Debug, Clone, Copy)]
struct Part<T> {
    sum: T,
    left: T,
}

/// The part without values.
const NONE: Part<f64> = Part { sum: NOTHING, left: 1.0 };

impl<T: Number> Part<T> {
    /// One value.
    #[inline(always)]
    fn of(x: T, share: T) -> Self {
        Part { sum: share * x, left: share }
    }

    /// This part after an older one.
    #[inline(always)]
    fn after(self, older: Self) -> Self {
        Part { sum: older.sum.mul_add(self.left, self.sum), left: older.left * self.left }
    }
}

impl<E: Eight> Part<E> {
    /// The parts that end `PLACES` values before these.
    #[inline(always)]
    fn back<const PLACES: usize>(self) -> Self {
        let none = Part { sum: self.sum.all(NONE.sum), left: self.left.all(NONE.left) };
        Part { sum: self.sum.back::<PLACES>(none.sum), left: self.left.back::<PLACES>(none.left) }
    }
}

impl Default for VaryingFading {
    fn default() -> Self {
        VaryingFading { carried: 0.0, ones: NONE, twos: [NONE; 2], fours: [NONE; 4], place: 0 }
    }
}

impl VaryingFading {
    /// A sum whose first value is at this place of a series: strides begin at every eighth place, so that pieces of the series
    /// have whole ones.
    pub fn from_place(place: usize) -> Self {
        VaryingFading { place: place % GROUP, ..VaryingFading::default() }
    }

    /// Takes the next value, not `NaN`, and gives the sum.
    #[inline(always)]
    pub fn step(&mut self, x: f64, share: f64) -> f64 {
        let one = Part::of(x, share);
        let two = one.after(self.ones);
        let four = two.after(self.twos[1]);
        let eight = four.after(self.fours[3]);
        self.ones = one;
        self.twos = [two, self.twos[0]];
        self.fours = [four, self.fours[0], self.fours[1], self.fours[2]];
        let sum = self.carried.mul_add(eight.left, eight.sum);
        let place = self.place + 1;
        if place.is_multiple_of(STRIDE) {
            let carried = if place == GROUP { flushed(sum) } else { sum };
            *self = VaryingFading { carried, place: place % GROUP, ..VaryingFading::default() };
        } else {
            self.place = place;
        }
        sum
    }

    /// Replaces values, none of them `NaN`, by the sums that [`VaryingFading::step`] gives.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64], shares: &[f64]) {
        let before = values.len().min(self.place.next_multiple_of(STRIDE) - self.place);
        let (values_before, values) = values.split_at_mut(before);
        let (shares_before, shares) = shares.split_at(before);
        self.take(values_before, shares_before);
        let (values, values_after) = values.as_chunks_mut();
        let (shares, shares_after) = shares.as_chunks();
        if !values.is_empty() {
            in_eights(Strides { fading: self, values, shares });
        }
        self.take(values_after, shares_after);
    }

    /// The same one by one.
    #[inline(always)]
    fn take(&mut self, values: &mut [f64], shares: &[f64]) {
        for (value, &share) in values.iter_mut().zip(shares) {
            *value = self.step(*value, share);
        }
    }
}

/// Whole strides.
struct Strides<'a> {
    fading: &'a mut VaryingFading,
    values: &'a mut [[f64; STRIDE]],
    shares: &'a [[f64; STRIDE]],
}

impl Work for Strides<'_> {
    #[inline(always)]
    fn run<E: Eight>(self, proof: E::Proof) {
        let Strides { fading, values, shares } = self;
        let mut carried = E::load(proof, &[fading.carried; STRIDE]);
        let mut place = fading.place;
        for (values, shares) in values.iter_mut().zip(shares) {
            let one = Part::of(E::load(proof, values), E::load(proof, shares));
            let two = one.after(one.back::<1>());
            let four = two.after(two.back::<2>());
            let eight = four.after(four.back::<4>());
            carried.mul_add(eight.left, eight.sum).store(values);
            carried = carried.mul_add(eight.left.last(), eight.sum.last());
            place += STRIDE;
            if place == GROUP {
                (carried, place) = (flushed(carried), 0);
            }
        }
        let mut sum = [0.0; STRIDE];
        carried.store(&mut sum);
        (fading.carried, fading.place) = (sum[0], place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_do_not_matter() {
        let values: Vec<f64> = (0..100).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let shares: Vec<f64> = (0..100).map(|i| 0.5 + f64::from(i % 7) * 0.05).collect();
        let bars = values.iter().zip(&shares);
        for place in [0, 3, 8, 30] {
            let mut single = VaryingFading::from_place(place);
            let expected: Vec<u64> = bars.clone().map(|(&x, &share)| single.step(x, share).to_bits()).collect();
            for portion in [1, 5, 8, 100] {
                let (mut fading, mut sums) = (VaryingFading::from_place(place), values.clone());
                let portions = sums.chunks_mut(portion).zip(shares.chunks(portion));
                portions.for_each(|(sums, shares)| fading.fill(sums, shares));
                assert_eq!(sums.iter().map(|sum| sum.to_bits()).collect::<Vec<_>>(), expected, "{place}, {portion}");
            }
            let mut plain = 0.0;
            for ((x, share), sum) in bars.clone().zip(expected) {
                plain = share * (plain + x);
                assert!((f64::from_bits(sum) - plain).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_long_silence_ends_in_zero() {
        let mut fading = VaryingFading::default();
        fading.step(1.0, 1.0);
        assert_eq!((0..2000).map(|_| fading.step(0.0, 0.5)).last(), Some(0.0));
    }
}
