//! Heikin-Ashi bars.
//!
//! The close is the mean of the four prices, the open the middle of the body before, first of its own body; high and
//! low include both. A missing bar has no value and changes nothing. Equals TA-Lib `HA`.

use super::def::*;
use super::state::{State, compute, run_each, stream};

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
    /// Middle of the body before.
    open: f64,
}

impl State<4, 4> for HeikinAshi {
    fn new(_: &Params) -> Self {
        HeikinAshi { open: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 4] {
        let mean = (open + high + low + close) / 4.0;
        if mean.is_nan() {
            return [f64::NAN; 4];
        }
        let open = if self.open.is_nan() { (open + close) / 2.0 } else { self.open };
        self.open = (open + mean) / 2.0;
        [open, reach(open, high, mean, |a, b| a > b), reach(open, low, mean, |a, b| a < b), mean]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        !self.open.is_nan()
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 4], [opens, highs, lows, closes]: [&mut [f64]; 4]) {
        run_each(bars, [&mut *closes], |[open, high, low, close]| [(open + high + low + close) / 4.0]);
        let mut next = self.open;
        let (groups, rest) = opens.as_chunks_mut::<GROUP>();
        let (means, means_rest) = closes.as_chunks::<GROUP>();
        for (opens, means) in groups.iter_mut().zip(means) {
            if !means.iter().fold(is_moderate(next), |all, &mean| all & is_moderate(mean)) {
                next = halve(next, means, opens);
                continue;
            }
            // Halving every time is the same as doubling what is added, where nothing is rounded, and waits less long.
            let (mut sum, mut sums) = (next, [0.0; GROUP]);
            for k in 0..GROUP {
                sums[k] = sum;
                sum += means[k] * DOUBLED[k];
            }
            for k in 0..GROUP {
                opens[k] = sums[k] * HALVED[k];
            }
            next = sum * HALVED[GROUP];
        }
        self.open = halve(next, means_rest, rest);
        run_each([&*opens, bars[1], &*closes], [highs], |[open, high, mean]| [reach(open, high, mean, |a, b| a > b)]);
        run_each([&*opens, bars[2], &*closes], [lows], |[open, low, mean]| [reach(open, low, mean, |a, b| a < b)]);
    }
}

/// The opens from the next one on, and the one after them.
#[inline(always)]
fn halve(mut next: f64, means: &[f64], opens: &mut [f64]) -> f64 {
    for (open, mean) in opens.iter_mut().zip(means) {
        *open = next;
        next = (next + mean) / 2.0;
    }
    next
}

/// Whether a number can be doubled and halved some times without being rounded.
#[inline(always)]
fn is_moderate(x: f64) -> bool {
    (x.abs() > 1e-280) & (x.abs() < 1e280)
}

/// Bars from one halving to the next.
const GROUP: usize = 8;

/// Two to the power of the place, and of its negative.
const DOUBLED: [f64; GROUP] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
const HALVED: [f64; GROUP + 1] = [1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625];

/// The end of a bar or of its body that is further out.
#[inline(always)]
fn reach(open: f64, end: f64, mean: f64, is_further: impl Fn(f64, f64) -> bool) -> f64 {
    // Comparisons, because nothing is `NaN` here and `f64::max` would look for it.
    let body = if is_further(open, mean) { open } else { mean };
    if is_further(body, end) { body } else { end }
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
