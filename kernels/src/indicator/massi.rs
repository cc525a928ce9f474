//! Mass index, Dorsey (1992).
//!
//! The sum over `sum_period` bars of the ratio of the exponential average of high less low to its own exponential
//! average, both over `period` bars and started from simple means. A ratio without any range counts as one, as in
//! TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `MASSI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{Averages, PIECE, Sliding, Sum, any_nan, average};

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
    averages: Averages<2>,
    sum: Sliding<Sum>,
}

impl State<2, 1> for Massi {
    fn new(params: &Params) -> Self {
        Massi { averages: Averages::new([params.period(0); 2]), sum: Sliding::new(params.period(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let once = self.averages.step(0, high - low);
        let twice = self.averages.step(1, once);
        self.averages.end_bar();
        let ratio = ratio(once, twice);
        if ratio.is_nan() {
            return [ratio];
        }
        [self.sum.push(ratio).map_or(f64::NAN, |sum| sum.0)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.sum.is_full()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let ranges = &mut buffer[..out.len()];
        run_each(bars, [&mut *ranges], |[high, low]| [high - low]);
        self.averages.run(ranges, out, |averages, range| {
            let once = average(averages, 0, range);
            ratio(once, average(averages, 1, once))
        });
        if any_nan(out) {
            // What is no number is in no sum.
            for ratio in out.iter_mut().filter(|ratio| !ratio.is_nan()) {
                *ratio = self.sum.push(*ratio).map_or(f64::NAN, |sum| sum.0);
            }
            return;
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
