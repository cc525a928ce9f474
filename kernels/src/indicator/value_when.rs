//! Value of a series when a condition was last true.
//!
//! `occurrence` 0 is the last time, the current bar included, 1 the time before. There is no value before the condition
//! was true that often, nor where the series had none at that bar. A missing condition counts as not true.

use super::def::*;
use super::state::{State, compute, is_true, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "value_when",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition"), Input::number("x")],
    params: &[Param::period("occurrence", 0, 0)],
    outputs: &[Output::number("value_when", Unit::Price)],
    // At the least, with a condition that is always true.
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars],
    summary: "Value of a series when a condition was last true.",
    formula: "x at the bar where the condition was true for the last time, or `occurrence` times before that. A missing condition counts as not true.",
    source: "common definition, as Pine Script ta.valuewhen",
    example: "SELECT ts, value_when(crosses_above(close, sma(close, 20)), close, 0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<ValueWhen, 2, 1>,
    flags: None,
    stream: stream::<ValueWhen, 2, 1>,
};

struct ValueWhen {
    delay: Option<Delay>,
    value: f64,
}

impl State<2, 1> for ValueWhen {
    fn new(params: &Params) -> Self {
        let occurrence = params.period(0);
        ValueWhen { delay: (occurrence > 0).then(|| Delay::new(occurrence)), value: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition, x]: [f64; 2]) -> [f64; 1] {
        if is_true(condition) {
            self.value = self.delay.as_mut().map_or(x, |delay| delay.step(x));
        }
        [self.value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0, 4.0, 5.0]], &[0.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 2.0, 4.0, 4.0]);
    }

    #[test]
    fn the_time_before() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0, 4.0, 5.0]], &[1.0]).unwrap();
        assert_eq!(out[0][3..], [2.0, 2.0]);
    }
}
