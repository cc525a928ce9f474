//! Vertical horizontal filter, White (1991).
//!
//! The range of the last `period` values as a share of the path over `period` changes: high in a trend. Zero without
//! any movement. A missing bar gives no value as long as it is in the window. Equals TA-Lib `VHF`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Channel, Path};

pub(super) static DEF: Indicator = Indicator {
    name: "vhf",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 28, 2)],
    outputs: &[Output::number("vhf", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Vertical horizontal filter: the range as a share of the path, high in a trend.",
    formula: "(max(x, period) - min(x, period)) / sum(|x[j] - x[j-1]|) over the last period changes; 0 without movement.",
    source: "White, The Vertical Horizontal Filter, 1991; TA-Lib VHF",
    example: "SELECT ts, vhf(close, 28) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Vhf, 1, 1>,
    flags: None,
    stream: stream::<Vhf, 1, 1>,
};

struct Vhf {
    path: Path,
    channel: Channel,
}

impl State<1, 1> for Vhf {
    fn new(params: &Params) -> Self {
        Vhf { path: Path::new(params.period(0)), channel: Channel::new(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, path] = self.path.step(x);
        let [high, low] = self.channel.step(x, x);
        [if path == 0.0 { 0.0 } else { (high - low) / path }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 4.0, 3.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.25, 0.0, 0.0]);
    }
}
