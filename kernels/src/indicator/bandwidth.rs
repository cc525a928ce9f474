//! Distance of the Bollinger bands as a fraction of their middle.
//!
//! Zero in a flat market. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Spread;

pub(super) static DEF: Indicator = Indicator {
    name: "bandwidth",
    aliases: &["bbw"],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 2), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[Output::number("bandwidth", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Distance of the Bollinger bands as a fraction of their middle.",
    formula: "(upper - lower) / middle of bollinger(x, period, width). No value while a missing bar is in the window.",
    source: "Bollinger, Bollinger on Bollinger Bands, 2001",
    example: "SELECT ts, bandwidth(close, 20, 2.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Bandwidth, 1, 1>,
    flags: None,
    stream: stream::<Bandwidth, 1, 1>,
};

struct Bandwidth {
    spread: Spread,
    len: f64,
    width: f64,
}

impl State<1, 1> for Bandwidth {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Bandwidth { spread: Spread::new(period), len: period as f64, width: 2.0 * params.float(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, squares] = self.spread.step(x);
        [self.width * (squares / self.len).sqrt() / mean]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 0.0]);
    }
}
