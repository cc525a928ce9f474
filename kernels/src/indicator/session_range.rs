//! Open, high and low of the current session so far.
//!
//! First open, highest high and lowest low from the first bar of the day, week or month of UTC to the current one. For a
//! market whose day begins elsewhere, shift `ts`. A missing bar has no value and counts for none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "session_range",
    aliases: &[],
    family: Family::Price,
    inputs: &[Input::time("ts"), Input::number("open"), Input::number("high"), Input::number("low")],
    params: &[Param::choice("session", 0, Session::WORDS)],
    outputs: &[
        Output::number("open", Unit::Price),
        Output::number("high", Unit::Price),
        Output::number("low", Unit::Price),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Open, high and low of the current day, week or month so far.",
    formula: "First open, highest high and lowest low of the bars of the session up to this one. Sessions are days, weeks from Monday or months of UTC. Missing bars are skipped.",
    source: "common definition",
    example: "SELECT ts, session_range(ts, open, high, low, 'day').high FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SessionRange, 4, 3>,
    flags: None,
    stream: stream::<SessionRange, 4, 3>,
};

struct SessionRange {
    sessions: Sessions,
    range: [f64; 3],
}

impl State<4, 3> for SessionRange {
    fn new(params: &Params) -> Self {
        SessionRange { sessions: Sessions::new(Session::from_choice(params.choice(0))), range: [f64::NAN; 3] }
    }

    #[inline]
    fn step(&mut self, [ts, open, high, low]: [f64; 4]) -> [f64; 3] {
        if ts.is_nan() || open.is_nan() || high.is_nan() || low.is_nan() {
            return [f64::NAN; 3];
        }
        self.range = if self.sessions.begins(ts) {
            [open, high, low]
        } else {
            [self.range[0], self.range[1].max(high), self.range[2].min(low)]
        };
        self.range
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [0.0, 1.0, 24.0].map(|hour| hour * 3600e6);
        let out = DEF.evaluate(&[&ts, &[3.0, 4.0, 6.0], &[5.0, 8.0, 7.0], &[2.0, 1.0, 5.0]], &[0.0]).unwrap();
        assert_eq!(out, [[3.0, 3.0, 6.0], [5.0, 8.0, 7.0], [2.0, 1.0, 5.0]]);
    }
}
