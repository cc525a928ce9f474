//! Absolute price oscillator.
//!
//! The difference of a fast and a slow average. Each begins with the first value that there is, unlike those of
//! `macd`. The `default` average is the exponential one. Missing bars count as in the average that is chosen. Equals
//! TA-Lib `APO`, except that it swaps the periods where `fast` is above `slow`.

use super::def::*;
use super::state::{State, compute, finite, stream};
use crate::window::{AVERAGES, Average, AverageKind, PIECE};

pub(super) static DEF: Indicator = Indicator {
    name: "apo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("fast", 12, 2), Param::period("slow", 26, 2), Param::choice("average", 1, AVERAGES)],
    outputs: &[Output::number("apo", Unit::Price)],
    lookback: |params| kind(params).lookback(params.period(1)),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Absolute price oscillator: the distance of a fast and a slow average.",
    formula: "fast - slow, with fast = ma(x, fast, average) and slow = ma(x, slow, average).",
    source: "TA-Lib APO",
    example: "SELECT ts, apo(close, 12, 26) FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of apo() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: batch,
    flags: None,
    stream: stream::<Apo, 1, 1>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(2), AverageKind::Ema)
}

#[inline(always)]
fn combine(fast: f64, slow: f64) -> f64 {
    fast - slow
}

/// Batch form: each average in a loop of its own, if it does not take runs.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    if matches!(kind(params), AverageKind::Ema | AverageKind::Rma) {
        return compute::<Apo, 1, 1>(inputs, params, outputs);
    }
    let [mut fast, mut slow] = [Vec::new(), Vec::new()];
    Average::new(kind(params), params.period(0)).fill(inputs[0], &mut fast);
    Average::new(kind(params), params.period(1)).fill(inputs[0], &mut slow);
    outputs[0].clear();
    outputs[0].extend(fast.iter().zip(&slow).map(|(&fast, &slow)| finite(combine(fast, slow))));
}

struct Apo {
    fast: Average,
    slow: Average,
}

impl State<1, 1> for Apo {
    fn new(params: &Params) -> Self {
        let average = |at| Average::new(kind(params), params.period(at));
        Apo { fast: average(0), slow: average(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let (fast, slow) = (self.fast.step(x), self.slow.step(x));
        [combine(fast, slow)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.fast.takes_runs() && self.slow.takes_runs()
    }

    #[inline(always)]
    fn run(&mut self, [x]: [&[f64]; 1], [fast]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let slow = &mut buffer[..x.len()];
        slow.copy_from_slice(x);
        fast.copy_from_slice(x);
        self.fast.run(fast);
        self.slow.run(slow);
        for (fast, &slow) in fast.iter_mut().zip(&*slow) {
            *fast = combine(*fast, slow);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0]], &[2.0, 4.0, 0.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3], 1.5);
    }
}
