//! Commodity channel index, Lambert (1980).
//!
//! The distance of the typical price from its moving mean, divided by 0.015 of the mean absolute deviation from it;
//! zero where either is nothing but rounding, as in TA-Lib. A missing bar gives no value as long as it is in the
//! window. The work per bar grows with `period` up to 384 bars and with its logarithm beyond, because the deviations
//! change with the mean. Equals TA-Lib `CCI`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Deviations, is_negligible, moving_deviations, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "cci",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("cci", Unit::Other)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Commodity channel index: the distance of the typical price from its mean in mean deviations.",
    formula: "t = (high + low + close) / 3; (t - sma(t, period)) / (0.015 * mean(|t - sma|)), 0 without deviation.",
    source: "Lambert, Commodity Channel Index, 1980; TA-Lib CCI",
    example: "SELECT ts, cci(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Cci, 3, 1>,
};

struct Cci {
    deviations: Deviations,
    len: f64,
}

impl State<3, 1> for Cci {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Cci { deviations: Deviations::new(period), len: period as f64 }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        [index(price, self.deviations.step(price), self.len)]
    }
}

/// The index from the newest price, the distance of the mean from it and the sum of the deviations.
#[inline(always)]
fn index(price: f64, [mean, deviations]: [f64; 2], len: f64) -> f64 {
    let scale = (price + mean).abs();
    let flat = is_negligible(mean, scale) | is_negligible(deviations, scale);
    let index = -mean / (0.015 * (deviations / len));
    if flat { 0.0 } else { index }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let [high, low, close] = [0, 1, 2].map(|k| &inputs[k][..inputs[0].len()]);
    let (output, len) = (&mut outputs[0], params.period(0) as f64);
    let fill = |start: usize, prices: &mut [f64]| {
        let (high, low, close) = (&high[start..], &low[start..], &close[start..]);
        widest(|| {
            for (((price, high), low), close) in prices.iter_mut().zip(high).zip(low).zip(close) {
                *price = typical_price(finite(*high), finite(*low), finite(*close));
            }
        });
    };
    moving_deviations(params.period(0), close.len(), output, fill, |price, both| finite(index(price, both, len)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0], &[1.0, 3.0, 3.0], &[1.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!((out[0][1] - 1.0 / 0.015).abs() < 1e-12);
        assert_eq!(out[0][2], 0.0);
    }

    #[test]
    fn nearly_flat_window_keeps_its_digits() {
        // One price is higher by d: the distance is d / 20, the mean deviation 38 d / 400.
        let mut price = [628.9; 20];
        price[4] += 1e-7;
        let out = DEF.evaluate(&[&price, &price, &price], &[20.0]).unwrap();
        let exact = -20.0 / 38.0 / 0.015;
        assert!((out[0][19] / exact - 1.0).abs() < 1e-9, "{} and {exact}", out[0][19]);
    }
}
