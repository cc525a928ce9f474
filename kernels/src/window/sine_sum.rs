//! Moving sum with the weights of half a sine wave, in constant time per value.

/// `sum(sin(pi * k / (period + 1)) * x[k])` for the places `k` from 1, the oldest, to `period`.
///
/// As in [`Sliding`](super::Sliding) a window is the end of one block and the start of the next. A sum with the weights
/// `exp(i * k * angle)` is moved to other places by one rotation, so both parts can be summed before it is known where
/// in the window they will lie. Only the imaginary part of the whole is the result.
#[derive(Debug, Clone)]
pub struct SineSum {
    period: usize,
    angle: f64,
    /// Values in the block being filled, and their sum as if the block began with the window.
    len: usize,
    newer: [f64; 2],
    /// Up to `len` the values of this block, from there on the imaginary suffix sums of the one before.
    slots: Vec<f64>,
    /// `exp(i * k * angle)` for `k` from 1 on, as far as values have come.
    turns: Vec<[f64; 2]>,
}

impl SineSum {
    /// A window of `period` values, at least one. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        let angle = std::f64::consts::PI / (period as f64 + 1.0);
        SineSum { period, angle, len: 0, newer: [0.0; 2], slots: vec![], turns: vec![] }
    }

    /// Sum of the weights.
    pub fn weight(&self) -> f64 {
        1.0 / (0.5 * self.angle).tan()
    }

    /// Takes the next value and returns the sum, or `None` before `period` values; `NaN` as long as one is in the
    /// window.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if self.turns.len() == self.len {
            let (sin, cos) = (self.angle * (self.len as f64 + 1.0)).sin_cos();
            self.turns.push([cos, sin]);
        }
        let [cos, sin] = self.turns[self.len];
        let [re, im] = if self.len == 0 { [0.0; 2] } else { self.newer };
        self.newer = [re + cos * value, im + sin * value];
        match self.slots.get_mut(self.len) {
            Some(slot) => *slot = value,
            None => self.slots.push(value),
        }
        self.len += 1;
        if self.len == self.period {
            self.close_block();
            return Some(self.newer[1]);
        }
        let older = *self.slots.get(self.len)?;
        // The block begins at place `period - len`. As `(period + 1) * angle` is half a turn, that rotation is the one
        // of `len + 1` mirrored.
        let (sin, cos) = match self.turns.get(self.len) {
            Some(&[cos, sin]) => (sin, -cos),
            None => return None,
        };
        Some(older + (cos * self.newer[1] + sin * self.newer[0]))
    }

    /// Turns the values of a full block into the imaginary parts of their suffix sums.
    fn close_block(&mut self) {
        self.len = 0;
        let [cos, sin] = self.turns[0];
        let [mut re, mut im] = [0.0; 2];
        for slot in self.slots.iter_mut().rev() {
            re += *slot;
            [re, im] = [cos * re - sin * im, cos * im + sin * re];
            *slot = im;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_is_covered() {
        let values: Vec<f64> = (0..300).map(|i| ((i * 37) % 23) as f64).collect();
        for period in (1..20).chain([100]) {
            let mut sum = SineSum::new(period);
            let weights: Vec<f64> =
                (1..=period).map(|k| (std::f64::consts::PI * k as f64 / (period as f64 + 1.0)).sin()).collect();
            assert!((weights.iter().sum::<f64>() / sum.weight() - 1.0).abs() < 1e-13);
            for end in 0..values.len() {
                let got = sum.push(values[end]);
                if end + 1 < period {
                    assert!(got.is_none());
                    continue;
                }
                let window = &values[end + 1 - period..=end];
                let expected: f64 = window.iter().zip(&weights).map(|(x, w)| x * w).sum();
                assert!((got.unwrap() - expected).abs() < 1e-12 * expected.max(1.0), "period {period}, bar {end}");
            }
        }
    }
}
