//! Sum over the whole past.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

#[cfg(target_arch = "x86_64")]
use super::strides::{self, Places};
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// Values of a stride.
pub(super) const STRIDE: usize = 8;

/// Compensated running sum (Neumaier 1974): the error does not grow with the number of values.
///
/// The series is cut into strides, which are summed on their own and added to the sum of those before them, so that strides
/// do not wait for each other.
#[derive(Debug, Clone)]
pub struct Total {
    /// Of the strides before.
    carried: Compensated,
    /// Of this stride.
    added: Compensated,
    /// Values in this stride.
    place: usize,
}

/// A sum and what its roundings have lost.
#[derive(Debug, Clone, Copy)]
struct Compensated {
    sum: f64,
    lost: f64,
}

/// The sum of no values, which leaves every number as it is, minus zero too.
const NOTHING: Compensated = Compensated { sum: -0.0, lost: 0.0 };

impl Default for Total {
    fn default() -> Self {
        Total { carried: NOTHING, added: NOTHING, place: 0 }
    }
}

impl Compensated {
    /// The sum with a number more.
    #[inline(always)]
    fn plus(self, x: f64) -> Compensated {
        let sum = self.sum + x;
        // The exact error of the addition whichever number is larger (Knuth), because which one is can't be foreseen.
        let added = sum - self.sum;
        Compensated { sum, lost: self.lost + ((self.sum - (sum - added)) + (x - added)) }
    }

    /// The sum of two sums.
    #[inline(always)]
    fn join(self, other: Compensated) -> Compensated {
        let Compensated { sum, lost } = self.plus(other.sum);
        Compensated { sum, lost: lost + other.lost }
    }
}

impl Total {
    /// Adds a value and returns the sum so far. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn add(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        self.added = self.added.plus(x);
        let sum = (self.carried.sum + self.added.sum) + (self.carried.lost + self.added.lost);
        self.place += 1;
        if self.place == STRIDE {
            *self = Total { carried: self.carried.join(self.added), added: NOTHING, place: 0 };
        }
        sum
    }

    /// Replaces values by the sums that [`Total::add`] gives.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2, which is all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { self.fill_avx2(values) };
        }
        values.iter_mut().for_each(|value| *value = self.add(*value));
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(&mut self, values: &mut [f64]) {
        let left = |total: &Total| STRIDE - total.place;
        strides::fill(self, values, left, |total, places| total.add_group(places), Total::add);
    }

    /// The sums of a group of strides, of which the first begins now. `None` changes nothing: a value or a sum is no number.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[target_feature(enable = "avx2")]
    fn add_group(&mut self, mut places: Places) -> Option<Places> {
        let mut sum = _mm256_set1_pd(NOTHING.sum);
        let mut lost = _mm256_set1_pd(NOTHING.lost);
        let mut losses = places;
        for (place, loss) in places.iter_mut().zip(&mut losses) {
            let (before, x) = (sum, *place);
            sum = _mm256_add_pd(before, x);
            let added = _mm256_sub_pd(sum, before);
            let error = _mm256_add_pd(_mm256_sub_pd(before, _mm256_sub_pd(sum, added)), _mm256_sub_pd(x, added));
            lost = _mm256_add_pd(lost, error);
            (*place, *loss) = (sum, lost);
        }
        let (sums, lost) = (strides::numbers(sum), strides::numbers(lost));
        let mut starts = [self.carried; 4];
        for lane in 1..4 {
            starts[lane] = starts[lane - 1].join(Compensated { sum: sums[lane - 1], lost: lost[lane - 1] });
        }
        let carried = starts[3].join(Compensated { sum: sums[3], lost: lost[3] });
        if (carried.sum + carried.lost).is_nan() {
            return None;
        }
        self.carried = carried;
        let (sums, lost) =
            (strides::four(&starts.map(|start| start.sum)), strides::four(&starts.map(|start| start.lost)));
        for (place, loss) in places.iter_mut().zip(losses) {
            *place = _mm256_add_pd(_mm256_add_pd(sums, *place), _mm256_add_pd(lost, loss));
        }
        Some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_survive_large_ones() {
        let mut total = Total::default();
        let last = [1.0, 1e100, 1.0, -1e100].map(|x| total.add(x))[3];
        assert_eq!(last, 2.0);
        // Over many strides too.
        let last = (0..1000).map(|i| total.add([1e17, 1.0, -1e17, 0.5][i % 4])).last();
        assert_eq!(last, Some(377.0));
    }

    #[test]
    fn sums_of_slices_have_the_bits_of_single_ones() {
        let odd = [f64::NAN, 1e300, -1e300, -0.0, 1e-300];
        let value = |i: usize| if i % 83 < 5 && i > 200 { odd[i % 83] } else { (i as f64 * 0.7).sin() * 1e3 };
        let values: Vec<f64> = (0..900).map(value).collect();
        for portion in [1, 7, 32, 33, 100, 900] {
            let (mut single, mut filled) = (Total::default(), values.clone());
            let mut total = Total::default();
            filled.chunks_mut(portion).for_each(|values| total.fill(values));
            for (x, filled) in values.iter().zip(&filled) {
                let sum = single.add(*x);
                assert!(
                    sum.to_bits() == filled.to_bits() || sum.is_nan() && filled.is_nan(),
                    "{portion}: {sum} {filled}"
                );
            }
        }
    }

    #[test]
    fn an_infinite_sum_stays_missing() {
        let mut values = [f64::MAX; 70];
        let mut total = Total::default();
        total.fill(&mut values);
        assert_eq!(values[0], f64::MAX);
        assert!(values[1..].iter().all(|sum| !sum.is_finite()));
    }
}
