//! Money flow index.
//!
//! The share of rising money flow in the total, in percent, over `period` bars; the flow of a bar is typical price
//! times volume, rising or falling with the typical price. Zero without any flow, as in TA-Lib. A missing bar gives no
//! value as long as it, or the bar after it, is in the window. Equals TA-Lib `MFI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Sliding, Sum, is_negligible, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "mfi",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("mfi", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Money flow index: the share of rising money flow over `period` bars.",
    formula: "t = (high + low + close) / 3, flow = t * volume; 100 * sum(flow where t rose) / sum(flow where t moved) over `period` bars, 0 without flow.",
    source: "Quong and Soudack, Volume-weighted RSI: Money Flow, 1989; TA-Lib MFI",
    example: "SELECT ts, mfi(high, low, close, volume, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Mfi, 4, 1>,
    flags: None,
    stream: stream::<Mfi, 4, 1>,
};

struct Mfi {
    previous: f64,
    rising: Sliding<Sum>,
    falling: Sliding<Sum>,
}

impl State<4, 1> for Mfi {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Mfi { previous: f64::NAN, rising: Sliding::new(period), falling: Sliding::new(period) }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        let previous = std::mem::replace(&mut self.previous, price);
        let change = price - previous;
        let moved = !is_negligible(change, price.abs() + previous.abs());
        // A missing change or volume has to reach both sums, so the direction is a factor and not a branch.
        let flow = price * volume + change * 0.0;
        let rising = flow * f64::from(u8::from(moved & (change > 0.0)));
        let falling = flow * f64::from(u8::from(moved & (change < 0.0)));
        let (Some(Sum(rising)), Some(Sum(falling))) = (self.rising.push(rising), self.falling.push(falling)) else {
            return [f64::NAN];
        };
        let total = rising + falling;
        [if total == 0.0 { 0.0 } else { 100.0 * (rising / total) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out =
            DEF.evaluate(&[&[1.0, 2.0, 1.0], &[1.0, 2.0, 1.0], &[1.0, 2.0, 1.0], &[10.0, 20.0, 40.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 50.0);
    }
}
