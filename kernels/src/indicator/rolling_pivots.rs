//! Pivot points of the bars before.
//!
//! The levels of `pivot_points` from a moving window of `period` bars instead of the previous session. The window ends
//! `skip` bars before the previous bar, so the current bar is never in it. `woodie` uses the current open, `demark` the
//! open of the first bar of the window. A missing bar has no value, and gives none as long as it is in the window.
//! Equals Skender's `RollingPivots`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Max, Min, PivotKind, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_pivots",
    aliases: &[],
    family: Family::Price,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 20, 1), Param::period("skip", 0, 0), Param::choice("kind", 0, PivotKind::WORDS)],
    outputs: OUTPUTS,
    lookback: |params| params.period(0) + params.period(1),
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Pivot points from a moving window of bars before the current one.",
    formula: "The levels of pivot_points() from the first open, highest high, lowest low and last close of the `period` bars that end `skip` + 1 bars ago; woodie uses the current open.",
    source: "Skender RollingPivots",
    example: "SELECT ts, rolling_pivots(open, high, low, close, 20).r1 FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingPivots, 4, 9>,
    flags: None,
    stream: stream::<RollingPivots, 4, 9>,
};

/// The levels, in the order of [`PivotKind::levels`].
pub(super) const OUTPUTS: &[Output] = &[
    Output::number("p", Unit::Price),
    Output::number("r1", Unit::Price),
    Output::number("r2", Unit::Price),
    Output::number("r3", Unit::Price),
    Output::number("r4", Unit::Price),
    Output::number("s1", Unit::Price),
    Output::number("s2", Unit::Price),
    Output::number("s3", Unit::Price),
    Output::number("s4", Unit::Price),
];

struct RollingPivots {
    kind: PivotKind,
    /// Open, high, low and close of the last bar of the window.
    last: [Delay; 4],
    /// From the open of the last bar of the window to that of its first one.
    first_open: Option<Delay>,
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
}

impl State<4, 9> for RollingPivots {
    fn new(params: &Params) -> Self {
        let (period, skip) = (params.period(0), params.period(1));
        RollingPivots {
            kind: PivotKind::from_choice(params.choice(2)),
            last: std::array::from_fn(|_| Delay::new(skip + 1)),
            first_open: (period > 1).then(|| Delay::new(period - 1)),
            highest: Sliding::new(period),
            lowest: Sliding::new(period),
        }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 9] {
        let missing = bar.iter().any(|x| x.is_nan());
        let bar = if missing { [f64::NAN; 4] } else { bar };
        let [open, high, low, close] = std::array::from_fn(|k| self.last[k].step(bar[k]));
        let open = self.first_open.as_mut().map_or(open, |delay| delay.step(open));
        let (Some(Max(high)), Some(Min(low))) = (self.highest.push(high), self.lowest.push(low)) else {
            return [f64::NAN; 9];
        };
        if missing || high.is_nan() {
            return [f64::NAN; 9];
        }
        self.kind.levels([open, high, low, close], bar[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (high, low, close) = ([5.0, 8.0, 9.0, 6.0], [4.0, 2.0, 5.0, 5.0], [4.0, 5.0, 7.0, 5.0]);
        let out = DEF.evaluate(&[&close, &high, &low, &close], &[2.0, 0.0, 0.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()));
        assert_eq!((out[0][2], out[1][2], out[0][3]), (5.0, 8.0, 6.0));
        let late = DEF.evaluate(&[&close, &high, &low, &close], &[2.0, 1.0, 0.0]).unwrap();
        assert!(late[0][2].is_nan());
        assert_eq!(late[0][3], 5.0);
    }
}
