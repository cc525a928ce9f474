//! Donchian channel: the highest high, the lowest low and their middle.
//!
//! A missing bar gives no value as long as it is in the window. Equals TA-Lib `DONCHIAN`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{Channel, make_room, moving_channel, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "donchian",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Donchian channel: the highest high, the lowest low and the middle between them.",
    formula: "upper = max(high, period), lower = min(low, period), middle = (upper + lower) / 2, the current bar included.",
    source: "Donchian, High Finance in Copper, 1960; TA-Lib DONCHIAN",
    example: "SELECT ts, donchian(high, low, 20).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Donchian, 2, 3>,
};

struct Donchian {
    channel: Channel,
}

impl State<2, 3> for Donchian {
    fn new(params: &Params) -> Self {
        Donchian { channel: Channel::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 3] {
        let [upper, lower] = self.channel.step(high, low);
        [upper, (upper + lower) / 2.0, lower]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let [upper, middle, lower] = outputs else { unreachable!("three outputs") };
    for output in [&mut *upper, &mut *middle, &mut *lower] {
        make_room(output, inputs[0].len());
    }
    moving_channel(inputs[0], inputs[1], params.period(0), |_, highs, lows| {
        upper.extend_from_slice(highs);
        lower.extend_from_slice(lows);
        for ((middle, high), low) in next_places(middle, highs.len()).iter_mut().zip(highs).zip(lows) {
            *middle = finite((high + low) / 2.0);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 3.0], &[1.0, 3.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (4.0, 2.5, 1.0));
    }
}
