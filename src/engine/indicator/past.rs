//! What a call has seen of a series, and its values for the next bars.

use threadx_kernels::indicator::Stream;

use super::call::NumberedCall;

/// Most bars that a window looks back at to be computed anew; it is a fraction of a batch.
const MOST_BARS: usize = 2048;

/// What a call has seen of a series.
pub(super) enum Past {
    /// A state that takes bar after bar.
    State(Box<dyn Stream>),
    /// The last bars of a window, with which its batch form begins.
    Window(Window),
}

/// The bars that the next values of a window depend on.
pub(super) struct Window {
    /// One column per input.
    bars: Vec<Vec<f64>>,
    /// Has seen these bars; there is one while bars come few at a time.
    state: Option<Box<dyn Stream>>,
}

impl Past {
    /// Before the first bar of a series, or before any bar of one if the call can be cut.
    pub fn new(call: &NumberedCall) -> Self {
        if call.can_be_cut && call.reach() <= MOST_BARS {
            return Past::Window(Window { bars: vec![vec![]; call.inputs.len()], state: None });
        }
        Past::State((call.def.stream)(&call.params))
    }

    /// Takes bars, one slice of equal length per input, whose values nobody wants.
    pub fn skip(&mut self, call: &NumberedCall, bars: &[&[f64]]) {
        match self {
            Past::State(state) => state.run(bars, &mut nothing(call)),
            Past::Window(window) => {
                window.state = None;
                window.take(call, bars);
            }
        }
    }

    /// Takes bars, one slice of equal length per input, and appends one value per bar to each output.
    pub fn run(&mut self, call: &NumberedCall, bars: &[&[f64]], outputs: &mut [Vec<f64>]) {
        match self {
            Past::State(state) => state.run(bars, outputs),
            Past::Window(window) => window.run(call, bars, outputs),
        }
    }
}

impl Window {
    fn run(&mut self, call: &NumberedCall, bars: &[&[f64]], outputs: &mut [Vec<f64>]) {
        let before = self.bars[0].len();
        if bars[0].len() < before {
            let state = self.state.get_or_insert_with(|| {
                let mut state = (call.def.stream)(&call.params);
                state.run(&slices(&self.bars), &mut nothing(call));
                state
            });
            state.run(bars, outputs);
            self.take(call, bars);
            return;
        }
        self.state = None;
        let done = outputs[0].len();
        if done == 0 {
            (call.def.compute)(bars, &call.params, outputs);
        } else {
            let mut values = nothing(call);
            (call.def.compute)(bars, &call.params, &mut values);
            outputs.iter_mut().zip(values).for_each(|(output, values)| output.extend_from_slice(&values));
        }
        if before > 0 {
            // The first values also depend on the bars before.
            let first = call.reach().min(bars[0].len());
            self.bars.iter_mut().zip(bars).for_each(|(column, bars)| column.extend_from_slice(&bars[..first]));
            let mut values = nothing(call);
            (call.def.compute)(&slices(&self.bars), &call.params, &mut values);
            for (output, values) in outputs.iter_mut().zip(values) {
                output[done..done + first].copy_from_slice(&values[before..]);
            }
            self.take(call, &each(bars, |column| &column[first..]));
        } else {
            self.take(call, bars);
        }
    }

    /// Takes bars and drops those that no later value depends on.
    fn take(&mut self, call: &NumberedCall, bars: &[&[f64]]) {
        let reach = call.reach();
        for (column, bars) in self.bars.iter_mut().zip(bars) {
            column.drain(..(column.len() + bars.len()).saturating_sub(reach).min(column.len()));
            column.extend_from_slice(&bars[bars.len().saturating_sub(reach)..]);
        }
    }
}

fn each<'a, T>(columns: &'a [T], slice: impl Fn(&'a T) -> &'a [f64]) -> Vec<&'a [f64]> {
    columns.iter().map(slice).collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    each(columns, Vec::as_slice)
}

/// An empty column per output.
fn nothing(call: &NumberedCall) -> Vec<Vec<f64>> {
    vec![vec![]; call.def.outputs.len()]
}
