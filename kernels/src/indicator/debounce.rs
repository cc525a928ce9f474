//! A condition that stays silent for some bars after it was true.
//!
//! True where the condition is true and the last emitted true is at least `bars` bars back, so `bars` 0 and 1 pass
//! everything. A missing condition counts as not true; the result is never missing.

use super::def::*;
use super::state::{State, compute, is_true, stream};
use crate::bits::Bits;

pub(super) static DEF: Indicator = Indicator {
    name: "debounce",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[Param::required_period("bars", 0)],
    outputs: &[Output::bool("debounce")],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars, Exception::NeverMissing],
    summary: "A condition that stays silent for some bars after it was true.",
    formula: "true where the condition is true and no true was given within the last bars - 1 bars. A missing condition counts as not true.",
    source: "signal spacing in bars",
    example: "SELECT ts, debounce(crosses_above(close, sma(close, 20)), 6) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Debounce, 1, 1>,
    flags: Some(flags),
    stream: stream::<Debounce, 1, 1>,
};

fn flags(inputs: &[FlagsInput], params: &Params) -> FlagColumn {
    let &[FlagsInput::Flags(condition)] = inputs else { unreachable!("one condition, as declared") };
    let (len, bars) = (condition.holds.len(), params.period(0).max(1));
    let mut holds = Bits::zeros(len);
    let mut t = 0;
    loop {
        t = condition.holds.as_slice().first(t, len);
        if t == len {
            return FlagColumn { holds, known: None };
        }
        holds.set(t);
        t = len.min(t.saturating_add(bars));
    }
}

struct Debounce {
    bars: usize,
    since: usize,
}

impl State<1, 1> for Debounce {
    fn new(params: &Params) -> Self {
        let bars = params.period(0);
        Debounce { bars, since: bars }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        // `since` stops at `bars`: further back makes no difference.
        let emit = is_true(condition) && self.since >= self.bars;
        self.since = if emit { 1 } else { (self.since + 1).min(self.bars) };
        [f64::from(u8::from(emit))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0]], &[3.0]).unwrap();
        assert_eq!(out[0], [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn zero_passes_everything() {
        let out = DEF.evaluate(&[&[1.0, 1.0, 0.0]], &[0.0]).unwrap();
        assert_eq!(out[0], [1.0, 1.0, 0.0]);
    }
}
