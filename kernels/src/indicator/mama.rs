//! MESA adaptive moving average.
//!
//! The weight of the newest value is `fast_limit` divided by the angle by which the phase of the dominant cycle
//! turned in one bar, but at least `slow_limit`; `fama` follows with half of that weight. The phase comes from
//! Ehlers' discrete Hilbert transform of the values, smoothed over four bars. Both lines and the whole measurement
//! begin with zeros at the 13th value and the first 20 results are withheld, as in TA-Lib; with small limits the
//! zero at the start is felt for much longer. A missing bar has no value and changes nothing. Equals TA-Lib `MAMA`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mesa;

pub(super) static DEF: Indicator = Indicator {
    name: "mama",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::float("fast_limit", 0.5, 0.01, 0.99), Param::float("slow_limit", 0.05, 0.01, 0.99)],
    outputs: &[Output::number("mama", Unit::Price), Output::number("fama", Unit::Price)],
    lookback: |_| Mesa::LOOKBACK,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "MESA adaptive moving average and the slower one that follows it.",
    formula: "mama = w * x + (1 - w) * mama, fama = w / 2 * mama + (1 - w / 2) * fama, where w = fast_limit / max(fall of the phase in degrees, 1), at least slow_limit. Missing bars are skipped.",
    source: "Ehlers, MAMA: The Mother of Adaptive Moving Averages, Stocks & Commodities 19:10, 2001; TA-Lib MAMA",
    example: "SELECT ts, mama(close).mama FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Mama, 1, 2>,
    flags: None,
    stream: stream::<Mama, 1, 2>,
};

struct Mama {
    average: Mesa,
}

impl State<1, 2> for Mama {
    fn new(params: &Params) -> Self {
        Mama { average: Mesa::new(params.float(0), params.float(1)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        self.average.step(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_limits_are_an_exponential_average() {
        let x: Vec<f64> = (0..60).map(|i| f64::from(i % 7)).collect();
        let out = DEF.evaluate(&[&x], &[0.3, 0.3]).unwrap();
        let expected = x[12..].iter().fold(0.0, |mama, x| 0.3 * x + 0.7 * mama);
        assert!((out[0][59] - expected).abs() < 1e-14 && out[0][31].is_nan() && !out[0][32].is_nan());
    }
}
