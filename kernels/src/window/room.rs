//! Memory for results.

/// Bars that are worked on at a time, so that they stay in the nearest cache. A copy of more of them is one that the C library
/// leaves to the processor, which is slow where the ends of a copy are not aligned.
pub const PIECE: usize = 256;

/// The same for one column that is worked on in blocks, which begin anew with every piece.
pub const LONG_PIECE: usize = 2 * PIECE;

/// Empties a column and gives it room for `len` values, which [`next_places`] hands out.
pub fn make_room(out: &mut Vec<f64>, len: usize) {
    out.clear();
    if out.capacity() < len {
        // The values that it held need not be moved.
        *out = Vec::with_capacity(len);
    }
}

/// Places that are cleared at once.
const PORTION: usize = 128;

/// The next `len` places of a column; what they hold is to be overwritten.
///
/// A long column should be asked for in pieces: its places are cleared before they are handed out, which costs little as
/// long as they stay in the nearest cache until they are written.
#[inline(always)]
pub fn next_places(out: &mut Vec<f64>, len: usize) -> &mut [f64] {
    let before = out.len();
    // In small portions: the C library clears long ones past the nearest cache.
    for at in (0..len).step_by(PORTION) {
        out.resize(before + len.min(at + PORTION), 0.0);
    }
    &mut out[before..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_each_other() {
        let mut column = vec![1.0; 3];
        for len in [5, 2, 4, 0, 9] {
            make_room(&mut column, len);
            assert!(column.is_empty() && column.capacity() >= len);
            next_places(&mut column, len / 2).fill(7.0);
            next_places(&mut column, len - len / 2).fill(8.0);
            assert_eq!((column.len(), column.iter().filter(|x| **x == 7.0).count()), (len, len / 2));
        }
    }
}
