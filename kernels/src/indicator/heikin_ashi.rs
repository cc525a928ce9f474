//! Heikin-Ashi bars.
//!
//! The close is the mean of the four prices, the open the middle of the body before, first of its own body; high and
//! low include both. A missing bar has no value and changes nothing. Equals TA-Lib `HA`.

use super::def::*;
use super::state::{State, compute, stream};

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
        // Comparisons, because nothing is `NaN` here and `f64::max` would look for it.
        let (top, bottom) = if open > mean { (open, mean) } else { (mean, open) };
        [open, if top > high { top } else { high }, if bottom < low { bottom } else { low }, mean]
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
