//! Sobol points: a sequence whose points fill the space evenly, scrambled by a seed.

use super::sobol_numbers::NUMBERS;
use super::stream::Stream;

/// Most axes.
pub const MAX_SOBOL_AXES: usize = NUMBERS.len() + 1;

/// Bits of a coordinate that the sequence determines; the bits below are random.
const BITS: usize = 32;

/// Levels of the scrambling tree whose flips one random word holds: a subtree of six levels has 63 nodes.
const LEVELS: usize = 6;

/// The Sobol sequence with Owen's scrambling.
///
/// Directions by Joe and Kuo, in the Gray code order of Antonov and Saleev. The scrambling is nested and uniform (Owen,
/// "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): a bit of a coordinate is flipped or not by a random bit of
/// its own for each value of the bits above it, here a hash of these. It keeps every elementary interval of the sequence as
/// full as it was, makes every point uniform, and the error of an average over smooth functions falls faster than without.
#[derive(Debug, Clone)]
pub struct Sobol {
    axes: Vec<Axis>,
}

#[derive(Debug, Clone)]
struct Axis {
    directions: [u32; BITS],
    flips: Stream,
    tail: Stream,
}

impl Sobol {
    /// A scrambled sequence over `axes` axes.
    ///
    /// # Errors
    /// One sentence, if there are more than [`MAX_SOBOL_AXES`] axes.
    pub fn new(seed: Stream, axes: usize) -> Result<Sobol, String> {
        if axes > MAX_SOBOL_AXES {
            return Err(format!(
                "a Sobol sequence has at most {MAX_SOBOL_AXES} axes, got {axes}; random and Latin hypercube samples have \
                 no limit"
            ));
        }
        let axis = |axis: usize| {
            let stream = seed.child(axis as u64);
            Axis { directions: directions(axis), flips: stream.child(0), tail: stream.child(1) }
        };
        Ok(Sobol { axes: (0..axes).map(axis).collect() })
    }

    /// The coordinate of point `index` on an axis, as a fraction of 2^64; indices repeat after 2^32.
    pub fn fraction(&self, index: u64, axis: usize) -> u64 {
        let axis = &self.axes[axis];
        let scrambled = scrambled(axis.plain(index as u32), axis.flips);
        u64::from(scrambled) << BITS | axis.tail.word(index) >> BITS
    }
}

impl Axis {
    /// The coordinate before scrambling, as a fraction of 2^32.
    fn plain(&self, index: u32) -> u32 {
        let mut gray = index ^ (index >> 1);
        let mut coordinate = 0;
        while gray != 0 {
            coordinate ^= self.directions[gray.trailing_zeros() as usize];
            gray &= gray - 1;
        }
        coordinate
    }
}

/// The direction numbers `v_k = m_k / 2^k` of an axis, as fractions of 2^32.
///
/// With a polynomial `x^s + a_1 x^(s-1) + ... + a_(s-1) x + 1`, every number from the one after the first `s` on is
/// `v_k = a_1 v_(k-1) + ... + a_(s-1) v_(k-s+1) + v_(k-s) + v_(k-s) / 2^s`, sums without carry.
fn directions(axis: usize) -> [u32; BITS] {
    let mut v = [0_u32; BITS];
    let Some(before) = axis.checked_sub(1) else {
        return std::array::from_fn(|k| 1 << (BITS - 1 - k));
    };
    let (polynomial, first) = NUMBERS[before];
    let degree = first.len();
    for k in 0..BITS {
        v[k] = match k.checked_sub(degree) {
            None => u32::from(first[k]) << (BITS - 1 - k),
            Some(oldest) => {
                let terms = (1..degree).filter(|back| polynomial >> (degree - back) & 1 == 1);
                terms.fold(v[oldest] ^ (v[oldest] >> degree), |sum, back| sum ^ v[k - back])
            }
        };
    }
    v
}

/// The coordinate with each bit flipped or not, as the bits above it say.
fn scrambled(coordinate: u32, flips: Stream) -> u32 {
    let bit_at = |level: usize| u64::from(coordinate >> (BITS - 1 - level) & 1);
    let mut mask = 0;
    for top in (0..BITS).step_by(LEVELS) {
        // The bits above name the node of the tree; the leading 1 tells levels apart.
        let above = u64::from(coordinate) >> (BITS - top);
        let word = flips.word(1 << top | above);
        let mut node = 1;
        for level in top..(top + LEVELS).min(BITS) {
            mask |= ((word >> node & 1) as u32) << (BITS - 1 - level);
            node = node << 1 | bit_at(level);
        }
    }
    coordinate ^ mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(index: u32, axis: usize) -> f64 {
        let axis = Axis { directions: directions(axis), flips: Stream::new(0), tail: Stream::new(0) };
        f64::from(axis.plain(index)) / 2.0_f64.powi(32)
    }

    #[test]
    fn unscrambled_points_are_the_published_ones() {
        // The first points of the sequence as Joe and Kuo print them.
        let expected = [
            [0.0, 0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25],
            [0.25, 0.75, 0.75, 0.75],
            [0.375, 0.375, 0.625, 0.875],
            [0.875, 0.875, 0.125, 0.375],
            [0.625, 0.125, 0.875, 0.625],
            [0.125, 0.625, 0.375, 0.125],
        ];
        for (index, point) in expected.iter().enumerate() {
            for (axis, value) in point.iter().enumerate() {
                assert_eq!(plain(index as u32, axis), *value, "point {index}, axis {axis}");
            }
        }
    }

    #[test]
    fn late_points_of_late_axes_agree_with_scipy() {
        // scipy.stats.qmc.Sobol(128, scramble=False, bits=32), rows 1000003 and 2^30 - 1, axes 1, 2, 31, 64, 127.
        let rows: [(u32, [u32; 5]); 2] = [
            (1_000_003, [2_413_424_640, 334_991_360, 1_251_569_664, 1_062_604_800, 1_969_033_216]),
            ((1 << 30) - 1, [3_435_973_836, 1_543_543_964, 3_624_829_132, 325_933_588, 3_422_426_740]),
        ];
        for (index, row) in rows {
            let own = [1, 2, 31, 64, 127].map(|axis| {
                let axis = Axis { directions: directions(axis), flips: Stream::new(0), tail: Stream::new(0) };
                axis.plain(index)
            });
            assert_eq!(own, row, "point {index}");
        }
    }

    #[test]
    fn every_elementary_interval_of_two_axes_holds_one_point() {
        for seed in 0..4 {
            let sobol = Sobol::new(Stream::new(seed), 2).unwrap();
            for m in [1, 4, 9] {
                // Any block of 2^m points that starts at a multiple of 2^m, not only the first.
                for block in [0_u64, 3] {
                    let points: Vec<[u64; 2]> =
                        (block << m..(block + 1) << m).map(|i| [sobol.fraction(i, 0), sobol.fraction(i, 1)]).collect();
                    for wide in 0..=m {
                        let high = |fraction: u64, bits: u32| u128::from(fraction) >> (64 - bits);
                        let mut cells: Vec<u128> =
                            points.iter().map(|[x, y]| high(*x, wide) << (m - wide) | high(*y, m - wide)).collect();
                        cells.sort_unstable();
                        assert!(cells.into_iter().eq(0..1 << m), "seed {seed}, m {m}, block {block}, split {wide}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_axis_is_stratified() {
        let sobol = Sobol::new(Stream::new(9), MAX_SOBOL_AXES).unwrap();
        for axis in 0..MAX_SOBOL_AXES {
            let mut strata: Vec<u64> = (0..1024).map(|i| sobol.fraction(i, axis) >> 54).collect();
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..1024), "axis {axis}");
        }
    }

    #[test]
    fn over_all_seeds_a_point_is_uniform() {
        let mut cells = [0_u32; 64];
        for seed in 0..64 * 500 {
            let sobol = Sobol::new(Stream::new(seed), 2).unwrap();
            cells[(sobol.fraction(0, 1) >> 58) as usize] += 1;
        }
        let chi: f64 = cells.iter().map(|&n| (f64::from(n) - 500.0).powi(2) / 500.0).sum();
        // 63 degrees of freedom: mean 63, standard deviation 11.2; six of them.
        assert!(chi < 131.0, "{chi}");
    }

    #[test]
    fn an_average_converges_faster_than_a_random_one() {
        // The integral of x * y over the unit square is 1/4; a random average of 4096 points errs by 0.0034.
        let sobol = Sobol::new(Stream::new(2), 2).unwrap();
        let unit = |fraction: u64| fraction as f64 / 2.0_f64.powi(64);
        let mean = (0..4096).map(|i| unit(sobol.fraction(i, 0)) * unit(sobol.fraction(i, 1))).sum::<f64>() / 4096.0;
        assert!((mean - 0.25).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn too_many_axes_are_an_error() {
        assert!(Sobol::new(Stream::new(0), 128).is_ok());
        assert!(Sobol::new(Stream::new(0), 129).unwrap_err().contains("at most 128 axes, got 129"));
    }
}
