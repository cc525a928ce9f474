//! A sample: points of a search space chosen by a sampler, numbered, and each computed from its number.

use std::collections::HashSet;

use super::latin_hypercube::LatinHypercube;
use super::law::{Drawn, Law};
use super::permutation::Permutation;
use super::random::Random;
use super::sobol::Sobol;
use super::stream::Stream;

/// Most points that a sample may have.
pub const MAX_POINTS: u64 = 1_000_000_000;

/// Sobol and Latin hypercube samples up to this size are looked through for repeated points.
pub const MAX_DISTINCT: u64 = 1_000_000;

/// How points are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampler {
    /// Independently.
    Random,
    /// By a scrambled Sobol sequence.
    Sobol,
    /// One point in each stratum of every axis.
    LatinHypercube,
}

impl Sampler {
    /// Name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Sampler::Random => "random",
            Sampler::Sobol => "sobol",
            Sampler::LatinHypercube => "latin_hypercube",
        }
    }
}

/// Points of the space that the laws of its axes span.
///
/// Point `i` depends on the sampler, the seed, the laws and `i` alone, and for a Latin hypercube on the number of points: any
/// slice is reproducible, and no point is stored.
///
/// Where all axes are discrete and have at most as many combinations as points are asked for, every sampler gives each
/// combination once, in a random order. Where they have more, a random sample is the beginning of that order, and Sobol and
/// Latin hypercube samples drop repeated points up to [`MAX_DISTINCT`] points and keep them beyond. With a continuous axis,
/// or with 2^64 combinations or more, nothing is looked for: a repeated point is as good as impossible.
#[derive(Debug, Clone)]
pub struct Sample {
    laws: Vec<Law>,
    source: Source,
    count: u64,
    /// The points that are left after dropping repeated ones, where there were any.
    kept: Option<Vec<u32>>,
}

#[derive(Debug, Clone)]
enum Source {
    /// The combinations of discrete axes in a random order.
    Order(Permutation),
    Random(Random),
    Sobol(Sobol),
    LatinHypercube(LatinHypercube),
}

impl Sample {
    /// `points` points; fewer, if the discrete axes have fewer combinations or combinations repeat.
    ///
    /// # Errors
    /// One sentence, if `points` is not from 1 to [`MAX_POINTS`], a discrete law has no value, or a Sobol sequence is asked
    /// for more than [`MAX_SOBOL_AXES`](super::MAX_SOBOL_AXES) axes.
    pub fn new(sampler: Sampler, seed: u64, points: u64, laws: Vec<Law>) -> Result<Sample, String> {
        if points == 0 || points > MAX_POINTS {
            return Err(format!("a sample has from 1 to {MAX_POINTS} points, got {points}"));
        }
        if laws.contains(&Law::Discrete(0)) {
            return Err("a discrete axis needs at least one value".to_owned());
        }
        let stream = Stream::new(seed).child(sampler as u64);
        let combinations = laws.iter().try_fold(1_u64, |product, law| product.checked_mul(law.count()?));
        if let Some(combinations) = combinations.filter(|&all| sampler == Sampler::Random || all <= points) {
            let source = Source::Order(Permutation::new(stream, combinations));
            return Ok(Sample { laws, source, count: combinations.min(points), kept: None });
        }
        let source = match sampler {
            Sampler::Random => Source::Random(Random::new(stream, laws.len())),
            Sampler::Sobol => Source::Sobol(Sobol::new(stream, laws.len())?),
            Sampler::LatinHypercube => Source::LatinHypercube(LatinHypercube::new(stream, points, laws.len())),
        };
        let mut sample = Sample { laws, source, count: points, kept: None };
        if combinations.is_some() && points <= MAX_DISTINCT {
            sample.drop_repeated();
        }
        Ok(sample)
    }

    /// Number of points.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The laws of the axes.
    pub fn laws(&self) -> &[Law] {
        &self.laws
    }

    /// The value of point `index` on every axis.
    ///
    /// # Panics
    /// If `index >= count()`.
    pub fn point(&self, index: u64) -> Vec<Drawn> {
        assert!(index < self.count, "point {index} of {}", self.count);
        let index = self.kept.as_ref().map_or(index, |kept| u64::from(kept[index as usize]));
        match &self.source {
            Source::Order(order) => self.combination(order.at(index)),
            Source::Random(random) => self.drawn(|axis| random.fraction(index, axis)),
            Source::Sobol(sobol) => self.drawn(|axis| sobol.fraction(index, axis)),
            Source::LatinHypercube(cube) => self.drawn(|axis| cube.fraction(index, axis)),
        }
    }

    fn drawn(&self, fraction: impl Fn(usize) -> u64) -> Vec<Drawn> {
        self.laws.iter().enumerate().map(|(axis, law)| law.draw(fraction(axis))).collect()
    }

    /// The combination with this number, the last axis fastest.
    fn combination(&self, number: u64) -> Vec<Drawn> {
        let mut rest = number;
        let mut values: Vec<Drawn> = self
            .laws
            .iter()
            .rev()
            .map(|law| {
                let count = law.count().unwrap_or(1);
                let position = rest % count;
                rest /= count;
                Drawn::Position(position)
            })
            .collect();
        values.reverse();
        values
    }

    /// The number of a combination of discrete axes.
    fn number(&self, values: &[Drawn]) -> u64 {
        self.laws.iter().zip(values).fold(0, |number, (law, value)| match value {
            Drawn::Position(position) => number * law.count().unwrap_or(1) + position,
            Drawn::Number(_) => number,
        })
    }

    fn drop_repeated(&mut self) {
        let mut seen = HashSet::new();
        let kept: Vec<u32> = (0..self.count)
            .filter(|&index| seen.insert(self.number(&self.point(index))))
            .map(|index| index as u32)
            .collect();
        if (kept.len() as u64) < self.count {
            self.count = kept.len() as u64;
            self.kept = Some(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sampler; 3] = [Sampler::Random, Sampler::Sobol, Sampler::LatinHypercube];

    fn points(sample: &Sample) -> Vec<Vec<Drawn>> {
        (0..sample.count()).map(|i| sample.point(i)).collect()
    }

    fn distinct(points: &[Vec<Drawn>]) -> usize {
        points.iter().map(|point| format!("{point:?}")).collect::<HashSet<_>>().len()
    }

    #[test]
    fn asking_for_all_combinations_gives_each_once() {
        for sampler in ALL {
            let sample =
                Sample::new(sampler, 1, 30, vec![Law::Discrete(4), Law::Discrete(1), Law::Discrete(6)]).unwrap();
            assert_eq!((sample.count(), distinct(&points(&sample))), (24, 24), "{sampler:?}");
        }
    }

    #[test]
    fn no_combination_of_discrete_axes_comes_twice() {
        for sampler in ALL {
            let sample = Sample::new(sampler, 1, 90, vec![Law::Discrete(10), Law::Discrete(10)]).unwrap();
            let found = points(&sample);
            assert_eq!(distinct(&found), found.len(), "{sampler:?}");
            match sampler {
                Sampler::Random => assert_eq!(found.len(), 90),
                _ => assert!((45..90).contains(&found.len()), "{sampler:?}: {}", found.len()),
            }
        }
    }

    #[test]
    fn a_random_sample_is_the_beginning_of_a_larger_one() {
        for laws in
            [vec![Law::Discrete(100), Law::Discrete(7)], vec![Law::Discrete(3), Law::uniform(0.0, 1.0).unwrap()]]
        {
            for sampler in [Sampler::Random, Sampler::Sobol] {
                let few = points(&Sample::new(sampler, 5, 20, laws.clone()).unwrap());
                let many = points(&Sample::new(sampler, 5, 200, laws.clone()).unwrap());
                assert_eq!(few, many[..few.len()], "{sampler:?}");
            }
        }
    }

    #[test]
    fn the_seed_chooses_the_points() {
        let laws = vec![Law::uniform(0.0, 1.0).unwrap(), Law::Discrete(1000)];
        for sampler in ALL {
            let sample = |seed| points(&Sample::new(sampler, seed, 50, laws.clone()).unwrap());
            assert_eq!(sample(1), sample(1));
            assert_ne!(sample(1), sample(2));
        }
    }

    #[test]
    fn a_latin_hypercube_balances_discrete_axes() {
        let laws = vec![Law::Discrete(5), Law::uniform(0.0, 1.0).unwrap()];
        let sample = Sample::new(Sampler::LatinHypercube, 3, 100, laws).unwrap();
        let mut counts = [0; 5];
        for point in points(&sample) {
            match point[0] {
                Drawn::Position(position) => counts[position as usize] += 1,
                Drawn::Number(_) => panic!("a number on a discrete axis"),
            }
        }
        assert_eq!(counts, [20; 5]);
    }

    #[test]
    fn ten_million_points_take_no_memory() {
        let laws = vec![Law::Discrete(1 << 40), Law::uniform(0.0, 1.0).unwrap()];
        for sampler in ALL {
            let sample = Sample::new(sampler, 1, MAX_POINTS, laws.clone()).unwrap();
            assert_eq!(sample.count(), MAX_POINTS);
            assert_ne!(sample.point(0), sample.point(MAX_POINTS - 1));
        }
    }

    #[test]
    fn spaces_of_more_than_64_bits_work() {
        for sampler in ALL {
            let sample = Sample::new(sampler, 1, 500, vec![Law::Discrete(1 << 40); 3]).unwrap();
            assert_eq!(distinct(&points(&sample)), 500);
        }
    }

    #[test]
    fn no_axis_is_one_point() {
        let sample = Sample::new(Sampler::Sobol, 0, 10, vec![]).unwrap();
        assert_eq!((sample.count(), sample.point(0)), (1, vec![]));
    }

    #[test]
    fn bad_samples_are_errors() {
        assert!(Sample::new(Sampler::Random, 0, 0, vec![]).is_err());
        assert!(Sample::new(Sampler::Random, 0, MAX_POINTS + 1, vec![]).is_err());
        assert!(Sample::new(Sampler::Random, 0, 1, vec![Law::Discrete(0)]).is_err());
        let wide = vec![Law::uniform(0.0, 1.0).unwrap(); 129];
        assert!(Sample::new(Sampler::Sobol, 0, 1, wide.clone()).is_err());
        assert!(Sample::new(Sampler::Random, 0, 1, wide).is_ok());
    }

    #[test]
    fn points_are_pinned() {
        // Other values would change every published sweep.
        let laws = vec![Law::Discrete(51), Law::uniform(1.0, 3.0).unwrap()];
        let pinned = |sampler| {
            let sample = Sample::new(sampler, 42, 8, laws.clone()).unwrap();
            points(&sample)
                .iter()
                .map(|point| match point[..] {
                    [Drawn::Position(position), Drawn::Number(number)] => (position, number),
                    _ => panic!("{point:?}"),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pinned(Sampler::Random)[..3],
            [(19, 1.0675094526665516), (46, 2.5467956374804532), (4, 2.126828648151009)]
        );
        assert_eq!(
            pinned(Sampler::Sobol)[..3],
            [(46, 2.831139709044029), (2, 1.0847586512491108), (20, 2.187883957508963)]
        );
        assert_eq!(
            pinned(Sampler::LatinHypercube)[..3],
            [(6, 2.8315100110359346), (18, 1.6035514964182902), (31, 1.4412241830385177)]
        );
    }
}
