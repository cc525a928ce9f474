//! Aggregates of every window of a whole series, with the bits of [`Sliding`](super::Sliding).

use super::sliding::Aggregate;

/// Hands the aggregate of the window that ends at each place to `emit`, in the order of the series, from place
/// `period - 1` on; `value` gives the value at a place.
///
/// The blocks of `Sliding` in loops over slices: the aggregates of the older block from its end and those of the newer
/// one from its start do not wait for each other, and joining them is a loop without dependencies.
#[inline]
pub fn every_window<A: Aggregate<V>, V>(
    len: usize,
    period: usize,
    value: impl Fn(usize) -> V,
    mut emit: impl FnMut(usize, A),
) {
    let (mut newer, mut older) = (Vec::<A>::new(), Vec::<A>::new());
    for start in (0..len).step_by(period) {
        let filled = period.min(len - start);
        newer.clear();
        let mut aggregate = A::of(value(start));
        newer.push(aggregate);
        newer.extend((1..filled).map(|i| {
            aggregate = A::join(aggregate, i as f64, A::of(value(start + i)), 1.0);
            aggregate
        }));
        // The last place of a full block has its own aggregate; the others join the rest of the older block.
        if let Some(rest) = older.get(1..) {
            for (i, (&rest, &newer)) in rest.iter().zip(&newer).enumerate() {
                emit(start + i, A::join(rest, (period - 1 - i) as f64, newer, (i + 1) as f64));
            }
        }
        if filled < period {
            return;
        }
        emit(start + period - 1, aggregate);
        let mut suffix = A::of(value(start + period - 1));
        older.resize(period, suffix);
        older[period - 1] = suffix;
        for (i, slot) in older[..period - 1].iter_mut().enumerate().rev() {
            suffix = A::join(A::of(value(start + i)), 1.0, suffix, (period - 1 - i) as f64);
            *slot = suffix;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{MaxAt, Moments, Sliding, Sum};

    fn same<A: Aggregate, const N: usize>(bits: impl Fn(A) -> [f64; N]) {
        let values: Vec<f64> = (0..300).map(|i| if i == 77 { f64::NAN } else { (i as f64 * 0.7).sin() }).collect();
        for period in [1, 2, 3, 10, 299, 300, 301] {
            let mut sliding = Sliding::<A>::new(period);
            let expected: Vec<_> = values.iter().map(|&x| sliding.push(x)).collect();
            let mut got = vec![None; values.len()];
            every_window(values.len(), period, |i| values[i], |i, aggregate| got[i] = Some(aggregate));
            for (got, expected) in got.into_iter().zip(expected) {
                assert_eq!(got.is_some(), expected.is_some(), "period {period}");
                let (Some(got), Some(expected)) = (got, expected) else { continue };
                assert_eq!(bits(got).map(f64::to_bits), bits(expected).map(f64::to_bits), "period {period}");
            }
        }
    }

    #[test]
    fn has_the_bits_of_the_steps() {
        same(|Sum(sum)| [sum]);
        same(|Moments { sum, squares }| [sum, squares]);
        same(|MaxAt { value, ago }| [value, ago]);
    }
}
