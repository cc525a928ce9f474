//! Where a price lies in the range of the last bars.

use super::aggregate::{Max, Min};
use super::bar::is_negligible;
use super::sliding::Sliding;

/// Place of a price between the lowest low and the highest high of `period` bars.
#[derive(Debug, Clone)]
pub struct Place {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
}

impl Place {
    /// The range of `period` bars.
    pub fn new(period: usize) -> Self {
        Place { highest: Sliding::new(period), lowest: Sliding::new(period) }
    }

    /// Takes the next bar; 0 at the lowest low, 100 at the highest high and 0 where the two are equal. `NaN` before
    /// `period` bars and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, high: f64, low: f64, price: f64) -> f64 {
        self.step_or(high, low, price, 0.0)
    }

    /// As [`Place::step`], with another value where the highest high and the lowest low are equal.
    #[inline]
    pub fn step_or(&mut self, high: f64, low: f64, price: f64, flat_value: f64) -> f64 {
        match (self.highest.push(high), self.lowest.push(low)) {
            (Some(Max(high)), Some(Min(low))) => {
                let range = high - low;
                let flat = is_negligible(range, high.abs() + low.abs());
                if flat && !price.is_nan() { flat_value } else { 100.0 * ((price - low) / range) }
            }
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_percent() {
        let mut place = Place::new(2);
        assert!(place.step(2.0, 0.0, 1.0).is_nan());
        assert_eq!(place.step(4.0, 1.0, 3.0), 75.0);
        assert_eq!((place.step(4.0, 4.0, 4.0), place.step(4.0, 4.0, 4.0)), (100.0, 0.0));
        assert!(place.step(f64::NAN, 4.0, 4.0).is_nan());
    }
}
