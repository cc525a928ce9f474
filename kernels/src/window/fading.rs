//! Sums whose past fades: the recurrence of every exponential average.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_mm256_add_pd, _mm256_mul_pd, _mm256_set1_pd};

#[cfg(target_arch = "x86_64")]
use super::strides::{self, Places};
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// Values from one place where the recurrence is carried over to the next.
pub(super) const STRIDE: usize = 8;

/// Values that are worked on together.
pub(super) const GROUP: usize = 4 * STRIDE;

/// Sums below it are zero: in a long flat stretch they would end in subnormal numbers, which are slow and whose ratio is
/// noise. So much larger than those that none comes up within a stride.
const TINY: f64 = 1e-290;

/// What a sum begins with: the zero that leaves every number as it is, minus zero too.
const NOTHING: f64 = -0.0;

/// `sum = factor * sum + x`.
///
/// A processor can begin a new multiplication at every cycle but has to wait several cycles for the last one. So the
/// sum is carried over only every few values, by a power of the factor, and the values since then are added up beside it.
/// The arithmetic is the same whether values come singly or in slices, and in whatever portions.
#[derive(Debug, Clone)]
pub struct Fading {
    /// The sum at the start of the stride.
    carried: f64,
    /// The values of this stride, faded.
    added: f64,
    /// Values in this stride.
    place: usize,
    /// The factor to the power of that number. Not looked up: an array would keep the state from the registers.
    share: f64,
    factor: f64,
    /// The share after a stride. A compiler that knew it would take the carried sum from a vector of sums, late.
    over_a_stride: f64,
}

impl Fading {
    /// A sum that keeps the share `factor` of itself.
    pub fn new(factor: f64) -> Self {
        let over_a_stride = powers(factor)[STRIDE - 1];
        Fading { carried: 0.0, added: NOTHING, place: 0, share: 1.0, factor, over_a_stride }
    }

    /// The share that is kept.
    #[inline(always)]
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// Goes on from a sum.
    #[inline(always)]
    pub fn start_at(&mut self, sum: f64) {
        self.carry(sum);
    }

    /// Begins a stride.
    #[inline(always)]
    fn carry(&mut self, sum: f64) {
        (self.carried, self.added, self.place, self.share) = (flushed(sum), NOTHING, 0, 1.0);
    }

    /// Takes the next value, not `NaN`, and gives the sum.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> f64 {
        self.added = self.factor * self.added + x;
        self.share *= self.factor;
        let sum = self.share * self.carried + self.added;
        self.place += 1;
        if self.place == STRIDE {
            self.carry(sum);
        }
        sum
    }

    /// Replaces values, none of them `NaN`, by the sums that [`Fading::step`] gives.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2, which is all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { self.fill_avx2(values) };
        }
        let before = values.len().min((STRIDE - self.place) % STRIDE);
        let (before, values) = values.split_at_mut(before);
        for value in before {
            *value = self.step(*value);
        }
        let (strides, rest) = values.as_chunks_mut::<STRIDE>();
        let (powers, over_a_stride) = (powers(self.factor), self.over_a_stride);
        for stride in strides {
            let mut added = *stride;
            for i in 1..STRIDE {
                added[i] += powers[0] * added[i - 1];
            }
            let start = self.carried;
            self.carried = flushed(over_a_stride * start + added[STRIDE - 1]);
            for i in 0..STRIDE {
                stride[i] = powers[i] * start + added[i];
            }
        }
        for value in rest {
            *value = self.step(*value);
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(&mut self, values: &mut [f64]) {
        let powers = Powers::new(self.factor);
        strides::fill(
            self,
            values,
            Fading::left_in_stride,
            |fading, places| fading.fade(&powers, places),
            Fading::step,
        );
    }

    /// Values that this stride still takes; all of them if the next one begins it.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(super) fn left_in_stride(&self) -> usize {
        STRIDE - self.place
    }

    /// The sums of a group of strides, of which the first begins now. `None` changes nothing: a sum is so small that it
    /// has to be zero, or it is no number.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn fade(&mut self, powers: &Powers, mut places: Places) -> Option<Places> {
        for i in 1..STRIDE {
            places[i] = _mm256_add_pd(places[i], _mm256_mul_pd(powers.0[0], places[i - 1]));
        }
        let added = strides::numbers(places[STRIDE - 1]);
        let mut starts = [self.carried; 4];
        for lane in 1..4 {
            starts[lane] = self.over_a_stride * starts[lane - 1] + added[lane - 1];
        }
        let carried = self.over_a_stride * starts[3] + added[3];
        let starts = strides::four(&starts);
        if !strides::all_at_least(TINY, starts) | (carried.abs() < TINY) | carried.is_nan() {
            return None;
        }
        self.carried = carried;
        for (place, power) in places.iter_mut().zip(powers.0) {
            *place = _mm256_add_pd(_mm256_mul_pd(power, starts), *place);
        }
        Some(places)
    }
}

/// The powers of a factor, in all lanes.
#[cfg(target_arch = "x86_64")]
pub(super) struct Powers(Places);

#[cfg(target_arch = "x86_64")]
impl Powers {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn new(factor: f64) -> Self {
        let [a, b, c, d, e, f, g, h] = powers(factor);
        let all = |power: f64| _mm256_set1_pd(power);
        Powers([all(a), all(b), all(c), all(d), all(e), all(f), all(g), all(h)])
    }
}

/// A factor to the power of one, two and so on.
#[inline(always)]
fn powers(factor: f64) -> [f64; STRIDE] {
    let mut powers = [factor; STRIDE];
    for i in 1..STRIDE {
        powers[i] = powers[i - 1] * factor;
    }
    powers
}

/// Exponential averages and fading sums that are made of each other, side by side.
///
/// Each number is a sum, `sum = factor * sum + x` in one fused multiply-add. It waits a few cycles for the last bar, and the
/// processor goes on with the other sums meanwhile. So they are not carried over strides, as [`Fading`] is; only what is tiny
/// is looked for at the end of each.
///
/// A sum that is the distance of a value from its average, with `factor = 1 - weight`, is kept by
/// [`Fadings::distance`].
#[derive(Debug, Clone)]
pub struct Fadings<const N: usize> {
    factors: [f64; N],
    sums: [f64; N],
    /// The last values of averages.
    last: [f64; N],
    /// Bars in this stride.
    place: usize,
}

impl<const N: usize> Fadings<N> {
    /// Sums that keep the shares `factors` of themselves.
    pub fn new(factors: [f64; N]) -> Self {
        Fadings { factors, sums: [0.0; N], last: [f64::NAN; N], place: 0 }
    }

    /// The sums.
    #[inline(always)]
    pub fn sums(&self) -> [f64; N] {
        self.sums
    }

    /// Lets a sum go on from another.
    #[inline(always)]
    pub fn start_at(&mut self, k: usize, sum: f64) {
        self.sums[k] = sum;
    }

    /// Lets an average go on at a value.
    #[inline(always)]
    pub fn start_average(&mut self, k: usize, x: f64, average: f64) {
        self.sums[k] = x - average;
        self.last[k] = x;
    }

    /// Adds a value, not `NaN`, to a sum and gives it.
    #[inline(always)]
    pub fn add(&mut self, k: usize, x: f64) -> f64 {
        self.sums[k] = self.factors[k].mul_add(self.sums[k], x);
        self.sums[k]
    }

    /// The distance from an average of its next value, which is `change` above the one before; not `NaN`.
    #[inline(always)]
    pub fn distance_after(&mut self, k: usize, change: f64) -> f64 {
        self.add(k, self.factors[k] * change)
    }

    /// The distance from an average of its next value, not `NaN`.
    #[inline(always)]
    pub fn distance(&mut self, k: usize, x: f64) -> f64 {
        let change = x - std::mem::replace(&mut self.last[k], x);
        self.distance_after(k, change)
    }

    /// Ends a bar. All bars have to be ended, those too in which no sum gets a value.
    #[inline(always)]
    pub fn end_bar(&mut self) {
        self.place += 1;
        if self.place == STRIDE {
            self.end_stride();
        }
    }

    #[inline(always)]
    fn end_stride(&mut self) {
        self.place = 0;
        for sum in &mut self.sums {
            *sum = flushed(*sum);
        }
    }

    /// Goes through bars: `bar` adds what it makes of a value, and gives what is written. It ends no bar.
    #[inline(always)]
    pub fn run<const OUT: usize>(
        &mut self,
        values: &[f64],
        outputs: [&mut [f64]; OUT],
        mut bar: impl FnMut(&mut Self, f64) -> [f64; OUT],
    ) {
        let len = values.len();
        let outputs = outputs.map(|output| &mut output[..len]);
        // Apart from the rest of a state, so that the sums stay in registers.
        let mut state = self.clone();
        let mut i = 0;
        while i < len {
            match values[i..].first_chunk::<STRIDE>() {
                Some(stride) if state.place == 0 => {
                    let mut numbers = [[0.0; STRIDE]; OUT];
                    for t in 0..STRIDE {
                        let bar = bar(&mut state, stride[t]);
                        for k in 0..OUT {
                            numbers[k][t] = bar[k];
                        }
                    }
                    for k in 0..OUT {
                        outputs[k][i..i + STRIDE].copy_from_slice(&numbers[k]);
                    }
                    state.end_stride();
                    i += STRIDE;
                }
                _ => {
                    let bar = bar(&mut state, values[i]);
                    for k in 0..OUT {
                        outputs[k][i] = bar[k];
                    }
                    state.end_bar();
                    i += 1;
                }
            }
        }
        *self = state;
    }
}

/// `sum = factor * (sum + x)` with a factor of its own for each value, in the way of [`Fading`].
#[derive(Debug, Clone)]
pub struct VaryingFading {
    carried: f64,
    added: f64,
    /// Product of the factors of this stride.
    share: f64,
    place: usize,
}

impl Default for VaryingFading {
    fn default() -> Self {
        VaryingFading { carried: 0.0, added: 0.0, share: 1.0, place: 0 }
    }
}

impl VaryingFading {
    /// Takes the next value, not `NaN`, and gives the sum.
    #[inline(always)]
    pub fn step(&mut self, x: f64, factor: f64) -> f64 {
        self.added = factor * self.added + factor * x;
        self.share *= factor;
        let sum = self.share * self.carried + self.added;
        self.place += 1;
        if self.place == STRIDE {
            *self = VaryingFading { carried: flushed(sum), ..VaryingFading::default() };
        }
        sum
    }

    /// Replaces values, none of them `NaN`, by the sums that [`VaryingFading::step`] gives.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64], factors: &[f64]) {
        let before = values.len().min((STRIDE - self.place) % STRIDE);
        let (values_before, values) = values.split_at_mut(before);
        let (factors_before, factors) = factors.split_at(before);
        for (value, &factor) in values_before.iter_mut().zip(factors_before) {
            *value = self.step(*value, factor);
        }
        let (strides, rest) = values.as_chunks_mut::<STRIDE>();
        let (factors, factors_rest) = factors.as_chunks::<STRIDE>();
        let mut carried = self.carried;
        for (stride, factors) in strides.iter_mut().zip(factors) {
            let start = carried;
            let (mut added, mut share) = (0.0, 1.0);
            for (value, factor) in stride.iter_mut().zip(factors) {
                added = factor * added + factor * *value;
                share *= factor;
                *value = share * start + added;
            }
            carried = flushed(share * start + added);
        }
        self.carried = carried;
        for (value, &factor) in rest.iter_mut().zip(factors_rest) {
            *value = self.step(*value, factor);
        }
    }
}

/// Zero instead of a tiny number.
///
/// A branch that is never expected, not a choice: the comparison would be part of the chain from one bar to the next.
#[inline(always)]
pub(super) fn flushed(x: f64) -> f64 {
    if x.abs() < TINY { nothing() } else { x }
}

/// Zero, which the compiler must not know.
#[cold]
#[inline(never)]
fn nothing() -> f64 {
    std::hint::black_box(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_do_not_matter() {
        let values: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let mut single = Fading::new(0.9);
        let expected: Vec<u64> = values.iter().map(|&x| single.step(x).to_bits()).collect();
        for portion in [1, 3, 8, 13, 200] {
            let (mut fading, mut sums) = (Fading::new(0.9), values.clone());
            sums.chunks_mut(portion).for_each(|sums| fading.fill(sums));
            assert_eq!(sums.iter().map(|sum| sum.to_bits()).collect::<Vec<_>>(), expected, "{portion}");
        }
        let plain = values.iter().fold(0.0, |sum, x| 0.9 * sum + x);
        assert!((f64::from_bits(expected[199]) - plain).abs() < 1e-14);
    }

    #[test]
    fn sums_of_sums_have_the_same_bits_in_any_portions() {
        let values: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let bar = |sums: &mut Fadings<2>, x: f64| {
            let first = sums.add(0, x);
            [first, sums.add(1, first)]
        };
        let mut single = Fadings::new([0.9, 0.5]);
        let expected: Vec<[f64; 2]> = values
            .iter()
            .map(|&x| {
                let both = bar(&mut single, x);
                single.end_bar();
                both
            })
            .collect();
        for portion in [1, 3, 8, 13, 200] {
            let (mut sums, mut places) = (Fadings::new([0.9, 0.5]), 0);
            for values in values.chunks(portion) {
                let (mut first, mut second) = (vec![0.0; values.len()], vec![0.0; values.len()]);
                sums.run(values, [&mut first, &mut second], bar);
                for both in first.into_iter().zip(second) {
                    assert_eq!([both.0, both.1], expected[places], "{places}");
                    places += 1;
                }
            }
        }
        let plain = values.iter().fold([0.0, 0.0], |[a, b], x| [0.9 * a + x, 0.5 * b + 0.9 * a + x]);
        assert!((expected[199][1] - plain[1]).abs() < 1e-13);
        let mut out = vec![1.0; 2000];
        single.run(&[0.0; 2000], [&mut out], |sums, x| [sums.add(1, x)]);
        assert!(out[1999] == 0.0 && out.iter().all(|sum| *sum == 0.0 || sum.is_normal()));
    }

    #[test]
    fn factors_may_vary() {
        let values: Vec<f64> = (0..100).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let factors: Vec<f64> = (0..100).map(|i| 0.5 + f64::from(i % 7) * 0.05).collect();
        let mut single = VaryingFading::default();
        let bars = values.iter().zip(&factors);
        let expected: Vec<u64> = bars.clone().map(|(&x, &factor)| single.step(x, factor).to_bits()).collect();
        for portion in [1, 5, 8, 100] {
            let (mut fading, mut sums) = (VaryingFading::default(), values.clone());
            let portions = sums.chunks_mut(portion).zip(factors.chunks(portion));
            portions.for_each(|(sums, factors)| fading.fill(sums, factors));
            assert_eq!(sums.iter().map(|sum| sum.to_bits()).collect::<Vec<_>>(), expected, "{portion}");
        }
        let plain = bars.fold(0.0, |sum, (x, factor)| factor * (sum + x));
        assert!((f64::from_bits(expected[99]) - plain).abs() < 1e-14);
    }

    #[test]
    fn a_long_silence_ends_in_zero() {
        let mut fading = Fading::new(0.5);
        fading.start_at(1.0);
        assert_eq!((0..2000).map(|_| fading.step(0.0)).last(), Some(0.0));
        let mut sums = [0.0; 64];
        fading.start_at(1e-289);
        fading.fill(&mut sums);
        assert!(sums[0] > 0.0 && sums.iter().all(|&sum| sum == 0.0 || sum >= f64::MIN_POSITIVE));
    }
}
