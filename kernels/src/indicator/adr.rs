//! Average daily range.
//!
//! The simple average of high less low over `period` bars; gaps between bars do not count. A missing bar gives no value
//! as long as it is in the window. Equals TA-Lib `ADR`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Mean, moving_mean_of};

pub(super) static DEF: Indicator = Indicator {
    name: "adr",
    aliases: &["average_daily_range"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("adr", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Average daily range: the moving average of high less low.",
    formula: "sma(high - low, period).",
    source: "common definition; TA-Lib ADR",
    example: "SELECT ts, adr(high, low, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute,
    flags: None,
    stream: stream::<Adr, 2, 1>,
};

fn compute(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (high, low) = (inputs[0], inputs[1]);
    moving_mean_of(high.len(), params.period(0), &mut outputs[0], |start, ranges| {
        widest(|| {
            for ((range, high), low) in ranges.iter_mut().zip(&high[start..]).zip(&low[start..]) {
                *range = finite(high - low);
            }
        });
    });
}

struct Adr {
    mean: Mean,
}

impl State<2, 1> for Adr {
    fn new(params: &Params) -> Self {
        Adr { mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        [self.mean.step(high - low)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 4.0, 8.0], &[1.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.5, 3.0]);
    }
}
