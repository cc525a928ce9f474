//! Covariance of the last `period` pairs of values.
//!
//! `ddof` 0 divides by `period` (the population), `ddof` 1 by `period - 1` (a sample, as pandas). The covariance of a
//! series with itself is its `rolling_variance`. A missing value of either gives no value as long as it is in the
//! window.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::divide;
use crate::window::{Pair, copy_finite, every_pair, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_covariance",
    aliases: &["rolling_cov"],
    family: Family::Statistics,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[
        Param::period("period", 30, 2),
        Param { name: "ddof", kind: ParamKind::Int { default: Some(0), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("rolling_covariance", Unit::Square)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Covariance of the last `period` pairs of values.",
    formula: "sum((a - mean(a)) * (b - mean(b))) / (period - ddof) over the window.",
    source: "pandas rolling cov for ddof 1",
    example: "SELECT ts, rolling_covariance(open, close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<RollingCovariance, 2, 1>,
};

struct RollingCovariance {
    pair: Pair,
    divisor: f64,
}

impl State<2, 1> for RollingCovariance {
    fn new(params: &Params) -> Self {
        let (period, ddof) = (params.period(0), params.period(1));
        RollingCovariance { pair: Pair::new(period), divisor: (period - ddof) as f64 }
    }

    #[inline]
    fn step(&mut self, values: [f64; 2]) -> [f64; 1] {
        let [_, _, product] = self.pair.step(values);
        [product / self.divisor]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let ([a, b], out) = ([inputs[0], inputs[1]], &mut outputs[0]);
    make_room(out, a.len());
    let RollingCovariance { divisor, .. } = RollingCovariance::new(params);
    let fill = |start: usize, [first, second]: [&mut [f64]; 2]| {
        copy_finite(&a[start..], first);
        copy_finite(&b[start..], second);
    };
    every_pair(a.len(), params.period(0), fill, |_, [_, _, products]| {
        divide(products, divisor);
        copy_finite(products, next_places(out, products.len()));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0], &[5.0, 1.0, 2.0]], &[2.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [-4.0, 0.0]);
    }
}
