//! Whether `a` crosses `b` at this bar, in either direction.
//!
//! True where `crosses_above` or `crosses_below` is. Missing if one of the four values is.

use super::def::*;
use super::state::{State, compute, condition, crossings, stream};
use super::{crosses_above, crosses_below};
use crate::bits::Bits;

pub(super) static DEF: Indicator = Indicator {
    name: "crosses",
    aliases: &["cross"],
    family: Family::Condition,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[],
    outputs: &[Output::bool("crosses")],
    lookback: |_| 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether `a` crosses `b` at this bar, in either direction.",
    formula: "a[i] > b[i] and a[i-1] <= b[i-1], or a[i] < b[i] and a[i-1] >= b[i-1]; missing if one of them is.",
    source: "common definition, as Pine Script ta.cross",
    example: "SELECT ts, crosses(close, sma(close, 20)) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Crosses, 2, 1>,
    flags: Some(flags),
    stream: stream::<Crosses, 2, 1>,
};

fn flags(inputs: &[FlagsInput], _: &Params) -> FlagColumn {
    let [up, down] = crossings(inputs);
    let either = up.holds.words().iter().zip(down.holds.words()).map(|(up, down)| up | down).collect();
    FlagColumn { holds: Bits::from_words(either, up.holds.len()), known: up.known }
}

/// The two directions.
pub(super) static TWINS: Twins = Twins { defs: [&crosses_above::DEF, &crosses_below::DEF], flags: crossings };

struct Crosses {
    before: [f64; 2],
}

impl State<2, 1> for Crosses {
    fn new(_: &Params) -> Self {
        Crosses { before: [f64::NAN; 2] }
    }

    #[inline]
    fn step(&mut self, [a, b]: [f64; 2]) -> [f64; 1] {
        let [a_before, b_before] = std::mem::replace(&mut self.before, [a, b]);
        let crosses = a > b && a_before <= b_before || a < b && a_before >= b_before;
        [condition(crosses, &[a, b, a_before, b_before])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0, 2.0, 1.0], &[2.0; 5]], &[]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 0.0, 0.0, 1.0]);
    }
}
