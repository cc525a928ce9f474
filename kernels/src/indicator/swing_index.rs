//! Swing index, Wilder (1978).
//!
//! Compares open, high, low and close of a bar with the close and open of the bar before, in units of a limit move, the
//! largest change of price that the market allows in a day; a market without limits only scales the index with it. Zero
//! if nothing moved. A missing bar gives no value as long as it is one of the two.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "swing_index",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::float("limit_move", 10.0, 1e-9, 1e9)],
    outputs: &[Output::number("swing_index", Unit::Price)],
    lookback: |_| 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Swing index of Wilder: the move of a bar in units of a limit move.",
    formula: "50 * (C - C1 + (C - O) / 2 + (C1 - O1) / 4) / R * K / limit_move, with O1, C1 of the bar before, a = abs(H - C1), b = abs(L - C1), K = max(a, b) and R = a - b / 2 + abs(C1 - O1) / 4 if a is the largest of a, b and H - L, b - a / 2 + abs(C1 - O1) / 4 if b is, else H - L + abs(C1 - O1) / 4; 0 if R is 0.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978",
    example: "SELECT ts, swing_index(open, high, low, close, 10.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SwingIndex, 4, 1>,
    flags: None,
    stream: stream::<SwingIndex, 4, 1>,
};

pub(super) struct SwingIndex {
    limit: f64,
    open: f64,
    close: f64,
}

impl State<4, 1> for SwingIndex {
    fn new(params: &Params) -> Self {
        SwingIndex { limit: params.float(0), open: f64::NAN, close: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 1] {
        let before_open = std::mem::replace(&mut self.open, open);
        let before_close = std::mem::replace(&mut self.close, close);
        let (up, down, range) = ((high - before_close).abs(), (low - before_close).abs(), high - low);
        let gap = 0.25 * (before_close - before_open).abs();
        let reach = if up >= down && up >= range {
            up - 0.5 * down + gap
        } else if down >= range {
            down - 0.5 * up + gap
        } else {
            range + gap
        };
        let swing = close - before_close + 0.5 * (close - open) + 0.25 * (before_close - before_open);
        if swing.is_nan() || up.is_nan() || down.is_nan() {
            return [f64::NAN];
        }
        [if reach == 0.0 { 0.0 } else { 50.0 * (swing / reach) * (up.max(down) / self.limit) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[10.0, 11.0], &[12.0, 14.0], &[9.0, 10.0], &[11.0, 13.0]], &[3.0]).unwrap();
        assert!(out[0][0].is_nan());
        // a = 3, b = 1, range 4 is the largest: R = 4.25; swing = 2 + 1 + 0.25; K = 3.
        assert!((out[0][1] - 50.0 * 3.25 / 4.25).abs() < 1e-13);
    }

    #[test]
    fn nothing_moved() {
        let flat = [5.0; 3];
        let out = DEF.evaluate(&[&flat, &flat, &flat, &flat], &[3.0]).unwrap();
        assert_eq!(out[0][1..], [0.0, 0.0]);
    }
}
