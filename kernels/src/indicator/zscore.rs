//! Distance from the moving mean in standard deviations.
//!
//! `(x - mean) / stddev` over the last `period` values, the current one included; `ddof` as in `rolling_stddev`. There
//! is no value where the deviation is zero, nor while a missing bar is in the window.

use super::def::*;
use super::state::{State, finite, stream};
use crate::quotient::divide;
use crate::simd::widest;
use crate::window::{Moments, Spread, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "zscore",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 20, 2),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(0), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("zscore", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Distance from the moving mean in standard deviations.",
    formula: "(x - sma(x, period)) / rolling_stddev(x, period, ddof). No value where the deviation is 0.",
    source: "standard score over a moving window",
    example: "SELECT ts, zscore(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Zscore, 1, 1>,
};

struct Zscore {
    spread: Spread,
    divisor: f64,
}

impl State<1, 1> for Zscore {
    fn new(params: &Params) -> Self {
        let (period, ddof) = (params.period(0), params.period(1));
        Zscore { spread: Spread::new(period), divisor: (period - ddof) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, squares] = self.spread.step(x);
        // Zero over zero is not a number, which is the answer; an infinite score, of deviations so small that their
        // squares vanish, counts as missing too.
        [(x - mean) / (squares / self.divisor).sqrt()]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Zscore { divisor, .. } = Zscore::new(params);
    let period = params.period(0);
    moving_column::<Moments, 2>(
        inputs[0],
        period,
        &mut outputs[0],
        |_| f64::NAN,
        |x, [means, squares], out| {
            divide(means, period as f64);
            divide(squares, divisor);
            widest(|| {
                for (((out, x), mean), variance) in out.iter_mut().zip(x).zip(means).zip(squares) {
                    *out = finite((x - *mean) / variance.sqrt());
                }
            });
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0, 3.0]], &[2.0, 0.0]).unwrap();
        assert_eq!(out[0][1], 1.0);
        assert!(out[0][2].is_nan() && out[0][3].is_nan(), "no deviation, no score");
    }
}
