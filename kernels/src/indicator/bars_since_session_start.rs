//! Number of bars since the session began.
//!
//! Zero at the first bar of a day, week or month of UTC. For a market whose day begins elsewhere, shift `ts`. A bar
//! without a time has no value and does not count.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "bars_since_session_start",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::time("ts")],
    params: &[Param::choice("session", 0, Session::WORDS)],
    outputs: &[Output::number("bars_since_session_start", Unit::Bars)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Number of bars since the start of the day, week or month.",
    formula: "0 at the first bar of a session, else the previous value plus 1. Sessions are days, weeks from Monday or months of UTC.",
    source: "common definition",
    example: "SELECT ts, bars_since_session_start(ts, 'day') FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<BarsSinceSessionStart, 1, 1>,
    flags: None,
    stream: stream::<BarsSinceSessionStart, 1, 1>,
};

struct BarsSinceSessionStart {
    sessions: Sessions,
    bars: f64,
}

impl State<1, 1> for BarsSinceSessionStart {
    fn new(params: &Params) -> Self {
        BarsSinceSessionStart { sessions: Sessions::new(Session::from_choice(params.choice(0))), bars: 0.0 }
    }

    #[inline]
    fn step(&mut self, [ts]: [f64; 1]) -> [f64; 1] {
        if ts.is_nan() {
            return [f64::NAN];
        }
        self.bars = if self.sessions.begins(ts) { 0.0 } else { self.bars + 1.0 };
        [self.bars]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Monday the fifth of January 1970 and the days around it.
        let ts = [72.0, 95.0, f64::NAN, 96.0, 97.0].map(|hour| hour * 3600e6);
        let weeks = DEF.evaluate(&[&ts], &[1.0]).unwrap();
        assert!(weeks[0][2].is_nan());
        assert_eq!((weeks[0][..2].to_vec(), weeks[0][3..].to_vec()), (vec![0.0, 1.0], vec![0.0, 1.0]));
    }
}
