//! Double exponential moving average.
//!
//! `2 * ema(x) - ema(ema(x))`, which lags less than one average; each of the two is seeded with a simple average, so
//! the first value comes with bar `2 * period - 1`. A missing bar has no value and changes nothing. Equals TA-Lib
//! `DEMA`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Cascade, double};

pub(super) static DEF: Indicator = Indicator {
    name: "dema",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("dema", Unit::Price)],
    lookback: |params| 2 * (params.period(0) - 1),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Double exponential moving average: an exponential average less what its own average lags.",
    formula: "2 * a - ema(a, period) with a = ema(x, period). Missing bars are skipped.",
    source: "Mulloy, Smoothing Data with Faster Moving Averages, Stocks & Commodities 12:1, 1994; TA-Lib DEMA",
    example: "SELECT ts, dema(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Dema, 1, 1>,
    flags: None,
    stream: stream::<Dema, 1, 1>,
};

struct Dema {
    average: Cascade<2>,
}

impl State<1, 1> for Dema {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        Dema { average: double(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, [x]: [&[f64]; 1], [out]: [&mut [f64]; 1]) -> usize {
        self.average.run_finite(x, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 6.0, f64::NAN, 6.0]], &[2.0]).unwrap();
        assert!(out[0][..2].iter().all(|x| x.is_nan()) && out[0][3].is_nan());
        // The averages are 2, 14/3 and their average 10/3.
        assert!((out[0][2] - 6.0).abs() < 1e-14);
    }
}
