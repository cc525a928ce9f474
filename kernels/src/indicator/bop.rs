//! Balance of power, Livshin (2001).
//!
//! Where the bar went, as a share of its range; zero for a bar without range. Equals TA-Lib `BOP`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "bop",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("bop", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Balance of power: the change from open to close as a share of the range of the bar.",
    formula: "(close - open) / (high - low), 0 for a bar without range.",
    source: "Livshin, Balance of Market Power, 2001; TA-Lib BOP",
    example: "SELECT ts, bop(open, high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Bop, 4, 1>,
    flags: None,
    stream: stream::<Bop, 4, 1>,
};

struct Bop;

impl State<4, 1> for Bop {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        Bop
    }

    #[inline(always)]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 1] {
        let (change, range) = (close - open, high - low);
        // Times zero, not zero: a missing open or close stays missing.
        let place = change / range;
        [if range <= 0.0 { change * 0.0 } else { place }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0], &[4.0, 3.0], &[0.0, 3.0], &[3.0, 3.0]], &[]).unwrap();
        assert_eq!(out[0], [0.5, 0.0]);
    }
}
