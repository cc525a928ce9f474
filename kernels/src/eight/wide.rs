//! Eight numbers in vectors: in one of AVX-512 and in two of AVX2.
#![allow(unsafe_code)]

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

    #[inline(always)]
    fn load_turned<const PARTS: usize>(_: OneProof, rows: &[[[f64; 8]; PARTS]; 8], at: usize) -> [Self; 8] {
        // SAFETY: the proof; four numbers are read at each place.
        unsafe {
            let half = |row: usize, place: usize| _mm256_loadu_pd(rows[row][at][place..][..4].as_ptr());
            let pair = |row: usize, place: usize| {
                One(_mm512_insertf64x4::<1>(_mm512_castpd256_pd512(half(row, place)), half(row + 4, place)))
            };
            let [a, b, c, d] = turned_pairs([pair(0, 0), pair(1, 0), pair(2, 0), pair(3, 0)]);
            let [e, f, g, h] = turned_pairs([pair(0, 4), pair(1, 4), pair(2, 4), pair(3, 4)]);
            [a, b, c, d, e, f, g, h]
        }
    }

    #[inline(always)]
    fn store_turned<const PARTS: usize>(
        [a, b, c, d, e, f, g, h]: [Self; 8],
        rows: &mut [[[f64; 8]; PARTS]; 8],
        at: usize,
    ) {
        let (first, last) = rows.split_at_mut(4);
        // SAFETY: there are vectors, so there is AVX-512; four numbers are written at each place.
        unsafe {
            for (place, pairs) in [(0, turned_pairs([a, b, c, d])), (4, turned_pairs([e, f, g, h]))] {
                for ((first, last), pair) in first.iter_mut().zip(&mut *last).zip(pairs) {
                    _mm256_storeu_pd(first[at][place..][..4].as_mut_ptr(), _mm512_castpd512_pd256(pair.0));
                    _mm256_storeu_pd(last[at][place..][..4].as_mut_ptr(), _mm512_extractf64x4_pd::<1>(pair.0));
                }
            }
        }
    }
}

/// Two matrices of four by four side by side, with rows for columns.
#[inline(always)]
unsafe fn turned_pairs([a, b, c, d]: [One; 4]) -> [One; 4] {
    // SAFETY: there are vectors, so there is AVX-512.
    unsafe {
        let (first, last) =
            (_mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15));
        let evens = (_mm512_unpacklo_pd(a.0, b.0), _mm512_unpacklo_pd(c.0, d.0));
        let odds = (_mm512_unpackhi_pd(a.0, b.0), _mm512_unpackhi_pd(c.0, d.0));
        [
            One(_mm512_permutex2var_pd(evens.0, first, evens.1)),
            One(_mm512_permutex2var_pd(odds.0, first, odds.1)),
            One(_mm512_permutex2var_pd(evens.0, last, evens.1)),
            One(_mm512_permutex2var_pd(odds.0, last, odds.1)),
        ]
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

    #[inline(always)]
    fn load_turned<const PARTS: usize>(_: TwoProof, rows: &[[[f64; 8]; PARTS]; 8], at: usize) -> [Self; 8] {
        // SAFETY: the proof; four numbers are read at each place.
        unsafe {
            let quarter = |row: usize, place: usize| {
                let half = |row: usize| _mm256_loadu_pd(rows[row][at][place..][..4].as_ptr());
                turned([half(row), half(row + 1), half(row + 2), half(row + 3)])
            };
            let ([a, b, c, d], [e, f, g, h]) = (quarter(0, 0), quarter(4, 0));
            let ([i, j, k, l], [m, n, o, p]) = (quarter(0, 4), quarter(4, 4));
            [Two(a, e), Two(b, f), Two(c, g), Two(d, h), Two(i, m), Two(j, n), Two(k, o), Two(l, p)]
        }
    }

    #[inline(always)]
    fn store_turned<const PARTS: usize>(
        [a, b, c, d, e, f, g, h]: [Self; 8],
        rows: &mut [[[f64; 8]; PARTS]; 8],
        at: usize,
    ) {
        // SAFETY: there are vectors, so there is AVX2; four numbers are written at each place.
        unsafe {
            for (row, place, quarter) in [
                (0, 0, turned([a.0, b.0, c.0, d.0])),
                (0, 4, turned([e.0, f.0, g.0, h.0])),
                (4, 0, turned([a.1, b.1, c.1, d.1])),
                (4, 4, turned([e.1, f.1, g.1, h.1])),
            ] {
                for (row, half) in rows[row..].iter_mut().zip(quarter) {
                    _mm256_storeu_pd(row[at][place..][..4].as_mut_ptr(), half);
                }
            }
        }
    }
}

/// A matrix of four by four with rows for columns.
#[inline(always)]
unsafe fn turned([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
    // SAFETY: the caller has AVX2.
    unsafe {
        let evens = (_mm256_unpacklo_pd(a, b), _mm256_unpacklo_pd(c, d));
        let odds = (_mm256_unpackhi_pd(a, b), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(evens.0, evens.1),
            _mm256_permute2f128_pd::<0x20>(odds.0, odds.1),
            _mm256_permute2f128_pd::<0x31>(evens.0, evens.1),
            _mm256_permute2f128_pd::<0x31>(odds.0, odds.1),
        ]
    }
}
