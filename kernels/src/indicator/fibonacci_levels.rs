//! Fibonacci retracement levels of a moving range.
//!
//! The highest high and lowest low of `period` bars, the current one included, and the usual fractions of the way
//! between them: down from the high, as after a rise, or up from the low, as after a fall. The fields are named after
//! the fraction in thousandths. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "fibonacci_levels",
    aliases: &["fibonacci_retracement"],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 50, 1), Param::choice("measured_from", 0, &["high", "low"])],
    outputs: &[
        Output::number("high", Unit::Price),
        Output::number("low", Unit::Price),
        Output::number("level_236", Unit::Price),
        Output::number("level_382", Unit::Price),
        Output::number("level_500", Unit::Price),
        Output::number("level_618", Unit::Price),
        Output::number("level_786", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Fibonacci retracement levels between the highest high and the lowest low of `period` bars.",
    formula: "high = highest high, low = lowest low over `period` bars; level_236 = high - 0.236 * (high - low), or low + 0.236 * (high - low) measured from the low; the same for 0.382, 0.5, 0.618 and 0.786.",
    source: "common definition",
    example: "SELECT ts, fibonacci_levels(high, low, 50).level_618 FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<FibonacciLevels, 2, 7>,
    flags: None,
    stream: stream::<FibonacciLevels, 2, 7>,
};

struct FibonacciLevels {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    from_low: bool,
}

impl State<2, 7> for FibonacciLevels {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        FibonacciLevels { highest: Sliding::new(period), lowest: Sliding::new(period), from_low: params.choice(1) == 1 }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 7] {
        let missing = high.is_nan() || low.is_nan();
        let [high, low] = if missing { [f64::NAN; 2] } else { [high, low] };
        let (Some(Max(high)), Some(Min(low))) = (self.highest.push(high), self.lowest.push(low)) else {
            return [f64::NAN; 7];
        };
        let [from, reach] = if self.from_low { [low, high - low] } else { [high, low - high] };
        let [a, b, c, d, e] = [0.236, 0.382, 0.5, 0.618, 0.786].map(|ratio| from + ratio * reach);
        [high, low, a, b, c, d, e]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars: [&[f64]; 2] = [&[10.0, 12.0], &[2.0, 8.0]];
        let from_high = DEF.evaluate(&bars, &[2.0, 0.0]).unwrap();
        assert!(from_high[0][0].is_nan());
        assert_eq!((from_high[0][1], from_high[1][1], from_high[4][1]), (12.0, 2.0, 7.0));
        assert!((from_high[2][1] - 9.64).abs() < 1e-14);
        let from_low = DEF.evaluate(&bars, &[2.0, 1.0]).unwrap();
        assert!((from_low[2][1] - 4.36).abs() < 1e-14);
    }
}
