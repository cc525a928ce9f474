//! What needs the vector instructions of the processor at hand, with a portable form of the same bits.
//!
//! The compiler may only use instructions that every processor of the target has, unless a function is marked for more;
//! such a function may be called only where the processor has been asked. That call is the one unsafe thing here.

/// Whether the processor has AVX2, FMA, and the instructions for single bits that came with them. The answer is remembered.
#[inline(always)]
pub fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        has!("avx2") && has!("fma") && has!("bmi1") && has!("bmi2")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// Whether the processor has AVX-512 beside that, as far as loops over numbers make use of it. The answer is remembered.
#[inline(always)]
pub fn has_avx512() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        has!("avx512f") && has!("avx512vl") && has!("avx512dq") && has!("avx512bw") && has_avx2()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// A function that is compiled for each width of vectors, and runs in the widest one that the processor has, with the same
/// bits whichever that is. Its generics come first, with their bounds and by name. What is not inlined into it stays as it
/// is, closures too.
macro_rules! widest_fn {
    (
        $(#[$attribute:meta])*
        [$($generics:tt)*] [$($names:tt)*]
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? $body:block
    ) => {
        $(#[$attribute])*
        #[inline(always)]
        fn $name<$($generics)*>($($argument: $type),*) $(-> $output)? {
            #[inline(always)]
            fn narrow<$($generics)*>($($argument: $type),*) $(-> $output)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma,bmi1,bmi2")]
                fn avx2<$($generics)*>($($argument: $type),*) $(-> $output)? {
                    narrow::<$($names)*>($($argument),*)
                }
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,avx512f,avx512vl,avx512dq,avx512bw")]
                fn avx512<$($generics)*>($($argument: $type),*) $(-> $output)? {
                    narrow::<$($names)*>($($argument),*)
                }
                if $crate::simd::has_avx512() {
                    // SAFETY: the processor has all that the function needs.
                    #[allow(unsafe_code)]
                    return unsafe { avx512::<$($names)*>($($argument),*) };
                }
                if $crate::simd::has_avx2() {
                    // SAFETY: the processor has all that the function needs.
                    #[allow(unsafe_code)]
                    return unsafe { avx2::<$($names)*>($($argument),*) };
                }
            }
            narrow::<$($names)*>($($argument),*)
        }
    };
}

pub(crate) use widest_fn;

/// Does work with the widest instructions that the processor has, and the same bits whichever these are. What is not inlined
/// into the work stays as it is.
#[inline(always)]
pub fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        // Not by the macro, whose innermost function is one too many for the work to be inlined.
        #[target_feature(enable = "avx2,fma,bmi1,bmi2,avx512f,avx512vl,avx512dq,avx512bw")]
        fn avx512<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if has_avx512() {
            // SAFETY: the processor has all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { avx512(work) };
        }
    }
    fused(work)
}

/// Does work whose steps wait for each other, with vectors of four and a fused multiply-add in one instruction where the
/// processor has them, and the same bits where it has not.
#[inline(always)]
pub fn fused<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma,bmi1,bmi2")]
        fn avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if has_avx2() {
            // SAFETY: the processor has all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { avx2(work) };
        }
    }
    work()
}

/// Asks for memory that will be read soon, at any address: the second nearest cache gets the line in which it is.
#[inline(always)]
pub fn fetch<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: every such processor has the instruction, which reads nothing and so may be given any address.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T1>(address.cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        _ = address;
    }
}

/// Whether a number is neither infinite nor `NaN`, in a form that every vector unit has: zero times infinity is no number.
#[inline(always)]
pub fn is_finite(x: f64) -> bool {
    x * 0.0 == 0.0
}

/// The value itself, or `NaN` for an infinite one.
#[inline(always)]
pub fn finite(x: f64) -> f64 {
    if is_finite(x) { x } else { f64::NAN }
}

/// Whether all values of columns of one length are finite; it may say no where sums of them are not. A loop without an early
/// end is one over vectors. Zero times a finite number is zero, which has no bits but its sign.
#[inline(always)]
pub fn all_finite<const N: usize>(columns: [&[f64]; N]) -> bool {
    let len = columns[0].len();
    let columns = columns.map(|column| &column[..len]);
    let mut bits = 0;
    for i in 0..len {
        let mut sum = columns[0][i];
        for column in &columns[1..] {
            sum += column[i];
        }
        bits |= (sum * 0.0).to_bits();
    }
    bits << 1 == 0
}

/// How two series stand to each other, 64 places to a word.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// Where `a > b`.
    pub above: u64,
    /// Where `a < b`.
    pub below: u64,
    /// Where both are finite.
    pub both: u64,
}

/// Tells for each word of two series of equal length how they stand to each other.
pub fn sides(a: &[f64], b: &[f64], mut tell: impl FnMut(Sides)) {
    assert_eq!(a.len(), b.len(), "two series of one length");
    let (a_blocks, a_rest) = a.as_chunks::<64>();
    let (b_blocks, b_rest) = b.as_chunks::<64>();
    #[cfg(target_arch = "x86_64")]
    let done = if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
        #[allow(unsafe_code)]
        unsafe {
            sides_avx2(a_blocks, b_blocks, &mut tell);
        }
        a_blocks.len()
    } else {
        0
    };
    #[cfg(not(target_arch = "x86_64"))]
    let done = 0;
    for (a, b) in a_blocks.iter().zip(b_blocks).skip(done) {
        tell(sides_word(a, b));
    }
    if !a_rest.is_empty() {
        tell(sides_word(a_rest, b_rest));
    }
}

fn sides_word(a: &[f64], b: &[f64]) -> Sides {
    a.iter().zip(b).enumerate().fold(Sides::default(), |Sides { above, below, both }, (i, (a, b))| Sides {
        above: above | u64::from(a > b) << i,
        below: below | u64::from(a < b) << i,
        both: both | u64::from(is_finite(*a) & is_finite(*b)) << i,
    })
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn sides_avx2(a: &[[f64; 64]], b: &[[f64; 64]], tell: &mut impl FnMut(Sides)) {
    use std::arch::x86_64::{
        _CMP_GT_OQ, _CMP_LT_OQ, _CMP_ORD_Q, _mm256_cmp_pd, _mm256_fmadd_pd, _mm256_movemask_pd, _mm256_mul_pd,
        _mm256_setr_pd, _mm256_setzero_pd,
    };
    let zero = _mm256_setzero_pd();
    for (a, b) in a.iter().zip(b) {
        let mut word = Sides::default();
        for (i, (a, b)) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).enumerate() {
            let (a, b) = (_mm256_setr_pd(a[0], a[1], a[2], a[3]), _mm256_setr_pd(b[0], b[1], b[2], b[3]));
            let above = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(a, b));
            let below = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(a, b));
            // Zero times an infinite number is no number.
            let zeros = _mm256_fmadd_pd(a, zero, _mm256_mul_pd(b, zero));
            let both = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_ORD_Q>(zeros, zeros));
            word.above |= (above as u64) << (4 * i);
            word.below |= (below as u64) << (4 * i);
            word.both |= (both as u64) << (4 * i);
        }
        tell(word);
    }
}

/// Where two numbers are equal, or where the first is less, for at most 64 of them. Zeros of both signs are equal; `NaN` is
/// ordered by its bits, as in SQL: equal to itself, and with a plus above all other numbers.
#[inline(always)]
pub fn compare_word<const EQUAL: bool>(a: &[f64], b: &[f64]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if has_avx2()
        && let (Ok(a), Ok(b)) = (a.try_into(), b.try_into())
    {
        // SAFETY: the processor has AVX2, which is all that the function needs.
        #[allow(unsafe_code)]
        let [holds, ordered] = unsafe { compare_word_avx2::<EQUAL>(a, b) };
        if ordered == u64::MAX {
            return holds;
        }
    }
    let unsigned = |x: f64| if x == 0.0 { 0.0 } else { x };
    a.iter().zip(b).enumerate().fold(0, |word, (i, (a, b))| {
        let order = unsigned(*a).total_cmp(&unsigned(*b));
        word | u64::from(if EQUAL { order.is_eq() } else { order.is_lt() }) << i
    })
}

/// The comparison where both are numbers, and where they are.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn compare_word_avx2<const EQUAL: bool>(a: &[f64; 64], b: &[f64; 64]) -> [u64; 2] {
    use std::arch::x86_64::{_CMP_EQ_OQ, _CMP_LT_OQ, _CMP_ORD_Q, _mm256_cmp_pd, _mm256_movemask_pd, _mm256_setr_pd};
    let mut words = [0; 2];
    for (i, (a, b)) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).enumerate() {
        let (a, b) = (_mm256_setr_pd(a[0], a[1], a[2], a[3]), _mm256_setr_pd(b[0], b[1], b[2], b[3]));
        let holds = if EQUAL { _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b) } else { _mm256_cmp_pd::<_CMP_LT_OQ>(a, b) };
        words[0] |= (_mm256_movemask_pd(holds) as u64) << (4 * i);
        words[1] |= (_mm256_movemask_pd(_mm256_cmp_pd::<_CMP_ORD_Q>(a, b)) as u64) << (4 * i);
    }
    words
}

/// Where a value is a number, 64 places to a word, and at how many places it is none.
pub fn numbers(values: &[f64]) -> (Vec<u64>, usize) {
    let mut words = Vec::with_capacity(values.len().div_ceil(64));
    let (blocks, rest) = values.as_chunks::<64>();
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2, which is all that the function needs.
        #[allow(unsafe_code)]
        unsafe {
            numbers_avx2(blocks, &mut words);
        }
    }
    let word = |values: &[f64]| values.iter().enumerate().fold(0, |word, (i, x)| word | u64::from(!x.is_nan()) << i);
    for block in blocks.iter().skip(words.len()) {
        words.push(word(block));
    }
    if !rest.is_empty() {
        words.push(word(rest));
    }
    let there: usize = words.iter().map(|word| word.count_ones() as usize).sum();
    (words, values.len() - there)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn numbers_avx2(blocks: &[[f64; 64]], words: &mut Vec<u64>) {
    use std::arch::x86_64::{
        _CMP_ORD_Q, _CMP_UNORD_Q, _mm256_cmp_pd, _mm256_movemask_pd, _mm256_or_pd, _mm256_setr_pd, _mm256_setzero_pd,
    };
    for block in blocks {
        let fours = block.as_chunks::<4>().0;
        let mut missing = _mm256_setzero_pd();
        for x in fours {
            let x = _mm256_setr_pd(x[0], x[1], x[2], x[3]);
            missing = _mm256_or_pd(missing, _mm256_cmp_pd::<_CMP_UNORD_Q>(x, x));
        }
        let mut word = u64::MAX;
        // Mostly none is missing, and their places need not be found.
        if _mm256_movemask_pd(missing) != 0 {
            word = 0;
            for (i, x) in fours.iter().enumerate() {
                let x = _mm256_setr_pd(x[0], x[1], x[2], x[3]);
                word |= (_mm256_movemask_pd(_mm256_cmp_pd::<_CMP_ORD_Q>(x, x)) as u64) << (4 * i);
            }
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_compare_alike() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1.0, -1.0, f64::MIN_POSITIVE];
        for len in [0, 1, 63, 64, 65, 128, 500] {
            let a: Vec<f64> = (0..len).map(|i| odd[(i * 7 + i / 8) % odd.len()]).collect();
            let b: Vec<f64> = (0..len).map(|i| odd[(i * 5 + i / 3) % odd.len()]).collect();
            let mut words = vec![];
            sides(&a, &b, |word| words.push(word));
            assert_eq!(words.len(), len.div_ceil(64));
            for i in 0..len {
                let at = |word: u64| word >> (i % 64) & 1 == 1;
                let Sides { above, below, both } = words[i / 64];
                assert_eq!(at(above), a[i] > b[i], "{} > {}", a[i], b[i]);
                assert_eq!(at(below), a[i] < b[i], "{} < {}", a[i], b[i]);
                assert_eq!(at(both), a[i].is_finite() && b[i].is_finite(), "{} and {}", a[i], b[i]);
            }
        }
    }

    #[test]
    fn numbers_are_found() {
        for len in [0, 1, 63, 64, 65, 200] {
            // All of the second word are there.
            let value = |i: usize| if i / 64 == 1 { 2.0 } else { [1.0, f64::NAN, f64::INFINITY][i * 7 % 11 % 3] };
            let values: Vec<f64> = (0..len).map(value).collect();
            let (words, missing) = numbers(&values);
            assert_eq!(missing, values.iter().filter(|x| x.is_nan()).count());
            assert!(values.iter().enumerate().all(|(i, x)| (words[i / 64] >> (i % 64) & 1 == 1) != x.is_nan()));
        }
    }
}
