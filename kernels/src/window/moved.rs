//! By how much a price rose or fell.

/// Rise and fall from one value to the next.
#[derive(Debug, Clone)]
pub struct Moved(f64);

impl Default for Moved {
    fn default() -> Self {
        Moved(f64::NAN)
    }
}

impl Moved {
    /// Takes the next value and gives its rise and its fall from the one before, one of them zero; `None` for the first
    /// one. A `NaN` gives `None` and changes nothing.
    #[inline(always)]
    pub fn of(&mut self, x: f64) -> Option<[f64; 2]> {
        if x.is_nan() {
            return None;
        }
        let change = x - std::mem::replace(&mut self.0, x);
        (!change.is_nan()).then(|| parts(change))
    }

    /// The rises and falls of values after the first one, all of them finite.
    #[inline(always)]
    pub fn run(&mut self, x: &[f64], rises: &mut [f64], falls: &mut [f64]) {
        let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return };
        [rises[0], falls[0]] = parts(first - self.0);
        self.0 = last;
        for ((rise, fall), pair) in rises[1..].iter_mut().zip(&mut falls[1..]).zip(x.windows(2)) {
            [*rise, *fall] = parts(pair[1] - pair[0]);
        }
    }
}

#[inline(always)]
fn parts(change: f64) -> [f64; 2] {
    [if change > 0.0 { change } else { 0.0 }, if change < 0.0 { -change } else { 0.0 }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_has_not_moved() {
        let mut moved = Moved::default();
        assert!(moved.of(f64::NAN).is_none() && moved.of(2.0).is_none());
        assert_eq!([5.0, 1.0, 1.0].map(|x| moved.of(x).unwrap()), [[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]);
        let (mut rises, mut falls) = ([7.0; 2], [7.0; 2]);
        moved.run(&[4.0, 2.0], &mut rises, &mut falls);
        assert_eq!((rises, falls), ([3.0, 0.0], [0.0, 2.0]));
    }
}
