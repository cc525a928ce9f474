//! Variance of the last `period` values.
//!
//! `ddof` 0 divides by `period` (the population), `ddof` 1 by `period - 1` (a sample, as pandas). `width` is without
//! effect: TA-Lib `VAR`, which this equals with `ddof` 0, takes a number of deviations and does not use it. A missing
//! bar gives no value as long as it is in the window. Equal values give exactly zero.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::quotients;
use crate::window::{Moments, Spread, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_variance",
    aliases: &["rolling_var"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 5, 1),
        Param::float("width", 1.0, 0.0, 1000.0),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(0), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("rolling_variance", Unit::Square)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Variance of the last `period` values.",
    formula: "sum((x - mean)^2) / (period - ddof) over the window; width is not used. No value while a missing bar is in the window.",
    source: "TA-Lib VAR for ddof 0, pandas rolling for ddof 1",
    example: "SELECT ts, rolling_variance(close, 20) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        if params.period(2) < params.period(0) {
            return Ok(());
        }
        Err("`period` of rolling_variance() must be above `ddof`, got 1 and 1".to_string())
    }),
    compute: batch,
    flags: None,
    stream: stream::<Variance, 1, 1>,
};

struct Variance {
    spread: Spread,
    divisor: f64,
}

impl State<1, 1> for Variance {
    fn new(params: &Params) -> Self {
        let (period, ddof) = (params.period(0), params.period(2));
        Variance { spread: Spread::new(period), divisor: (period - ddof) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, squares] = self.spread.step(x);
        [squares / self.divisor]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Variance { divisor, .. } = Variance::new(params);
    let period = params.period(0);
    moving_column::<Moments, 2>(
        inputs[0],
        period,
        &mut outputs[0],
        |_| 0.0,
        |_, [_, squares], out| quotients(squares, divisor, out),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0, 3.0]], &[2.0, 1.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 0.0, 0.0]);
    }
}
