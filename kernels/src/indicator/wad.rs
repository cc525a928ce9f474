//! Accumulation and distribution of Williams (1972).
//!
//! The running sum of `close - min(low, previous close)` for a rise of the close and of `close - max(high, previous
//! close)` for a fall; it starts with zero at the first bar. The sum is compensated, so it does not drift. A missing
//! bar has no value and changes nothing. Equals TA-Lib `WAD`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
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

struct Wad {
    previous_close: f64,
    total: Total,
}

impl State<3, 1> for Wad {
    fn new(_: &Params) -> Self {
        Wad { previous_close: f64::NAN, total: Total::default() }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous_close, close);
        [self.total.add(moved(high, low, close, previous))]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close]: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = moved(high[0], low[0], close[0], self.previous_close);
        run_each([&close[1..], close, &high[1..], &low[1..]], [rest], |[close, previous, high, low]| {
            [moved(high, low, close, previous)]
        });
        self.previous_close = close[close.len() - 1];
        self.total.fill(out);
    }
}

/// The distance of a close from the true low after a rise and from the true high after a fall; nothing without a close
/// before.
#[inline(always)]
fn moved(high: f64, low: f64, close: f64, previous: f64) -> f64 {
    let rise = close - if previous < low { previous } else { low };
    let fall = close - if previous > high { previous } else { high };
    let fallen = if close < previous { fall } else { 0.0 };
    if close > previous { rise } else { fallen }
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
