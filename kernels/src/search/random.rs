//! Random points: every axis drawn on its own.

use super::stream::Stream;

/// Independent random fractions, one stream per axis.
#[derive(Debug, Clone)]
pub struct Random {
    axes: Vec<Stream>,
}

impl Random {
    /// A sampler over `axes` axes.
    pub fn new(seed: Stream, axes: usize) -> Random {
        Random { axes: (0..axes as u64).map(|axis| seed.child(axis)).collect() }
    }

    /// The coordinate of point `index` on an axis, as a fraction of 2^64.
    pub fn fraction(&self, index: u64, axis: usize) -> u64 {
        self.axes[axis].word(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_uniform_and_independent() {
        let random = Random::new(Stream::new(3), 2);
        let mut cells = [0_u32; 256];
        let points = 256 * 400;
        for i in 0..points {
            let (x, y) = (random.fraction(i, 0) >> 60, random.fraction(i, 1) >> 60);
            cells[(x * 16 + y) as usize] += 1;
        }
        let chi: f64 = cells.iter().map(|&n| (f64::from(n) - 400.0).powi(2) / 400.0).sum();
        // 255 degrees of freedom: mean 255, standard deviation 22.6; six of them on either side.
        assert!((119.0..391.0).contains(&chi), "{chi}");
    }
}
