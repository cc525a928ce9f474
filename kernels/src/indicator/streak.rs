//! Number of bars in a row on which a series rose, or fell, with the sign of the direction.
//!
//! Zero at the first bar and where the value is that of the bar before. A missing bar has no value and changes nothing:
//! the next value is compared with the last one that there is. This is the streak of Connors RSI.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "streak",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("streak", Unit::Bars)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Number of bars in a row on which a series rose (positive) or fell (negative).",
    formula: "max(streak[i-1], 0) + 1 where x[i] > x[i-1], min(streak[i-1], 0) - 1 where x[i] < x[i-1], 0 where they are equal and at the first bar. Missing bars are skipped.",
    source: "Connors and Alvarez, An Introduction to ConnorsRSI, 2012",
    example: "SELECT ts, streak(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Streak, 1, 1>,
    flags: None,
    stream: stream::<Streak, 1, 1>,
};

pub(super) struct Streak {
    previous: f64,
    streak: f64,
}

impl State<1, 1> for Streak {
    fn new(_: &Params) -> Self {
        Streak { previous: f64::NAN, streak: 0.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, x);
        self.streak = if x > previous {
            self.streak.max(0.0) + 1.0
        } else if x < previous {
            self.streak.min(0.0) - 1.0
        } else {
            0.0
        };
        [self.streak]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, f64::NAN, 3.0, 3.0, 2.0, 1.0, 2.0]], &[]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!([out[0][0], out[0][1]], [0.0, 1.0]);
        assert_eq!(out[0][3..], [2.0, 0.0, -1.0, -2.0, 1.0]);
    }
}
