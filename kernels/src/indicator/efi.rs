//! Elder's force index.
//!
//! The exponential average of the price change times volume; it starts with the mean of the first `period` products, so
//! the first value comes `period` bars after the first bar. A missing bar has no value and changes nothing: the next
//! change is taken from the last close that there is. Equals TA-Lib `EFI`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::window::{Averages, Past, Recurrence};

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
    compute: compute::<Averaged<Efi, 1, 2>, 2, 1>,
    flags: None,
    stream: stream::<Averaged<Efi, 1, 2>, 2, 1>,
};

struct Efi;

impl Recurrence<2, 1> for Efi {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [close, volume]: [P::T; 2]) -> [P::T; 1] {
        let change = close - past.before(1, close);
        [past.average(0, change * volume)]
    }
}

impl Averaging<2, 1, 1, 2> for Efi {
    fn new(params: &Params) -> (Self, Averages<1, 2>) {
        (Efi, Averages::new([params.period(0)]))
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
