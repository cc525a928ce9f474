//! Average directional index rating, Wilder (1978).
//!
//! The mean of `adx` and its value `period - 1` bars earlier. A missing bar has no value and changes nothing. Equals
//! TA-Lib `ADXR`.

use super::adx::Adx;
use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, PIECE};

pub(super) static DEF: Indicator = Indicator {
    name: "adxr",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("adxr", Unit::Percent)],
    lookback: |params| 3 * params.period(0) - 2,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Average directional index rating: the mean of the index now and `period - 1` bars ago.",
    formula: "a = adx(high, low, close, period); (a[i] + a[i-period+1]) / 2. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib ADXR",
    example: "SELECT ts, adxr(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Adxr, 3, 1>,
    flags: None,
    stream: stream::<Adxr, 3, 1>,
};

struct Adxr {
    adx: Adx,
    earlier: Delay,
}

impl State<3, 1> for Adxr {
    fn new(params: &Params) -> Self {
        Adxr { adx: Adx::new(params), earlier: Delay::new(params.period(0) - 1) }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; 3]) -> [f64; 1] {
        let [adx] = self.adx.step(bar);
        if adx.is_nan() {
            return [f64::NAN];
        }
        [(adx + self.earlier.step(adx)) / 2.0]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.earlier.is_full() && self.adx.takes_runs()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 3], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let earlier = &mut buffer[..out.len()];
        self.adx.run(bars, [&mut *earlier]);
        out.copy_from_slice(earlier);
        self.earlier.fill(earlier);
        for (out, earlier) in out.iter_mut().zip(earlier) {
            *out = (*out + *earlier) / 2.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(&[&[2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 3.0, 4.0, 5.0, 6.0]], &[2.0])
            .unwrap();
        assert!(out[0][3].is_nan());
        assert_eq!(out[0][4], 100.0);
    }
}
