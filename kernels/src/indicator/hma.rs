//! Hull moving average.
//!
//! A weighted average over the square root of the period, of twice the weighted average over half of it less that
//! over the whole. Halves and roots are rounded down. A missing bar gives no value as long as it counts. Equals
//! TA-Lib `HMA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::Hull;

pub(super) static DEF: Indicator = Indicator {
    name: "hma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("hma", Unit::Price)],
    lookback: |params| Hull::lookback(params.period(0)),
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Hull moving average: weighted averages of half and whole period whose lags cancel.",
    formula: "wma(2 * wma(x, period / 2) - wma(x, period), sqrt(period)), rounded down. No value while a missing bar is in the window.",
    source: "Hull, How to Reduce Lag in a Moving Average, 2005; TA-Lib HMA",
    example: "SELECT ts, hma(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| Hull::new(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Hma, 1, 1>,
};

struct Hma {
    average: Hull,
}

impl State<1, 1> for Hma {
    fn new(params: &Params) -> Self {
        Hma { average: Hull::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 6.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        // Half of the period is one bar, its root too: 2 * x - wma(x, 2).
        assert!((out[0][1] - (6.0 - 7.0 / 3.0)).abs() < 1e-14 && (out[0][2] - 7.0).abs() < 1e-14);
    }
}
