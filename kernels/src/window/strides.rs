//! Strides of a series side by side in vectors: the part of [`Total`](super::total::Total) that needs AVX2.
//!
//! A stride is added up step by step, but strides do not wait for each other: they are the lanes.

use std::arch::x86_64::*;

use super::total::STRIDE;

/// Strides in a group.
const LANES: usize = 4;

/// Values that are worked on together.
const GROUP: usize = LANES * STRIDE;

/// The values at each place of the strides.
pub(super) type Places = [__m256d; STRIDE];

/// Replaces values by what a state makes of them: whole groups where a stride begins and `group` does not decline, and single
/// values, by `step`, up to the next stride elsewhere. `left` is how many values the stride still takes.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn fill<S>(
    state: &mut S,
    mut values: &mut [f64],
    left: impl Fn(&S) -> usize,
    group: impl Fn(&mut S, Places) -> Option<Places>,
    step: impl Fn(&mut S, f64) -> f64,
) {
    while !values.is_empty() {
        let mut taken = 0;
        if left(state) == STRIDE {
            for values in values.as_chunks_mut::<GROUP>().0 {
                let Some(made) = group(state, places(values)) else { break };
                put(made, values);
                taken += GROUP;
            }
        }
        values = &mut values[taken..];
        let single = values.len().min(left(state));
        values[..single].iter_mut().for_each(|value| *value = step(state, *value));
        values = &mut values[single..];
    }
}

/// The values of a group, place by place.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn places(group: &[f64; GROUP]) -> Places {
    let strides = group.as_chunks::<4>().0;
    let [a, b, c, d] = transposed(four(&strides[0]), four(&strides[2]), four(&strides[4]), four(&strides[6]));
    let [e, f, g, h] = transposed(four(&strides[1]), four(&strides[3]), four(&strides[5]), four(&strides[7]));
    [a, b, c, d, e, f, g, h]
}

/// The way back.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn put([a, b, c, d, e, f, g, h]: Places, group: &mut [f64; GROUP]) {
    let strides = group.as_chunks_mut::<4>().0;
    let [p, q, r, s] = transposed(a, b, c, d);
    (strides[0], strides[2]) = (numbers(p), numbers(q));
    (strides[4], strides[6]) = (numbers(r), numbers(s));
    let [p, q, r, s] = transposed(e, f, g, h);
    (strides[1], strides[3]) = (numbers(p), numbers(q));
    (strides[5], strides[7]) = (numbers(r), numbers(s));
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn four([a, b, c, d]: &[f64; LANES]) -> __m256d {
    _mm256_setr_pd(*a, *b, *c, *d)
}

/// The numbers of a vector.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn numbers(four: __m256d) -> [f64; LANES] {
    let (low, high) = (_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
    let (second, fourth) = (_mm_unpackhi_pd(low, low), _mm_unpackhi_pd(high, high));
    [_mm_cvtsd_f64(low), _mm_cvtsd_f64(second), _mm_cvtsd_f64(high), _mm_cvtsd_f64(fourth)]
}

#[inline]
#[target_feature(enable = "avx2")]
fn transposed(a: __m256d, b: __m256d, c: __m256d, d: __m256d) -> [__m256d; 4] {
    let (ac, bd) = (_mm256_permute2f128_pd::<0x20>(a, c), _mm256_permute2f128_pd::<0x20>(b, d));
    let (late_ac, late_bd) = (_mm256_permute2f128_pd::<0x31>(a, c), _mm256_permute2f128_pd::<0x31>(b, d));
    [
        _mm256_unpacklo_pd(ac, bd),
        _mm256_unpackhi_pd(ac, bd),
        _mm256_unpacklo_pd(late_ac, late_bd),
        _mm256_unpackhi_pd(late_ac, late_bd),
    ]
}
