//! What most indicators of exponential averages share.

use super::def::Params;
use super::state::State;
use crate::window::{Averages, Recurrence};

/// An indicator that is made of each bar, the bar before it and exponential averages.
pub(super) trait Averaging<const IN: usize, const OUT: usize, const N: usize, const C: usize>:
    Recurrence<IN, OUT> + Send + Sized + 'static
{
    /// What is made, and the averages before the first bar.
    fn new(params: &Params) -> (Self, Averages<N, C>);
}

/// Its state. A bar with a missing number has no outputs and changes nothing.
pub(super) struct Averaged<R, const N: usize, const C: usize> {
    recurrence: R,
    averages: Averages<N, C>,
}

impl<R: Averaging<IN, OUT, N, C>, const IN: usize, const OUT: usize, const N: usize, const C: usize> State<IN, OUT>
    for Averaged<R, N, C>
{
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        let (recurrence, averages) = R::new(params);
        Averaged { recurrence, averages }
    }

    #[inline(always)]
    fn step(&mut self, bar: [f64; IN]) -> [f64; OUT] {
        if bar.iter().any(|x| x.is_nan()) {
            return [f64::NAN; OUT];
        }
        self.averages.step(&self.recurrence, bar)
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.averages.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, inputs: [&[f64]; IN], outputs: [&mut [f64]; OUT]) -> usize {
        self.averages.run_finite(&self.recurrence, inputs, outputs)
    }
}
