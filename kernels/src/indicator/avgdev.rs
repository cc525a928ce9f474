//! Mean absolute deviation from the moving mean.
//!
//! A missing bar gives no value as long as it is in the window. The work per bar grows with `period` up to 384 bars
//! and with its logarithm beyond, because the deviations change with the mean. Equals TA-Lib `AVGDEV`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{Deviations, copy_finite, moving_deviations};

pub(super) static DEF: Indicator = Indicator {
    name: "avgdev",
    aliases: &["mean_absolute_deviation"],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("avgdev", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Mean absolute deviation from the moving mean.",
    formula: "mean(|x - sma(x, period)|) over the window, all against the mean of the whole window.",
    source: "TA-Lib AVGDEV",
    example: "SELECT ts, avgdev(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Avgdev, 1, 1>,
};

struct Avgdev {
    deviations: Deviations,
    len: f64,
}

impl State<1, 1> for Avgdev {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Avgdev { deviations: Deviations::new(period), len: period as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, sum] = self.deviations.step(x);
        [sum / self.len]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, output, len) = (inputs[0], &mut outputs[0], params.period(0) as f64);
    let fill = |start: usize, out: &mut [f64]| copy_finite(&x[start..], out);
    moving_deviations(params.period(0), x.len(), output, fill, |_, [_, sum]| finite(sum / len));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 8.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 2.5]);
    }
}
