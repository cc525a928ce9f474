//! Williams' alligator.
//!
//! Three of Wilder's averages of the middle of the bar, each shown as many bars later as its shift says: a line
//! shows what its average was then, so nothing of the future is in it. All three appear together. A missing bar has
//! no value and changes nothing. Equals `GetAlligator` of Skender's Stock.Indicators.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Behind, Smoother};

pub(super) static DEF: Indicator = Indicator {
    name: "alligator",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[
        Param::period("jaw", 13, 1),
        Param::period("jaw_shift", 8, 0),
        Param::period("teeth", 8, 1),
        Param::period("teeth_shift", 5, 0),
        Param::period("lips", 5, 1),
        Param::period("lips_shift", 3, 0),
    ],
    outputs: &[
        Output::number("jaw", Unit::Price),
        Output::number("teeth", Unit::Price),
        Output::number("lips", Unit::Price),
    ],
    lookback: Alligator::lookback,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Williams' alligator: three smoothed and delayed averages of the middle of the bar.",
    formula: "jaw = previous(rma(p, jaw), jaw_shift), teeth = previous(rma(p, teeth), teeth_shift), lips = previous(rma(p, lips), lips_shift) with p = (high + low) / 2. Missing bars are skipped.",
    source: "Williams, Trading Chaos, 1995; Stock.Indicators",
    example: "SELECT ts, alligator(high, low).jaw FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Alligator, 2, 3>,
    flags: None,
    stream: stream::<Alligator, 2, 3>,
};

pub(super) struct Alligator([(Smoother, Behind); 3]);

impl Alligator {
    /// Rows before all three lines have a value.
    pub(super) fn lookback(params: &Params) -> usize {
        let line = |at| params.period(at) - 1 + params.period(at + 1);
        line(0).max(line(2)).max(line(4))
    }
}

impl State<2, 3> for Alligator {
    fn new(params: &Params) -> Self {
        let line = |at| (Smoother::rma(params.period(at)), Behind::new(params.period(at + 1)));
        Alligator([line(0), line(2), line(4)])
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 3] {
        let price = (high + low) / 2.0;
        if price.is_nan() {
            return [f64::NAN; 3];
        }
        // A loop and no closure: a closure is compiled for every processor, whoever calls it.
        let mut lines = [f64::NAN; 3];
        for (line, (average, behind)) in lines.iter_mut().zip(&mut self.0) {
            *line = behind.step(average.step(price));
        }
        if lines.iter().any(|line| line.is_nan()) { [f64::NAN; 3] } else { lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, 3.0, 5.0, 7.0];
        let out = DEF.evaluate(&[&x, &x], &[2.0, 2.0, 2.0, 1.0, 1.0, 0.0]).unwrap();
        assert!((0..3).all(|k| out[k][2].is_nan()));
        assert_eq!((out[0][3], out[1][3], out[2][3]), (2.0, 3.5, 7.0));
    }
}
