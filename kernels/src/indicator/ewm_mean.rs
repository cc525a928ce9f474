//! Exponentially weighted mean, with the weights of pandas.
//!
//! With `adjust` 1 the weights fall by `1 - a` per bar, with `a = 2 / (period + 1)`, and are divided by their sum;
//! with `adjust` 0 it is `ewma`. Equals pandas `ewm(span=period, adjust=adjust, ignore_na=True).mean()` bit for bit,
//! except that a missing bar has no value where pandas repeats the last one. Note that `adjust` is on in pandas
//! unless told otherwise; here it is off, as in `ewm_std` and `ewm_var`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AdjustedEwm, Ewm};

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_mean",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 20, 1),
        Param { name: "adjust", kind: ParamKind::Int { default: Some(0), min: 0, max: 1 } },
    ],
    outputs: &[Output::number("ewm_mean", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Exponentially weighted mean that starts at the first value, with or without the weights of pandas `adjust`.",
    formula: "sum(w[k] * x[i-k]) / sum(w[k]) over all bars so far, with w[k] = (1 - a)^k and a = 2 / (period + 1); for adjust 0 ewma(x, period). Missing bars are skipped.",
    source: "pandas ewm(span=period, adjust=adjust, ignore_na=True).mean()",
    example: "SELECT ts, ewm_mean(close, 20, 1) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmMean, 1, 1>,
    flags: None,
    stream: stream::<EwmMean, 1, 1>,
};

enum EwmMean {
    Plain(Ewm),
    Adjusted(AdjustedEwm),
}

impl State<1, 1> for EwmMean {
    fn new(params: &Params) -> Self {
        match params.period(1) {
            0 => EwmMean::Plain(Ewm::new(params.period(0))),
            _ => EwmMean::Adjusted(AdjustedEwm::new(params.period(0))),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        match self {
            EwmMean::Plain(ewm) => [ewm.mean(x)],
            EwmMean::Adjusted(ewm) => [ewm.step(x)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [1.0, f64::NAN, 4.0];
        let [plain, adjusted] = [0.0, 1.0].map(|adjust| DEF.evaluate(&[&x], &[3.0, adjust]).unwrap().remove(0));
        assert!(plain[1].is_nan() && adjusted[1].is_nan());
        // Weights of one half and one half, and of one third and two thirds.
        assert_eq!((plain[2], adjusted[2]), (2.5, 3.0));
    }
}
