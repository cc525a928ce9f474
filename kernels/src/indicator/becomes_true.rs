//! Whether a condition turns true on this bar.
//!
//! True where the condition is true and was false on the previous bar; no value where it is missing on either.

use super::def::*;
use super::state::{State, compute, is_true, stream};
use crate::bits::Bits;

pub(super) static DEF: Indicator = Indicator {
    name: "becomes_true",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[],
    outputs: &[Output::bool("becomes_true")],
    lookback: |_| 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "True on the bar on which a condition turns from false to true.",
    formula: "condition[i] and not condition[i-1]; no value where either is missing.",
    source: "rising edge of a signal",
    example: "SELECT ts, becomes_true(close > sma(close, 20) AND volume > 0) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<BecomesTrue, 1, 1>,
    flags: Some(flags),
    stream: stream::<BecomesTrue, 1, 1>,
};

fn flags(inputs: &[FlagsInput], _: &Params) -> FlagColumn {
    let &[FlagsInput::Flags(condition)] = inputs else { unreachable!("one condition, as declared") };
    let len = condition.holds.len();
    // The bar before the first one is missing.
    let (mut held, mut knew) = (0, 0);
    let mut holds = Vec::with_capacity(len.div_ceil(64));
    let mut known = Vec::with_capacity(len.div_ceil(64));
    for (i, &now) in condition.holds.words().iter().enumerate() {
        let now_known = condition.known_word(i);
        let (before, before_known) = (now << 1 | held, now_known << 1 | knew);
        (held, knew) = (now >> 63, now_known >> 63);
        known.push(now_known & before_known);
        holds.push(now & !before & now_known & before_known);
    }
    FlagColumn { holds: Bits::from_words(holds, len), known: Some(Bits::from_words(known, len)) }
}

struct BecomesTrue {
    before: f64,
}

impl State<1, 1> for BecomesTrue {
    fn new(_: &Params) -> Self {
        BecomesTrue { before: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        let before = std::mem::replace(&mut self.before, condition);
        if before.is_nan() || condition.is_nan() {
            return [f64::NAN];
        }
        [f64::from(u8::from(is_true(condition) && !is_true(before)))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 1.0, f64::NAN, 1.0, 0.0, 1.0]], &[]).unwrap();
        let missing: Vec<usize> = (0..7).filter(|i| out[0][*i].is_nan()).collect();
        assert_eq!(missing, [0, 3, 4]);
        assert_eq!([out[0][1], out[0][2], out[0][5], out[0][6]], [1.0, 0.0, 0.0, 1.0]);
    }
}
