//! On-balance volume, Granville (1963).
//!
//! The sum of the volumes, taken positive where the close rose and negative where it fell; the first bar counts as
//! risen, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `OBV`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Total;

pub(super) static DEF: Indicator = Indicator {
    name: "obv",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[],
    outputs: &[Output::number("obv", Unit::Volume)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "On-balance volume: the running sum of volume with the sign of the price change.",
    formula: "obv[i] = obv[i-1] + volume[i] * sign(close[i] - close[i-1]), starting with volume[0]. Missing bars are skipped.",
    source: "Granville, Granville's New Key to Stock Market Profits, 1963; TA-Lib OBV",
    example: "SELECT ts, obv(close, volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Obv, 2, 1>,
    flags: None,
    stream: stream::<Obv, 2, 1>,
};

struct Obv {
    previous: f64,
    total: Total,
}

impl State<2, 1> for Obv {
    fn new(_: &Params) -> Self {
        Obv { previous: f64::NAN, total: Total::default() }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, close);
        let signed = if close < previous {
            -volume
        } else if close == previous {
            0.0
        } else {
            volume
        };
        [self.total.add(signed)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 1.0], &[10.0, 20.0, 30.0, 40.0]], &[]).unwrap();
        assert_eq!(out[0], [10.0, 30.0, 30.0, -10.0]);
    }
}
