//! Relative volatility index, Dorsey (1993).
//!
//! The relative strength index of volatility: the standard deviation of `stddev_period` values counts as up where the
//! value rose and as down where it fell, and `up / (up + down)` is taken of Wilder's averages of both over `period`
//! bars, in percent. Fifty without any, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib
//! `RVI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Smoother, Spread};

pub(super) static DEF: Indicator = Indicator {
    name: "rvi",
    aliases: &["relative_volatility_index"],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1), Param::period("stddev_period", 10, 2)],
    outputs: &[Output::number("rvi", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) - 2,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Relative volatility index: the share of volatility on rising bars, in percent.",
    formula: "d = rolling_stddev(x, stddev_period); 100 * up / (up + down), where up and down are rma(d where x rose, period) and rma(d where x fell, period); 50 if both are 0. Missing bars are skipped.",
    source: "Dorsey, The Relative Volatility Index, 1993; TA-Lib RVI",
    example: "SELECT ts, rvi(close, 14, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Rvi, 1, 1>,
    flags: None,
    stream: stream::<Rvi, 1, 1>,
};

struct Rvi {
    previous: f64,
    spread: Spread,
    len: f64,
    up: Smoother,
    down: Smoother,
}

impl State<1, 1> for Rvi {
    fn new(params: &Params) -> Self {
        let (average, len) = (|| Smoother::rma(params.period(0)), params.period(1));
        Rvi { previous: f64::NAN, spread: Spread::new(len), len: len as f64, up: average(), down: average() }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [x];
        }
        let previous = std::mem::replace(&mut self.previous, x);
        let [_, squares] = self.spread.step(x);
        if squares.is_nan() {
            return [squares];
        }
        let deviation = (squares / self.len).sqrt();
        let up = self.up.step(if x > previous { deviation } else { 0.0 });
        let down = self.down.step(if x < previous { deviation } else { 0.0 });
        let both = up + down;
        [if both == 0.0 { 50.0 } else { 100.0 * (up / both) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // Deviations 1 up, 0.5 down, 0.
        assert!((out[0][2] - 200.0 / 3.0).abs() < 1e-12 && (out[0][3] - 200.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn flat_is_fifty() {
        let out = DEF.evaluate(&[&[0.1; 8]], &[3.0, 3.0]).unwrap();
        assert_eq!(out[0][4..], [50.0; 4]);
    }
}
