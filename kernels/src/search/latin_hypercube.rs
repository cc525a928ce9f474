//! Latin hypercube points: every axis cut into as many strata as there are points, one point in each.

use super::permutation::Permutation;
use super::stream::Stream;

/// McKay, Beckman, Conover, "A comparison of three methods for selecting values of input variables in the analysis of output
/// from a computer code", Technometrics 21 (1979): on every axis stratum `k` of `n` holds exactly one point, at a random
/// place inside it, and the strata of different axes are paired at random.
#[derive(Debug, Clone)]
pub struct LatinHypercube {
    points: u64,
    axes: Vec<Axis>,
}

#[derive(Debug, Clone)]
struct Axis {
    strata: Permutation,
    inside: Stream,
}

impl LatinHypercube {
    /// `points` points over `axes` axes. Unlike with the other samplers, fewer points are not the first of more.
    pub fn new(seed: Stream, points: u64, axes: usize) -> LatinHypercube {
        let axis = |axis: u64| {
            let stream = seed.child(axis);
            Axis { strata: Permutation::new(stream.child(0), points), inside: stream.child(1) }
        };
        LatinHypercube { points, axes: (0..axes as u64).map(axis).collect() }
    }

    /// The coordinate of point `index` on an axis, as a fraction of 2^64.
    ///
    /// # Panics
    /// If `index` is not below the number of points.
    pub fn fraction(&self, index: u64, axis: usize) -> u64 {
        let axis = &self.axes[axis];
        let stratum = u128::from(axis.strata.at(index));
        // The first fraction that is in a stratum; rounding up keeps `fraction * points / 2^64` on the right side.
        let first = |stratum: u128| (stratum << 64).div_ceil(u128::from(self.points));
        let (from, to) = (first(stratum), first(stratum + 1));
        (from + ((u128::from(axis.inside.word(index)) * (to - from)) >> 64)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_of_every_axis_holds_one_point() {
        for points in [1, 2, 3, 7, 10, 64, 1000, 4097] {
            let sampler = LatinHypercube::new(Stream::new(points), points, 3);
            for axis in 0..3 {
                let mut strata: Vec<u64> = (0..points)
                    .map(|i| ((u128::from(sampler.fraction(i, axis)) * u128::from(points)) >> 64) as u64)
                    .collect();
                strata.sort_unstable();
                assert!(strata.into_iter().eq(0..points), "{points} points, axis {axis}");
            }
        }
    }

    #[test]
    fn places_inside_the_strata_are_uniform() {
        let points = 16 * 1024;
        let sampler = LatinHypercube::new(Stream::new(1), points, 1);
        let mut cells = [0_u32; 16];
        for i in 0..points {
            // The part of the coordinate below the stratum: its highest four bits.
            cells[(sampler.fraction(i, 0).wrapping_mul(points) >> 60) as usize] += 1;
        }
        let chi: f64 = cells.iter().map(|&n| (f64::from(n) - 1024.0).powi(2) / 1024.0).sum();
        // 15 degrees of freedom: mean 15, standard deviation 5.5; six of them.
        assert!(chi < 48.0, "{chi}");
    }

    #[test]
    fn axes_are_paired_at_random() {
        let points = 4096;
        let sampler = LatinHypercube::new(Stream::new(5), points, 2);
        let half = 2.0_f64.powi(63);
        let centred = |i, axis| sampler.fraction(i, axis) as f64 / half - 1.0;
        let correlation = (0..points).map(|i| centred(i, 0) * centred(i, 1)).sum::<f64>() / points as f64 * 3.0;
        // Its standard deviation is 1 / sqrt(4096); six of them.
        assert!(correlation.abs() < 6.0 / 64.0, "{correlation}");
    }
}
