//! Sentiment of buyers and sellers over `period` bars (BRAR).
//!
//! `ar` compares how far the prices went above the open with how far they went below it, `br` how far above the close of
//! the bar before with how far below it; both in percent, above 100 where buyers went further. No value where nothing
//! went below. A missing bar gives no value as long as it is among those compared; both begin together.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "brar",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 26, 1)],
    outputs: &[Output::number("ar", Unit::Ratio), Output::number("br", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::Sparse],
    summary: "Sentiment of buyers and sellers: moves above the open and the last close over those below, in percent.",
    formula: "ar = 100 * sum(high - open) / sum(open - low), br = 100 * sum(max(high - close[i-1], 0)) / sum(max(close[i-1] - low, 0)) over `period` bars. No value for a divisor of 0.",
    source: "Japanese AR and BR indicators; pandas-ta brar",
    example: "SELECT ts, brar(open, high, low, close, 26).ar FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Brar, 4, 2>,
    flags: None,
    stream: stream::<Brar, 4, 2>,
};

struct Brar {
    previous: f64,
    sums: Ladder<Sums, 4, 4>,
}

impl State<4, 2> for Brar {
    fn new(params: &Params) -> Self {
        Brar { previous: f64::NAN, sums: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 2] {
        let previous = std::mem::replace(&mut self.previous, close);
        // Not `max`, which drops a `NaN`.
        let rise = |x: f64| if x < 0.0 { 0.0 } else { x };
        let moves = [high - open, open - low, rise(high - previous), rise(previous - low)];
        // A bar is missing in all sums.
        let moves = if (open - close).is_nan() { [f64::NAN; 4] } else { moves };
        let [a, b, c, d] = self.sums.push(moves);
        // The first bar has no close before it.
        if (c + d).is_nan() {
            return [f64::NAN; 2];
        }
        [100.0 * (a / b), 100.0 * (c / d)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars = [[2.0, 3.0, 1.0, 3.0], [3.0, 6.0, 1.0, 2.0], [2.0, 2.0, 2.0, 2.0]];
        let column = |k: usize| bars.map(|bar| bar[k]);
        let out = DEF.evaluate(&[&column(0), &column(1), &column(2), &column(3)], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!((out[0][1], out[1][1]), (150.0, 150.0));
        assert!(out[0][2].is_nan() && out[1][2].is_nan());
    }
}
