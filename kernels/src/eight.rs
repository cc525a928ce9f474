//! Numbers one by one or eight neighbours of a series side by side, so that one formula serves both and gives the same bits.

use std::ops::{Add, Div, Mul, Sub};

#[cfg(target_arch = "x86_64")]
use crate::simd::{has_avx2, has_avx512};

/// A number, or several side by side.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Mul<f64, Output = Self> + Div<Output = Self>
{
    /// One number wherever this has any.
    fn all(self, number: f64) -> Self;

    /// This times a factor and more, rounded once.
    fn mul_add(self, factor: Self, more: Self) -> Self;

    /// Without its sign.
    fn size(self) -> Self;

    /// Zero, or `NaN` for what is not finite.
    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn nothing(self) -> Self {
        self - self
    }

    /// The larger one, or the other one of equal ones or if one is `NaN`.
    fn larger(self, other: Self) -> Self;

    /// The smaller one, or the other one of equal ones or if one is `NaN`.
    fn smaller(self, other: Self) -> Self;

    /// One number if this is above another, and a different one if not.
    fn if_above(self, other: Self, then: Self, otherwise: Self) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn all(self, number: f64) -> Self {
        number
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, more: Self) -> Self {
        f64::mul_add(self, factor, more)
    }

    #[inline(always)]
    fn size(self) -> Self {
        self.abs()
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        if self < other { self } else { other }
    }

    #[inline(always)]
    fn if_above(self, other: Self, then: Self, otherwise: Self) -> Self {
        if self > other { then } else { otherwise }
    }
}

/// Eight numbers side by side, the oldest one first.
pub trait Eight: Number {
    /// What shows that the processor has the instructions.
    type Proof: Copy;

    /// From memory.
    fn load(proof: Self::Proof, numbers: &[f64; 8]) -> Self;

    /// To memory.
    fn store(self, numbers: &mut [f64; 8]);

    /// The eight that end `PLACES` places before these, which is one, two, four or six; `before` are the eight whose place these
    /// took.
    fn back<const PLACES: usize>(self, before: Self) -> Self;

    /// The last one, eight times.
    fn last(self) -> Self;

    /// Whether all are zero.
    fn are_zero(self) -> bool;
}

/// Work on numbers that are taken eight at a time.
pub trait Work {
    /// Does it; to be inlined always, so that it is compiled for the instructions that `E` needs.
    fn run<E: Eight>(self, proof: E::Proof);
}

/// Does work in the widest vectors that the processor has.
#[inline(always)]
pub fn in_eights<W: Work>(work: W) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma,bmi1,bmi2,avx512f,avx512vl,avx512dq,avx512bw")]
        fn avx512<W: Work>(work: W) {
            work.run::<wide::One>(wide::OneProof::new());
        }
        #[target_feature(enable = "avx2,fma,bmi1,bmi2")]
        fn avx2<W: Work>(work: W) {
            work.run::<wide::Two>(wide::TwoProof::new());
        }
        if has_avx512() {
            // SAFETY: the processor has all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { avx512(work) };
        }
        if has_avx2() {
            // SAFETY: the processor has all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { avx2(work) };
        }
    }
    work.run::<Array>(());
}

/// The portable form.
#[derive(Clone, Copy)]
struct Array([f64; 8]);

impl Array {
    #[inline(always)]
    fn each(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Array(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Number for Array {
    #[inline(always)]
    fn all(self, number: f64) -> Self {
        Array([number; 8])
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, more: Self) -> Self {
        Array(std::array::from_fn(|i| self.0[i].mul_add(factor.0[i], more.0[i])))
    }

    #[inline(always)]
    fn size(self) -> Self {
        Array(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        self.each(other, f64::larger)
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        self.each(other, f64::smaller)
    }

    #[inline(always)]
    fn if_above(self, other: Self, then: Self, otherwise: Self) -> Self {
        Array(std::array::from_fn(|i| self.0[i].if_above(other.0[i], then.0[i], otherwise.0[i])))
    }
}

impl Add for Array {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }
}

impl Sub for Array {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.each(other, |a, b| a - b)
    }
}

impl Mul for Array {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.each(other, |a, b| a * b)
    }
}

impl Div for Array {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.each(other, |a, b| a / b)
    }
}

impl Mul<f64> for Array {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: f64) -> Self {
        Array(self.0.map(|a| a * factor))
    }
}

impl Eight for Array {
    type Proof = ();

    #[inline(always)]
    fn load((): (), numbers: &[f64; 8]) -> Self {
        Array(*numbers)
    }

    #[inline(always)]
    fn store(self, numbers: &mut [f64; 8]) {
        *numbers = self.0;
    }

    #[inline(always)]
    fn back<const PLACES: usize>(self, before: Self) -> Self {
        let mut numbers = [0.0; 8];
        numbers[..PLACES].copy_from_slice(&before.0[8 - PLACES..]);
        numbers[PLACES..].copy_from_slice(&self.0[..8 - PLACES]);
        Array(numbers)
    }

    #[inline(always)]
    fn last(self) -> Self {
        Array([self.0[7]; 8])
    }

    #[inline(always)]
    fn are_zero(self) -> bool {
        self.0.iter().all(|x| *x == 0.0)
    }
}

/// The forms for AVX-512, in one vector, and for AVX2, in two.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod wide {
    use std::arch::x86_64::*;
    use std::ops::{Add, Div, Mul, Sub};

    use super::{Eight, Number};

    /// Shows that there is AVX-512.
    #[derive(Clone, Copy)]
    pub(super) struct OneProof(());

    impl OneProof {
        #[target_feature(enable = "avx512f")]
        pub(super) fn new() -> Self {
            OneProof(())
        }
    }

    /// One vector. There is none without a [`OneProof`], which is why its methods may use the instructions.
    #[derive(Clone, Copy)]
    pub(super) struct One(__m512d);

    impl Number for One {
        #[inline(always)]
        fn all(self, number: f64) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_set1_pd(number) })
        }

        #[inline(always)]
        fn mul_add(self, factor: Self, more: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_fmadd_pd(self.0, factor.0, more.0) })
        }

        #[inline(always)]
        fn size(self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_abs_pd(self.0) })
        }

        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_max_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn smaller(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_min_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn if_above(self, other: Self, then: Self, otherwise: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, other.0), otherwise.0, then.0) })
        }
    }

    impl Add for One {
        type Output = Self;

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_add_pd(self.0, other.0) })
        }
    }

    impl Sub for One {
        type Output = Self;

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_sub_pd(self.0, other.0) })
        }
    }

    impl Mul for One {
        type Output = Self;

        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_mul_pd(self.0, other.0) })
        }
    }

    impl Div for One {
        type Output = Self;

        #[inline(always)]
        fn div(self, other: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_div_pd(self.0, other.0) })
        }
    }

    impl Mul<f64> for One {
        type Output = Self;

        #[inline(always)]
        fn mul(self, factor: f64) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_mul_pd(self.0, _mm512_set1_pd(factor)) })
        }
    }

    impl One {
        /// The last numbers of `before` and the first of these, `8 - SKIPPED` of the former.
        #[inline(always)]
        fn after<const SKIPPED: i32>(self, before: Self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe {
                _mm512_castsi512_pd(_mm512_alignr_epi64::<SKIPPED>(
                    _mm512_castpd_si512(self.0),
                    _mm512_castpd_si512(before.0),
                ))
            })
        }
    }

    impl Eight for One {
        type Proof = OneProof;

        #[inline(always)]
        fn load(_: OneProof, numbers: &[f64; 8]) -> Self {
            // SAFETY: the proof; eight numbers are read.
            One(unsafe { _mm512_loadu_pd(numbers.as_ptr()) })
        }

        #[inline(always)]
        fn store(self, numbers: &mut [f64; 8]) {
            // SAFETY: there is a vector, so there is AVX-512; eight numbers are written.
            unsafe { _mm512_storeu_pd(numbers.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn back<const PLACES: usize>(self, before: Self) -> Self {
            match PLACES {
                1 => self.after::<7>(before),
                2 => self.after::<6>(before),
                4 => self.after::<4>(before),
                6 => self.after::<2>(before),
                _ => unreachable!("{PLACES} places"),
            }
        }

        #[inline(always)]
        fn last(self) -> Self {
            // SAFETY: there is a vector, so there is AVX-512.
            One(unsafe { _mm512_permutexvar_pd(_mm512_set1_epi64(7), self.0) })
        }

        #[inline(always)]
        fn are_zero(self) -> bool {
            // SAFETY: there is a vector, so there is AVX-512.
            unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, _mm512_setzero_pd()) == u8::MAX }
        }
    }

    /// Shows that there are AVX2 and FMA.
    #[derive(Clone, Copy)]
    pub(super) struct TwoProof(());

    impl TwoProof {
        #[target_feature(enable = "avx2,fma")]
        pub(super) fn new() -> Self {
            TwoProof(())
        }
    }

    /// Two vectors. There are none without a [`TwoProof`], which is why their methods may use the instructions.
    #[derive(Clone, Copy)]
    pub(super) struct Two(__m256d, __m256d);

    impl Number for Two {
        #[inline(always)]
        fn all(self, number: f64) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_set1_pd(number), _mm256_set1_pd(number)) }
        }

        #[inline(always)]
        fn mul_add(self, factor: Self, more: Self) -> Self {
            // SAFETY: there are vectors, so there is FMA.
            unsafe { Two(_mm256_fmadd_pd(self.0, factor.0, more.0), _mm256_fmadd_pd(self.1, factor.1, more.1)) }
        }

        #[inline(always)]
        fn size(self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe {
                let sign = _mm256_set1_pd(-0.0);
                Two(_mm256_andnot_pd(sign, self.0), _mm256_andnot_pd(sign, self.1))
            }
        }

        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_max_pd(self.0, other.0), _mm256_max_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn smaller(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_min_pd(self.0, other.0), _mm256_min_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn if_above(self, other: Self, then: Self, otherwise: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe {
                Two(
                    _mm256_blendv_pd(otherwise.0, then.0, _mm256_cmp_pd::<_CMP_GT_OQ>(self.0, other.0)),
                    _mm256_blendv_pd(otherwise.1, then.1, _mm256_cmp_pd::<_CMP_GT_OQ>(self.1, other.1)),
                )
            }
        }
    }

    impl Add for Two {
        type Output = Self;

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_add_pd(self.0, other.0), _mm256_add_pd(self.1, other.1)) }
        }
    }

    impl Sub for Two {
        type Output = Self;

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_sub_pd(self.0, other.0), _mm256_sub_pd(self.1, other.1)) }
        }
    }

    impl Mul for Two {
        type Output = Self;

        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_mul_pd(self.0, other.0), _mm256_mul_pd(self.1, other.1)) }
        }
    }

    impl Div for Two {
        type Output = Self;

        #[inline(always)]
        fn div(self, other: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe { Two(_mm256_div_pd(self.0, other.0), _mm256_div_pd(self.1, other.1)) }
        }
    }

    impl Mul<f64> for Two {
        type Output = Self;

        #[inline(always)]
        fn mul(self, factor: f64) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe {
                let factor = _mm256_set1_pd(factor);
                Two(_mm256_mul_pd(self.0, factor), _mm256_mul_pd(self.1, factor))
            }
        }
    }

    /// The last two of `a` and the first two of `b`.
    #[inline(always)]
    unsafe fn two_of_each(a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_permute2f128_pd::<0x21>(a, b) }
    }

    /// The last one of `a` and the first three of `b`.
    #[inline(always)]
    unsafe fn last_and_three(a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_shuffle_pd::<0b0101>(two_of_each(a, b), b) }
    }

    impl Eight for Two {
        type Proof = TwoProof;

        #[inline(always)]
        fn load(_: TwoProof, numbers: &[f64; 8]) -> Self {
            // SAFETY: the proof; eight numbers are read.
            unsafe { Two(_mm256_loadu_pd(numbers.as_ptr()), _mm256_loadu_pd(numbers[4..].as_ptr())) }
        }

        #[inline(always)]
        fn store(self, numbers: &mut [f64; 8]) {
            // SAFETY: there are vectors, so there is AVX2; eight numbers are written.
            unsafe {
                _mm256_storeu_pd(numbers.as_mut_ptr(), self.0);
                _mm256_storeu_pd(numbers[4..].as_mut_ptr(), self.1);
            }
        }

        #[inline(always)]
        fn back<const PLACES: usize>(self, before: Self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe {
                match PLACES {
                    1 => Two(last_and_three(before.1, self.0), last_and_three(self.0, self.1)),
                    2 => Two(two_of_each(before.1, self.0), two_of_each(self.0, self.1)),
                    4 => Two(before.1, self.0),
                    6 => Two(two_of_each(before.0, before.1), two_of_each(before.1, self.0)),
                    _ => unreachable!("{PLACES} places"),
                }
            }
        }

        #[inline(always)]
        fn last(self) -> Self {
            // SAFETY: there are vectors, so there is AVX2.
            let last = unsafe { _mm256_permute4x64_pd::<0b11111111>(self.1) };
            Two(last, last)
        }

        #[inline(always)]
        fn are_zero(self) -> bool {
            // SAFETY: there are vectors, so there is AVX2.
            unsafe {
                let zero = _mm256_setzero_pd();
                let [low, high] = [self.0, self.1].map(|half| _mm256_cmp_pd::<_CMP_EQ_OQ>(half, zero));
                _mm256_movemask_pd(_mm256_and_pd(low, high)) == 0b1111
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation on 16 numbers, laid out one after the other.
    struct All<'a>(&'a [f64; 16], &'a mut Vec<[f64; 8]>);

    impl Work for All<'_> {
        #[inline(always)]
        fn run<E: Eight>(self, proof: E::Proof) {
            let All(numbers, out) = self;
            let [before, now] = [0, 8].map(|at| E::load(proof, numbers[at..at + 8].try_into().unwrap()));
            let all = [
                now + before,
                now - before,
                now * before,
                now * 3.0,
                now.back::<1>(before),
                now.back::<2>(before),
                now.back::<4>(before),
                now.back::<6>(before),
                now.larger(before),
                now.smaller(before),
                now.if_above(before, now * 3.0, before),
                now / (before + now.all(0.5)),
                now.all(2.5),
                now.mul_add(before, now),
                (before - now).size(),
                now.last(),
            ];
            for eight in all {
                out.push([0.0; 8]);
                eight.store(out.last_mut().unwrap());
            }
            let nothing = now.nothing();
            assert!(nothing.are_zero() && !now.are_zero() && !nothing.back::<1>(now).are_zero());
            assert!(!now.all(f64::NAN).are_zero());
        }
    }

    #[test]
    fn every_form_has_the_numbers() {
        let mut numbers: [f64; 16] = std::array::from_fn(|i| (i * i * 5 % 23) as f64 + 0.5);
        (numbers[3], numbers[11]) = (0.0, -0.0);
        let each = |f: fn(f64, f64) -> f64| -> [f64; 8] { std::array::from_fn(|i| f(numbers[8 + i], numbers[i])) };
        let back = |places: usize| -> [f64; 8] { std::array::from_fn(|i| numbers[8 + i - places]) };
        let expected = [
            each(|a, b| a + b),
            each(|a, b| a - b),
            each(|a, b| a * b),
            each(|a, _| a * 3.0),
            back(1),
            back(2),
            back(4),
            back(6),
            each(|a, b| if a > b { a } else { b }),
            each(|a, b| if a < b { a } else { b }),
            each(|a, b| if a > b { a * 3.0 } else { b }),
            each(|a, b| a / (b + 0.5)),
            [2.5; 8],
            each(|a, b| a.mul_add(b, a)),
            each(|a, b| (b - a).abs()),
            [numbers[15]; 8],
        ];
        let bits = |all: &[[f64; 8]]| all.iter().map(|eight| eight.map(f64::to_bits)).collect::<Vec<_>>();
        let [mut widest, mut portable] = [vec![], vec![]];
        in_eights(All(&numbers, &mut widest));
        All(&numbers, &mut portable).run::<Array>(());
        assert_eq!(bits(&portable), bits(&expected));
        assert_eq!(bits(&widest), bits(&expected));
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            #[target_feature(enable = "avx2,fma")]
            fn two(work: All<'_>) {
                work.run::<wide::Two>(wide::TwoProof::new());
            }
            let mut pairs = vec![];
            // SAFETY: the processor has AVX2 and FMA.
            #[allow(unsafe_code)]
            unsafe {
                two(All(&numbers, &mut pairs));
            }
            assert_eq!(bits(&pairs), bits(&expected));
        }
    }
}
