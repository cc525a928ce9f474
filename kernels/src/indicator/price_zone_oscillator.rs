//! Price zone oscillator, Khalil and Steckler (2011).
//!
//! The exponential average of the price, taken negative where it fell and as nothing where it did not move, as a
//! percentage of that of the price: from -100 to 100. Both averages begin at the second bar. A missing bar has no value
//! and changes nothing.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence};

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
    compute: compute::<Averaged<PriceZoneOscillator, 2, 3>, 1, 1>,
    flags: None,
    stream: stream::<Averaged<PriceZoneOscillator, 2, 3>, 1, 1>,
};

struct PriceZoneOscillator;

impl Recurrence<1, 1> for PriceZoneOscillator {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        let before = past.before(2, x);
        // Zero, unless the value before is missing.
        let nothing = before.nothing();
        let fallen = before.if_above(x, nothing - x, nothing);
        let (signed, all) = (past.average(0, x.if_above(before, x, fallen)), past.average(1, x + nothing));
        [(signed / all) * 100.0]
    }
}

impl Averaging<1, 1, 2, 3> for PriceZoneOscillator {
    fn new(params: &Params) -> (Self, Averages<2, 3>) {
        (PriceZoneOscillator, Averages::new([params.period(0); 2]))
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
