//! Twiggs money flow.
//!
//! Volume, weighted with the place of the close in its true range, from -1 at the low to 1 at the high, as a share of all
//! volume; both averaged as Wilder does (`rma`). A bar without true range weighs nothing, and without volume the share
//! is zero. A missing bar has no value and changes nothing.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence};

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
    compute: compute::<Averaged<TwiggsMoneyFlow, 2, 3>, 4, 1>,
    flags: None,
    stream: stream::<Averaged<TwiggsMoneyFlow, 2, 3>, 4, 1>,
};

struct TwiggsMoneyFlow;

impl Recurrence<4, 1> for TwiggsMoneyFlow {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [high, low, close, volume]: [P::T; 4]) -> [P::T; 1] {
        let previous = past.before(2, close);
        // Missing without a close before, as all that follows.
        let (high, low) = (high.larger(previous), low.smaller(previous));
        let range = high - low;
        let place = range.if_above(range.all(0.0), ((close - low) - (high - close)) / range, range.nothing());
        let flow = past.average(0, volume * place);
        let all = past.average(1, volume + range.nothing());
        [all.size().if_above(all.all(0.0), flow / all, all.nothing())]
    }
}

impl Averaging<4, 1, 2, 3> for TwiggsMoneyFlow {
    fn new(params: &Params) -> (Self, Averages<2, 3>) {
        (TwiggsMoneyFlow, Averages::wilder([params.period(0); 2]))
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
