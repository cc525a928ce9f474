//! Twiggs money flow.
//!
//! Volume, weighted with the place of the close in its true range, from -1 at the low to 1 at the high, as a share of all
//! volume; both averaged as Wilder does (`rma`). A bar without true range weighs nothing, and without volume the share
//! is zero. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "twiggs_money_flow",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 21, 1)],
    outputs: &[Output::number("twiggs_money_flow", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Twiggs money flow: volume weighted with the place of the close in its true range, as a share of all volume.",
    formula: "rma(volume * (2 * close - h - l) / (h - l), period) / rma(volume, period) from the second bar on, h = max(high, close[i-1]), l = min(low, close[i-1]); a term is 0 where h = l. Missing bars are skipped.",
    source: "Twiggs, Twiggs Money Flow, Incredible Charts",
    example: "SELECT ts, twiggs_money_flow(high, low, close, volume, 21) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TwiggsMoneyFlow, 4, 1>,
    flags: None,
    stream: stream::<TwiggsMoneyFlow, 4, 1>,
};

struct TwiggsMoneyFlow {
    previous: f64,
    flow: Smoother,
    volume: Smoother,
}

impl State<4, 1> for TwiggsMoneyFlow {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        TwiggsMoneyFlow { previous: f64::NAN, flow: Smoother::rma(period), volume: Smoother::rma(period) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        if high.is_nan() || low.is_nan() || close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, close);
        if previous.is_nan() {
            return [f64::NAN];
        }
        let (high, low) = (high.max(previous), low.min(previous));
        let place = if high == low { 0.0 } else { ((close - low) - (high - close)) / (high - low) };
        let (flow, all) = (self.flow.step(volume * place), self.volume.step(volume));
        [if all == 0.0 { 0.0 } else { flow / all }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out =
            DEF.evaluate(&[&[2.0, 4.0, 3.0], &[1.0, 3.0, 3.0], &[2.0, 4.0, 3.0], &[9.0, 1.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // All of 1 in, all of 3 out.
        assert_eq!(out[0][2], -0.5);
    }
}
