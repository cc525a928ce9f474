//! Many quotients by the same divisor.

#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

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
                is_safe &= (dividend.abs() >= SAFE.start) & (dividend.abs() < SAFE.end);
            }
        }
        if FMA && is_safe {
            for i in 0..LANES {
                let rough = dividends[i] * self.reciprocal;
                let faithful = (-rough).mul_add(self.divisor, dividends[i]).mul_add(self.reciprocal, rough);
                quotients[i] = (-faithful).mul_add(self.divisor, dividends[i]).mul_add(self.reciprocal, faithful);
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
pub(crate) fn divide(numbers: &mut [f64], divisor: f64) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { divide_avx2(numbers, divisor) };
    }
    divide_either::<false>(numbers, divisor);
}

/// The same code with wider instructions.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn divide_avx2(numbers: &mut [f64], divisor: f64) {
    divide_either::<true>(numbers, divisor);
}

#[inline(always)]
fn divide_either<const FMA: bool>(numbers: &mut [f64], divisor: f64) {
    let quotient = Quotient::new(divisor);
    let (lanes, rest) = numbers.as_chunks_mut::<LANES>();
    for lanes in lanes {
        *lanes = quotient.of::<FMA>(*lanes);
    }
    for number in rest {
        *number /= divisor;
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
