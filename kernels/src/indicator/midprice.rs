//! Middle between the highest high and the lowest low of the last `period` bars.
//!
//! A missing bar gives no value as long as it is in the window. Equals TA-Lib `MIDPRICE`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Channel, make_room, moving_channel, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "midprice",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("midprice", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Middle between the highest high and the lowest low of the last `period` bars.",
    formula: "(max(high, period) + min(low, period)) / 2.",
    source: "TA-Lib MIDPRICE",
    example: "SELECT ts, midprice(high, low, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Midprice, 2, 1>,
};

struct Midprice {
    channel: Channel,
}

impl State<2, 1> for Midprice {
    fn new(params: &Params) -> Self {
        Midprice { channel: Channel::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let [high, low] = self.channel.step(high, low);
        [(high + low) / 2.0]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let output = &mut outputs[0];
    make_room(output, inputs[0].len());
    moving_channel(inputs[0], inputs[1], params.period(0), |_, highs, lows| {
        let output = next_places(output, highs.len());
        widest(|| {
            for ((output, high), low) in output.iter_mut().zip(highs).zip(lows) {
                *output = finite((high + low) / 2.0);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 3.0], &[1.0, 3.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.5, 3.0]);
    }
}
