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

/// Does work with the widest instructions that the processor has, and the same bits whichever these are. What is not inlined
/// into the work stays as it is.
#[inline(always)]
pub fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2, FMA and BMI, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { with_avx2(work) };
    }
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Asks for values that are needed soon, so that they are on their way from memory while others are worked on. The addresses
/// are not read and need not be valid.
#[inline(always)]
fn fetch(from: *const f64, len: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..len).step_by(64 / size_of::<f64>()) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the instruction is a hint, and every processor has it.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(from.wrapping_add(line).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (from, len);
}

/// Asks for the values after some of a column of `len` values, as many again. A short column is in a cache anyway.
#[inline(always)]
pub fn fetch_after(now: &[f64], len: usize) {
    if len > SHORT {
        fetch(now.as_ptr_range().end, now.len());
    }
}

/// Longest column that is short.
pub const SHORT: usize = 1 << 16;

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

/// Where `a > b`, and where both are finite, 64 places to a word. The slices have equal length.
pub fn greater(a: &[f64], b: &[f64]) -> [Vec<u64>; 2] {
    assert_eq!(a.len(), b.len(), "two series of one length");
    let mut words = [(); 2].map(|()| Vec::with_capacity(a.len().div_ceil(64)));
    let (a_blocks, a_rest) = a.as_chunks::<64>();
    let (b_blocks, b_rest) = b.as_chunks::<64>();
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2, which is all that the function needs.
        #[allow(unsafe_code)]
        unsafe {
            greater_avx2(a_blocks, b_blocks, &mut words);
        }
    }
    for (a, b) in a_blocks.iter().zip(b_blocks).skip(words[0].len()) {
        push(&mut words, greater_word(a, b));
    }
    if !a_rest.is_empty() {
        push(&mut words, greater_word(a_rest, b_rest));
    }
    words
}

#[inline(always)]
fn push(words: &mut [Vec<u64>; 2], word: [u64; 2]) {
    words.iter_mut().zip(word).for_each(|(words, word)| words.push(word));
}

fn greater_word(a: &[f64], b: &[f64]) -> [u64; 2] {
    a.iter().zip(b).enumerate().fold([0; 2], |[greater, finite], (i, (a, b))| {
        [greater | u64::from(a > b) << i, finite | u64::from(a.is_finite() & b.is_finite()) << i]
    })
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn greater_avx2(a: &[[f64; 64]], b: &[[f64; 64]], words: &mut [Vec<u64>; 2]) {
    use std::arch::x86_64::{_CMP_GT_OQ, _CMP_ORD_Q, _mm256_cmp_pd, _mm256_movemask_pd, _mm256_setr_pd, _mm256_sub_pd};
    for (a, b) in a.iter().zip(b) {
        let mut word = [0; 2];
        for (i, (a, b)) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).enumerate() {
            let (a, b) = (_mm256_setr_pd(a[0], a[1], a[2], a[3]), _mm256_setr_pd(b[0], b[1], b[2], b[3]));
            let greater = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(a, b));
            // The difference of an infinite number with itself is no number.
            let (a, b) = (_mm256_sub_pd(a, a), _mm256_sub_pd(b, b));
            let finite = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_ORD_Q>(a, b));
            word[0] |= (greater as u64) << (4 * i);
            word[1] |= (finite as u64) << (4 * i);
        }
        push(words, word);
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
    use std::arch::x86_64::{_CMP_ORD_Q, _mm256_cmp_pd, _mm256_movemask_pd, _mm256_setr_pd};
    for block in blocks {
        let mut word = 0;
        for (i, x) in block.as_chunks::<4>().0.iter().enumerate() {
            let x = _mm256_setr_pd(x[0], x[1], x[2], x[3]);
            word |= (_mm256_movemask_pd(_mm256_cmp_pd::<_CMP_ORD_Q>(x, x)) as u64) << (4 * i);
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
            let [greater, finite] = greater(&a, &b);
            assert_eq!(greater.len(), len.div_ceil(64));
            for i in 0..len {
                assert_eq!(greater[i / 64] >> (i % 64) & 1 == 1, a[i] > b[i], "{} > {}", a[i], b[i]);
                let both = a[i].is_finite() && b[i].is_finite();
                assert_eq!(finite[i / 64] >> (i % 64) & 1 == 1, both, "{} and {}", a[i], b[i]);
            }
        }
    }
    #[test]
    fn numbers_are_found() {
        for len in [0, 1, 63, 64, 65, 200] {
            let values: Vec<f64> = (0..len).map(|i| [1.0, f64::NAN, f64::INFINITY][i * 7 % 11 % 3]).collect();
            let (words, missing) = numbers(&values);
            assert_eq!(missing, values.iter().filter(|x| x.is_nan()).count());
            assert!(values.iter().enumerate().all(|(i, x)| (words[i / 64] >> (i % 64) & 1 == 1) != x.is_nan()));
        }
    }
}
