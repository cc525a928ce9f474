//! Price momentum oscillator of DecisionPoint.
//!
//! The change from bar to bar in percent, smoothed twice with the weights `2 / first` and `2 / second`, times ten,
//! and an exponential average of it. All smoothing is seeded with simple averages, and both outputs appear together.
//! A change from zero counts as zero. A missing bar has no value and changes nothing. Equals `GetPmo` of Skender's
//! Stock.Indicators.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence, ema_weight};

pub(super) static DEF: Indicator = Indicator {
    name: "pmo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("first", 35, 2), Param::period("second", 20, 2), Param::period("signal", 10, 1)],
    outputs: &[Output::number("pmo", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| params.period(0) + params.period(1) + params.period(2) - 2,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Price momentum oscillator: the doubly smoothed change from bar to bar.",
    formula: "pmo = 10 * s(s(roc(x, 1), first), second), signal = ema(pmo, signal), where s(y, n)[i] = s[i-1] + 2 / n * (y[i] - s[i-1]), seeded with the mean of n values. Missing bars are skipped.",
    source: "Swenlin, DecisionPoint, 1990s; Stock.Indicators",
    example: "SELECT ts, pmo(close).pmo FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Pmo, 3, 4>, 1, 2>,
    flags: None,
    stream: stream::<Averaged<Pmo, 3, 4>, 1, 2>,
};

struct Pmo;

impl Recurrence<1, 2> for Pmo {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 2] {
        let last = past.before(3, x);
        let growth = (x / last - x.all(1.0)) * 100.0;
        let once = past.average(0, last.size().if_above(last.all(0.0), growth, last.nothing()));
        let pmo = past.average(1, once * 10.0);
        let signal = past.average(2, pmo);
        // Both begin with the signal.
        [pmo + signal.nothing(), signal]
    }
}

impl Averaging<1, 2, 3, 4> for Pmo {
    fn new(params: &Params) -> (Self, Averages<3, 4>) {
        let [first, second, signal] = [0, 1, 2].map(|k| params.period(k));
        let weights = [2.0 / first as f64, 2.0 / second as f64, ema_weight(signal)];
        (Pmo, Averages::with_weights([first, second, signal], weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[0][2].is_nan());
        // The changes are 100, 50 and 100; 75 and then 100 after the first smoothing.
        assert_eq!((out[0][3], out[1][3]), (875.0, 875.0));
    }
}
