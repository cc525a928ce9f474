//! Market facilitation index, Williams (1995).
//!
//! The range of the bar per unit of volume. Zero without volume, as in TA-Lib. Equals TA-Lib `MARKETFI`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "marketfi",
    aliases: &["market_facilitation_index"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("volume")],
    params: &[],
    outputs: &[Output::number("marketfi", Unit::Other)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::NotScaled],
    summary: "Market facilitation index: the range of the bar per unit of volume.",
    formula: "(high - low) / volume, 0 without volume.",
    source: "Williams, Trading Chaos, 1995; TA-Lib MARKETFI",
    example: "SELECT ts, marketfi(high, low, volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Marketfi, 3, 1>,
    flags: None,
    stream: stream::<Marketfi, 3, 1>,
};

struct Marketfi;

impl State<3, 1> for Marketfi {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        Marketfi
    }

    #[inline(always)]
    fn step(&mut self, [high, low, volume]: [f64; 3]) -> [f64; 1] {
        [index(high, low, volume)]
    }
}

#[inline(always)]
fn index(high: f64, low: f64, volume: f64) -> f64 {
    let range = high - low;
    let index = range / volume;
    // Times zero, because a price may be missing.
    if volume == 0.0 { range * 0.0 } else { index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 4.0], &[1.0, 2.0], &[10.0, 0.0]], &[]).unwrap();
        assert_eq!(out[0], [0.2, 0.0]);
    }
}
