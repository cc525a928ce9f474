//! Ehlers' adaptive moving averages (MESA and Mama, 2001).

use super::hilbert::{Homodyne, Start};

/// An average whose weight follows the speed at which the phase of the price turns, and a slower one that follows it.
#[derive(Debug, Clone)]
pub struct Mama {
    homodyne: Homodyne,
    fast_limit: f64,
    slow_limit: f64,
    phase: f64,
    mama: f64,
    fama: f64,
}

impl Mama {
    /// Bars before the first value.
    pub const LOOKBACK: usize = Start::EARLY.lookback;

    /// Weights from `slow_limit` to `fast_limit`.
    pub fn new(fast_limit: f64, slow_limit: f64) -> Self {
        Mama { homodyne: Homodyne::new(Start::EARLY), fast_limit, slow_limit, phase: 0.0, mama: 0.0, fama: 0.0 }
    }

    /// Takes the next price and gives the average and the following average; `NaN` during the warm-up. A `NaN` gives
    /// `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, price: f64) -> [f64; 2] {
        if price.is_nan() {
            return [f64::NAN; 2];
        }
        let Some(cycle) = self.homodyne.step(price) else { return [f64::NAN; 2] };
        let phase = if cycle.in_phase == 0.0 { 0.0 } else { (cycle.quadrature / cycle.in_phase).atan().to_degrees() };
        let turned = std::mem::replace(&mut self.phase, phase) - phase;
        let weight = if turned > 1.0 { (self.fast_limit / turned).max(self.slow_limit) } else { self.fast_limit };
        self.mama += weight * (price - self.mama);
        self.fama += 0.5 * weight * (self.mama - self.fama);
        if cycle.is_shown { [self.mama, self.fama] } else { [f64::NAN; 2] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_price_has_the_fast_weight() {
        let mut mama = Mama::new(0.5, 0.05);
        let last = (0..=40).map(|i| mama.step(if i < 40 { 0.0 } else { 1.0 })).last();
        // Nothing is in phase yet, so the phase has not turned.
        assert_eq!(last, Some([0.5, 0.125]));
    }
}
