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
        BitSlice { words: &self.words, start: 0, len: self.len }
    }

    /// The conditions `range`, to read.
    ///
    /// # Panics
    /// If the range is not within the length.
    pub fn slice(&self, range: std::ops::Range<usize>) -> BitSlice<'_> {
        self.as_slice().slice(range)
    }
}

/// A part of a series of conditions, to read.
#[derive(Debug, Clone, Copy)]
pub struct BitSlice<'a> {
    words: &'a [u64],
    start: usize,
    len: usize,
}

impl<'a> BitSlice<'a> {
    /// The conditions `range` of this part.
    ///
    /// # Panics
    /// If the range is not within the length.
    pub fn slice(self, range: std::ops::Range<usize>) -> BitSlice<'a> {
        assert!(range.start <= range.end && range.end <= self.len, "conditions {range:?} of {}", self.len);
        BitSlice { words: self.words, start: self.start + range.start, len: range.len() }
    }

    /// Number of conditions.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of conditions that are true.
    pub fn count(&self) -> usize {
        (0..self.len.div_ceil(64)).map(|i| self.word(i).count_ones() as usize).sum()
    }

    /// Condition `i`.
    ///
    /// # Panics
    /// If `i` is not below the length.
    #[inline]
    pub fn at(&self, i: usize) -> bool {
        assert!(i < self.len, "condition {i} of {}", self.len);
        let bit = self.start + i;
        self.words[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The conditions `64 * i ..` as a word; zero beyond the length.
    #[inline]
    pub fn word(&self, i: usize) -> u64 {
        let Some(left) = self.len.checked_sub(64 * i).filter(|left| *left > 0) else { return 0 };
        let bit = self.start + 64 * i;
        let (at, shift) = (bit / 64, bit % 64);
        let mut word = self.words[at] >> shift;
        if shift > 0 && shift + left > 64 {
            word |= self.words[at + 1] << (64 - shift);
        }
        if left < 64 { word & ((1 << left) - 1) } else { word }
    }

    /// The first true condition in `from .. end`, or `end`. Looks at 64 conditions at a time.
    ///
    /// # Panics
    /// If `end` is beyond the length.
    #[inline]
    pub fn first(&self, from: usize, end: usize) -> usize {
        first_of(*self, None, from, end)
    }
}

/// The first place in `from .. end` where either series is true, or `end`.
///
/// # Panics
/// If `end` is beyond the length of one of them.
#[inline]
pub fn first_of(a: BitSlice, b: Option<BitSlice>, from: usize, end: usize) -> usize {
    assert!(end <= a.len && b.is_none_or(|b| end <= b.len), "conditions up to {end}");
    if from >= end {
        return end;
    }
    let word = |i: usize| a.word(i) | b.map_or(0, |b| b.word(i));
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
    fn every_slice_reads_what_was_written() {
        let values = pattern(300);
        let bits = Bits::from_bools(&values);
        for (start, end) in [(0, 300), (1, 300), (63, 200), (64, 129), (65, 66), (299, 300), (100, 100)] {
            let slice = bits.slice(start..end);
            assert_eq!(slice.len(), end - start);
            assert_eq!(slice.count(), values[start..end].iter().filter(|v| **v).count());
            for i in 0..slice.len() {
                assert_eq!(slice.at(i), values[start + i]);
            }
            for from in 0..=slice.len() {
                for to in [from, slice.len().min(from + 70), slice.len()] {
                    let expected = (from..to).find(|&i| values[start + i]).unwrap_or(to);
                    assert_eq!(slice.first(from, to), expected, "{start}..{end} from {from} to {to}");
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
            assert_eq!(first_of(bits_a.as_slice(), Some(bits_b.as_slice()), from, 200), expected);
        }
    }

    #[test]
    fn words_beyond_the_length_are_cleared() {
        let bits = Bits::from_words(vec![u64::MAX, u64::MAX], 70);
        assert_eq!(bits.as_slice().count(), 70);
        assert_eq!(bits.words()[1], 63);
        let mut one = Bits::zeros(65);
        one.set(64);
        assert_eq!((one.as_slice().first(0, 65), one.as_slice().word(1), one.as_slice().word(9)), (64, 1, 0));
    }
}
