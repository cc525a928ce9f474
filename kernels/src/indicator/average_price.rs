//! Mean of open, high, low and close. No value where one is missing. Equals TA-Lib `AVGPRICE`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "average_price",
    aliases: &["avgprice"],
    family: Family::Price,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("average_price", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Mean of open, high, low and close.",
    formula: "(open + high + low + close) / 4.",
    source: "TA-Lib AVGPRICE",
    example: "SELECT ts, average_price(open, high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AveragePrice, 4, 1>,
    flags: None,
    stream: stream::<AveragePrice, 4, 1>,
};

struct AveragePrice;

impl State<4, 1> for AveragePrice {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        AveragePrice
    }

    #[inline(always)]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 1] {
        [(open + high + low + close) / 4.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0], &[4.0], &[1.0], &[2.0]], &[]).unwrap();
        assert_eq!(out[0], [2.0]);
    }
}
