//! Number of bars since the lowest of the last `period` values.
//!
//! Zero if the current bar is the lowest; of equal ones the most recent counts. TA-Lib `MININDEX` gives the row
//! number instead, and of equal ones mostly the most recent, but the oldest after its extreme has left the window. A
//! missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Newest, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "bars_since_lowest",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("bars_since_lowest", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Number of bars since the lowest of the last `period` values, the current one included.",
    formula: "i - k, where x[k] = min(x[i-period+1..=i]) and k is the last such bar. No value while a missing bar is in the window.",
    source: "TA-Lib MININDEX; as Pine Script ta.lowestbars, with the sign of a count",
    example: "SELECT ts, bars_since_lowest(low, 20) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<BarsSinceLowest, 1, 1>,
    flags: None,
    stream: stream::<BarsSinceLowest, 1, 1>,
};

struct BarsSinceLowest {
    window: Sliding<Newest>,
}

impl State<1, 1> for BarsSinceLowest {
    fn new(params: &Params) -> Self {
        BarsSinceLowest { window: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.window.push(-x).map_or(f64::NAN, |highest| highest.bars())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0, 5.0, 4.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 1.0, 2.0]);
    }
}
