//! Ichimoku cloud.
//!
//! Three mid-ranges, two of which are drawn `displacement` bars ahead as the spans of the cloud. Here no value uses the
//! future: the spans at a bar are those that were computed `displacement` bars ago. The lagging line, which is the close
//! drawn `displacement` bars back, would show the future at every bar, so `lagging` is the comparison that it is drawn
//! for: whether the close is above the one of `displacement` bars ago. All outputs begin together. A missing bar has no
//! value and gives none as long as it is in one of the windows of a line. Equals Skender's `Ichimoku` from there on.

use super::def::*;
use super::state::{State, compute, condition, stream};
use crate::window::{Delay, Max, Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "ichimoku",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("conversion", 9, 1),
        Param::period("base", 26, 1),
        Param::period("span", 52, 1),
        Param::period("displacement", 26, 1),
    ],
    outputs: &[
        Output::number("conversion", Unit::Price),
        Output::number("base", Unit::Price),
        Output::number("span_a", Unit::Price),
        Output::number("span_b", Unit::Price),
        Output::bool("lagging"),
    ],
    lookback: |params| params.period(0).max(params.period(1)).max(params.period(2)) - 1 + params.period(3),
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Ichimoku cloud as it was known at each bar: conversion and base line, both spans, and the lagging comparison.",
    formula: "mid(n) = (highest high + lowest low of n bars) / 2; conversion = mid(conversion); base = mid(base); span_a = (conversion + base) / 2 and span_b = mid(span), both of `displacement` bars ago; lagging = close > close of `displacement` bars ago.",
    source: "Hosoda, Ichimoku Kinko Hyo, 1969",
    example: "SELECT ts, ichimoku(high, low, close).span_a FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Ichimoku, 3, 5>,
    flags: None,
    stream: stream::<Ichimoku, 3, 5>,
};

struct Ichimoku {
    conversion: MidRange,
    base: MidRange,
    span: MidRange,
    span_a: Delay,
    span_b: Delay,
    close: Delay,
}

struct MidRange {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
}

impl MidRange {
    fn new(period: usize) -> Self {
        MidRange { highest: Sliding::new(period), lowest: Sliding::new(period) }
    }

    #[inline]
    fn step(&mut self, high: f64, low: f64) -> f64 {
        match (self.highest.push(high), self.lowest.push(low)) {
            (Some(Max(high)), Some(Min(low))) => (high + low) / 2.0,
            _ => f64::NAN,
        }
    }
}

impl State<3, 5> for Ichimoku {
    fn new(params: &Params) -> Self {
        let displacement = params.period(3);
        Ichimoku {
            conversion: MidRange::new(params.period(0)),
            base: MidRange::new(params.period(1)),
            span: MidRange::new(params.period(2)),
            span_a: Delay::new(displacement),
            span_b: Delay::new(displacement),
            close: Delay::new(displacement),
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 5] {
        let missing = high.is_nan() || low.is_nan() || close.is_nan();
        let [high, low, close] = if missing { [f64::NAN; 3] } else { [high, low, close] };
        let conversion = self.conversion.step(high, low);
        let base = self.base.step(high, low);
        let span = self.span.step(high, low);
        // The longest window has to be full too, so that all lines begin together.
        let begun = if span.is_nan() { f64::NAN } else { (conversion + base) / 2.0 };
        let span_a = self.span_a.step(begun);
        let span_b = self.span_b.step(if begun.is_nan() { f64::NAN } else { span });
        let before = self.close.step(close);
        let lagging = condition(close > before, &[close, before]);
        if missing || span_a.is_nan() {
            return [f64::NAN; 5];
        }
        [conversion, base, span_a, span_b, lagging]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (high, low) = ([2.0, 4.0, 8.0, 6.0, 10.0], [0.0, 2.0, 4.0, 4.0, 6.0]);
        let out = DEF.evaluate(&[&high, &low, &[1.0, 3.0, 7.0, 5.0, 7.0]], &[1.0, 2.0, 3.0, 2.0]).unwrap();
        assert!(out.iter().all(|line| line[..4].iter().all(|x| x.is_nan())));
        // Bar 2 has the mid-ranges 6, 5 and 4.
        let last: Vec<f64> = out.iter().map(|line| line[4]).collect();
        assert_eq!(last, [8.0, 7.0, 5.5, 4.0, 0.0]);
    }
}
