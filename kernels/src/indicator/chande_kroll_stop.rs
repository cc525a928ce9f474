//! Stops of Chande and Kroll (1994).
//!
//! `width` average true ranges (of Wilder) below the highest high and above the lowest low of `period` bars give two
//! preliminary stops; the stop of a short position is the highest one of the first over `stop_period` bars, that of a
//! long position the lowest one of the second. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AverageRange, Channel};

pub(super) static DEF: Indicator = Indicator {
    name: "chande_kroll_stop",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 10, 1),
        Param::float("width", 1.0, 0.0, 1000.0),
        Param::period("stop_period", 9, 1),
    ],
    outputs: &[Output::number("long", Unit::Price), Output::number("short", Unit::Price)],
    lookback: |params| params.period(0) + params.period(2) - 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Stops of Chande and Kroll, at a multiple of the average true range from the extremes.",
    formula: "short = max(max(high, period) - width * atr(period), stop_period), long = min(min(low, period) + width * atr(period), stop_period). Missing bars are skipped.",
    source: "Chande and Kroll, The New Technical Trader, 1994",
    example: "SELECT ts, chande_kroll_stop(high, low, close, 10, 1.0, 9).long FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<ChandeKrollStop, 3, 2>,
    flags: None,
    stream: stream::<ChandeKrollStop, 3, 2>,
};

struct ChandeKrollStop {
    channel: Channel,
    range: AverageRange,
    width: f64,
    stops: Channel,
}

impl State<3, 2> for ChandeKrollStop {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        ChandeKrollStop {
            channel: Channel::new(period),
            range: AverageRange::new(period),
            width: params.float(1),
            stops: Channel::new(params.period(2)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 2];
        }
        let reach = self.width * self.range.step([high, low, close]);
        let [high, low] = self.channel.step(high, low);
        if reach.is_nan() {
            return [f64::NAN; 2];
        }
        let [short, long] = self.stops.step(high - reach, low + reach);
        [long, short]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(&[&[2.0, 3.0, 5.0, 5.0], &[1.0, 2.0, 3.0, 4.0], &[1.5, 2.5, 4.0, 4.5]], &[2.0, 0.5, 2.0])
            .unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!((out[0][3], out[1][3]), (3.0, 4.25));
    }
}
