//! Directional movement index, Wilder (1978).
//!
//! `100 * |+DI - -DI| / (+DI + -DI)`: the unsmoothed `adx`. A bar without directional movement repeats the value
//! before it, and is zero at first, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `DX`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Direction, Directional};

pub(super) static DEF: Indicator = Indicator {
    name: "dx",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("dx", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Directional movement index: how one-sided the movement is.",
    formula: "100 * |plus_di - minus_di| / (plus_di + minus_di), the value before without directional movement. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib DX",
    example: "SELECT ts, dx(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Dx, 3, 1>,
    flags: None,
    stream: stream::<Dx, 3, 1>,
};

struct Dx {
    directional: Directional,
    value: f64,
}

impl State<3, 1> for Dx {
    fn new(params: &Params) -> Self {
        Dx { directional: Directional::new(params.period(0)), value: 0.0 }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 3]) -> [f64; 1] {
        let Some(direction) = self.directional.step(bar) else { return [f64::NAN] };
        let index = direction.index();
        self.value = if index.is_nan() { self.value } else { index };
        [self.value]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.directional.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        self.directional.run(bars, out, Direction::index);
        for index in out {
            self.value = if index.is_nan() { self.value } else { *index };
            *index = self.value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 3.0, 3.0], &[1.0, 2.0, 1.0, 1.0], &[2.0, 3.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 100.0 / 3.0).abs() < 1e-12);
        assert!((out[0][3] - 100.0 / 3.0).abs() < 1e-12);
    }
}
