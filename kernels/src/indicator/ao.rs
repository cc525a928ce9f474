//! Awesome oscillator, Williams (1998).
//!
//! The difference of a fast and a slow simple average of the median price. A missing bar gives no value as long as it
//! is in the slow window. Equals TA-Lib `AO`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{Mean, MovingMean, PIECE, make_room};

pub(super) static DEF: Indicator = Indicator {
    name: "ao",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("fast", 5, 1), Param::period("slow", 34, 1)],
    outputs: &[Output::number("ao", Unit::Price)],
    lookback: |params| params.period(0).max(params.period(1)) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Awesome oscillator: the distance of a fast and a slow average of the median price.",
    formula: "m = (high + low) / 2; sma(m, fast) - sma(m, slow).",
    source: "Williams, New Trading Dimensions, 1998; TA-Lib AO",
    example: "SELECT ts, ao(high, low, 5, 34) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Ao, 2, 1>,
};

pub(super) struct Ao {
    fast: Mean,
    slow: Mean,
}

impl State<2, 1> for Ao {
    fn new(params: &Params) -> Self {
        Ao { fast: Mean::new(params.period(0)), slow: Mean::new(params.period(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let middle = (high + low) / 2.0;
        [self.fast.step(middle) - self.slow.step(middle)]
    }
}

/// The batch form, over whole slices.
pub(super) fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (highs, lows, output) = (inputs[0], inputs[1], &mut outputs[0]);
    make_room(output, highs.len());
    let [mut fast, mut slow] = [0, 1].map(|k| MovingMean::new(params.period(k)));
    let [mut middles, mut slows] = [[0.0; PIECE]; 2];
    for ((output, highs), lows) in output.chunks_mut(PIECE).zip(highs.chunks(PIECE)).zip(lows.chunks(PIECE)) {
        let (middles, slows) = (&mut middles[..output.len()], &mut slows[..output.len()]);
        for ((middle, &high), &low) in middles.iter_mut().zip(highs).zip(lows) {
            *middle = (finite(high) + finite(low)) / 2.0;
        }
        fast.extend(middles, output);
        slow.extend(middles, slows);
        for (output, slow) in output.iter_mut().zip(slows) {
            *output = finite(*output - *slow);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 9.0], &[0.0, 2.0, 3.0]], &[1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 1.5]);
    }
}
