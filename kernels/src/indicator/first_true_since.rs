//! The first time that a condition is true since another one was.
//!
//! Further bars on which the condition is true are silent until `reset` is true again, so that of several entries in a
//! row only the first is left. The bar of the reset belongs to the new stretch; the first stretch begins with the
//! series. A missing condition counts as not true; the result is never missing.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "first_true_since",
    aliases: &["exrem"],
    family: Family::Condition,
    inputs: &[Input::bool("condition"), Input::bool("reset")],
    params: &[],
    outputs: &[Output::bool("first_true_since")],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars, Exception::NeverMissing],
    summary: "True on the first bar on which a condition is true since `reset` was.",
    formula: "true where the condition is, unless it was true before since the last bar with reset, that bar included. A missing condition counts as not true.",
    source: "removal of excess signals, as AmiBroker ExRem",
    example: "SELECT ts, first_true_since(rsi(close, 14) < 30, rsi(close, 14) > 70) AS enter FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<FirstTrueSince, 2, 1>,
    flags: None,
    stream: stream::<FirstTrueSince, 2, 1>,
};

struct FirstTrueSince {
    armed: bool,
}

impl State<2, 1> for FirstTrueSince {
    fn new(_: &Params) -> Self {
        FirstTrueSince { armed: true }
    }

    #[inline]
    fn step(&mut self, [condition, reset]: [f64; 2]) -> [f64; 1] {
        let armed = self.armed || is_true(reset);
        let emit = armed && is_true(condition);
        self.armed = armed && !emit;
        [f64::from(u8::from(emit))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let condition = [1.0, 1.0, f64::NAN, 0.0, 1.0, 1.0];
        let reset = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let out = DEF.evaluate(&[&condition, &reset], &[]).unwrap();
        assert_eq!(out[0], [1.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn by_definition() {
        let [condition, reset] = crate::indicator::state::random_conditions();
        let out = DEF.evaluate(&[&condition, &reset], &[]).unwrap();
        for (i, &first) in out[0].iter().enumerate() {
            let start = (0..=i).rev().find(|&k| reset[k] == 1.0).unwrap_or(0);
            let before = condition[start..i].contains(&1.0);
            assert_eq!(first == 1.0, condition[i] == 1.0 && !before, "bar {i}");
        }
    }
}
