//! Gap between two sessions: the return overnight.
//!
//! The first open of a day, week or month of UTC over the last close of the previous one that has a bar, minus one; the
//! same for every bar of the session. There is no value in the first session. A missing bar has no value and counts for
//! none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "session_gap",
    aliases: &["overnight_return"],
    family: Family::Price,
    inputs: &[Input::time("ts"), Input::number("open"), Input::number("close")],
    params: &[Param::choice("session", 0, Session::WORDS)],
    outputs: &[Output::number("session_gap", Unit::Ratio)],
    // At the least, with a session of one bar.
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::Sparse],
    summary: "Return from the close of the previous session to the open of the current one.",
    formula: "first open of the session / last close of the previous session - 1. Sessions are days, weeks from Monday or months of UTC. Missing bars are skipped.",
    source: "common definition",
    example: "SELECT ts, session_gap(ts, open, close, 'day') FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SessionGap, 3, 1>,
    flags: None,
    stream: stream::<SessionGap, 3, 1>,
};

struct SessionGap {
    sessions: Sessions,
    close: f64,
    gap: f64,
}

impl State<3, 1> for SessionGap {
    fn new(params: &Params) -> Self {
        SessionGap { sessions: Sessions::new(Session::from_choice(params.choice(0))), close: f64::NAN, gap: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [ts, open, close]: [f64; 3]) -> [f64; 1] {
        if ts.is_nan() || open.is_nan() || close.is_nan() {
            return [f64::NAN];
        }
        if self.sessions.begins(ts) {
            self.gap = open / self.close - 1.0;
        }
        self.close = close;
        [self.gap]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [0.0, 1.0, 24.0, 25.0].map(|hour| hour * 3600e6);
        let out = DEF.evaluate(&[&ts, &[3.0, 4.0, 6.0, 7.0], &[4.0, 5.0, 7.0, 8.0]], &[0.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()));
        assert_eq!(out[0][2..], [6.0 / 5.0 - 1.0; 2]);
    }
}
