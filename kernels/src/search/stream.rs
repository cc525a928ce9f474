//! Random bits from a seed and a counter: the generator SplitMix64, read at any place.

/// An endless sequence of random 64-bit words of which any one is computed on its own, so that nothing is stored and the
/// words of one place never depend on which others were asked for.
///
/// The words are those of SplitMix64 from the state `key`: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014, with the multipliers of its reference implementation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

/// Distance between the states of neighbouring words, 2^64 over the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Stream {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Stream {
        Stream { key: seed }
    }

    /// Another stream, told apart from its siblings by `id`; its key is word `id` of this one.
    pub fn child(self, id: u64) -> Stream {
        Stream { key: self.word(id) }
    }

    /// Word `index`.
    pub fn word(self, index: u64) -> u64 {
        let mut z = self.key.wrapping_add(index.wrapping_add(1).wrapping_mul(STEP));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_splitmix64() {
        // The first outputs of the reference implementation for the seed 1234567.
        let words: Vec<u64> = (0..5).map(|i| Stream::new(1_234_567).word(i)).collect();
        assert_eq!(
            words,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn children_differ() {
        let root = Stream::new(0);
        assert_ne!(root.child(0).word(0), root.child(1).word(0));
        assert_ne!(root.child(0).word(0), Stream::new(1).child(0).word(0));
    }
}
