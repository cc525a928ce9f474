//! Acceleration bands.
//!
//! Simple averages of the high and the low, each pushed outwards by `width` times the range of the bar relative to
//! `high + low`, and of the close. A bar whose high and low add up to zero is not pushed. A missing bar gives no
//! value as long as it is in the window. Equals TA-Lib `ACCBANDS`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

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
    compute: compute::<Accbands, 3, 3>,
    flags: None,
    stream: stream::<Accbands, 3, 3>,
};

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
        let bar = high + low + close;
        // A bar without one of its prices is missing in all three averages.
        let [high, low, close] = if bar.is_nan() { [f64::NAN; 3] } else { [high, low, close] };
        let sum = high + low;
        let push = if sum == 0.0 { 0.0 } else { self.width * ((high - low) / sum) };
        let (upper, lower) = (self.upper.step(high * (1.0 + push)), self.lower.step(low * (1.0 - push)));
        [upper, self.middle.step(close), lower]
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
