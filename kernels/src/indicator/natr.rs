//! Average true range in percent of the close.
//!
//! `100 * atr / close`; zero where the close is zero. Equals TA-Lib `NATR`, except that TA-Lib does not divide for
//! period 1.

use super::def::*;
use super::state::{State, compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Making, Past, Recurrence, known_range};

pub(super) static DEF: Indicator = Indicator {
    name: "natr",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("natr", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Average true range in percent of the close.",
    formula: "100 * atr(high, low, close, period) / close, 0 where the close is 0. Missing bars are skipped.",
    source: "Forman, Cross-Market Evaluations with Normalized Average True Range, 2006; TA-Lib NATR",
    example: "SELECT ts, natr(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Natr, 3, 1>,
    flags: None,
    stream: stream::<Natr, 3, 1>,
};

struct Natr {
    last: [f64; 3],
    average: Averages<1, 1>,
}

/// The true range of a bar of high, low and close, and what makes a price percents of the close, nothing if that is zero.
struct Ranging;

impl Making<3, 2> for Ranging {
    #[inline(always)]
    fn make<T: Number>(&self, [high, low, close]: [T; 3], [_, _, previous_close]: [T; 3]) -> [T; 2] {
        let nothing = close.all(0.0);
        [known_range(high, low, previous_close), close.size().if_above(nothing, close.all(100.0) / close, nothing)]
    }
}

struct Relating;

impl Recurrence<2, 1> for Relating {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [range, percent]: [P::T; 2]) -> [P::T; 1] {
        [past.average(0, range) * percent]
    }
}

impl State<3, 1> for Natr {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        Natr { last: [f64::NAN; 3], average: Averages::wilder([params.period(0)]) }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 3]) -> [f64; 1] {
        if bar.iter().any(|price| price.is_nan()) {
            return [f64::NAN];
        }
        self.average.step(&Relating, Ranging.make(bar, std::mem::replace(&mut self.last, bar)))
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, bars: [&[f64]; 3], outputs: [&mut [f64]; 1]) -> usize {
        self.average.run_made(&Ranging, &mut self.last, &Relating, bars, outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2], 50.0);
    }
}
