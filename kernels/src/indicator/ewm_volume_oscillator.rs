//! Percentage volume oscillator that starts at the first bar.
//!
//! The difference of two exponential averages of volume in percent of the slow one, an exponential average of it, and the
//! difference of those two. All averages start at their first value, as `ewma`. There is no value while the slow average
//! is zero. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ewm;

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_volume_oscillator",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("volume")],
    params: &[Param::period("fast", 12, 1), Param::period("slow", 26, 1), Param::period("signal", 9, 1)],
    outputs: &[
        Output::number("oscillator", Unit::Ratio),
        Output::number("signal", Unit::Ratio),
        Output::number("histogram", Unit::Ratio),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::Sparse],
    summary: "Distance of a fast and a slow average of volume in percent, its own average, and their difference.",
    formula: "oscillator = 100 * (ewma(volume, fast) - ewma(volume, slow)) / ewma(volume, slow), no value where the slow average is 0; signal = ewma(oscillator, signal); histogram = oscillator - signal. Missing bars are skipped.",
    source: "common definition (percentage volume oscillator), as pandas ewm(span=period, adjust=False)",
    example: "SELECT ts, ewm_volume_oscillator(volume, 12, 26, 9).histogram FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of ewm_volume_oscillator() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: compute::<EwmVolumeOscillator, 1, 3>,
    flags: None,
    stream: stream::<EwmVolumeOscillator, 1, 3>,
};

struct EwmVolumeOscillator {
    fast: Ewm,
    slow: Ewm,
    signal: Ewm,
}

impl State<1, 3> for EwmVolumeOscillator {
    fn new(params: &Params) -> Self {
        EwmVolumeOscillator {
            fast: Ewm::new(params.period(0)),
            slow: Ewm::new(params.period(1)),
            signal: Ewm::new(params.period(2)),
        }
    }

    #[inline]
    fn step(&mut self, [volume]: [f64; 1]) -> [f64; 3] {
        let (fast, slow) = (self.fast.mean(volume), self.slow.mean(volume));
        // The ratio of subnormal numbers, after a very long time without volume, is noise.
        if slow < f64::MIN_POSITIVE || slow.is_nan() {
            return [f64::NAN; 3];
        }
        let oscillator = 100.0 * ((fast - slow) / slow);
        let signal = self.signal.mean(oscillator);
        [oscillator, signal, oscillator - signal]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 4.0, 4.0]], &[1.0, 3.0, 3.0]).unwrap();
        assert!(out[1][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (100.0, 100.0, 0.0));
        assert!((out[0][2] - 100.0 / 3.0).abs() < 1e-13 && (out[1][2] - 200.0 / 3.0).abs() < 1e-13);
    }
}
