//! Conditions per bar, one bit each.
//!
//! Bit `i` of a series is bit `i % 64` of word `i / 64`, as in Arrow, so that a column of conditions crosses over without
//! a copy. Bits beyond the length are zero.

/// A series of conditions, owned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// `len` conditions that are false.
    pub fn zeros(len: usize) -> Self {
        Bits { words: vec![0; len.div_ceil(64)], len }
    }

    /// Takes over words; bits beyond `len` are cleared.
    ///
    /// # Panics
    /// If there are not exactly as many words as `len` needs.
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Self {
        assert_eq!(words.len(), len.div_ceil(64), "one word per 64 conditions");
        if let Some(last) = words.last_mut()
            && !len.is_multiple_of(64)
        {
            *last &= (1 << (len % 64)) - 1;
        }
        Bits { words, len }
    }

    /// The conditions of a slice.
    pub fn from_bools(values: &[bool]) -> Self {
        Bits::from_fn(values.len(), |i| values[i])
    }

    /// The conditions `holds(0) .. holds(len - 1)`.
    #[inline]
    pub fn from_fn(len: usize, holds: impl Fn(usize) -> bool) -> Self {
        let mut words = Vec::with_capacity(len.div_ceil(64));
        for start in (0..len).step_by(64) {
            let mut word = 0;
            for i in start..len.min(start + 64) {
                word |= u64::from(holds(i)) << (i - start);
            }
            words.push(word);
        }
        Bits { words, len }
    }

    /// Number of conditions.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words, without a copy.
    pub fn into_words(self) -> Vec<u64> {
        self.words
    }

    /// Makes condition `i` true.
    ///
    /// # Panics
    /// If `i` is not below the length.
    pub fn set(&mut self, i: usize) {
        assert!(i < self.len, "condition {i} of {}", self.len);
        self.words[i / 64] |= 1 << (i % 64);
    }

    /// All of them, to read.
    pub fn as_slice(&self) -> BitSlice<'_> {
        BitSlice { words: &self.words, len: self.len }
    }

    /// The first `len` of them, to read.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn prefix(&self, len: usize) -> BitSlice<'_> {
        assert!(len <= self.len, "{len} conditions of {}", self.len);
        BitSlice { words: &self.words, len }
    }
}

/// The beginning of a series of conditions, to read.
#[derive(Debug, Clone, Copy)]
pub struct BitSlice<'a> {
    words: &'a [u64],
    len: usize,
}

impl<'a> BitSlice<'a> {
    /// The words, at least as many as the length needs; bits beyond the length mean nothing.
    pub fn words(&self) -> &'a [u64] {
        self.words
    }

    /// Number of conditions.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Condition `i`.
    ///
    /// # Panics
    /// If `i` is not below the length.
    #[inline]
    pub fn at(&self, i: usize) -> bool {
        assert!(i < self.len, "condition {i} of {}", self.len);
        self.words[i / 64] >> (i % 64) & 1 == 1
    }

    /// The first true condition in `from .. end`, or `end`. Looks at 64 conditions at a time.
    ///
    /// # Panics
    /// If `end` is beyond the length.
    #[inline]
    pub fn first(&self, from: usize, end: usize) -> usize {
        assert!(end <= self.len, "conditions up to {end} of {}", self.len);
        first_bit(from, end, |i| self.words[i])
    }
}

/// The first place in `from .. end` where either series is true, or `end`.
///
/// # Panics
/// If `end` is beyond the length of one of them.
#[inline]
pub fn first_of_two(a: BitSlice, b: BitSlice, from: usize, end: usize) -> usize {
    assert!(end <= a.len && end <= b.len, "conditions up to {end} of {} and {}", a.len, b.len);
    first_bit(from, end, |i| a.words[i] | b.words[i])
}

#[inline(always)]
fn first_bit(from: usize, end: usize, word: impl Fn(usize) -> u64) -> usize {
    if from >= end {
        return end;
    }
    let mut i = from / 64;
    let mut rest = word(i) & (u64::MAX << (from % 64));
    while rest == 0 {
        i += 1;
        if 64 * i >= end {
            return end;
        }
        rest = word(i);
    }
    (64 * i + rest.trailing_zeros() as usize).min(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(len: usize) -> Vec<bool> {
        (0..len).map(|i| (i * i + i / 7) % 11 == 3).collect()
    }

    #[test]
    fn every_prefix_reads_what_was_written() {
        let values = pattern(300);
        let bits = Bits::from_bools(&values);
        for len in [0, 1, 63, 64, 65, 129, 300] {
            let prefix = bits.prefix(len);
            assert_eq!(prefix.len(), len);
            assert!((0..len).all(|i| prefix.at(i) == values[i]));
            for from in 0..=len {
                for to in [from, len.min(from + 70), len] {
                    let expected = (from..to).find(|&i| values[i]).unwrap_or(to);
                    assert_eq!(prefix.first(from, to), expected, "{len} from {from} to {to}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_two_is_the_earlier_one() {
        let (a, b) = (pattern(200), (0..200).map(|i| i % 90 == 89).collect::<Vec<_>>());
        let (bits_a, bits_b) = (Bits::from_bools(&a), Bits::from_bools(&b));
        for from in 0..200 {
            let expected = (from..200).find(|&i| a[i] || b[i]).unwrap_or(200);
            assert_eq!(first_of_two(bits_a.as_slice(), bits_b.as_slice(), from, 200), expected);
        }
    }

    #[test]
    fn words_beyond_the_length_are_cleared() {
        let bits = Bits::from_words(vec![u64::MAX, u64::MAX], 70);
        assert_eq!(bits.words()[1], 63);
        let mut one = Bits::zeros(65);
        one.set(64);
        assert_eq!((one.as_slice().first(0, 65), one.words()[1]), (64, 1));
    }
}
