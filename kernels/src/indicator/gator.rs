//! Williams' gator oscillator.
//!
//! How far the jaw of the `alligator` is from its teeth, upwards, and the teeth from the lips, downwards. A missing
//! bar has no value and changes nothing. Equals `GetGator` of Skender's Stock.Indicators, where both lines appear
//! together.

use super::alligator::Alligator;
use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "gator",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[
        Param::period("jaw", 13, 1),
        Param::period("jaw_shift", 8, 0),
        Param::period("teeth", 8, 1),
        Param::period("teeth_shift", 5, 0),
        Param::period("lips", 5, 1),
        Param::period("lips_shift", 3, 0),
    ],
    outputs: &[Output::number("upper", Unit::Price), Output::number("lower", Unit::Price)],
    lookback: Alligator::lookback,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Williams' gator oscillator: how far the lines of the alligator are apart.",
    formula: "upper = abs(jaw - teeth), lower = -abs(teeth - lips) of alligator(high, low). Missing bars are skipped.",
    source: "Williams, New Trading Dimensions, 1998; Stock.Indicators",
    example: "SELECT ts, gator(high, low).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Gator, 2, 2>,
    flags: None,
    stream: stream::<Gator, 2, 2>,
};

struct Gator {
    alligator: Alligator,
}

impl State<2, 2> for Gator {
    fn new(params: &Params) -> Self {
        Gator { alligator: Alligator::new(params) }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        let [jaw, teeth, lips] = self.alligator.step([high, low]);
        [(jaw - teeth).abs(), -(teeth - lips).abs()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 3.0, 5.0, 7.0];
        let out = DEF.evaluate(&[&x, &x], &[2.0, 2.0, 2.0, 1.0, 1.0, 0.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!((out[0][3], out[1][3]), (1.5, -3.5));
    }
}
