//! Chandelier exit, LeBeau.
//!
//! `width` average true ranges (of Wilder) below the highest high for a long position, and above the lowest low for a
//! short one. A missing bar has no value and changes nothing. Equals Skender's `Chandelier`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AverageRange, Channel};

pub(super) static DEF: Indicator = Indicator {
    name: "chandelier_exit",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 22, 1), Param::float("width", 3.0, 0.0, 1000.0)],
    outputs: &[Output::number("long", Unit::Price), Output::number("short", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Chandelier exit: stops at a multiple of the average true range from the extremes of the window.",
    formula: "long = max(high, period) - width * atr(period), short = min(low, period) + width * atr(period). Missing bars are skipped.",
    source: "LeBeau, in Elder, Come Into My Trading Room, 2002; Stock.Indicators Chandelier",
    example: "SELECT ts, chandelier_exit(high, low, close, 22, 3.0).long FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<ChandelierExit, 3, 2>,
    flags: None,
    stream: stream::<ChandelierExit, 3, 2>,
};

struct ChandelierExit {
    channel: Channel,
    range: AverageRange,
    width: f64,
}

impl State<3, 2> for ChandelierExit {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        ChandelierExit { channel: Channel::new(period), range: AverageRange::new(period), width: params.float(1) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 2];
        }
        let reach = self.width * self.range.step([high, low, close]);
        let [high, low] = self.channel.step(high, low);
        [high - reach, low + reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0, 0.5]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (4.0, 3.0));
    }
}
