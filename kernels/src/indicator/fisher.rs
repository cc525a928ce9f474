//! Ehlers' Fisher transform of where the median price lies in its range, and its value one bar before.
//!
//! The range is that of the median prices of `period` bars; in a flat range the price counts as its middle. Both
//! recursions start from zero. The first value comes after `period` bars, one later than the transform itself, so that
//! there is a bar before. A missing bar has no value and changes nothing. Once its start is forgotten it equals
//! Skender's `FisherTransform`; QuantConnect's only limits to 0.999.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "fisher",
    aliases: &["fisher_transform"],
    family: Family::Cycle,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 10, 2)],
    outputs: &[Output::number("fisher", Unit::Ratio), Output::number("trigger", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Fisher transform of where the median price lies in its range, and its value one bar before.",
    formula: "m = (high + low) / 2; v = 0.66 * ((m - lowest m) / (highest m - lowest m) - 0.5) + 0.67 v[1], 0.999 if above 0.99 and -0.999 if below -0.99, ranges over period bars; fisher = 0.5 ln((1 + v) / (1 - v)) + 0.5 fisher[1]; trigger = fisher[1]. Missing bars are skipped.",
    source: "Ehlers, Using the Fisher Transform, Stocks & Commodities 20:11, 2002",
    example: "SELECT ts, fisher(high, low, 10).fisher FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Fisher, 2, 2>,
    flags: None,
    stream: stream::<Fisher, 2, 2>,
};

struct Fisher {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    position: f64,
    fisher: f64,
    started: bool,
}

impl State<2, 2> for Fisher {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Fisher {
            highest: Sliding::new(period),
            lowest: Sliding::new(period),
            position: 0.0,
            fisher: 0.0,
            started: false,
        }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        // Halved first, because the sum of large prices may overflow.
        let price = 0.5 * high + 0.5 * low;
        if price.is_nan() {
            return [f64::NAN; 2];
        }
        let (Some(Max(highest)), Some(Min(lowest))) = (self.highest.push(price), self.lowest.push(price)) else {
            return [f64::NAN; 2];
        };
        let range = highest - lowest;
        let place = if range > 0.0 { (price - lowest) / range - 0.5 } else { 0.0 };
        let position = 0.66 * place + 0.67 * self.position;
        // Ehlers' rule: what is nearly one counts as more than that.
        let position = if position.abs() > 0.99 { 0.999_f64.copysign(position) } else { position };
        self.position = if position.is_normal() { position } else { 0.0 };
        let fisher = 0.5 * ((1.0 + self.position) / (1.0 - self.position)).ln() + 0.5 * self.fisher;
        let fisher = if fisher.is_normal() { fisher } else { 0.0 };
        let trigger = std::mem::replace(&mut self.fisher, fisher);
        if std::mem::replace(&mut self.started, true) { [fisher, trigger] } else { [f64::NAN; 2] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 2.0, 1.5];
        let out = DEF.evaluate(&[&x, &x], &[2.0]).unwrap();
        let (first, second) = (0.33_f64, 0.67 * 0.33 - 0.33_f64);
        assert!(out[0][1].is_nan() && out[1][1].is_nan());
        assert!((out[1][2] - first.atanh()).abs() < 1e-15);
        assert!((out[0][2] - (second.atanh() + 0.5 * first.atanh())).abs() < 1e-15);
    }

    #[test]
    fn flat_is_zero() {
        let out = DEF.evaluate(&[&[5.0; 20], &[5.0; 20]], &[10.0]).unwrap();
        assert_eq!((out[0][19], out[1][19]), (0.0, 0.0));
    }
}
