//! Average directional index, Wilder (1978).
//!
//! Wilder's average of `100 * |+DI - -DI| / (+DI + -DI)`, seeded with the mean of its first `period` values; the first
//! value comes `2 * period - 1` bars after the first bar. A bar without directional movement leaves the average as it
//! was, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `ADX`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Direction, Directional, Smoother, any_nan};

pub(super) static DEF: Indicator = Indicator {
    name: "adx",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("adx", Unit::Percent)],
    lookback: |params| 2 * params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Average directional index: the strength of a trend, without its direction.",
    formula: "rma(100 * |plus_di - minus_di| / (plus_di + minus_di), period); bars without directional movement and missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib ADX",
    example: "SELECT ts, adx(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Adx, 3, 1>,
    flags: None,
    stream: stream::<Adx, 3, 1>,
};

pub(super) struct Adx {
    directional: Directional,
    average: Smoother,
    value: f64,
}

impl State<3, 1> for Adx {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Adx { directional: Directional::new(period), average: Smoother::rma(period), value: f64::NAN }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 3]) -> [f64; 1] {
        if bar.iter().any(|price| price.is_nan()) {
            return [f64::NAN];
        }
        let Some(direction) = self.directional.step(bar) else {
            self.average.wait();
            return [f64::NAN];
        };
        [self.take(direction.index())]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block() && self.directional.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        self.directional.run(bars, out, Direction::index);
        if any_nan(out) {
            return out.iter_mut().for_each(|index| *index = self.take(*index));
        }
        self.average.fill(out);
        self.value = out.last().map_or(self.value, |&last| last);
    }
}

impl Adx {
    /// Takes the next index, or `NaN` without movement: nothing in the first mean, and skipped later on.
    #[inline(always)]
    fn take(&mut self, index: f64) -> f64 {
        if !self.average.is_warm() {
            self.value = self.average.step(if index.is_nan() { 0.0 } else { index });
        } else if !index.is_nan() {
            self.value = self.average.step(index);
        }
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(&[&[2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 3.0, 4.0, 5.0, 6.0]], &[2.0])
            .unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3..], [100.0, 100.0]);
    }
}
