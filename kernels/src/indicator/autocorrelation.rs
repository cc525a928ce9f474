//! Correlation of the last `period` values with those `lag` bars before.
//!
//! From -1 to 1; zero if either side does not move, as in `rolling_corr`. The first value comes when there are `period`
//! pairs. A missing bar gives no value as long as it is in a pair.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Delay, Pair, moving_correlation};

pub(super) static DEF: Indicator = Indicator {
    name: "autocorrelation",
    aliases: &["autocorr"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 2), Param::period("lag", 1, 1)],
    outputs: &[Output::number("autocorrelation", Unit::Ratio)],
    lookback: |params| params.period(0) - 1 + params.period(1),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Correlation of the last `period` values with those `lag` bars before.",
    formula: "rolling_corr(x, previous(x, lag), period).",
    source: "Pearson correlation of a series with itself",
    example: "SELECT ts, autocorrelation(pct_change(close), 30, 1) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Autocorrelation, 1, 1>,
};

struct Autocorrelation {
    delay: Delay,
    pair: Pair,
}

impl State<1, 1> for Autocorrelation {
    fn new(params: &Params) -> Self {
        Autocorrelation { delay: Delay::new(params.period(1)), pair: Pair::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.pair.correlation([x, self.delay.step(x)])]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, lag) = (inputs[0], params.period(1).min(inputs[0].len()));
    let before = [vec![f64::NAN; lag], x[..x.len() - lag].to_vec()].concat();
    moving_correlation(x, &before, params.period(0), &mut outputs[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 2.0, 2.0]], &[2.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [-1.0, -1.0, 0.0]);
    }
}
