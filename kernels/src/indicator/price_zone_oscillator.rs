//! Price zone oscillator, Khalil and Steckler (2011).
//!
//! The exponential average of the price, taken negative where it fell and as nothing where it did not move, as a
//! percentage of that of the price: from -100 to 100. Both averages begin at the second bar. A missing bar has no value
//! and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "price_zone_oscillator",
    aliases: &["pzo"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("price_zone_oscillator", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Price zone oscillator: the average of the price with the sign of its change, in percent of its average.",
    formula: "100 * ema(sign(x[i] - x[i-1]) * x[i], period) / ema(x[i], period), both from the second bar on. Missing bars are skipped.",
    source: "Khalil and Steckler, Entering The Price Zone, Technical Analysis of Stocks and Commodities, 2011",
    example: "SELECT ts, price_zone_oscillator(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PriceZoneOscillator, 1, 1>,
    flags: None,
    stream: stream::<PriceZoneOscillator, 1, 1>,
};

struct PriceZoneOscillator {
    previous: f64,
    signed: Smoother,
    all: Smoother,
}

impl State<1, 1> for PriceZoneOscillator {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        PriceZoneOscillator { previous: f64::NAN, signed: Smoother::ema(period), all: Smoother::ema(period) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, x);
        if previous.is_nan() {
            return [f64::NAN];
        }
        let sign = f64::from(i8::from(x > previous) - i8::from(x < previous));
        let (signed, all) = (self.signed.step(sign * x), self.all.step(x));
        [100.0 * (signed / all)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 20.0).abs() < 1e-13, "3 - 2 of 3 + 2");
    }
}
