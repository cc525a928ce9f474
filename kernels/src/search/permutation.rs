//! A random order of `0..size`, computed place by place.

use super::stream::Stream;

/// Rounds of the Feistel network. Four make a permutation that cannot be told from random (Luby, Rackoff 1988), where the
/// domain is large; twice that is the usual margin.
const ROUNDS: u64 = 8;

/// Rounds for domains of less than 2^16 values: a round moves few of their bits, and all orders are to be as likely.
const ROUNDS_OF_SMALL: u64 = 24;

/// A pseudo-random permutation of `0..size`. It holds a few words, whatever its size.
///
/// An alternating Feistel network shuffles the smallest power of two that holds the domain; a value that falls outside is
/// shuffled again until it is inside (cycle walking: Black, Rogaway, "Ciphers with arbitrary finite domains", 2002), which
/// takes less than two passes on average.
#[derive(Debug, Clone)]
pub struct Permutation {
    size: u64,
    left_bits: u32,
    right_bits: u32,
    rounds: Vec<Stream>,
}

impl Permutation {
    /// The permutation of `0..size` that a stream chooses.
    pub fn new(stream: Stream, size: u64) -> Permutation {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        let rounds = if bits < 16 { ROUNDS_OF_SMALL } else { ROUNDS };
        Permutation {
            size,
            left_bits: bits / 2,
            right_bits: bits - bits / 2,
            rounds: (0..rounds).map(|round| stream.child(round)).collect(),
        }
    }

    /// The value at a place.
    ///
    /// # Panics
    /// If `place` is not below the size.
    pub fn at(&self, place: u64) -> u64 {
        assert!(place < self.size, "place {place} of {}", self.size);
        let mut value = place;
        loop {
            value = self.shuffled(value);
            if value < self.size {
                return value;
            }
        }
    }

    fn shuffled(&self, value: u64) -> u64 {
        let (left_mask, right_mask) = ((1_u64 << self.left_bits) - 1, (1_u64 << self.right_bits) - 1);
        let (mut left, mut right) = (value >> self.right_bits, value & right_mask);
        for pair in self.rounds.chunks_exact(2) {
            right ^= pair[0].word(left) & right_mask;
            left ^= pair[1].word(right) & left_mask;
        }
        left << self.right_bits | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(seed: u64, size: u64) -> Vec<u64> {
        let permutation = Permutation::new(Stream::new(seed), size);
        (0..size).map(|place| permutation.at(place)).collect()
    }

    #[test]
    fn every_value_comes_once() {
        for size in (1..70).chain([127, 128, 129, 1000, 4096, 65_537]) {
            for seed in 0..5 {
                let mut values = order(seed, size);
                values.sort_unstable();
                assert!(values.into_iter().eq(0..size), "seed {seed}, size {size}");
            }
        }
    }

    #[test]
    fn every_order_of_few_values_is_as_likely() {
        for (size, orders) in [(2, 2), (3, 6), (4, 24), (5, 120)] {
            let mut counts = std::collections::HashMap::new();
            let seeds = 1000 * orders;
            (0..seeds).for_each(|seed| *counts.entry(order(seed, size)).or_insert(0_u64) += 1);
            assert_eq!(counts.len() as u64, orders);
            let chi: f64 = counts.values().map(|&n| (n as f64 - 1000.0).powi(2) / 1000.0).sum();
            let freedom = orders as f64 - 1.0;
            // Six standard deviations of a chi-square variable above its mean.
            assert!(chi < freedom + 6.0 * (2.0 * freedom).sqrt(), "size {size}: {chi}");
        }
    }

    #[test]
    fn the_largest_domain_works() {
        let permutation = Permutation::new(Stream::new(1), u64::MAX);
        assert_ne!(permutation.at(0), permutation.at(u64::MAX - 1));
        assert_eq!(Permutation::new(Stream::new(1), 1).at(0), 0);
    }

    #[test]
    fn the_order_is_pinned() {
        // Other values would change every published sweep.
        assert_eq!(order(7, 10), [0, 2, 4, 8, 7, 9, 1, 5, 6, 3]);
    }
}
