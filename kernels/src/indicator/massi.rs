//! Mass index, Dorsey (1992).
//!
//! The sum over `sum_period` bars of the ratio of the exponential average of high less low to its own exponential
//! average, both over `period` bars and started from simple means. A ratio without any range counts as one, as in
//! TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `MASSI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{PIECE, Sliding, Smoother, Sum, any_nan};

pub(super) static DEF: Indicator = Indicator {
    name: "massi",
    aliases: &["mass_index"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 9, 1), Param::period("sum_period", 25, 1)],
    outputs: &[Output::number("massi", Unit::Ratio)],
    lookback: |params| 2 * (params.period(0) - 1) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Mass index: the summed ratio of the average range to its own average.",
    formula: "e = ema(high - low, period); rolling_sum(e / ema(e, period), sum_period), with a ratio of 1 where the divisor is 0. Missing bars are skipped.",
    source: "Dorsey, The Mass Index, 1992; TA-Lib MASSI",
    example: "SELECT ts, massi(high, low, 9, 25) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Massi, 2, 1>,
    flags: None,
    stream: stream::<Massi, 2, 1>,
};

struct Massi {
    once: Smoother,
    twice: Smoother,
    sum: Sliding<Sum>,
}

impl State<2, 1> for Massi {
    fn new(params: &Params) -> Self {
        let average = || Smoother::ema(params.period(0));
        Massi { once: average(), twice: average(), sum: Sliding::new(params.period(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let once = self.once.step(high - low);
        let twice = self.twice.step(once);
        if twice.is_nan() {
            return [twice];
        }
        [self.sum.push(ratio(once, twice)).map_or(f64::NAN, |sum| sum.0)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.sum.is_full()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let once = &mut buffer[..out.len()];
        run_each(bars, [&mut *once], |[high, low]| [high - low]);
        self.once.fill(once);
        out.copy_from_slice(once);
        self.twice.fill(out);
        if any_nan(out) {
            for (twice, &once) in out.iter_mut().zip(&*once).filter(|(twice, _)| !twice.is_nan()) {
                *twice = self.sum.push(ratio(once, *twice)).map_or(f64::NAN, |sum| sum.0);
            }
            return;
        }
        for (twice, &once) in out.iter_mut().zip(&*once) {
            *twice = ratio(once, *twice);
        }
        self.sum.fill(out);
    }
}

/// A range relative to its average.
#[inline(always)]
fn ratio(once: f64, twice: f64) -> f64 {
    let ratio = once / twice;
    if twice == 0.0 { 1.0 } else { ratio }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]], &[1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 2.0]);
    }
}
