//! A switch that one condition turns on and another one off.
//!
//! On from the bar where `set` is true, off from the bar where `reset` is; where both are true, off. It starts off. A
//! missing condition counts as not true; the result is never missing.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "toggle",
    aliases: &["latch"],
    family: Family::Condition,
    inputs: &[Input::bool("set"), Input::bool("reset")],
    params: &[],
    outputs: &[Output::bool("toggle")],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars, Exception::NeverMissing],
    summary: "A switch that `set` turns on and `reset` turns off.",
    formula: "false where reset is true, else true where set is, else as on the bar before; false before the first bar. A missing condition counts as not true.",
    source: "set-reset latch, as AmiBroker Flip",
    example: "SELECT ts, toggle(rsi(close, 14) < 30, rsi(close, 14) > 50) AS held FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Toggle, 2, 1>,
    flags: None,
    stream: stream::<Toggle, 2, 1>,
};

struct Toggle {
    on: bool,
}

impl State<2, 1> for Toggle {
    fn new(_: &Params) -> Self {
        Toggle { on: false }
    }

    #[inline]
    fn step(&mut self, [set, reset]: [f64; 2]) -> [f64; 1] {
        self.on = !is_true(reset) && (self.on || is_true(set));
        [f64::from(u8::from(self.on))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let set = [0.0, 1.0, 0.0, f64::NAN, 0.0, 1.0];
        let reset = [0.0, 0.0, f64::NAN, 0.0, 1.0, 1.0];
        let out = DEF.evaluate(&[&set, &reset], &[]).unwrap();
        assert_eq!(out[0], [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn by_definition() {
        let [set, reset] = crate::indicator::state::random_conditions();
        let out = DEF.evaluate(&[&set, &reset], &[]).unwrap();
        for (i, &on) in out[0].iter().enumerate() {
            let last = |condition: &[f64]| (0..=i).rev().find(|&k| condition[k] == 1.0);
            // `None`, never, is below every bar.
            assert_eq!(on == 1.0, last(&set) > last(&reset), "bar {i}");
        }
    }
}
