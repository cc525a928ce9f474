//! Chande momentum oscillator with the smoothing of Wilder.
//!
//! `100 * (gain - loss) / (gain + loss)`, with Wilder's averages of the rises and falls, so `2 * rsi - 100`; zero
//! without any movement. Chande (1994) defines it with plain sums, which is `cmou`. A missing bar has no value and
//! changes nothing. Equals TA-Lib `CMO`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence, gain_and_loss};

pub(super) static DEF: Indicator = Indicator {
    name: "cmo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("cmo", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chande momentum oscillator with Wilder's smoothing, from -100 to 100.",
    formula: "100 * (gain - loss) / (gain + loss), where gain and loss are rma(rises, period) and rma(falls, period); 0 without movement. Missing bars are skipped.",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib CMO",
    example: "SELECT ts, cmo(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Cmo, 2, 3>, 1, 1>,
    flags: None,
    stream: stream::<Averaged<Cmo, 2, 3>, 1, 1>,
};

struct Cmo;

impl Recurrence<1, 1> for Cmo {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        let [gain, loss] = gain_and_loss(past, x);
        let movement = gain + loss;
        // A movement that is missing is not above zero either, and is nothing but missing.
        [movement.if_above(movement.all(0.0), ((gain - loss) / movement) * 100.0, movement.nothing())]
    }
}

impl Averaging<1, 1, 2, 3> for Cmo {
    fn new(params: &Params) -> (Self, Averages<2, 3>) {
        (Cmo, Averages::wilder([params.period(0); 2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 4.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 50.0]);
    }

    #[test]
    fn flat_is_zero() {
        let out = DEF.evaluate(&[&[5.0, 5.0, 5.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [0.0, 0.0]);
    }
}
