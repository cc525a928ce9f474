//! Accelerator oscillator, Williams (1998).
//!
//! The awesome oscillator minus its own simple average. A missing bar gives no value as long as it is in one of the
//! windows. Equals TA-Lib `AC`.

use super::ao::{Ao, every_oscillation};
use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Mean, Means, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "ac",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("fast", 5, 1), Param::period("slow", 34, 1), Param::period("signal", 5, 1)],
    outputs: &[Output::number("ac", Unit::Price)],
    lookback: |params| params.period(0).max(params.period(1)) + params.period(2) - 2,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Accelerator oscillator: the awesome oscillator minus its own average.",
    formula: "a = ao(high, low, fast, slow); a - sma(a, signal).",
    source: "Williams, New Trading Dimensions, 1998; TA-Lib AC",
    example: "SELECT ts, ac(high, low, 5, 34, 5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Ac, 2, 1>,
};

struct Ac {
    ao: Ao,
    signal: Mean,
}

impl State<2, 1> for Ac {
    fn new(params: &Params) -> Self {
        Ac { ao: Ao::new(params), signal: Mean::new(params.period(2)) }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 2]) -> [f64; 1] {
        let [ao] = self.ao.step(bar);
        [ao - self.signal.step(ao)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (len, out) = (inputs[0].len(), &mut outputs[0]);
    let mut signal = Means::new(params.period(2), len);
    make_room(out, len);
    every_oscillation(inputs, params, |ao| {
        let out = next_places(out, ao.len());
        signal.extend(ao, out);
        widest(|| out.iter_mut().zip(ao).for_each(|(out, ao)| *out = finite(*ao - *out)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 9.0], &[0.0, 2.0, 3.0]], &[1.0, 2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 0.25);
    }
}
