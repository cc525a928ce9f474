//! Middle of high and low. No value where one is missing. Equals TA-Lib `MEDPRICE`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "median_price",
    aliases: &["medprice"],
    family: Family::Price,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[],
    outputs: &[Output::number("median_price", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Middle of high and low.",
    formula: "(high + low) / 2.",
    source: "TA-Lib MEDPRICE",
    example: "SELECT ts, median_price(high, low) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<MedianPrice, 2, 1>,
    flags: None,
    stream: stream::<MedianPrice, 2, 1>,
};

struct MedianPrice;

impl State<2, 1> for MedianPrice {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        MedianPrice
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        [(high + low) / 2.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0], &[1.0]], &[]).unwrap();
        assert_eq!(out[0], [2.5]);
    }
}
