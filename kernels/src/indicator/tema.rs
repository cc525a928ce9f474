//! Triple exponential moving average.
//!
//! `3 * a - 3 * b + c`, where `a` is an exponential average, `b` that of `a` and `c` that of `b`; each is seeded
//! with a simple average, so the first value comes with bar `3 * period - 2`. A missing bar has no value and changes
//! nothing. Equals TA-Lib `TEMA`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Cascade, triple};

pub(super) static DEF: Indicator = Indicator {
    name: "tema",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("tema", Unit::Price)],
    lookback: |params| 3 * (params.period(0) - 1),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Triple exponential moving average: three nested exponential averages whose lags cancel.",
    formula: "3 * a - 3 * b + c with a = ema(x, period), b = ema(a, period), c = ema(b, period). Missing bars are skipped.",
    source: "Mulloy, Smoothing Data with Less Lag, Stocks & Commodities 12:2, 1994; TA-Lib TEMA",
    example: "SELECT ts, tema(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Tema, 1, 1>,
    flags: None,
    stream: stream::<Tema, 1, 1>,
};

struct Tema {
    average: Cascade<3>,
}

impl State<1, 1> for Tema {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        Tema { average: triple(params.period(0)) }
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
        let out = DEF.evaluate(&[&[1.0, 3.0, 5.0, 7.0]], &[2.0]).unwrap();
        assert!(out[0][..3].iter().all(|x| x.is_nan()));
        // On a line every average lags by the same distance, and nothing of it is left.
        assert!((out[0][3] - 7.0).abs() < 1e-14);
    }
}
