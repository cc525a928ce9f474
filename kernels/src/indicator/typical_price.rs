//! Mean of high, low and close. No value where one is missing. Equals TA-Lib `TYPPRICE`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::typical_price;

pub(super) static DEF: Indicator = Indicator {
    name: "typical_price",
    aliases: &["typprice"],
    family: Family::Price,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("typical_price", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Mean of high, low and close.",
    formula: "(high + low + close) / 3.",
    source: "TA-Lib TYPPRICE",
    example: "SELECT ts, typical_price(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TypicalPrice, 3, 1>,
    flags: None,
    stream: stream::<TypicalPrice, 3, 1>,
};

struct TypicalPrice;

impl State<3, 1> for TypicalPrice {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        TypicalPrice
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        [typical_price(high, low, close)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0], &[1.0], &[1.0]], &[]).unwrap();
        assert_eq!(out[0], [2.0]);
    }
}
