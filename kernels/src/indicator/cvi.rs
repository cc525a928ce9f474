//! Chaikin volatility.
//!
//! The rate of change over `roc_period` bars, in percent, of the exponential average of high less low; the average
//! starts from a simple mean. Zero where the earlier average is zero, as in TA-Lib. A missing bar has no value and
//! changes nothing. Equals TA-Lib `CVI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{Delay, PIECE, Smoother, any_nan};

pub(super) static DEF: Indicator = Indicator {
    name: "cvi",
    aliases: &["chaikin_volatility"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 10, 1), Param::period("roc_period", 10, 1)],
    outputs: &[Output::number("cvi", Unit::Ratio)],
    lookback: |params| params.period(0) - 1 + params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chaikin volatility: the rate of change of the average range, in percent.",
    formula: "e = ema(high - low, period); 100 * (e[i] / e[i-roc_period] - 1), 0 where the earlier e is 0. Missing bars are skipped.",
    source: "Chaikin, in Achelis, Technical Analysis from A to Z, 1995; TA-Lib CVI",
    example: "SELECT ts, cvi(high, low, 10, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Cvi, 2, 1>,
    flags: None,
    stream: stream::<Cvi, 2, 1>,
};

struct Cvi {
    average: Smoother,
    before: Delay,
}

impl State<2, 1> for Cvi {
    fn new(params: &Params) -> Self {
        Cvi { average: Smoother::ema(params.period(0)), before: Delay::new(params.period(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let average = self.average.step(high - low);
        if average.is_nan() {
            return [average];
        }
        let before = self.before.step(average);
        [change(average, before)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.before.is_full() && self.average.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        run_each(bars, [&mut *out], |[high, low]| [high - low]);
        self.average.fill(out);
        if any_nan(out) {
            for average in out {
                *average = if average.is_nan() { f64::NAN } else { change(*average, self.before.step(*average)) };
            }
            return;
        }
        let mut buffer = [0.0; PIECE];
        let before = &mut buffer[..out.len()];
        before.copy_from_slice(out);
        self.before.fill(before);
        for (average, &before) in out.iter_mut().zip(&*before) {
            *average = change(*average, before);
        }
    }
}

/// Change in percent, none from zero.
#[inline(always)]
fn change(average: f64, before: f64) -> f64 {
    let change = 100.0 * ((average - before) / before);
    if before == 0.0 { 0.0 } else { change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 8.0, 1.0], &[0.0, 0.0, 4.0, 1.0]], &[2.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        // Averages 2, 10/3, 10/9.
        assert!((out[0][2] - 200.0 / 3.0).abs() < 1e-12 && (out[0][3] + 200.0 / 3.0).abs() < 1e-12);
    }
}
