//! Ehlers' Laguerre components (Cybernetic Analysis for Stocks and Futures, 2004).

/// An exponential average and three all-pass filters after it, all with the same `gamma`.
#[derive(Debug, Clone)]
pub struct Laguerre {
    gamma: f64,
    components: [f64; 4],
    started: bool,
}

impl Laguerre {
    /// `gamma` is the weight of the past, from 0 to less than 1.
    pub fn new(gamma: f64) -> Self {
        Laguerre { gamma, components: [0.0; 4], started: false }
    }

    /// Takes the next value, which is not `NaN`, and returns the components, the newest first. The first value starts
    /// all four.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; 4] {
        if !self.started {
            self.started = true;
            self.components = [x; 4];
            return self.components;
        }
        let [a, b, c, d] = self.components;
        let gamma = self.gamma;
        // In differences, so that a flat series leaves all of them on its level.
        let next_a = a + (1.0 - gamma) * (x - a);
        let next_b = a + gamma * (b - next_a);
        let next_c = b + gamma * (c - next_b);
        let next_d = c + gamma * (d - next_c);
        let next = [next_a, next_b, next_c, next_d];
        self.components = if next.iter().all(|component| component.is_finite()) { next } else { [x; 4] };
        self.components
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_gamma_they_are_the_last_values() {
        let mut laguerre = Laguerre::new(0.0);
        let last = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| laguerre.step(x))[4];
        assert_eq!(last, [5.0, 4.0, 3.0, 2.0]);
    }

    #[test]
    fn a_flat_series_stays() {
        let mut laguerre = Laguerre::new(0.8);
        assert!((0..100).all(|_| laguerre.step(0.1) == [0.1; 4]));
    }
}
