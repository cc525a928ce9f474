//! On-balance volume, Granville (1963).
//!
//! The sum of the volumes, taken positive where the close rose and negative where it fell; the first bar counts as
//! risen, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `OBV`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
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
        [self.total.add(signed(close, previous, volume))]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [close, volume]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = signed(close[0], self.previous, volume[0]);
        run_each([&close[1..], close, &volume[1..]], [rest], |[close, previous, volume]| {
            [signed(close, previous, volume)]
        });
        self.previous = close[close.len() - 1];
        self.total.fill(out);
    }
}

/// Volume with the sign of the change; the first bar has no close before it and counts as a rise.
#[inline(always)]
fn signed(close: f64, previous: f64, volume: f64) -> f64 {
    let falling = if close < previous { -volume } else { volume };
    if close == previous { 0.0 } else { falling }
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
