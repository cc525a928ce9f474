//! Percentage volume oscillator.
//!
//! The difference of a fast and a slow average, in percent of the slow one; zero where the slow one is zero. Each
//! begins with the first value that there is, unlike those of `macd`. The `default` average is the exponential one.
//! Missing bars count as in the average that is chosen. Equals TA-Lib `PVO`, except that it swaps the periods where
//! `fast` is above `slow`.

use super::def::*;
use super::oscillator::{Oscillator, batch, lookback};
use super::state::stream;
use crate::window::AVERAGES;

pub(super) static DEF: Indicator = Indicator {
    name: "pvo",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("volume")],
    params: &[Param::period("fast", 12, 2), Param::period("slow", 26, 2), Param::choice("average", 1, AVERAGES)],
    outputs: &[Output::number("pvo", Unit::Ratio)],
    lookback,
    memory: Memory::Averages,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Percentage volume oscillator: the distance of a fast and a slow average of volume, in percent of the slow one.",
    formula: "100 * (fast - slow) / slow, 0 where slow is 0, with fast = ma(volume, fast, average) and slow = ma(volume, slow, average).",
    source: "TA-Lib PVO",
    example: "SELECT ts, pvo(volume, 12, 26) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of pvo() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: batch::<true>,
    flags: None,
    stream: stream::<Oscillator<true>, 1, 1>,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0]], &[2.0, 4.0, 0.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3], 50.0);
    }

    #[test]
    fn nothing_is_zero() {
        let out = DEF.evaluate(&[&[0.0; 6]], &[2.0, 4.0, 1.0]).unwrap();
        assert_eq!(out[0][3..], [0.0; 3]);
    }
}
