//! Parabolic stop and reverse with separate settings for both directions.
//!
//! As `sar`, but the stop is negative while the trend is down. A positive `first_stop` is the first stop of an upward
//! trend, a negative one that of a downward trend, zero leaves the choice to the second bar. On every reversal the
//! stop is moved away from the price by the share `reversal_offset` of it. A missing bar has no value and changes nothing.
//! Equals TA-Lib `SAREXT`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Pace, Parabolic, Stop};

pub(super) static DEF: Indicator = Indicator {
    name: "sarext",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[
        Param::float("first_stop", 0.0, -1e12, 1e12),
        Param::float("reversal_offset", 0.0, 0.0, 1.0),
        Param::float("initial_long", 0.02, 0.0, 1.0),
        Param::float("acceleration_long", 0.02, 0.0, 1.0),
        Param::float("maximum_long", 0.2, 0.0, 1.0),
        Param::float("initial_short", 0.02, 0.0, 1.0),
        Param::float("acceleration_short", 0.02, 0.0, 1.0),
        Param::float("maximum_short", 0.2, 0.0, 1.0),
    ],
    outputs: &[Output::number("sarext", Unit::Price)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::NotScaled],
    summary: "Parabolic stop and reverse with separate settings for both directions; negative in a downward trend.",
    formula: "As sar, with the first acceleration, its growth and its maximum for long and short, a first stop `first_stop`, and stops moved away by `reversal_offset` of their price on a reversal. Missing bars are skipped.",
    source: "TA-Lib SAREXT",
    example: "SELECT ts, sarext(high, low) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Sarext, 2, 1>,
    flags: None,
    stream: stream::<Sarext, 2, 1>,
};

struct Sarext(Parabolic);

impl State<2, 1> for Sarext {
    fn new(params: &Params) -> Self {
        let pace = |k| Pace::new(params.float(k), params.float(k + 1), params.float(k + 2));
        Sarext(Parabolic::new(params.float(0), params.float(1), [pace(2), pace(5)]))
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        [self.0.step(high, low).map_or(f64::NAN, signed)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.0.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [high, low]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        self.0.run(high, low, out, signed);
    }
}

/// The price of a stop, negative in a downward trend.
#[inline(always)]
fn signed(stop: Stop) -> f64 {
    if stop.rising { stop.price } else { -stop.price }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(&[&[10.0, 11.0, 12.0, 11.0], &[9.0, 10.0, 11.0, 8.0]], &[0.0, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0])
            .unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [9.0, 10.0, -18.0]);
    }

    #[test]
    fn start_chooses_the_trend() {
        let out =
            DEF.evaluate(&[&[10.0, 11.0], &[9.0, 10.0]], &[-12.0, 0.0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2]).unwrap();
        assert_eq!(out[0][1], -12.0);
    }
}
