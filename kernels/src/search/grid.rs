//! The grid: every combination of the values of several axes, numbered.

/// Combinations of `lengths[0] * lengths[1] * ...` axis values in mixed-radix order: the last axis moves fastest.
///
/// A grid is a number and a rule, never a list: its memory does not grow with its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    lengths: Vec<usize>,
    count: u64,
}

impl Grid {
    /// A grid over axes of these lengths. No axis gives the one empty combination, an empty axis gives none.
    ///
    /// # Errors
    /// One sentence, if the number of combinations does not fit into 64 bits.
    pub fn new(lengths: Vec<usize>) -> Result<Grid, String> {
        if lengths.contains(&0) {
            return Ok(Grid { lengths, count: 0 });
        }
        let count = lengths.iter().try_fold(1_u64, |count, &length| count.checked_mul(length as u64));
        match count {
            Some(count) => Ok(Grid { lengths, count }),
            None => Err(format!("the grid has more than {} combinations", u64::MAX)),
        }
    }

    /// Number of combinations.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Length of every axis.
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// The position on every axis of combination `index`.
    ///
    /// # Panics
    /// If `index >= count()`.
    pub fn point(&self, index: u64) -> Vec<usize> {
        let mut position = vec![0; self.lengths.len()];
        self.point_into(index, &mut position);
        position
    }

    /// As [`Grid::point`], into a slice with one place per axis.
    ///
    /// # Panics
    /// If `index >= count()` or the slice has another length.
    pub fn point_into(&self, index: u64, position: &mut [usize]) {
        assert!(index < self.count, "combination {index} of {}", self.count);
        assert_eq!(position.len(), self.lengths.len(), "one place per axis");
        let mut rest = index;
        for (place, &length) in position.iter_mut().zip(&self.lengths).rev() {
            *place = (rest % length as u64) as usize;
            rest /= length as u64;
        }
    }

    /// The number of the combination at a position: the inverse of [`Grid::point`]; `None` if it is outside the grid.
    pub fn index(&self, position: &[usize]) -> Option<u64> {
        if position.len() != self.lengths.len() || position.iter().zip(&self.lengths).any(|(p, length)| p >= length) {
            return None;
        }
        // No overflow: the index of a point inside the grid is below `count`.
        Some(position.iter().zip(&self.lengths).fold(0, |index, (&p, &length)| index * length as u64 + p as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_axis_moves_fastest() {
        let grid = Grid::new(vec![2, 3]).unwrap();
        let points: Vec<_> = (0..grid.count()).map(|i| grid.point(i)).collect();
        assert_eq!(points, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
    }

    #[test]
    fn no_axis_is_one_point_and_an_empty_axis_is_none() {
        assert_eq!(Grid::new(vec![]).unwrap().count(), 1);
        assert_eq!(Grid::new(vec![]).unwrap().point(0), Vec::<usize>::new());
        assert_eq!(Grid::new(vec![usize::MAX, usize::MAX, 0]).unwrap().count(), 0);
    }

    #[test]
    fn too_large_a_grid_is_an_error() {
        assert!(Grid::new(vec![1 << 32, 1 << 31]).is_ok());
        assert!(Grid::new(vec![1 << 32, 1 << 32]).is_err());
    }

    #[test]
    fn index_is_the_inverse_of_point() {
        let grid = Grid::new(vec![3, 1, 4, 5]).unwrap();
        for i in 0..grid.count() {
            assert_eq!(grid.index(&grid.point(i)), Some(i));
        }
        assert_eq!(grid.index(&[3, 0, 0, 0]), None);
        assert_eq!(grid.index(&[0, 0, 0]), None);
    }

    #[test]
    #[should_panic(expected = "combination 6 of 6")]
    fn a_point_outside_panics() {
        Grid::new(vec![2, 3]).unwrap().point(6);
    }
}
