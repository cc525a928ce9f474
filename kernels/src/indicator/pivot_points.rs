//! Pivot points of the previous day, week or month.
//!
//! Levels from high, low and close of the previous session, the same for every bar of a session. A session is a day, a
//! week from Monday or a month, `[start, end)` in UTC; the previous one is the last that has a bar. `woodie` uses the
//! open of the current session, `demark` the open of the previous one. Only `camarilla` has `r4` and `s4`, and `demark`
//! has only `p`, `r1` and `s1`. There is no value in the first session. A missing bar has no value and counts for none.
//! Equals Skender's `PivotPoints`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{PivotKind, Session, Sessions};

pub(super) static DEF: Indicator = Indicator {
    name: "pivot_points",
    aliases: &["pivots"],
    family: Family::Price,
    inputs: &[
        Input::time("ts"),
        Input::number("open"),
        Input::number("high"),
        Input::number("low"),
        Input::number("close"),
    ],
    params: &[Param::choice("kind", 0, PivotKind::WORDS), Param::choice("session", 0, Session::WORDS)],
    outputs: super::rolling_pivots::OUTPUTS,
    // At the least, with a session of one bar.
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Pivot points: levels of support and resistance from the previous day, week or month.",
    formula: "From high, low and close of the previous session, with range = high - low. classic: p = (high + low + close) / 3, r1 = 2p - low, r2 = p + range, r3 = high + 2(p - low), s1 = 2p - high, s2 = p - range, s3 = low - 2(high - p); fibonacci: p +- 0.382, 0.618 and 1 * range; camarilla: close +- 1.1 * range / 12, 6, 4 and 2; woodie: classic with p = (high + low + 2 * open of this session) / 4; demark: x = high + low + close + (low if close < open, high if close > open, else close), p = x / 4, r1 = x / 2 - low, s1 = x / 2 - high. Sessions are days, weeks from Monday or months of UTC.",
    source: "floor traders' rule; Scott (camarilla); Woodie; DeMark, The New Science of Technical Analysis, 1994; Skender PivotPoints",
    example: "SELECT ts, pivot_points(ts, open, high, low, close, 'classic', 'day').r1 FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PivotPoints, 5, 9>,
    flags: None,
    stream: stream::<PivotPoints, 5, 9>,
};

struct PivotPoints {
    kind: PivotKind,
    sessions: Sessions,
    /// Open, high, low and close of the current session.
    current: Option<[f64; 4]>,
    levels: [f64; 9],
}

impl State<5, 9> for PivotPoints {
    fn new(params: &Params) -> Self {
        PivotPoints {
            kind: PivotKind::from_choice(params.choice(0)),
            sessions: Sessions::new(Session::from_choice(params.choice(1))),
            current: None,
            levels: [f64::NAN; 9],
        }
    }

    #[inline]
    fn step(&mut self, [ts, open, high, low, close]: [f64; 5]) -> [f64; 9] {
        let bar = [open, high, low, close];
        if ts.is_nan() || bar.iter().any(|x| x.is_nan()) {
            return [f64::NAN; 9];
        }
        match &mut self.current {
            Some(session) if !self.sessions.begins(ts) => {
                *session = [session[0], session[1].max(high), session[2].min(low), close];
            }
            Some(previous) => {
                self.levels = self.kind.levels(*previous, open);
                *previous = bar;
            }
            None => {
                self.sessions.begins(ts);
                self.current = Some(bar);
            }
        }
        self.levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [0.0, 1.0, 24.0, 47.0, 48.0].map(|hour| hour * 3600e6);
        let (high, low, close) = ([5.0, 8.0, 6.0, 6.0, 6.0], [4.0, 2.0, 5.0, 5.0, 5.0], [4.0, 5.0, 6.0, 5.0, 5.5]);
        let out = DEF.evaluate(&[&ts, &close, &high, &low, &close], &[0.0, 0.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()));
        assert_eq!((out[0][2..4].to_vec(), out[1][2], out[5][2]), (vec![5.0, 5.0], 8.0, 2.0));
        assert_eq!(out[0][4], (6.0 + 5.0 + 5.0) / 3.0);
    }
}
