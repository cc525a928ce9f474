//! Open, high, low and close of the previous session.
//!
//! The same for every bar of a day, week or month of UTC; the previous session is the last one that has a bar. For a
//! market whose day begins elsewhere, shift `ts`. There is no value in the first session. A missing bar has no value and
//! counts for none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "previous_session",
    aliases: &[],
    family: Family::Price,
    inputs: &[
        Input::time("ts"),
        Input::number("open"),
        Input::number("high"),
        Input::number("low"),
        Input::number("close"),
    ],
    params: &[Param::choice("session", 0, Session::WORDS)],
    outputs: &[
        Output::number("open", Unit::Price),
        Output::number("high", Unit::Price),
        Output::number("low", Unit::Price),
        Output::number("close", Unit::Price),
    ],
    // At the least, with a session of one bar.
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Open, high, low and close of the previous day, week or month.",
    formula: "First open, highest high, lowest low and last close of the bars of the previous session. Sessions are days, weeks from Monday or months of UTC. Missing bars are skipped.",
    source: "common definition",
    example: "SELECT ts, previous_session(ts, open, high, low, close, 'day').high FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PreviousSession, 5, 4>,
    flags: None,
    stream: stream::<PreviousSession, 5, 4>,
};

struct PreviousSession {
    sessions: Sessions,
    previous: [f64; 4],
    current: [f64; 4],
}

impl State<5, 4> for PreviousSession {
    fn new(params: &Params) -> Self {
        PreviousSession {
            sessions: Sessions::new(Session::from_choice(params.choice(0))),
            previous: [f64::NAN; 4],
            current: [f64::NAN; 4],
        }
    }

    #[inline]
    fn step(&mut self, [ts, open, high, low, close]: [f64; 5]) -> [f64; 4] {
        if ts.is_nan() || open.is_nan() || high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN; 4];
        }
        if self.sessions.begins(ts) {
            self.previous = std::mem::replace(&mut self.current, [open, high, low, close]);
        } else {
            let [open, highest, lowest, _] = self.current;
            self.current = [open, highest.max(high), lowest.min(low), close];
        }
        self.previous
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [0.0, 1.0, 72.0, 73.0].map(|hour| hour * 3600e6);
        let [open, high, low, close] =
            [[3.0, 4.0, 6.0, 6.0], [5.0, 8.0, 7.0, 7.0], [2.0, 1.0, 5.0, 5.0], [4.0, 6.0, 6.0, 6.5]];
        let out = DEF.evaluate(&[&ts, &open, &high, &low, &close], &[0.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()));
        for bar in [2, 3] {
            assert_eq!(out.iter().map(|column| column[bar]).collect::<Vec<_>>(), [3.0, 8.0, 1.0, 6.0]);
        }
    }
}
