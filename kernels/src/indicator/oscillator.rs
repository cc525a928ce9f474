//! What `apo`, `ppo` and `pvo` are: the distance of a fast and a slow average, which begin with the first value that there is.

use super::def::*;
use super::state::{State, compute, finite};
use crate::window::{Average, AverageKind, PIECE};

/// Values before the first distance; parameters are `fast`, `slow` and `average`.
pub(super) fn lookback(params: &Params) -> usize {
    kind(params).lookback(params.period(1))
}

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(2), AverageKind::Ema)
}

/// The distance, in percent of the slow average if `PERCENT`, and then zero where that is zero.
#[inline(always)]
fn distance<const PERCENT: bool>(fast: f64, slow: f64) -> f64 {
    if !PERCENT {
        return fast - slow;
    }
    let distance = 100.0 * ((fast - slow) / slow);
    if (slow == 0.0) & !fast.is_nan() { 0.0 } else { distance }
}

/// Batch form: each average in a loop of its own, if it does not take runs.
pub(super) fn batch<const PERCENT: bool>(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    if matches!(kind(params), AverageKind::Ema | AverageKind::Rma) {
        return compute::<Oscillator<PERCENT>, 1, 1>(inputs, params, outputs);
    }
    let [mut fast, mut slow] = [Vec::new(), Vec::new()];
    Average::new(kind(params), params.period(0)).fill(inputs[0], &mut fast);
    Average::new(kind(params), params.period(1)).fill(inputs[0], &mut slow);
    outputs[0].clear();
    outputs[0].extend(fast.iter().zip(&slow).map(|(&fast, &slow)| finite(distance::<PERCENT>(fast, slow))));
}

/// The two averages.
pub(super) struct Oscillator<const PERCENT: bool> {
    fast: Average,
    slow: Average,
}

impl<const PERCENT: bool> State<1, 1> for Oscillator<PERCENT> {
    fn new(params: &Params) -> Self {
        let average = |at| Average::new(kind(params), params.period(at));
        Oscillator { fast: average(0), slow: average(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let (fast, slow) = (self.fast.step(x), self.slow.step(x));
        [distance::<PERCENT>(fast, slow)]
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
            *fast = distance::<PERCENT>(*fast, slow);
        }
    }
}
