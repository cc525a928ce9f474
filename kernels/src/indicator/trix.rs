//! Rate of change of a triple exponential average.
//!
//! The change from bar to bar, in percent, of an exponential average of an exponential average of an exponential
//! average, each seeded with a simple one; zero where the earlier value is zero. A missing bar has no value and
//! changes nothing. Equals TA-Lib `TRIX`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{Cascade, PIECE, thrice};

pub(super) static DEF: Indicator = Indicator {
    name: "trix",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("trix", Unit::Ratio)],
    lookback: |params| 3 * (params.period(0) - 1) + 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Rate of change of a triple exponential average, in percent.",
    formula: "roc(ema(ema(ema(x, period), period), period), 1). Missing bars are skipped.",
    source: "Hutson, Good TRIX, Stocks & Commodities 1:5, 1983; TA-Lib TRIX",
    example: "SELECT ts, trix(close, 15) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Trix, 1, 1>,
    flags: None,
    stream: stream::<Trix, 1, 1>,
};

struct Trix {
    average: Cascade<3>,
    last: f64,
}

impl State<1, 1> for Trix {
    fn new(params: &Params) -> Self {
        Trix { average: thrice(params.period(0)), last: f64::NAN }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let average = self.average.step(x);
        let last = std::mem::replace(&mut self.last, average);
        [growth(average, last)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, [x]: [&[f64]; 1], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let averages = &mut buffer[..x.len()];
        self.average.fill(x, averages);
        out[0] = growth(averages[0], self.last);
        run_each([&averages[1..], averages], [&mut out[1..]], |[average, last]| [growth(average, last)]);
        self.last = averages[averages.len() - 1];
    }
}

/// Growth in percent, none from zero.
#[inline(always)]
fn growth(average: f64, last: f64) -> f64 {
    let growth = 100.0 * (average / last - 1.0);
    if last == 0.0 { 0.0 } else { growth }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, f64::NAN, 6.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][2].is_nan());
        assert_eq!((out[0][1], out[0][3]), (50.0, 100.0));
    }
}
