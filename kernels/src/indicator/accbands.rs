//! Acceleration bands.
//!
//! Simple averages of the high and the low, each pushed outwards by `width` times the range of the bar relative to
//! `high + low`, and of the close. A bar whose high and low add up to zero is not pushed. A missing bar gives no
//! value as long as it is in the window. Equals TA-Lib `ACCBANDS`.

use super::def::*;
use super::state::{State, finite, run_each, stream};
use crate::simd::widest_fn;
use crate::window::{Mean, moving_mean_of};

pub(super) static DEF: Indicator = Indicator {
    name: "accbands",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 20, 2), Param::float("width", 4.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Acceleration bands: averages of high and low, pushed outwards by the relative range of the bars.",
    formula: "upper = sma(high * (1 + w), period), middle = sma(close, period), lower = sma(low * (1 - w), period), with w = width * (high - low) / (high + low).",
    source: "Headley, Big Trends in Trading, 2002; TA-Lib ACCBANDS",
    example: "SELECT ts, accbands(high, low, close, 20).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Accbands, 3, 3>,
};

/// High and low of a bar pushed outwards, and its close; a bar without one of its prices is missing in all three.
#[inline(always)]
fn pushed([high, low, close]: [f64; 3], width: f64) -> [f64; 3] {
    let sum = high + low;
    let push = width * ((high - low) / sum);
    let push = if sum == 0.0 { 0.0 } else { push };
    let missing = (sum + close).is_nan();
    let known = |price: f64| if missing { f64::NAN } else { price };
    [known(high * (1.0 + push)), known(low * (1.0 - push)), known(close)]
}

/// Batch form: each average in a loop of its own.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (period, len) = (params.period(0), inputs[0].len());
    let bars = [inputs[0], inputs[1], inputs[2]];
    let width = params.float(1);
    for (output, push) in outputs.iter_mut().zip([push::<0>, push::<2>, push::<1>]) {
        moving_mean_of(len, period, output, |start, column| {
            push(bars.map(|prices| &prices[start..][..column.len()]), width, column);
        });
    }
}

widest_fn! {
    /// One of the prices of [`pushed`] at all bars.
    [const PRICE: usize] [PRICE]
    fn push(bars: [&[f64]; 3], width: f64, out: &mut [f64]) {
        run_each(bars, [out], |bar| {
            let [high, low, close] = bar;
            [finite(pushed([finite(high), finite(low), finite(close)], width)[PRICE])]
        });
    }
}

struct Accbands {
    width: f64,
    upper: Mean,
    middle: Mean,
    lower: Mean,
}

impl State<3, 3> for Accbands {
    fn new(params: &Params) -> Self {
        let mean = || Mean::new(params.period(0));
        Accbands { width: params.float(1), upper: mean(), middle: mean(), lower: mean() }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 3] {
        let [high, low, close] = pushed([high, low, close], self.width);
        [self.upper.step(high), self.middle.step(close), self.lower.step(low)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 1.0], &[1.0, -1.0], &[2.0, 0.0]], &[2.0, 4.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (5.0, 1.0, -1.0));
    }
}
