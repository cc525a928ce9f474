//! Zero-lag exponential moving average.
//!
//! The exponential average of the values plus what they gained in `(period - 1) / 2` bars, seeded with a simple
//! average. A missing bar has no value and changes nothing. Equals TA-Lib `ZLEMA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::ZeroLag;

pub(super) static DEF: Indicator = Indicator {
    name: "zlema",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("zlema", Unit::Price)],
    lookback: |params| ZeroLag::lookback(params.period(0)),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Zero-lag exponential moving average: of the values plus what they gained in half a period.",
    formula: "ema(2 * x[i] - x[i-lag], period) with lag = (period - 1) / 2 rounded down. Missing bars are skipped.",
    source: "Ehlers and Way, Zero Lag (Well, Almost), Stocks & Commodities 28:12, 2010; TA-Lib ZLEMA",
    example: "SELECT ts, zlema(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| ZeroLag::new(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Zlema, 1, 1>,
};

struct Zlema {
    average: ZeroLag,
}

impl State<1, 1> for Zlema {
    fn new(params: &Params) -> Self {
        Zlema { average: ZeroLag::new(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 5.0, f64::NAN, 5.0]], &[3.0]).unwrap();
        assert!(out[0][..3].iter().all(|x| x.is_nan()) && out[0][4].is_nan());
        // The values plus their gains: 3, 6, 6, 5.
        assert_eq!((out[0][3], out[0][5]), (5.0, 5.0));
    }
}
