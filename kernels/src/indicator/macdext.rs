//! Moving average convergence divergence with chosen averages.
//!
//! As `macd`, with a kind of its own for each of the three averages; the `default` is the simple one. The fast and
//! the slow average begin together, the average of their difference begins with it, and all three outputs have their
//! first value together. Missing bars count as in the averages that are chosen. Equals TA-Lib `MACDEXT`, except that
//! it swaps the first two averages where `fast` is above `slow`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{AVERAGES, Average, AverageKind, FastAndSlow};

pub(super) static DEF: Indicator = Indicator {
    name: "macdext",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("fast", 12, 2),
        Param::choice("fast_average", 0, AVERAGES),
        Param::period("slow", 26, 2),
        Param::choice("slow_average", 0, AVERAGES),
        Param::period("signal", 9, 1),
        Param::choice("signal_average", 0, AVERAGES),
    ],
    outputs: &[
        Output::number("macd", Unit::Price),
        Output::number("signal", Unit::Price),
        Output::number("histogram", Unit::Price),
    ],
    lookback: |params| {
        let [fast, slow, signal] = averages(params);
        FastAndSlow::lookback(fast, slow) + signal.0.lookback(signal.1)
    },
    memory: Memory::Averages,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Moving average convergence divergence with averages of chosen kinds.",
    formula: "macd = ma(x, fast, fast_average) - ma(x, slow, slow_average), both beginning together; signal = ma(macd, signal, signal_average); histogram = macd - signal.",
    source: "TA-Lib MACDEXT",
    example: "SELECT ts, macdext(close, 12, 'ema', 26, 'ema', 9, 'sma').histogram FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(2));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of macdext() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: batch,
    flags: None,
    stream: stream::<Macdext, 1, 3>,
};

/// The fast, the slow and the signal average, each as its kind and its period.
fn averages(params: &Params) -> [(AverageKind, usize); 3] {
    [0, 2, 4].map(|k| (AverageKind::at(params.choice(k + 1), AverageKind::Sma), params.period(k)))
}

/// Batch form: each average in a loop of its own.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let [fast, slow, (kind, period)] = averages(params);
    let [macd, signal, histogram] = outputs else { unreachable!("the caller passes a vector per output") };
    // The histogram lends its place to the slow average.
    FastAndSlow::new(fast, slow).fill(inputs[0], macd, histogram);
    macd.iter_mut().zip(&*histogram).for_each(|(fast, slow)| *fast = finite(*fast - slow));
    Average::new(kind, period).fill(macd, signal);
    for ((macd, signal), histogram) in macd.iter_mut().zip(&*signal).zip(histogram) {
        *macd = if signal.is_nan() { f64::NAN } else { *macd };
        *histogram = finite(*macd - signal);
    }
}

struct Macdext {
    averages: FastAndSlow,
    signal: Average,
}

impl State<1, 3> for Macdext {
    fn new(params: &Params) -> Self {
        let [fast, slow, (kind, period)] = averages(params);
        Macdext { averages: FastAndSlow::new(fast, slow), signal: Average::new(kind, period) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let [fast, slow] = self.averages.step(x);
        let macd = finite(fast - slow);
        let signal = finite(self.signal.step(macd));
        if signal.is_nan() { [f64::NAN; 3] } else { [macd, signal, macd - signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 8.0, 8.0]], &[2.0, 0.0, 4.0, 0.0, 2.0, 0.0]).unwrap();
        assert!(out[0][3].is_nan());
        assert_eq!((out[0][4], out[1][4], out[2][4]), (2.5, 2.375, 0.125));
    }
}
