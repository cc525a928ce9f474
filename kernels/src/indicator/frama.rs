//! Ehlers' fractal adaptive moving average.
//!
//! An exponential average of the middle of the bar whose weight follows the fractal dimension of the last `period`
//! bars: near 1 in a trend, 0.01 where the two halves of the window cover the same range. The dimension stays what
//! it was while a half has no range. It begins with the middle of bar `period`. A missing bar has no value and
//! changes nothing. Agrees with the published values in LEAN's tests as far as their decimals go.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Max, Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "frama",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 16, 2)],
    outputs: &[Output::number("frama", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Fractal adaptive moving average: an exponential average that is slow where the price goes sideways.",
    formula: "p = (high + low) / 2; frama[i] = frama[i-1] + a * (p[i] - frama[i-1]), a = exp(-4.6 * (d - 1)) from 0.01 to 1, d = log2((n1 + n2) / n3), with the ranges per bar n1 of the newer half, n2 of the older half and n3 of all `period` bars. Missing bars are skipped.",
    source: "Ehlers, Fractal Adaptive Moving Averages, Stocks & Commodities 23:10, 2005",
    example: "SELECT ts, frama(high, low, 16) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let period = params.period(0);
        if period % 2 == 0 {
            return Ok(());
        }
        Err(format!("`period` of frama() must be even, got {period}"))
    }),
    compute: compute::<Frama, 2, 1>,
    flags: None,
    stream: stream::<Frama, 2, 1>,
};

struct Frama {
    half: f64,
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    older: [Delay; 2],
    dimension: f64,
    value: f64,
}

impl State<2, 1> for Frama {
    fn new(params: &Params) -> Self {
        let half = params.period(0) / 2;
        Frama {
            half: half as f64,
            highest: Sliding::new(half),
            lowest: Sliding::new(half),
            older: [0; 2].map(|_| Delay::new(half)),
            dimension: 0.0,
            value: f64::NAN,
        }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let price = (high + low) / 2.0;
        if price.is_nan() {
            return [f64::NAN];
        }
        let (Some(Max(high)), Some(Min(low))) = (self.highest.push(high), self.lowest.push(low)) else {
            return [f64::NAN];
        };
        let [older_high, older_low] = &mut self.older;
        let (older_high, older_low) = (older_high.step(high), older_low.step(low));
        if older_high.is_nan() {
            return [f64::NAN];
        }
        let newer = (high - low) / self.half;
        let older = (older_high - older_low) / self.half;
        let all = (high.max(older_high) - low.min(older_low)) / (2.0 * self.half);
        if newer > 0.0 && older > 0.0 {
            self.dimension = ((newer + older) / all).log2();
        }
        let weight = (-4.6 * (self.dimension - 1.0)).exp().clamp(0.01, 1.0);
        self.value = if self.value.is_nan() { price } else { self.value + weight * (price - self.value) };
        [self.value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let high = [1.0, 2.0, 3.0, f64::NAN, 3.0];
        let low = [0.0, 1.0, 2.0, 9.0, 2.0];
        let out = DEF.evaluate(&[&high, &low], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][3].is_nan());
        // A trend has the dimension one and takes the price; without a trend it is two and the weight 0.01.
        assert_eq!(out[0][1..3], [1.5, 2.5]);
        let high = [1.0, 2.0, 2.0];
        let low = [0.0, 1.0, 1.0];
        let out = DEF.evaluate(&[&high, &low], &[2.0]).unwrap();
        assert!((out[0][2] - 1.5).abs() < 1e-15);
    }

    #[test]
    fn the_period_is_even() {
        assert_eq!(DEF.check_params(&[7.0]).unwrap_err(), "`period` of frama() must be even, got 7");
    }
}
