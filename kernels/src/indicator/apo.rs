//! Absolute price oscillator.
//!
//! The difference of a fast and a slow average. Each begins with the first value that there is, unlike those of
//! `macd`. The `default` average is the exponential one. Missing bars count as in the average that is chosen. Equals
//! TA-Lib `APO`, except that it swaps the periods where `fast` is above `slow`.

use super::def::*;
use super::oscillator::{Oscillator, batch, lookback};
use super::state::stream;
use crate::window::AVERAGES;

pub(super) static DEF: Indicator = Indicator {
    name: "apo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("fast", 12, 2), Param::period("slow", 26, 2), Param::choice("average", 1, AVERAGES)],
    outputs: &[Output::number("apo", Unit::Price)],
    lookback,
    memory: Memory::Averages,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Absolute price oscillator: the distance of a fast and a slow average.",
    formula: "fast - slow, with fast = ma(x, fast, average) and slow = ma(x, slow, average).",
    source: "TA-Lib APO",
    example: "SELECT ts, apo(close, 12, 26) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of apo() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: batch::<false>,
    flags: None,
    stream: stream::<Oscillator<false>, 1, 1>,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0]], &[2.0, 4.0, 0.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3], 1.5);
    }
}
