//! Aroon, Chande (1995).
//!
//! How recent the lowest low (`down`) and the highest high (`up`) of `period + 1` bars are: 100 for the current bar, 0
//! for `period` bars ago; of equal prices the latest counts. A missing bar gives no value as long as it is in the
//! window. Equals TA-Lib `AROON`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{SincePeak, make_room, moving_age, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "aroon",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("down", Unit::Percent), Output::number("up", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Aroon: how recent the lowest low and the highest high are.",
    formula: "down = 100 * (period - bars since the lowest low) / period, up the same with the highest high, both of the last period + 1 bars.",
    source: "Chande, A Time Price Oscillator, 1995; TA-Lib AROON",
    example: "SELECT ts, aroon(high, low, 14).up FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Aroon, 2, 2>,
};

pub(super) struct Aroon {
    since_high: SincePeak,
    since_low: SincePeak,
    period: f64,
    share: f64,
}

impl State<2, 2> for Aroon {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        let window = || SincePeak::new(period + 1);
        Aroon { since_high: window(), since_low: window(), period: period as f64, share: 100.0 / period as f64 }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        // A missing price hides the other one too.
        let missing = high.is_nan() | low.is_nan();
        let since_low = self.since_low.step(if missing { f64::NAN } else { -low });
        let since_high = self.since_high.step(if missing { f64::NAN } else { high });
        [self.share * (self.period - since_low), self.share * (self.period - since_high)]
    }
}

/// The batch form, over whole slices.
pub(super) fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let ([high, low], [down, up, ..]) = ([inputs[0], inputs[1]], outputs) else { unreachable!("two outputs") };
    let (Aroon { share, period, .. }, len) = (Aroon::new(params), high.len());
    for (out, price, other, sign) in [(down, low, high, -1.0), (up, high, low, 1.0)] {
        make_room(out, len);
        // A missing price hides the other one too.
        let fill = |start: usize, values: &mut [f64]| {
            for ((value, price), other) in values.iter_mut().zip(&price[start..]).zip(&other[start..]) {
                *value = if (price + other * 0.0).is_finite() { sign * price } else { f64::NAN };
            }
        };
        moving_age(len, params.period(0) + 1, fill, |_, ages| {
            next_places(out, ages.len()).iter_mut().zip(ages).for_each(|(out, age)| *out = share * (period - age));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 2.0, 3.0, 2.0, 1.0], &[1.0, 2.0, 1.0, 2.0, 0.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (100.0, 100.0));
        assert_eq!((out[0][3], out[1][3]), (50.0, 50.0));
        assert_eq!((out[0][4], out[1][4]), (100.0, 0.0));
    }
}
