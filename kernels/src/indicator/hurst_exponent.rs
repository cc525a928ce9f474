//! Hurst exponent of the last `period` values.
//!
//! How the deviation of differences grows with their distance: the slope of the least-squares line through the
//! logarithms of the standard deviations of the differences over 2 to `max_lag` bars, drawn over the logarithms of
//! these distances, with all differences inside the window. About 0.5 for a random walk, more for a trending and less
//! for a reverting series; for prices take their logarithm first. No value where differences have no deviation. A
//! missing bar gives no value as long as it is in the window. The work per bar grows with `max_lag`, not with `period`.
//! Equals LEAN's `HurstExponent`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Spread;

pub(super) static DEF: Indicator = Indicator {
    name: "hurst_exponent",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 100, 5),
        Param { name: "max_lag", kind: ParamKind::Int { default: Some(20), min: 3, max: 100 } },
    ],
    outputs: &[Output::number("hurst_exponent", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Hurst exponent: how the deviation of differences grows with their distance.",
    formula: "s(k) = population standard deviation of x[j] - x[j-k] in the window, for k in 2..=max_lag; the slope of ln s(k) over ln k.",
    source: "Mandelbrot and Van Ness, Fractional Brownian Motions, 1968; Di Matteo, Multi-scaling in Finance, 2007 (q = 2, about the mean); QuantConnect LEAN HurstExponent",
    example: "SELECT ts, hurst_exponent(ln(close), 100, 20) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        if params.period(1) + 2 < params.period(0) {
            return Ok(());
        }
        let (period, max_lag) = (params.period(0), params.period(1));
        Err(format!("`period` of hurst_exponent() must be above `max_lag` by more than 2, got {period} and {max_lag}"))
    }),
    compute: compute::<HurstExponent, 1, 1>,
    flags: None,
    stream: stream::<HurstExponent, 1, 1>,
};

struct HurstExponent {
    /// The last values, the newest before `next`.
    values: Vec<f64>,
    next: usize,
    lags: Vec<Lag>,
}

/// The differences over one distance.
struct Lag {
    distance: usize,
    spread: Spread,
    len: f64,
    /// Weight of the logarithm of the variance in the slope.
    weight: f64,
}

impl State<1, 1> for HurstExponent {
    fn new(params: &Params) -> Self {
        let (period, max_lag) = (params.period(0), params.period(1));
        let logs: Vec<f64> = (2..=max_lag).map(|lag| (lag as f64).ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let squares: f64 = logs.iter().map(|log| (log - mean) * (log - mean)).sum();
        let lag = |(distance, log): (usize, &f64)| Lag {
            distance,
            spread: Spread::new(period - distance),
            len: (period - distance) as f64,
            // Half, because a deviation is the root of its variance.
            weight: 0.5 * (log - mean) / squares,
        };
        HurstExponent { values: vec![f64::NAN; max_lag], next: 0, lags: (2..).zip(&logs).map(lag).collect() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let capacity = self.values.len();
        let (mut slope, mut first) = (0.0, f64::NAN);
        for lag in &mut self.lags {
            let at = self.next + capacity - lag.distance;
            let before = self.values[if at < capacity { at } else { at - capacity }];
            let [_, squares] = lag.spread.step(x - before);
            let variance = squares / lag.len;
            if lag.distance == 2 {
                first = variance;
            }
            // The weights add up to zero, so any common factor of the variances drops out, and with it the unit of `x`.
            if !first.is_nan() {
                slope += lag.weight * (variance / first).ln();
            }
        }
        self.values[self.next] = x;
        self.next = if self.next + 1 == capacity { 0 } else { self.next + 1 };
        [if first.is_nan() { f64::NAN } else { slope }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Differences over two bars 1, 4, -1 and over three bars 2, 3.
        let out = DEF.evaluate(&[&[0.0, 1.0, 1.0, 5.0, 0.0]], &[5.0, 3.0]);
        assert!(out.is_err(), "a distance of three bars needs six");
        let out = DEF.evaluate(&[&[0.0, 1.0, 1.0, 5.0, 0.0, 3.0]], &[6.0, 3.0]).unwrap();
        assert!(out[0][4].is_nan());
        let variance = |x: &[f64]| {
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / x.len() as f64
        };
        let growth = variance(&[5.0, -1.0, 2.0]) / variance(&[1.0, 4.0, -1.0, -2.0]);
        assert!((out[0][5] - 0.5 * growth.ln() / 1.5_f64.ln()).abs() < 1e-14);
    }
}
