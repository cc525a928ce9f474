//! Average true range in percent of the close.
//!
//! `100 * atr / close`; zero where the close is zero. Equals TA-Lib `NATR`, except that TA-Lib does not divide for
//! period 1.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::AverageRange;

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
    average: AverageRange,
}

impl State<3, 1> for Natr {
    fn new(params: &Params) -> Self {
        Natr { average: AverageRange::new(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        [relative(self.average.step([high, low, close]), close)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close]: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        self.average.run(high, low, close, out);
        for (average, &close) in out.iter_mut().zip(close) {
            *average = relative(*average, close);
        }
    }
}

/// An average range in percent of a close.
#[inline(always)]
fn relative(average: f64, close: f64) -> f64 {
    let percent = 100.0 * (average / close);
    // Times zero, not zero: during the warm-up there is still no value.
    if close == 0.0 { average * 0.0 } else { percent }
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
