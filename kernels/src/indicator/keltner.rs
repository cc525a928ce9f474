//! Keltner channel.
//!
//! An exponential average of the typical price and `width` average true ranges (of Wilder) on both sides. As in TA-Lib
//! all three begin together: whatever could begin earlier is seeded with the bars up to the first value. A missing bar
//! has no value and changes nothing. Equals TA-Lib `KC`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{AverageRange, Smoother, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "keltner",
    aliases: &["kc"],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 20, 2),
        Param::period("atr_period", 10, 1),
        Param::float("width", 2.0, 0.0, 1000.0),
    ],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| (params.period(0) - 1).max(params.period(1)),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Keltner channel: an average of the typical price and a multiple of the average true range on both sides.",
    formula: "middle = ema((high + low + close) / 3, period), upper and lower = middle +- width * atr(atr_period). Missing bars are skipped.",
    source: "Keltner, How to Make Money in Commodities, 1960; TA-Lib KC",
    example: "SELECT ts, keltner(high, low, close, 20, 10, 2.0).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Keltner, 3, 3>,
    flags: None,
    stream: stream::<Keltner, 3, 3>,
};

struct Keltner {
    average: Smoother,
    range: AverageRange,
    /// Bars for which each of them waits.
    average_waits: usize,
    range_waits: usize,
    width: f64,
}

impl State<3, 3> for Keltner {
    fn new(params: &Params) -> Self {
        let (period, atr_period) = (params.period(0), params.period(1));
        Keltner {
            average: Smoother::ema(period),
            range: AverageRange::new(atr_period),
            average_waits: (atr_period + 1).saturating_sub(period),
            range_waits: period.saturating_sub(atr_period + 1),
            width: params.float(2),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 3] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 3];
        }
        let (mut middle, mut reach) = (f64::NAN, f64::NAN);
        if self.average_waits > 0 {
            self.average_waits -= 1;
            self.average.wait();
        } else {
            middle = self.average.step(typical_price(high, low, close));
        }
        if self.range_waits > 0 {
            self.range_waits -= 1;
            self.range.wait();
        } else {
            reach = self.width * self.range.step([high, low, close]);
        }
        if reach.is_nan() {
            return [f64::NAN; 3];
        }
        [middle + reach, middle, middle - reach]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block() && self.range.begins_block()
    }

    #[inline(always)]
    fn run(&mut self, bars @ [high, low, close]: [&[f64]; 3], [upper, middle, lower]: [&mut [f64]; 3]) {
        run_each(bars, [&mut *middle], |[high, low, close]| [typical_price(high, low, close)]);
        self.average.fill(middle);
        self.range.run([high, low, close], upper);
        for ((upper, middle), lower) in upper.iter_mut().zip(middle).zip(lower) {
            let reach = self.width * *upper;
            *middle = if reach.is_nan() { f64::NAN } else { *middle };
            (*upper, *lower) = (*middle + reach, *middle - reach);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan() && out[1][1].is_nan());
        assert_eq!((out[0][2], out[1][2], out[2][2]), (5.25, 3.25, 1.25));
    }
}
