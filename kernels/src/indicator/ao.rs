//! Awesome oscillator, Williams (1998).
//!
//! The difference of a fast and a slow simple average of the median price. A missing bar gives no value as long as it
//! is in the slow window. Equals TA-Lib `AO`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Mean, every_mean, make_room};

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
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let out = &mut outputs[0];
    make_room(out, inputs[0].len());
    every_oscillation(inputs, params, |values| out.extend_from_slice(values));
}

/// The values of whole slices, handed to `emit` in pieces.
#[inline(always)]
pub(super) fn every_oscillation(inputs: &[&[f64]], params: &Params, mut emit: impl FnMut(&[f64])) {
    let (high, low) = (inputs[0], inputs[1]);
    let fill = |start: usize, middles: &mut [f64]| {
        widest(|| {
            for ((middle, &high), &low) in middles.iter_mut().zip(&high[start..]).zip(&low[start..]) {
                *middle = (finite(high) + finite(low)) / 2.0;
            }
        });
    };
    every_mean(high.len(), [0, 1].map(|k| params.period(k)), fill, |_, _, [fast, slow]| {
        widest(|| fast.iter_mut().zip(slow).for_each(|(fast, slow)| *fast = finite(*fast - *slow)));
        emit(fast);
    });
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
