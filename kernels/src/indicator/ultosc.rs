//! Ultimate oscillator, Williams (1985).
//!
//! The buying pressure, from the lower one of low and previous close up to the close, as a share of the true range,
//! over three windows with the weights 4, 2 and 1 from the shortest to the longest; their order does not matter. A
//! window without range counts as zero, as in TA-Lib. A missing bar gives no value as long as it is in one of the
//! windows. Equals TA-Lib `ULTOSC`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Sliding, Sums, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "ultosc",
    aliases: &["ultimate_oscillator"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("short", 7, 1), Param::period("middle", 14, 1), Param::period("long", 28, 1)],
    outputs: &[Output::number("ultosc", Unit::Percent)],
    lookback: |params| params.values().iter().fold(0.0, |a: f64, &b| a.max(b)) as usize,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Ultimate oscillator: buying pressure as a share of the range over three windows.",
    formula: "bp = close - min(low, close[i-1]); 100 * (4 * a + 2 * b + c) / 7, where a, b, c = sum(bp) / sum(true_range) over the three periods, shortest first; 0 for a window without range.",
    source: "Williams, The Ultimate Oscillator, 1985; TA-Lib ULTOSC",
    example: "SELECT ts, ultosc(high, low, close, 7, 14, 28) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Ultosc, 3, 1>,
    flags: None,
    stream: stream::<Ultosc, 3, 1>,
};

struct Ultosc {
    previous_close: f64,
    windows: [Sliding<Sums<2>>; 3],
}

impl State<3, 1> for Ultosc {
    fn new(params: &Params) -> Self {
        let mut periods = [0, 1, 2].map(|k| params.period(k));
        periods.sort_unstable();
        Ultosc { previous_close: f64::NAN, windows: periods.map(Sliding::new) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        // A missing close counts for its own bar too.
        let range = true_range(high, low, previous) + close * 0.0;
        let pressure = close - if previous < low { previous } else { low };
        let [short, middle, long] =
            self.windows.each_mut().map(|window| match window.push_summary(Sums([pressure, range])) {
                Some(Sums([_, 0.0])) => 0.0,
                Some(Sums([pressure, range])) => pressure / range,
                None => f64::NAN,
            });
        [100.0 / 7.0 * (4.0 * short + 2.0 * middle + long)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 4.0], &[1.0, 2.0, 2.0], &[1.0, 3.0, 2.0]], &[1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // The last bar has no pressure; both together have two of four.
        assert!((out[0][2] - 100.0 / 7.0 * 0.5).abs() < 1e-12);
    }
}
