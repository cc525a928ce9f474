//! Ehlers' instantaneous trendline of 2001: the mean price over one dominant cycle, averaged over four bars.
//!
//! The mean over a whole cycle contains none of it. The first value is shown after 63 bars, as in TA-Lib; a flat market
//! lies exactly on its trend. A missing bar has no value and changes nothing. Equals TA-Lib `HT_TRENDLINE`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{CycleTrend, Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_trendline",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("ht_trendline", Unit::Price)],
    lookback: |_| Start::LATE.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Instantaneous trendline: the mean price over one dominant cycle.",
    formula: "m = mean of x over the rounded period of the dominant cycle; (4m + 3m[1] + 2m[2] + m[3]) / 10. Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_TRENDLINE",
    example: "SELECT ts, ht_trendline(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtTrendline, 1, 1>,
    flags: None,
    stream: stream::<HtTrendline, 1, 1>,
};

struct HtTrendline {
    homodyne: Homodyne,
    trend: CycleTrend,
}

impl State<1, 1> for HtTrendline {
    fn new(_: &Params) -> Self {
        HtTrendline { homodyne: Homodyne::new(Start::LATE), trend: CycleTrend::default() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let cycle = self.homodyne.step(x);
        let trend = self.trend.step(x, cycle.as_ref());
        [if cycle.is_some_and(|cycle| cycle.is_shown) { trend } else { f64::NAN }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_leaves_its_level() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!(out[0][62].is_nan() && !out[0][63].is_nan());
        assert!((out[0][399] - 100.0).abs() < 0.1);
    }

    #[test]
    fn a_flat_market_lies_on_it() {
        assert_eq!(DEF.evaluate(&[&[0.1; 200]], &[]).unwrap()[0][199], 0.1);
    }
}
