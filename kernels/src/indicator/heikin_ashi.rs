//! Heikin-Ashi bars.
//!
//! The close is the mean of the four prices, the open the middle of the body before, first of its own body; high and
//! low include both. A missing bar has no value and changes nothing. Equals TA-Lib `HA`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::eight::Number;
use crate::window::{Fadings, Past, Recurrence};

pub(super) static DEF: Indicator = Indicator {
    name: "heikin_ashi",
    aliases: &["ha"],
    family: Family::Price,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[
        Output::number("open", Unit::Price),
        Output::number("high", Unit::Price),
        Output::number("low", Unit::Price),
        Output::number("close", Unit::Price),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Heikin-Ashi bars: smoothed open, high, low and close.",
    formula: "close = (open + high + low + close) / 4, open = (open[i-1] + close[i-1]) / 2 of the bars made so, first (open + close) / 2; high and low are the extremes of the bar and both. Missing bars are skipped.",
    source: "Valcu, Using the Heikin-Ashi Technique, 2004; TA-Lib HA",
    example: "SELECT ts, heikin_ashi(open, high, low, close).close FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HeikinAshi, 4, 4>,
    flags: None,
    stream: stream::<HeikinAshi, 4, 4>,
};

struct HeikinAshi {
    has_begun: bool,
    /// Of the means of the bars, of which an open is the average up to the bar before.
    distances: Fadings<1, 2>,
}

/// Numbers of the columns of means and of their averages.
const MEAN: usize = 0;
const AVERAGE: usize = 1;

struct Smoothing;

impl Recurrence<4, 4> for Smoothing {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [open, high, low, close]: [P::T; 4]) -> [P::T; 4] {
        let mean = (open + high + low + close) * 0.25;
        let average = past.average(MEAN, mean);
        let open = past.before(AVERAGE, average);
        [open, open.larger(mean).larger(high), open.smaller(mean).smaller(low), mean]
    }
}

impl State<4, 4> for HeikinAshi {
    const IN_BLOCKS: bool = true;

    fn new(_: &Params) -> Self {
        HeikinAshi { has_begun: false, distances: Fadings::new([0.5]) }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 4] {
        if bar.iter().any(|price| price.is_nan()) {
            return [f64::NAN; 4];
        }
        if !std::mem::replace(&mut self.has_begun, true) {
            let middle = (bar[0] + bar[3]) / 2.0;
            self.distances.start_average(MEAN, middle, middle);
            self.distances.before(AVERAGE, middle);
        }
        self.distances.step(&Smoothing, bar)
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.has_begun && self.distances.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, bars: [&[f64]; 4], outputs: [&mut [f64]; 4]) -> usize {
        self.distances.run_finite(&Smoothing, bars, outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0], &[4.0, 6.0], &[1.0, 2.0], &[2.0, 5.0]], &[]).unwrap();
        assert_eq!((out[0][0], out[1][0], out[2][0], out[3][0]), (1.5, 4.0, 1.0, 2.0));
        assert_eq!((out[0][1], out[1][1], out[2][1], out[3][1]), (1.75, 6.0, 1.75, 4.0));
    }
}
