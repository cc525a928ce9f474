//! Williams %R, Williams (1973).
//!
//! Where the close lies below the highest high of `period` bars, in percent of the range, from -100 to 0. A flat range
//! counts as zero, as in TA-Lib. A missing bar gives no value as long as it is in the window. Equals TA-Lib `WILLR`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Channel, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "williams_r",
    aliases: &["willr"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("williams_r", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Williams %R: how far the close is below the highest high, from -100 to 0.",
    formula: "-100 * (highest high - close) / (highest high - lowest low) over the period; 0 for a flat range.",
    source: "Williams, How I Made One Million Dollars, 1973; TA-Lib WILLR",
    example: "SELECT ts, williams_r(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<WilliamsR, 3, 1>,
    flags: None,
    stream: stream::<WilliamsR, 3, 1>,
};

struct WilliamsR {
    channel: Channel,
}

impl State<3, 1> for WilliamsR {
    fn new(params: &Params) -> Self {
        WilliamsR { channel: Channel::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let [high, low] = self.channel.step(high, low);
        let range = high - low;
        let flat = is_negligible(range, high.abs() + low.abs());
        [if flat && !close.is_nan() { 0.0 } else { 100.0 * ((close - high) / range) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0, 4.0], &[0.0, 1.0, 4.0, 4.0], &[1.0, 3.0, 4.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [-25.0, 0.0, 0.0]);
    }
}
