//! Chande's variable index dynamic average.
//!
//! An exponential average whose weight is multiplied by the size of Chande's momentum oscillator, that is by the net
//! move of `period` bars divided by the sum of their moves; zero without any move. It starts from the value before
//! the first result, which comes `period` bars after the first input. A missing bar has no value and changes
//! nothing. The oscillator is Chande's own, from sums over the window; some programs take the one with Wilder's
//! averages instead.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Moves, Way, ema_weight};

pub(super) static DEF: Indicator = Indicator {
    name: "vidya",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 9, 1), Param::period("smoothing", 0, 0)],
    outputs: &[Output::number("vidya", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Variable index dynamic average: an exponential average that is slow where the price goes nowhere.",
    formula: "vidya[i] = vidya[i-1] + 2 / (smoothing + 1) * abs(x[i] - x[i-period]) / sum(abs(changes), period) * (x[i] - vidya[i-1]); smoothing 0 = the same as period. Missing bars are skipped.",
    source: "Chande and Kroll, The New Technical Trader, 1994",
    example: "SELECT ts, vidya(close, 9) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Vidya, 1, 1>,
    flags: None,
    stream: stream::<Vidya, 1, 1>,
};

struct Vidya {
    path: Moves,
    weight: f64,
    value: f64,
}

impl State<1, 1> for Vidya {
    fn new(params: &Params) -> Self {
        let (period, smoothing) = (params.period(0), params.period(1));
        let smoothing = if smoothing == 0 { period } else { smoothing };
        Vidya { path: Moves::new(period), weight: ema_weight(smoothing), value: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let Some(Way { net, length, last }) = self.path.step(x) else { return [f64::NAN] };
        if self.value.is_nan() {
            self.value = last;
        }
        let ratio = if length == 0.0 { 0.0 } else { net / length };
        self.value += self.weight * ratio * (x - self.value);
        [self.value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 5.0, f64::NAN, 2.0, 2.0]], &[2.0, 3.0]).unwrap();
        assert!(out[0][1].is_nan() && out[0][3].is_nan());
        // A straight way of two bars, one back to its start, and then the half of that.
        assert_eq!((out[0][2], out[0][4], out[0][5]), (3.5, 3.5, 2.75));
    }
}
