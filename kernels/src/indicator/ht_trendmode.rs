//! Whether the market trends rather than cycles, by Ehlers' rules.
//!
//! The first value is shown after 63 bars; TA-Lib has zeros before. A missing bar has no value and changes nothing.
//! Equals TA-Lib `HT_TRENDMODE`, except in a flat market, where its phase is rounding noise.

use super::def::*;
use super::ht_sine::sines;
use super::state::{State, compute, stream};
use crate::window::{CyclePhase, CycleTrend, Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_trendmode",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::bool("ht_trendmode")],
    lookback: |_| Start::LATE.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Whether the market trends rather than cycles.",
    formula: "True unless sine and lead_sine of ht_sine(x) crossed within half a period, or the phase turned by 0.67 to 1.5 times 360 / period; but always true where the averaged price is 1.5 % or more away from ht_trendline(x). Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_TRENDMODE",
    example: "SELECT ts, ht_trendmode(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtTrendmode, 1, 1>,
    flags: None,
    stream: stream::<HtTrendmode, 1, 1>,
};

struct HtTrendmode {
    homodyne: Homodyne,
    phase: CyclePhase,
    trend: CycleTrend,
    degrees: f64,
    /// Sine and lead sine of the last bar.
    sines: [f64; 2],
    /// Bars since the two crossed.
    since_crossing: f64,
}

impl State<1, 1> for HtTrendmode {
    fn new(_: &Params) -> Self {
        HtTrendmode {
            homodyne: Homodyne::new(Start::LATE),
            phase: CyclePhase::default(),
            trend: CycleTrend::default(),
            degrees: 0.0,
            sines: [0.0; 2],
            since_crossing: 0.0,
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let cycle = self.homodyne.step(x);
        let line = self.trend.step(x, cycle.as_ref());
        let Some(cycle) = cycle else { return [f64::NAN] };
        let degrees = self.phase.step(&cycle);
        let turned = degrees - std::mem::replace(&mut self.degrees, degrees);
        let [sine, lead] = sines(degrees);
        let [last_sine, last_lead] = std::mem::replace(&mut self.sines, [sine, lead]);

        let crossed = (sine > lead && last_sine <= last_lead) || (sine < lead && last_sine >= last_lead);
        self.since_crossing = if crossed { 1.0 } else { self.since_crossing + 1.0 };
        let young = crossed || self.since_crossing < 0.5 * cycle.period;
        let pace = 360.0 / cycle.period;
        let regular = turned > 0.67 * pace && turned < 1.5 * pace;
        // A price far from its trend outweighs both signs of a cycle.
        let away = line != 0.0 && ((cycle.price - line) / line).abs() >= 0.015;
        let trends = away || !(young || regular);
        [if cycle.is_shown { f64::from(u8::from(trends)) } else { f64::NAN }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_cycles_and_a_line_trends() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!(out[0][62].is_nan() && out[0][200..].iter().all(|&trends| trends == 0.0));
        let line: Vec<f64> = (0..200).map(|i| 100.0 + f64::from(i)).collect();
        assert_eq!(DEF.evaluate(&[&line], &[]).unwrap()[0][199], 1.0);
    }
}
