//! Standard deviation of the last `period` values.
//!
//! `ddof` 0 divides by `period` (the population), `ddof` 1 by `period - 1` (a sample, as pandas). The result is
//! multiplied by `width`. A missing bar gives no value as long as it is in the window. Equal values give exactly zero.
//! Equals TA-Lib `STDDEV` with `ddof` 0.

use super::def::*;
use super::state::{State, finite, stream};
use crate::quotient::divide;
use crate::simd::widest;
use crate::window::{Moments, Spread, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_stddev",
    aliases: &["rolling_std"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 5, 2),
        Param::float("width", 1.0, 0.0, 1000.0),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(0), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("rolling_stddev", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Standard deviation of the last `period` values, or a multiple of it.",
    formula: "width * sqrt(sum((x - mean)^2) / (period - ddof)) over the window. No value while a missing bar is in the window.",
    source: "TA-Lib STDDEV for ddof 0, pandas rolling for ddof 1",
    example: "SELECT ts, rolling_stddev(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Deviation, 1, 1>,
};

struct Deviation {
    spread: Spread,
    divisor: f64,
    width: f64,
}

impl State<1, 1> for Deviation {
    fn new(params: &Params) -> Self {
        let (period, ddof) = (params.period(0), params.period(2));
        Deviation { spread: Spread::new(period), divisor: (period - ddof) as f64, width: params.float(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, squares] = self.spread.step(x);
        [self.width * (squares / self.divisor).sqrt()]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Deviation { divisor, width, .. } = Deviation::new(params);
    let period = params.period(0);
    moving_column::<Moments, 2>(
        inputs[0],
        period,
        &mut outputs[0],
        |_| 0.0,
        |_, [_, squares], out| {
            divide(squares, divisor);
            widest(|| {
                out.iter_mut().zip(squares).for_each(|(out, variance)| *out = finite(width * variance.sqrt()));
            });
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0, 3.0]], &[2.0, 1.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0_f64.sqrt(), 0.0, 0.0]);
    }
}
