//! Williams %R, Williams (1973).
//!
//! Where the close lies below the highest high of `period` bars, in percent of the range, from -100 to 0. A flat range
//! counts as zero, as in TA-Lib. A missing bar gives no value as long as it is in the window. Equals TA-Lib `WILLR`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Channel, is_negligible, make_room, moving_channel, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "williams_r",
    aliases: &["willr"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("williams_r", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Williams %R: how far the close is below the highest high, from -100 to 0.",
    formula: "-100 * (highest high - close) / (highest high - lowest low) over the period; 0 for a flat range.",
    source: "Williams, How I Made One Million Dollars, 1973; TA-Lib WILLR",
    example: "SELECT ts, williams_r(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<WilliamsR, 3, 1>,
};

struct WilliamsR {
    channel: Channel,
}

impl State<3, 1> for WilliamsR {
    fn new(params: &Params) -> Self {
        WilliamsR { channel: Channel::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let [high, low] = self.channel.step(high, low);
        [place(high, low, close)]
    }
}

/// Where the close lies below the high, zero for a flat range.
#[inline(always)]
fn place(high: f64, low: f64, close: f64) -> f64 {
    let range = high - low;
    let flat = is_negligible(range, high.abs() + low.abs());
    if flat & !close.is_nan() { 0.0 } else { 100.0 * ((close - high) / range) }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (output, close) = (&mut outputs[0], inputs[2]);
    make_room(output, close.len());
    moving_channel(inputs[0], inputs[1], params.period(0), |start, highs, lows| {
        let output = next_places(output, highs.len());
        widest(|| {
            for (((output, close), high), low) in output.iter_mut().zip(&close[start..]).zip(highs).zip(lows) {
                *output = finite(place(*high, *low, finite(*close)));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0, 4.0], &[0.0, 1.0, 4.0, 4.0], &[1.0, 3.0, 4.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [-25.0, 0.0, 0.0]);
    }
}
