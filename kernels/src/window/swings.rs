//! Highs above, and lows below, all their neighbours.

use super::delay::Delay;
use super::extremes::Channel;

/// What is known about the bar that was the newest one `right` bars ago.
#[derive(Debug, Clone, Copy)]
pub struct Swing {
    /// High of that bar.
    pub high: f64,
    /// Low of that bar.
    pub low: f64,
    /// Whether its high is above all others.
    pub is_high: bool,
    /// Whether its low is below all others.
    pub is_low: bool,
}

/// Compares every bar with its neighbours as soon as the last of them is there.
#[derive(Debug, Clone)]
pub struct Swings {
    before: Channel,
    after: Channel,
    high: Delay,
    low: Delay,
    /// The bar before the one in question.
    last: [f64; 2],
}

impl Swings {
    /// Compares with `left` bars before and `right` bars after, both at least one.
    pub fn new(left: usize, right: usize) -> Self {
        Swings {
            before: Channel::new(left),
            after: Channel::new(right),
            high: Delay::new(right),
            low: Delay::new(right),
            last: [f64::NAN; 2],
        }
    }

    /// Takes the next bar; `None` before `left + 1 + right` bars and while a price among them is missing.
    #[inline(always)]
    pub fn step(&mut self, high: f64, low: f64) -> Option<Swing> {
        let [high_after, low_after] = self.after.step(high, low);
        let (high, low) = (self.high.step(high), self.low.step(low));
        let [high_before, low_before] = self.before.step(self.last[0], self.last[1]);
        self.last = [high, low];
        if high_after.is_nan() | high_before.is_nan() | high.is_nan() | low.is_nan() {
            return None;
        }
        let is_high = (high > high_before) & (high > high_after);
        let is_low = (low < low_before) & (low < low_after);
        Some(Swing { high, low, is_high, is_low })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_is_compared_with_its_neighbours() {
        let prices: Vec<f64> = (0..80).map(|i| ((i * 29) % 17) as f64).collect();
        for (left, right) in [(1, 1), (2, 2), (3, 1), (1, 4)] {
            let mut swings = Swings::new(left, right);
            for end in 0..prices.len() {
                let swing = swings.step(prices[end], prices[end]);
                if end < left + right {
                    assert!(swing.is_none());
                    continue;
                }
                let (swing, at) = (swing.unwrap(), end - right);
                let others = (at - left..=end).filter(|&i| i != at);
                assert_eq!(swing.high, prices[at]);
                assert_eq!(swing.is_high, others.clone().all(|i| prices[i] < prices[at]));
                assert_eq!(swing.is_low, others.clone().all(|i| prices[i] > prices[at]));
            }
        }
    }
}
