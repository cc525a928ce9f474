//! Trailing stop at a multiple of the average true range.
//!
//! As `supertrend`, but the bands lie around the close, and the trend begins upward only if the first close with a
//! band is not below the one before. A missing bar has no value and changes nothing. Equals the default of Skender's
//! `AtrStop`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AverageRange, Ratchet};

pub(super) static DEF: Indicator = Indicator {
    name: "atr_stop",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 21, 1), Param::float("width", 3.0, 0.0, 1000.0)],
    outputs: &[Output::number("stop", Unit::Price), Output::number("trend", Unit::Other)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Trailing stop at a multiple of the average true range from the close, and the trend as 1 or -1.",
    formula: "bands = close +- width * atr(period), each moving only towards the price until a close is beyond it; stop = lower band while trend is 1, upper while it is -1; a close beyond the stop turns the trend. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; Stock.Indicators AtrStop",
    example: "SELECT ts, atr_stop(high, low, close, 21, 3.0).stop FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AtrStop, 3, 2>,
    flags: None,
    stream: stream::<AtrStop, 3, 2>,
};

struct AtrStop {
    range: AverageRange,
    width: f64,
    previous_close: f64,
    ratchet: Ratchet,
}

impl State<3, 2> for AtrStop {
    fn new(params: &Params) -> Self {
        AtrStop {
            range: AverageRange::new(params.period(0)),
            width: params.float(1),
            previous_close: f64::NAN,
            ratchet: Ratchet::new(),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 2];
        }
        let rises = close >= std::mem::replace(&mut self.previous_close, close);
        let reach = self.width * self.range.step([high, low, close]);
        if reach.is_nan() {
            return [f64::NAN; 2];
        }
        let trail = self.ratchet.step(close + reach, close - reach, close, rises);
        [trail.line, if trail.rising { 1.0 } else { -1.0 }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(
                &[&[2.0, 3.0, 5.0, 5.0, 2.0], &[1.0, 2.0, 3.0, 4.0, 1.0], &[1.5, 2.5, 4.0, 4.5, 1.5]],
                &[2.0, 1.0],
            )
            .unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 3.0, 4.0]);
        assert_eq!(out[1][2..], [1.0, 1.0, -1.0]);
    }
}
