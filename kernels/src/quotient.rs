//! Many quotients by the same divisor.

use crate::simd::{finite, has_avx2, widest_fn};

/// Dividends taken at once.
pub(crate) const LANES: usize = 8;

/// One number for each of them.
pub(crate) type Lanes = [f64; LANES];

/// Division by one number.
///
/// With fused multiply-add the quotient is made of the reciprocal and two corrections, which give the correctly rounded
/// quotient (Markstein 1990; Muller et al., Handbook of Floating-Point Arithmetic, section 4.7): the reciprocal is correctly
/// rounded, the first correction makes the quotient faithful, so that its remainder is exact and the second rounds it
/// correctly. That is the bits of a division at a fraction of its time. It is not used where the theorem does not hold: for
/// a divisor whose significand is all ones, and for numbers so large or small that a remainder could be lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quotient {
    divisor: f64,
    reciprocal: f64,
    is_safe: bool,
}

/// Dividends and divisors of this size leave every remainder a normal number.
const SAFE: std::ops::Range<f64> = 1e-100..1e100;

#[inline(always)]
fn is_safe(number: f64) -> bool {
    (number.abs() >= SAFE.start) & (number.abs() < SAFE.end)
}

impl Quotient {
    #[inline(always)]
    pub(crate) fn new(divisor: f64) -> Self {
        const SIGNIFICAND: u64 = (1 << 52) - 1;
        let is_safe = SAFE.contains(&divisor) && divisor.to_bits() & SIGNIFICAND != SIGNIFICAND;
        Quotient { divisor, reciprocal: 1.0 / divisor, is_safe }
    }

    /// `dividends / divisor`; `FMA` says that the processor has the instruction.
    #[inline(always)]
    pub(crate) fn of<const FMA: bool>(&self, dividends: Lanes) -> Lanes {
        // Loops and no closures: a closure is compiled for every processor, whoever calls it.
        let mut quotients = [0.0; LANES];
        let mut is_safe = self.is_safe;
        if FMA {
            for dividend in &dividends {
                is_safe &= self::is_safe(*dividend);
            }
        }
        if FMA && is_safe {
            for i in 0..LANES {
                quotients[i] = self.corrected(dividends[i]);
            }
        } else {
            for i in 0..LANES {
                quotients[i] = dividends[i] / self.divisor;
            }
        }
        quotients
    }
}

/// Divides every number of a slice.
#[inline(never)]
pub(crate) fn divide(numbers: &mut [f64], divisor: f64) {
    let quotient = Quotient::new(divisor);
    for numbers in numbers.chunks_mut(CHUNK) {
        quotient.divide(numbers);
    }
}

/// Quotients of all numbers in a column of their own, with `NaN` for those that are not finite.
#[inline(never)]
pub(crate) fn quotients(numbers: &[f64], divisor: f64, out: &mut [f64]) {
    let quotient = Quotient::new(divisor);
    for (numbers, out) in numbers.chunks(CHUNK).zip(out.chunks_mut(CHUNK)) {
        if !quotient.fill(numbers, out) {
            numbers.iter().zip(out).for_each(|(number, out)| *out = finite(number / divisor));
        }
    }
}

/// Numbers that are divided before it is asked whether they were safe.
const CHUNK: usize = 128;

impl Quotient {
    /// Divides every number of a slice.
    #[inline(always)]
    fn divide(&self, numbers: &mut [f64]) {
        if !(self.is_safe && has_avx2() && divide_safe(self, numbers)) {
            numbers.iter_mut().for_each(|number| *number /= self.divisor);
        }
    }

    /// The quotient of a safe number by a safe divisor.
    #[inline(always)]
    fn corrected(&self, number: f64) -> f64 {
        let rough = number * self.reciprocal;
        let faithful = (-rough).mul_add(self.divisor, number).mul_add(self.reciprocal, rough);
        (-faithful).mul_add(self.divisor, number).mul_add(self.reciprocal, faithful)
    }

    /// Writes the quotients, and says whether they are right: whether all numbers are safe and there is the instruction.
    #[inline(always)]
    fn fill(&self, numbers: &[f64], out: &mut [f64]) -> bool {
        self.is_safe && has_avx2() && fill_safe(self, numbers, out)
    }
}

widest_fn! {
    /// Divides the numbers if all of them are safe, and says whether they are.
    [] []
    fn divide_safe(by: &Quotient, numbers: &mut [f64]) -> bool {
        let mut unsafe_numbers = 0;
        for number in numbers.iter() {
            unsafe_numbers += u64::from(!is_safe(*number));
        }
        if unsafe_numbers == 0 {
            for number in numbers {
                *number = by.corrected(*number);
            }
        }
        unsafe_numbers == 0
    }
}

widest_fn! {
    /// Writes the quotients, and says whether all numbers are safe.
    [] []
    fn fill_safe(by: &Quotient, numbers: &[f64], out: &mut [f64]) -> bool {
        // Without a branch: mostly all of them are safe.
        let mut unsafe_numbers = 0;
        for (number, out) in numbers.iter().zip(out) {
            unsafe_numbers += u64::from(!is_safe(*number));
            *out = by.corrected(*number);
        }
        unsafe_numbers == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without the instruction `mul_add` is slow, but has the same bits.
    #[test]
    fn corrected_quotients_are_quotients() {
        let mut state = 1_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        let mut tried = 0;
        for round in 0..40_000 {
            // Significands at random, and many at the ends, where rounding is hardest.
            let mut number = |near: u64| {
                let significand = match near % 3 {
                    0 => draw() >> 12,
                    1 => draw() % 64,
                    _ => ((1 << 52) - 1) - draw() % 64,
                };
                f64::from_bits(significand | (1023 + draw() % 40 - 20) << 52)
            };
            let quotient = Quotient::new(number(round));
            let dividends: Lanes = std::array::from_fn(|i| number(round / 3 + i as u64));
            let (fast, slow) = (quotient.of::<true>(dividends), quotient.of::<false>(dividends));
            assert_eq!(fast.map(f64::to_bits), slow.map(f64::to_bits), "{dividends:?} / {}", quotient.divisor);
            let mut slice = dividends;
            divide(&mut slice, quotient.divisor);
            assert_eq!(slice.map(f64::to_bits), slow.map(f64::to_bits));
            tried += 8;
        }
        assert_eq!(tried, 320_000);
        for divisor in [0.0, f64::INFINITY, f64::NAN, 1e-300, -3.0] {
            let dividends = [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY, 1e-310, 1e300, 7.0];
            let quotient = Quotient::new(divisor);
            let (fast, slow) = (quotient.of::<true>(dividends), quotient.of::<false>(dividends));
            assert_eq!(fast.map(f64::to_bits), slow.map(f64::to_bits), "by {divisor}");
        }
    }
}
