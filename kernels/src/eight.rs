//! Numbers one by one or eight of a series side by side, so that one formula serves both and gives the same bits.

use std::ops::{Add, Div, Mul, Sub};

#[cfg(target_arch = "x86_64")]
mod wide;

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

    /// From part `at` of each of eight rows in memory, with columns for rows.
    fn load_turned<const PARTS: usize>(proof: Self::Proof, rows: &[[[f64; 8]; PARTS]; 8], at: usize) -> [Self; 8];

    /// To part `at` of each of eight rows in memory, with rows for columns.
    fn store_turned<const PARTS: usize>(columns: [Self; 8], rows: &mut [[[f64; 8]; PARTS]; 8], at: usize);
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

    #[inline(always)]
    fn load_turned<const PARTS: usize>((): (), rows: &[[[f64; 8]; PARTS]; 8], at: usize) -> [Self; 8] {
        std::array::from_fn(|k| Array(rows.map(|row| row[at][k])))
    }

    #[inline(always)]
    fn store_turned<const PARTS: usize>(columns: [Self; 8], rows: &mut [[[f64; 8]; PARTS]; 8], at: usize) {
        for (k, row) in rows.iter_mut().enumerate() {
            row[at] = columns.map(|column| column.0[k]);
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
            let rows = std::array::from_fn(|row| [0, 8].map(|at| std::array::from_fn(|i| (16 * row + at + i) as f64)));
            let mut turned = [[[0.0; 8]; 2]; 8];
            for at in [0, 1] {
                let columns = E::load_turned(proof, &rows, at);
                for column in columns {
                    out.push([0.0; 8]);
                    column.store(out.last_mut().unwrap());
                }
                E::store_turned(columns, &mut turned, at);
            }
            assert_eq!(turned, rows);
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
        let columns = (0..16).map(|k| std::array::from_fn(|row| (16 * row + k) as f64));
        let expected: Vec<[f64; 8]> = expected.into_iter().chain(columns).collect();
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
