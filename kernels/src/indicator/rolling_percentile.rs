//! Percentile of the last `period` values.
//!
//! `'nearest_rank'` takes the smallest value that at least `percentile` percent of the values do not exceed, so it is
//! always one of them (TA-Lib); `'linear'` interpolates between the two values around the place `(period - 1) *
//! percentile / 100` (NumPy, pandas). A missing bar gives no value as long as it is in the window. The work per bar
//! grows with the logarithm of `period`. Equals TA-Lib `PERCENTILE` with its default method.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ranked;

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_percentile",
    aliases: &["percentile"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 30, 1),
        Param::float("percentile", 50.0, 0.0, 100.0),
        Param::choice("method", 0, &["nearest_rank", "linear"]),
    ],
    outputs: &[Output::number("rolling_percentile", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Percentile of the last `period` values.",
    formula: "the value number ceil(period * percentile / 100), at least 1, of the window in ascending order; with 'linear' interpolated at place (period - 1) * percentile / 100, counted from 0.",
    source: "Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996 (types 1 and 7); TA-Lib PERCENTILE",
    example: "SELECT ts, rolling_percentile(close, 30, 90.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingPercentile, 1, 1>,
    flags: None,
    stream: stream::<RollingPercentile, 1, 1>,
};

struct RollingPercentile {
    ranked: Ranked,
    place: usize,
    /// Part of the way to the next value.
    fraction: f64,
}

impl State<1, 1> for RollingPercentile {
    fn new(params: &Params) -> Self {
        let (period, percentile) = (params.period(0), params.float(1));
        let place = match params.choice(2) {
            0 => (period as f64 * percentile / 100.0).ceil().max(1.0) - 1.0,
            _ => (period - 1) as f64 * percentile / 100.0,
        };
        RollingPercentile { ranked: Ranked::new(period), place: place as usize, fraction: place.fract() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        self.ranked.push(x);
        let Some(sorted) = self.ranked.full() else { return [f64::NAN] };
        let value = sorted.nth(self.place);
        if self.fraction == 0.0 {
            return [value];
        }
        [value + self.fraction * (sorted.nth(self.place + 1) - value)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [4.0, 1.0, 2.0, 8.0, f64::NAN];
        let out = DEF.evaluate(&[&x], &[4.0, 50.0, 0.0]).unwrap();
        assert!(out[0][2].is_nan() && out[0][4].is_nan());
        assert_eq!(out[0][3], 2.0);
        assert_eq!(DEF.evaluate(&[&x], &[4.0, 50.0, 1.0]).unwrap()[0][3], 3.0);
        assert_eq!(DEF.evaluate(&[&x], &[4.0, 100.0, 1.0]).unwrap()[0][3], 8.0);
        assert_eq!(DEF.evaluate(&[&x], &[4.0, 0.0, 0.0]).unwrap()[0][3], 1.0);
    }
}
