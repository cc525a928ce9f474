//! Elder's force index.
//!
//! The exponential average of the price change times volume; it starts with the mean of the first `period` products, so
//! the first value comes `period` bars after the first bar. A missing bar has no value and changes nothing: the next
//! change is taken from the last close that there is. Equals TA-Lib `EFI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "efi",
    aliases: &["force_index"],
    family: Family::Volume,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 13, 1)],
    outputs: &[Output::number("efi", Unit::Turnover)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Force index: the exponential average of price change times volume.",
    formula: "ema((close[i] - close[i-1]) * volume[i], period). Missing bars are skipped.",
    source: "Elder, Trading for a Living, 1993; TA-Lib EFI",
    example: "SELECT ts, efi(close, volume, 13) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Efi, 2, 1>,
    flags: None,
    stream: stream::<Efi, 2, 1>,
};

struct Efi {
    previous: f64,
    average: Smoother,
}

impl State<2, 1> for Efi {
    fn new(params: &Params) -> Self {
        Efi { previous: f64::NAN, average: Smoother::ema(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let change = close - std::mem::replace(&mut self.previous, close);
        [self.average.step(change * volume)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [close, volume]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = (close[0] - self.previous) * volume[0];
        run_each([&close[1..], close, &volume[1..]], [rest], |[close, before, volume]| [(close - before) * volume]);
        self.previous = close[close.len() - 1];
        self.average.fill(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 3.0], &[9.0, 10.0, 20.0, 5.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 25.0);
        assert!((out[0][3] - 5.0).abs() < 1e-14);
    }
}
