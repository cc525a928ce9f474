//! Positive volume index, Dysart (1936), as revised by Fosback (1976).
//!
//! It starts at 1000 and takes part in the relative price change of the bars on which volume rose. After a close of
//! zero it is unchanged, as in TA-Lib. A missing bar has no value and changes nothing: the next changes are taken from
//! the last bar that there is. Equals TA-Lib `PVI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};

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
    compute: compute::<Pvi, 2, 1>,
    flags: None,
    stream: stream::<Pvi, 2, 1>,
};

struct Pvi {
    close: f64,
    volume: f64,
    index: f64,
}

impl State<2, 1> for Pvi {
    fn new(_: &Params) -> Self {
        Pvi { close: f64::NAN, volume: f64::NAN, index: 1000.0 }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        self.index *= growth([close, volume], [self.close, self.volume]);
        (self.close, self.volume) = (close, volume);
        [self.index]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [close, volume]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = growth([close[0], volume[0]], [self.close, self.volume]);
        let bars = [&close[1..], &volume[1..], close, volume];
        run_each(bars, [rest], |[close, volume, close_before, volume_before]| {
            [growth([close, volume], [close_before, volume_before])]
        });
        (self.close, self.volume) = (close[close.len() - 1], volume[volume.len() - 1]);
        for growth in out {
            self.index *= *growth;
            *growth = self.index;
        }
    }
}

/// The growth of the index: a choice and no branch, because nobody can foresee it.
#[inline(always)]
fn growth([close, volume]: [f64; 2], [close_before, volume_before]: [f64; 2]) -> f64 {
    let growth = close / close_before;
    // Before the first bar the comparison with `NaN` is false.
    if (volume > volume_before) & (close_before != 0.0) { growth } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0], &[10.0, 11.0, 11.0, 12.0]], &[]).unwrap();
        assert_eq!(out[0], [1000.0, 2000.0, 2000.0, 4000.0]);
    }
}
