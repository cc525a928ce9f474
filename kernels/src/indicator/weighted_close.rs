//! Mean of high, low and close, with double weight for the close. No value where one is missing. Equals TA-Lib
//! `WCLPRICE`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "weighted_close",
    aliases: &["wclprice"],
    family: Family::Price,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("weighted_close", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Mean of high, low and close, with double weight for the close.",
    formula: "(high + low + 2 * close) / 4.",
    source: "TA-Lib WCLPRICE",
    example: "SELECT ts, weighted_close(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<WeightedClose, 3, 1>,
    flags: None,
    stream: stream::<WeightedClose, 3, 1>,
};

struct WeightedClose;

impl State<3, 1> for WeightedClose {
    const EACH: bool = true;

    fn new(_: &Params) -> Self {
        WeightedClose
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        [(high + low + 2.0 * close) / 4.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0], &[2.0], &[1.0]], &[]).unwrap();
        assert_eq!(out[0], [2.0]);
    }
}
