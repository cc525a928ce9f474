//! Supertrend, Seban.
//!
//! Bands of `width` average true ranges on both sides of the middle of the bar. A band moves only towards the price,
//! until a close lies beyond it. The line is the lower band while the trend is up (1) and the upper one while it is
//! down (-1); a close beyond the line turns the trend. The trend begins upward. A missing bar has no value and changes
//! nothing. Equals TA-Lib `SUPERTREND`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AverageRange, Ratchet};

pub(super) static DEF: Indicator = Indicator {
    name: "supertrend",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 10, 2), Param::float("width", 3.0, 0.0, 1000.0)],
    outputs: &[Output::number("line", Unit::Price), Output::number("trend", Unit::Other)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Supertrend: a trailing line at a multiple of the average true range, and the trend as 1 or -1.",
    formula: "bands = (high + low) / 2 +- width * atr(period), each moving only towards the price until a close is beyond it; line = lower band while trend is 1, upper while it is -1; a close beyond the line turns the trend. Missing bars are skipped.",
    source: "Seban; TA-Lib SUPERTREND",
    example: "SELECT ts, supertrend(high, low, close, 10, 3.0).trend FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Supertrend, 3, 2>,
    flags: None,
    stream: stream::<Supertrend, 3, 2>,
};

struct Supertrend {
    range: AverageRange,
    width: f64,
    ratchet: Ratchet,
}

impl State<3, 2> for Supertrend {
    fn new(params: &Params) -> Self {
        Supertrend { range: AverageRange::new(params.period(0)), width: params.float(1), ratchet: Ratchet::new() }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let reach = self.width * self.range.step([high, low, close]);
        if reach.is_nan() {
            return [f64::NAN; 2];
        }
        let middle = (high + low) / 2.0;
        let trail = self.ratchet.step(middle + reach, middle - reach, close, true);
        [trail.line, if trail.rising { 1.0 } else { -1.0 }]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.range.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close]: [&[f64]; 3], [line, direction]: [&mut [f64]; 2]) {
        self.range.run([high, low, close], line);
        let mut ratchet = self.ratchet.clone();
        for i in 0..line.len() {
            let reach = self.width * line[i];
            if reach.is_nan() {
                (line[i], direction[i]) = (f64::NAN, f64::NAN);
                continue;
            }
            let middle = (high[i] + low[i]) / 2.0;
            let trail = ratchet.step(middle + reach, middle - reach, close[i], true);
            (line[i], direction[i]) = (trail.line, if trail.rising { 1.0 } else { -1.0 });
        }
        self.ratchet = ratchet;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(
                &[&[2.0, 3.0, 5.0, 5.0, 2.0], &[1.0, 2.0, 3.0, 4.0, 1.0], &[1.5, 2.5, 4.0, 4.5, 1.5]],
                &[2.0, 1.0],
            )
            .unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 3.0, 4.0]);
        assert_eq!(out[1][2..], [1.0, 1.0, -1.0]);
    }
}
