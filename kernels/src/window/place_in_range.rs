//! Where a price lies in the range of the last bars.

use super::bar::is_negligible;
use super::extremes::Channel;
use super::moving::moving_channel;
use super::room::{make_room, next_places};
use crate::simd::{finite, widest};

/// Place of a price between the lowest low and the highest high of `period` bars.
#[derive(Debug, Clone)]
pub struct Place {
    period: usize,
    channel: Channel,
}

impl Place {
    /// The range of `period` bars.
    pub fn new(period: usize) -> Self {
        Place { period, channel: Channel::new(period) }
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
        let [highest, lowest] = self.channel.step(high, low);
        place(highest, lowest, price, flat_value)
    }

    /// The places of whole series, with the bits of [`Place::step`].
    pub fn fill(self, [high, low, price]: [&[f64]; 3], out: &mut Vec<f64>) {
        make_room(out, price.len());
        moving_channel(high, low, self.period, |start, highest, lowest| {
            let out = next_places(out, highest.len());
            widest(|| {
                for (((out, price), highest), lowest) in out.iter_mut().zip(&price[start..]).zip(highest).zip(lowest) {
                    *out = place(*highest, *lowest, finite(*price), 0.0);
                }
            });
        });
    }
}

/// Where a price lies in a range, in percent.
#[inline(always)]
fn place(high: f64, low: f64, price: f64, flat_value: f64) -> f64 {
    let range = high - low;
    let flat = is_negligible(range, high.abs() + low.abs()) & !price.is_nan();
    // Infinite far outside of a tiny range, which is as good as missing.
    if flat { flat_value } else { finite(100.0 * ((price - low) / range)) }
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
