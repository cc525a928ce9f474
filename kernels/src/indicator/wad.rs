//! Accumulation and distribution of Williams (1972).
//!
//! The running sum of `close - min(low, previous close)` for a rise of the close and of `close - max(high, previous
//! close)` for a fall; it starts with zero at the first bar. The sum is compensated, so it does not drift. A missing
//! bar has no value and changes nothing. Equals TA-Lib `WAD`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Total;

pub(super) static DEF: Indicator = Indicator {
    name: "wad",
    aliases: &["williams_ad"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("wad", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Accumulation and distribution of Williams: the running sum of the distance of the close from the true low or high.",
    formula: "sum of close - min(low, close[i-1]) where close > close[i-1], and close - max(high, close[i-1]) where close < close[i-1]. Missing bars are skipped.",
    source: "Williams, The Secret of Selecting Stocks, 1972; TA-Lib WAD",
    example: "SELECT ts, wad(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Wad, 3, 1>,
    flags: None,
    stream: stream::<Wad, 3, 1>,
};

#[derive(Default)]
struct Wad {
    previous_close: Option<f64>,
    total: Total,
}

impl State<3, 1> for Wad {
    fn new(_: &Params) -> Self {
        Wad::default()
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN];
        }
        let previous = self.previous_close.replace(close).unwrap_or(close);
        let moved = if close > previous {
            close - low.min(previous)
        } else if close < previous {
            close - high.max(previous)
        } else {
            0.0
        };
        [self.total.add(moved)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0, 3.0], &[1.0, 2.0, 3.0, 1.0], &[1.0, 3.0, 3.0, 2.0]], &[]).unwrap();
        assert_eq!(out[0], [0.0, 2.0, 2.0, 1.0]);
    }
}
