//! Exponentially weighted average price by volume.
//!
//! The quotient of two exponential averages that start at the first bar: price times volume, and volume. Old bars fade
//! out instead of leaving a window. There is no value as long as no volume was seen. A missing bar has no value and
//! changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ewm, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_vwap",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 96, 1)],
    outputs: &[Output::number("ewm_vwap", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Volume-weighted average price in which old bars fade out exponentially.",
    formula: "t = (high + low + close) / 3; ewma(t * volume, period) / ewma(volume, period). No value as long as there was no volume. Missing bars are skipped.",
    source: "common definition, as pandas ewm(span=period, adjust=False)",
    example: "SELECT ts, ewm_vwap(high, low, close, volume, 96) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmVwap, 4, 1>,
    flags: None,
    stream: stream::<EwmVwap, 4, 1>,
};

struct EwmVwap {
    turnover: Ewm,
    volume: Ewm,
}

impl State<4, 1> for EwmVwap {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        EwmVwap { turnover: Ewm::new(period), volume: Ewm::new(period) }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let traded = typical_price(high, low, close) * volume;
        if traded.is_nan() {
            return [f64::NAN];
        }
        let (turnover, volume) = (self.turnover.mean(traded), self.volume.mean(volume));
        // The ratio of subnormal numbers, after a very long time without volume, is noise.
        [if volume < f64::MIN_POSITIVE { f64::NAN } else { turnover / volume }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (x, volume) = ([9.0, 1.0, 4.0], [0.0, 2.0, 1.0]);
        let out = DEF.evaluate(&[&x, &x, &x, &volume], &[3.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 2.5]);
    }
}
