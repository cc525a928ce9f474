//! Moving average envelope.
//!
//! A moving average of a chosen kind and lines at `percent` of it on both sides. Missing bars count as in the
//! average that is chosen; the `default` is the simple one. Equals `GetMaEnvelopes` of Skender's Stock.Indicators.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AVERAGES, Average, AverageKind};

pub(super) static DEF: Indicator = Indicator {
    name: "ma_envelope",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 20, 1),
        Param::float("percent", 2.5, 0.0, 1000.0),
        Param::choice("average", 0, AVERAGES),
    ],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| kind(params).lookback(params.period(0)),
    memory: Memory::Averages,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Moving average envelope: a moving average and lines at a percentage of it on both sides.",
    formula: "middle = ma(x, period, average), upper and lower = middle * (1 +- percent / 100).",
    source: "Murphy, Technical Analysis of the Financial Markets, 1999; Stock.Indicators",
    example: "SELECT ts, ma_envelope(close, 20, 2.5).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<MaEnvelope, 1, 3>,
    flags: None,
    stream: stream::<MaEnvelope, 1, 3>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(2), AverageKind::Sma)
}

struct MaEnvelope {
    average: Average,
    part: f64,
}

impl State<1, 3> for MaEnvelope {
    fn new(params: &Params) -> Self {
        MaEnvelope { average: Average::new(kind(params), params.period(0)), part: params.float(1) / 100.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let middle = self.average.step(x);
        let reach = self.part * middle;
        [middle + reach, middle, middle - reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[2.0, 50.0, 0.0]).unwrap();
        assert!(out[1][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (3.0, 2.0, 1.0));
    }
}
