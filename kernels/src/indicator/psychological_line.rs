//! Share of the last `period` bars on which a series rose, in percent.
//!
//! An unchanged value is not a rise. A missing bar gives no value as long as it is among those compared.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "psychological_line",
    aliases: &["psl"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 12, 1)],
    outputs: &[Output::number("psychological_line", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Share of the last `period` bars on which a series rose, in percent.",
    formula: "100 * count(x[k] > x[k-1]) / period over the last `period` bars k. No value while a missing bar is among them.",
    source: "Japanese psychological line; pandas-ta psl",
    example: "SELECT ts, psychological_line(close, 12) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PsychologicalLine, 1, 1>,
    flags: None,
    stream: stream::<PsychologicalLine, 1, 1>,
};

struct PsychologicalLine {
    previous: f64,
    rises: Ladder<Sums, 1, 1>,
    len: f64,
}

impl State<1, 1> for PsychologicalLine {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        PsychologicalLine { previous: f64::NAN, rises: Ladder::new(period), len: period as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let change = x - std::mem::replace(&mut self.previous, x);
        let rise = if change.is_nan() { f64::NAN } else { f64::from(u8::from(change > 0.0)) };
        self.rises.push([rise]).map(|rises| 100.0 * rises / self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 3.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 50.0, 100.0]);
    }
}
