//! Volume-weighted average price since a condition was true.
//!
//! The mean of the typical price weighted with volume over the bars since `anchor` was last true, that bar included.
//! There is no value before the first anchor and before the first volume after one. A bar where anything is missing, the
//! condition included, has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, is_true, stream};
use crate::window::{Anchored, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "anchored_vwap",
    aliases: &["avwap"],
    family: Family::Volume,
    inputs: &[
        Input::number("high"),
        Input::number("low"),
        Input::number("close"),
        Input::number("volume"),
        Input::bool("anchor"),
    ],
    params: &[],
    outputs: &[Output::number("anchored_vwap", Unit::Price)],
    // At the least, with an anchor at the first bar.
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Volume-weighted average price since a condition was last true.",
    formula: "t = (high + low + close) / 3; sum(t * volume) / sum(volume) over the bars from the last one where `anchor` is true. No value before the first anchor and without volume. Missing bars are skipped.",
    source: "Shannon, Maximum Trading Gains with Anchored VWAP, 2022",
    example: "SELECT ts, anchored_vwap(high, low, close, volume, crosses_above(close, sma(close, 20))) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AnchoredVwap, 5, 1>,
    flags: None,
    stream: stream::<AnchoredVwap, 5, 1>,
};

struct AnchoredVwap {
    price: Option<Anchored>,
}

impl State<5, 1> for AnchoredVwap {
    fn new(_: &Params) -> Self {
        AnchoredVwap { price: None }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume, anchor]: [f64; 5]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        if price.is_nan() || volume.is_nan() || anchor.is_nan() {
            return [f64::NAN];
        }
        if is_true(anchor) {
            self.price = Some(Anchored::default());
        }
        match &mut self.price {
            Some(mean) => {
                mean.add(price, volume);
                [mean.mean()]
            }
            None => [f64::NAN],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (x, volume) = ([9.0, 1.0, 5.0, 2.0, 3.0], [1.0, 1.0, 3.0, 0.0, 2.0]);
        let out = DEF.evaluate(&[&x, &x, &x, &volume, &[0.0, 1.0, 0.0, 1.0, 0.0]], &[]).unwrap();
        assert!(out[0][0].is_nan() && out[0][3].is_nan());
        assert_eq!((out[0][1..3].to_vec(), out[0][4]), (vec![1.0, 4.0], 3.0));
    }
}
