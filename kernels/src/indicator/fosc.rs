//! Forecast oscillator, Chande (1994).
//!
//! The distance of a value, in percent of it, from the forecast that a straight line through the `period` values
//! before it gave. Zero where the value is zero, as in TA-Lib. A missing bar gives no value as long as it is in the
//! window. Equals TA-Lib `FOSC`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::OnLine;

pub(super) static DEF: Indicator = Indicator {
    name: "fosc",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 5, 2)],
    outputs: &[Output::number("fosc", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Forecast oscillator: the distance of a value from the straight line through the values before it, in percent.",
    formula: "100 * (x[i] - f) / x[i], where f is the next value on the least-squares line through x[i-period..i]; 0 where x is 0.",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib FOSC",
    example: "SELECT ts, fosc(close, 5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Fosc, 1, 1>,
};

struct Fosc {
    line: OnLine,
    forecast: f64,
}

impl State<1, 1> for Fosc {
    fn new(params: &Params) -> Self {
        Fosc { line: OnLine::ahead(params.period(0)), forecast: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let forecast = std::mem::replace(&mut self.forecast, finite(self.line.step(x)));
        [share(x, forecast)]
    }
}

/// The distance from the forecast in percent.
#[inline(always)]
fn share(x: f64, forecast: f64) -> f64 {
    // Times zero, not zero: during the warm-up there is still no value.
    if x == 0.0 { forecast * 0.0 } else { 100.0 * ((x - forecast) / x) }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, out) = (inputs[0], &mut outputs[0]);
    OnLine::ahead(params.period(0)).fill(x, out);
    let mut before = f64::NAN;
    for (out, &x) in out.iter_mut().zip(x) {
        let forecast = std::mem::replace(&mut before, *out);
        *out = finite(share(finite(x), forecast));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 8.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [25.0, 25.0]);
    }
}
