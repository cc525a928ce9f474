//! Positive volume index, Dysart (1936), as revised by Fosback (1976).
//!
//! It starts at 1000 and takes part in the relative price change of the bars on which volume rose. After a close of
//! zero it is unchanged, as in TA-Lib. A missing bar has no value and changes nothing: the next changes are taken from
//! the last bar that there is. Equals TA-Lib `PVI`.

use super::def::*;
use super::state::{compute, stream};
use super::volume_index::VolumeIndex;

pub(super) static DEF: Indicator = Indicator {
    name: "pvi",
    aliases: &["positive_volume_index"],
    family: Family::Volume,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[],
    outputs: &[Output::number("pvi", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Positive volume index: the compounded price changes of the bars on which volume rose.",
    formula: "starts at 1000; pvi[i] = pvi[i-1] * close[i] / close[i-1] where volume[i] > volume[i-1], else pvi[i-1]. Missing bars are skipped.",
    source: "Fosback, Stock Market Logic, 1976; TA-Lib PVI",
    example: "SELECT ts, pvi(close, volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VolumeIndex<true>, 2, 1>,
    flags: None,
    stream: stream::<VolumeIndex<true>, 2, 1>,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0], &[10.0, 11.0, 11.0, 12.0]], &[]).unwrap();
        assert_eq!(out[0], [1000.0, 2000.0, 2000.0, 4000.0]);
    }
}
