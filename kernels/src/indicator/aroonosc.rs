//! Aroon oscillator: `up` minus `down` of `aroon`, from -100 to 100. Equals TA-Lib `AROONOSC`.

use super::aroon::{self, Aroon};
use super::def::*;
use super::state::{State, stream};
use crate::window::{make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "aroonosc",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("aroonosc", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Aroon oscillator: the difference of the two lines of aroon.",
    formula: "aroon(high, low, period).up - aroon(high, low, period).down.",
    source: "Chande, A Time Price Oscillator, 1995; TA-Lib AROONOSC",
    example: "SELECT ts, aroonosc(high, low, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Aroonosc, 2, 1>,
};

struct Aroonosc(Aroon);

impl State<2, 1> for Aroonosc {
    fn new(params: &Params) -> Self {
        Aroonosc(Aroon::new(params))
    }

    #[inline]
    fn step(&mut self, bar: [f64; 2]) -> [f64; 1] {
        let [down, up] = self.0.step(bar);
        [up - down]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let mut both = [Vec::new(), Vec::new()];
    aroon::batch(inputs, params, &mut both);
    make_room(&mut outputs[0], inputs[0].len());
    let [down, up] = &both;
    next_places(&mut outputs[0], up.len()).iter_mut().zip(down).zip(up).for_each(|((out, down), up)| *out = up - down);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 2.0, 3.0, 2.0, 1.0], &[1.0, 2.0, 1.0, 2.0, 0.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.0, 0.0, -100.0]);
    }
}
