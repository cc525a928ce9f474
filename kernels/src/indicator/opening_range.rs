//! Opening range of a session.
//!
//! Highest high and lowest low of the bars that open within `minutes` of the first bar of the session, from the first bar
//! after them to the end of the session; before that the range is not known and there is no value. With 60 minutes it is
//! the initial balance of Market Profile. Sessions are days, weeks or months of UTC, which for exchanges that close
//! overnight begin with the first bar of the day; for others shift `ts`. A missing bar has no value and counts for none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "opening_range",
    aliases: &[],
    family: Family::Price,
    inputs: &[Input::time("ts"), Input::number("high"), Input::number("low")],
    params: &[
        Param { name: "minutes", kind: ParamKind::Int { default: Some(30), min: 1, max: 44_640 } },
        Param::choice("session", 0, Session::WORDS),
    ],
    outputs: &[Output::number("high", Unit::Price), Output::number("low", Unit::Price)],
    // At the least, with bars that are as long as the range.
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "High and low of the first minutes of a session, once they are over.",
    formula: "start = time of the first bar of the session; highest high and lowest low of its bars with ts < start + minutes, at its bars from start + minutes on. Sessions are days, weeks from Monday or months of UTC. Missing bars are skipped.",
    source: "Crabel, Day Trading with Short Term Price Patterns and Opening Range Breakout, 1990",
    example: "SELECT ts, opening_range(ts, high, low, 120, 'day').high FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<OpeningRange, 3, 2>,
    flags: None,
    stream: stream::<OpeningRange, 3, 2>,
};

struct OpeningRange {
    sessions: Sessions,
    micros: f64,
    end: f64,
    range: [f64; 2],
}

impl State<3, 2> for OpeningRange {
    fn new(params: &Params) -> Self {
        OpeningRange {
            sessions: Sessions::new(Session::from_choice(params.choice(1))),
            micros: params.float(0) * 60e6,
            end: f64::NAN,
            range: [f64::NAN; 2],
        }
    }

    #[inline]
    fn step(&mut self, [ts, high, low]: [f64; 3]) -> [f64; 2] {
        if ts.is_nan() || high.is_nan() || low.is_nan() {
            return [f64::NAN; 2];
        }
        if self.sessions.begins(ts) {
            self.end = ts + self.micros;
            self.range = [high, low];
        } else if ts < self.end {
            self.range = [self.range[0].max(high), self.range[1].min(low)];
        } else {
            return self.range;
        }
        [f64::NAN; 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [0.0, 10.0, 30.0, 40.0, 1440.0, 1470.0].map(|minute| minute * 60e6);
        let (high, low) = ([3.0, 5.0, 9.0, 9.0, 4.0, 8.0], [2.0, 1.0, 0.0, 0.0, 3.0, 7.0]);
        let out = DEF.evaluate(&[&ts, &high, &low], &[30.0, 0.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()) && out[0][4].is_nan());
        assert_eq!((out[0][2..4].to_vec(), out[1][2..4].to_vec()), (vec![5.0; 2], vec![1.0; 2]));
        assert_eq!((out[0][5], out[1][5]), (4.0, 3.0));
    }
}
