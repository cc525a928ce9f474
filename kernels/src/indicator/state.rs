//! One state machine per indicator serves both forms: the batch form folds it over slices, the streaming form boxes it.

use std::mem::MaybeUninit;

use super::def::{Exception, FlagColumn, FlagsInput, Indicator, Memory, ParamKind, Params, Stream};
use crate::bits::Bits;
use crate::simd::{Sides, fused, sides, widest_fn};
pub(super) use crate::simd::{all_finite, finite};
use crate::window::{AverageKind, LONG_PIECE, PIECE, make_room, next_places};

/// State of an indicator with `IN` inputs and `OUT` outputs.
///
/// Both callers replace infinite values by `NaN` on the way in and out, so a state only ever sees numbers and `NaN`.
pub(super) trait State<const IN: usize, const OUT: usize>: Send + Sized + 'static {
    /// The state before the first bar.
    fn new(params: &Params) -> Self;

    /// Takes the inputs of one bar and gives its outputs.
    ///
    /// A long one should be `inline(always)`: in a call of its own its state goes through memory at every bar, which
    /// takes several times as long as the arithmetic.
    fn step(&mut self, inputs: [f64; IN]) -> [f64; OUT];

    /// Whether the outputs of a bar depend on nothing but its inputs, so that bars can be stepped side by side in vectors.
    const EACH: bool = false;

    /// Whether the bars from the next one on can be handed to [`State::run`]; until then, and where values are missing,
    /// they are stepped.
    #[inline(always)]
    fn takes_runs(&self) -> bool {
        Self::EACH
    }

    /// Whether the state takes bars by [`State::take_finite`] where it takes runs.
    const IN_BLOCKS: bool = false;

    /// Takes bars up to those that have to be stepped, because a number is missing or too few bars are left, and writes outputs
    /// that are finite or `NaN`; gives the number of bars.
    #[inline(always)]
    fn take_finite(&mut self, inputs: [&[f64]; IN], outputs: [&mut [f64]; OUT]) -> usize {
        _ = (inputs, outputs);
        unreachable!("a state that takes bars in blocks has a form for them");
    }

    /// Takes a run of at most [`PIECE`](crate::window::PIECE) bars, all of them finite, and writes the outputs that
    /// [`State::step`] gives.
    ///
    /// `inline(always)`, as all that it calls, so that it is compiled for the vector instructions at hand.
    #[inline(always)]
    fn run(&mut self, inputs: [&[f64]; IN], outputs: [&mut [f64]; OUT]) {
        _ = (inputs, outputs);
        unreachable!("a state that takes runs has a form for them");
    }
}

/// An [`Indicator::compute`] function.
pub(super) fn compute<S: State<IN, OUT>, const IN: usize, const OUT: usize>(
    inputs: &[&[f64]],
    params: &Params,
    outputs: &mut [Vec<f64>],
) {
    outputs.iter_mut().for_each(Vec::clear);
    append(S::new(params), inputs, outputs);
}

/// An [`Indicator::stream`] function.
pub(super) fn stream<S: State<IN, OUT>, const IN: usize, const OUT: usize>(params: &Params) -> Box<dyn Stream> {
    Box::new(Live(Some(S::new(params))))
}

/// A state; there is none only while a run has it.
struct Live<S, const IN: usize, const OUT: usize>(Option<S>);

impl<S: State<IN, OUT>, const IN: usize, const OUT: usize> Stream for Live<S, IN, OUT> {
    fn step(&mut self, inputs: &[f64], outputs: &mut [f64]) {
        let Some(state) = &mut self.0 else { unreachable!("a run that ended gave its state back") };
        let values = state.step(std::array::from_fn(|k| finite(inputs[k])));
        for (output, value) in outputs.iter_mut().zip(values) {
            *output = finite(value);
        }
    }

    fn run(&mut self, inputs: &[&[f64]], outputs: &mut [Vec<f64>]) {
        // Outside of the box the state can stay in registers, because no output may overlap it.
        let Some(state) = self.0.take() else { unreachable!("a run that ended gave its state back") };
        self.0 = Some(append(state, inputs, outputs));
    }
}

/// Appends the outputs of bars to those of the bars before, and gives the state after them.
#[inline(always)]
fn append<S: State<IN, OUT>, const IN: usize, const OUT: usize>(
    mut state: S,
    inputs: &[&[f64]],
    outputs: &mut [Vec<f64>],
) -> S {
    assert_eq!((inputs.len(), outputs.len()), (IN, OUT), "the caller passes one slice per input and output");
    let len = inputs[0].len();
    // Arrays of slices of one length spare the loop its indirections.
    let inputs: [&[f64]; IN] = std::array::from_fn(|k| &inputs[k][..len]);
    for output in outputs.iter_mut().filter(|output| output.is_empty()) {
        make_room(output, len);
    }
    let mut start = 0;
    while start < len {
        let end = len.min(start + if S::IN_BLOCKS && OUT == 1 { LONG_PIECE } else { PIECE });
        let mut columns = outputs.iter_mut();
        let columns: [&mut [f64]; OUT] = std::array::from_fn(|_| {
            let Some(column) = columns.next() else { unreachable!("counted above") };
            next_places(column, end - start)
        });
        let piece = inputs.map(|input| &input[start..end]);
        let taken;
        // Numbers that wait for each other are mostly single or in lanes of four, which wider vectors would be put together from.
        (state, taken) = fused(move || take_piece(state, piece, columns));
        let left = end - start - taken;
        outputs.iter_mut().filter(|_| left > 0).for_each(|output| output.truncate(output.len() - left));
        start += taken;
    }
    state
}

/// Writes the outputs of the bars of a piece, and gives the state after them and how many it took: if it takes runs only after
/// some, the next piece begins there, so that what it works on side by side begins with a piece.
#[inline(always)]
fn take_piece<S: State<IN, OUT>, const IN: usize, const OUT: usize>(
    mut state: S,
    inputs: [&[f64]; IN],
    mut outputs: [&mut [f64]; OUT],
) -> (S, usize) {
    let len = inputs[0].len();
    if S::IN_BLOCKS {
        let mut i = 0;
        if state.takes_runs() {
            let outputs = outputs.each_mut().map(|output| &mut **output);
            i = state.take_finite(inputs, outputs);
        }
        while i < len {
            step_bar(&mut state, inputs, &mut outputs, i);
            i += 1;
            if state.takes_runs() {
                break;
            }
        }
        return (state, i);
    }
    let takes_runs = state.takes_runs();
    if takes_runs && take_run(&mut state, inputs, outputs.each_mut().map(|output| &mut **output)) {
        return (state, len);
    }
    for i in 0..len {
        step_bar(&mut state, inputs, &mut outputs, i);
        if !takes_runs && state.takes_runs() {
            return (state, i + 1);
        }
    }
    (state, len)
}

/// Steps one bar.
#[inline(always)]
fn step_bar<S: State<IN, OUT>, const IN: usize, const OUT: usize>(
    state: &mut S,
    inputs: [&[f64]; IN],
    outputs: &mut [&mut [f64]; OUT],
    i: usize,
) {
    let values = state.step(std::array::from_fn(|k| finite(inputs[k][i])));
    for (output, value) in outputs.iter_mut().zip(values) {
        output[i] = finite(value);
    }
}

/// Hands a run to the state unless a value in it is missing, and says so.
#[inline(always)]
fn take_run<S: State<IN, OUT>, const IN: usize, const OUT: usize>(
    state: &mut S,
    inputs: [&[f64]; IN],
    mut outputs: [&mut [f64]; OUT],
) -> bool {
    if S::EACH {
        return step_each::<S, IN, OUT>(state, inputs, outputs);
    }
    if !all_finite(inputs) {
        return false;
    }
    state.run(inputs, outputs.each_mut().map(|output| &mut **output));
    if !all_finite(outputs.each_ref().map(|output| &**output)) {
        outputs.into_iter().flatten().for_each(|value| *value = finite(*value));
    }
    true
}

widest_fn! {
    /// Steps bars that do not depend on each other, and says whether all that went in and came out is finite.
    [S: State<IN, OUT>, const IN: usize, const OUT: usize] [S, IN, OUT]
    fn step_each(state: &mut S, inputs: [&[f64]; IN], outputs: [&mut [f64]; OUT]) -> bool {
        let len = inputs[0].len();
        let mut columns = inputs;
        for column in &mut columns {
            *column = &column[..len];
        }
        let outputs = outputs.map(|output| &mut output[..len]);
        let mut bits = 0;
        for i in 0..len {
            let mut bar = [0.0; IN];
            for k in 0..IN {
                bar[k] = columns[k][i];
            }
            let values = state.step(bar);
            let mut sum = bar[0];
            for value in &bar[1..] {
                sum += value;
            }
            for k in 0..OUT {
                outputs[k][i] = values[k];
                sum += values[k];
            }
            bits |= (sum * 0.0).to_bits();
        }
        bits << 1 == 0
    }
}

/// A [`State::run`] whose bars do not depend on each other.
#[inline(always)]
pub(super) fn run_each<const IN: usize, const OUT: usize>(
    inputs: [&[f64]; IN],
    outputs: [&mut [f64]; OUT],
    f: impl Fn([f64; IN]) -> [f64; OUT],
) {
    let len = inputs[0].len();
    let inputs = inputs.map(|input| &input[..len]);
    let outputs = outputs.map(|output| &mut output[..len]);
    for i in 0..len {
        let values = f(std::array::from_fn(|k| inputs[k][i]));
        for k in 0..OUT {
            outputs[k][i] = values[k];
        }
    }
}

/// An [`Indicator::compute`] of one input and the value `period` bars before it.
pub(super) fn compute_lagged(x: &[f64], period: usize, output: &mut Vec<f64>, f: impl Fn(f64, f64) -> f64) {
    make_room(output, x.len());
    next_places(output, period.min(x.len())).fill(f64::NAN);
    let later = x.get(period..).unwrap_or_default();
    // So little is done at a bar that it counts whether the places are cleared before.
    let places = &mut output.spare_capacity_mut()[..later.len()];
    for ((later, earlier), places) in later.chunks(PIECE).zip(x.chunks(PIECE)).zip(places.chunks_mut(PIECE)) {
        lagged(later, earlier, places, &f);
    }
    // SAFETY: there is a place for each later bar, and all of them were written.
    #[allow(unsafe_code)]
    unsafe {
        output.set_len(x.len());
    }
}

widest_fn! {
    /// Writes what `f` makes of each value and an earlier one, and `NaN` for what is not finite, to every place.
    [] []
    fn lagged(x: &[f64], earlier: &[f64], places: &mut [MaybeUninit<f64>], f: impl Fn(f64, f64) -> f64) {
        let (x, earlier) = (&x[..places.len()], &earlier[..places.len()]);
        let mut bits = 0;
        for ((place, &x), &earlier) in places.iter_mut().zip(x).zip(earlier) {
            let made = *place.write(f(x, earlier));
            bits |= ((x + earlier + made) * 0.0).to_bits();
        }
        if bits << 1 == 0 {
            return;
        }
        for ((place, &x), &earlier) in places.iter_mut().zip(x).zip(earlier) {
            place.write(finite(f(finite(x), finite(earlier))));
        }
    }
}

/// A condition: missing is not true.
#[inline(always)]
pub(super) fn is_true(condition: f64) -> bool {
    condition == 1.0
}

/// A condition as a number, missing if one of its operands is.
#[inline(always)]
pub(super) fn condition(holds: bool, operands: &[f64]) -> f64 {
    if operands.iter().any(|x| x.is_nan()) { f64::NAN } else { f64::from(u8::from(holds)) }
}

/// A [`Twins::flags`] function of two series: where the first crosses above the second, and where it crosses below.
pub(super) fn crossings(inputs: &[FlagsInput]) -> [FlagColumn; 2] {
    let &[FlagsInput::Numbers(a), FlagsInput::Numbers(b)] = inputs else { unreachable!("two series, as declared") };
    let (len, words) = (a.len(), a.len().div_ceil(64));
    let [mut up, mut down, mut known] = [(); 3].map(|()| Vec::with_capacity(words));
    let mut before = Sides::default();
    sides(a, b, |now| {
        let is_known = now.both & (now.both << 1 | before.both);
        known.push(is_known);
        up.push(now.above & !(now.above << 1 | before.above) & is_known);
        down.push(now.below & !(now.below << 1 | before.below) & is_known);
        before = Sides { above: now.above >> 63, below: now.below >> 63, both: now.both >> 63 };
    });
    let known = Bits::from_words(known, len);
    [up, down].map(|holds| FlagColumn { holds: Bits::from_words(holds, len), known: Some(known.clone()) })
}

impl Indicator {
    /// Whether pieces of a series that reach back over the warm-up have the bits of the whole.
    pub fn can_be_cut(&self, params: &Params) -> bool {
        match self.memory {
            Memory::Window => !self.exceptions.contains(&Exception::OnePiece),
            Memory::Recursive => false,
            Memory::Averages => self.params.iter().zip(params.values()).all(|(param, &value)| match param.kind {
                ParamKind::Choice { .. } => AverageKind::at(value as usize, AverageKind::Ema).is_window(),
                _ => true,
            }),
        }
    }

    /// Checks the parameter values and computes every output of whole series of equal length.
    pub fn evaluate(&self, inputs: &[&[f64]], params: &[f64]) -> Result<Vec<Vec<f64>>, String> {
        let params = self.check_params(params)?;
        let mut outputs = vec![Vec::new(); self.outputs.len()];
        (self.compute)(inputs, &params, &mut outputs);
        Ok(outputs)
    }
}

/// Two conditions that are sometimes true, sometimes missing, and sometimes true together.
#[cfg(test)]
pub(super) fn random_conditions() -> [Vec<f64>; 2] {
    let mut x: u32 = 42;
    let mut draw = || {
        x = x.wrapping_mul(1664525).wrapping_add(1013904223);
        [1.0, 0.0, 0.0, f64::NAN][(x >> 30) as usize]
    };
    let pairs: Vec<[f64; 2]> = (0..300).map(|_| [draw(), draw()]).collect();
    [0, 1].map(|k| pairs.iter().map(|pair| pair[k]).collect())
}
