//! Stops of Chande and Kroll (1994).
//!
//! The stop of a long position hangs `width` average true ranges (`atr`) below the highest high of `period` bars, that of
//! a short one above the lowest low; then the highest, or lowest, of these of the last `stop_period` bars counts. The
//! first is called `short` and the second `long` as on TradingView, after the side that enters there. A missing bar has
//! no value and changes nothing. Equals LEAN.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Min, Sliding, Smoother, true_range};

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
    outputs: &[Output::number("short", Unit::Price), Output::number("long", Unit::Price)],
    lookback: |params| params.period(0) + params.period(2) - 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Stops a multiple of the average true range below the high and above the low of the last bars.",
    formula: "short = highest(highest(high, period) - width * atr(high, low, close, period), stop_period), long = lowest(lowest(low, period) + width * atr(high, low, close, period), stop_period). Missing bars are skipped.",
    source: "Chande and Kroll, The New Technical Trader, 1994; LEAN ChandeKrollStop",
    example: "SELECT ts, chande_kroll_stop(high, low, close, 10, 1.0, 9).short FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<ChandeKrollStop, 3, 2>,
    flags: None,
    stream: stream::<ChandeKrollStop, 3, 2>,
};

struct ChandeKrollStop {
    previous: f64,
    range: Smoother,
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    short: Sliding<Max>,
    long: Sliding<Min>,
    width: f64,
}

impl State<3, 2> for ChandeKrollStop {
    fn new(params: &Params) -> Self {
        let (period, stop_period) = (params.period(0), params.period(2));
        ChandeKrollStop {
            previous: f64::NAN,
            range: Smoother::rma(period),
            highest: Sliding::new(period),
            lowest: Sliding::new(period),
            short: Sliding::new(stop_period),
            long: Sliding::new(stop_period),
            width: params.float(1),
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN; 2];
        }
        let range = self.range.step(true_range(high, low, std::mem::replace(&mut self.previous, close)));
        let (highest, lowest) = (self.highest.push(high), self.lowest.push(low));
        let reach = self.width * range;
        let (Some(Max(highest)), Some(Min(lowest)), false) = (highest, lowest, reach.is_nan()) else {
            return [f64::NAN; 2];
        };
        match (self.short.push(highest - reach), self.long.push(lowest + reach)) {
            (Some(Max(short)), Some(Min(long))) => [short, long],
            _ => [f64::NAN; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0], &[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]], &[1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // True ranges 2 and 1.
        assert_eq!((out[0][2], out[1][2]), (3.0, 4.0));
    }
}
