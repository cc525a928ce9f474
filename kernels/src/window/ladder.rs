//! Windows that are put together from runs of 1, 2, 4, 8, ... values.
//!
//! A run of twice the length is a run joined with the one that ended before it began, and a window is made of runs whose
//! lengths add up to its own. That is a number of joins that grows with the logarithm of the period, but none waits for the
//! window before: eight windows are made at a time. What they are made of does not depend on where the series begins, so
//! neither do their bits.
//!
//! The shortest runs are newest and those shorter than eight are oldest, so that whatever is eight or longer begins at a
//! multiple of eight places before the end of the window.

use std::marker::PhantomData;

use crate::eight::{Eight, Number, Work, in_eights};

/// What bars of `K` numbers are summarised by: `N` numbers.
pub trait Summary<const K: usize, const N: usize> {
    /// The summary of one bar. What is not finite must stay so in every join.
    fn of<T: Number>(bar: [T; K]) -> [T; N];

    /// The summary of two neighbouring runs.
    fn join<T: Number>(older: [T; N], newer: [T; N], lens: &Lens) -> [T; N];

    /// The same of runs of equal length, where that is less work.
    #[inline(always)]
    fn double<T: Number>(older: [T; N], newer: [T; N], lens: &Lens) -> [T; N] {
        Self::join(older, newer, lens)
    }
}

/// How many bars two neighbouring runs have.
#[derive(Debug, Clone, Copy)]
pub struct Lens {
    /// Bars of the older one.
    pub older: f64,
    /// Bars of the newer one.
    pub newer: f64,
    /// The reciprocal of their sum.
    pub share: f64,
    /// The same divided by both.
    pub weight: f64,
}

impl Lens {
    /// Of two runs with so many bars.
    pub(super) const fn new(older: usize, newer: usize) -> Self {
        let (older, newer) = (older as f64, newer as f64);
        Lens { older, newer, share: 1.0 / (older + newer), weight: 1.0 / (older * newer * (older + newer)) }
    }
}

// Joins of runs shorter than eight.
const ONE: Lens = Lens::new(1, 1);
const TWO: Lens = Lens::new(2, 2);
const FOUR: Lens = Lens::new(4, 4);
const ONE_AND_TWO: Lens = Lens::new(1, 2);
const ONE_AND_FOUR: Lens = Lens::new(1, 4);
const TWO_AND_FOUR: Lens = Lens::new(2, 4);
const ONE_AND_SIX: Lens = Lens::new(1, 6);

/// Runs of a length that is a power of two and at least eight.
#[derive(Debug, Clone)]
struct Rung<P> {
    /// Joins two of them to one of the next length.
    doubling: Lens,
    /// How the window goes on from what is newer to the run of this length, if it has one.
    part: Option<Part>,
    /// The last runs, as many as one has places; none if they are not needed again.
    past: P,
    len: usize,
}

/// A run of a window.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Places from its end to the end of the window.
    lag: usize,
    /// Joins it with what is newer, if there is anything.
    joining: Option<Lens>,
}

/// How the windows of a period are put together. A place is one bar or eight of them, and `P` is what is known of the last runs
/// of one length.
#[derive(Debug, Clone)]
struct Plan<P> {
    /// Bars in the runs shorter than eight.
    rest: usize,
    /// Joins the rest with the runs that are newer.
    rest_joining: Lens,
    /// The last rests, as many as the newer runs have places.
    rests: P,
    rest_lag: usize,
    rungs: Vec<Rung<P>>,
}

impl<P> Plan<P> {
    /// For windows of `period` bars, `place` to a place; `past` makes room for some runs.
    fn new(period: usize, place: usize, past: impl Fn(usize) -> P) -> Self {
        let (eights, rest) = (period / 8, period % 8);
        let rungs = usize::BITS - eights.leading_zeros();
        let rung = |k: u32| {
            let bars = 8 << k;
            let newer = 8 * (eights & ((1 << k) - 1));
            let is_part = eights >> k & 1 == 1;
            let joining = (newer > 0).then(|| Lens::new(bars, newer));
            let is_needed_again = k + 1 < rungs || newer > 0;
            let len = if is_needed_again { bars / place } else { 0 };
            let part = is_part.then_some(Part { lag: newer / place, joining });
            Rung { doubling: Lens::new(bars, bars), part, past: past(len), len }
        };
        Plan {
            rest,
            rest_joining: Lens::new(rest, 8 * eights),
            rests: past(if rest > 0 { 8 * eights / place } else { 0 }),
            rest_lag: 8 * eights / place,
            rungs: (0..rungs).map(rung).collect(),
        }
    }
}

/// The last runs of one length, in a ring that fills up.
#[derive(Debug, Clone)]
struct Ring<const N: usize> {
    runs: Vec<[f64; N]>,
    /// The place of the next one, and how many are kept.
    next: usize,
    len: usize,
}

impl<const N: usize> Ring<N> {
    fn new(len: usize) -> Self {
        Ring { runs: Vec::new(), next: 0, len }
    }

    /// The run before which there were `lag - 1` others, at most as many as are kept.
    #[inline(always)]
    fn back(&self, lag: usize) -> [f64; N] {
        let place = if lag > self.next { self.next + self.len - lag } else { self.next - lag };
        self.runs.get(place).copied().unwrap_or([f64::NAN; N])
    }

    /// Takes the next run and returns the oldest one for it.
    #[inline(always)]
    fn swap(&mut self, run: [f64; N]) -> [f64; N] {
        let place = self.next;
        self.next = if place + 1 == self.len { 0 } else { place + 1 };
        match self.runs.get_mut(place) {
            Some(slot) => std::mem::replace(slot, run),
            None => {
                self.runs.push(run);
                [f64::NAN; N]
            }
        }
    }
}

/// The summary of the last `period` bars, bar by bar.
///
/// A step costs a number of joins that grows with the logarithm of the period. Memory is that of three times the period, but
/// grows with the bars.
#[derive(Debug, Clone)]
pub struct Ladder<S, const K: usize, const N: usize> {
    period: usize,
    /// Bars so far.
    seen: usize,
    /// The last eight runs of one, two and four bars.
    short: [[[f64; N]; 8]; 3],
    plan: Plan<Ring<N>>,
    summary: PhantomData<fn() -> S>,
}

impl<S: Summary<K, N>, const K: usize, const N: usize> Ladder<S, K, N> {
    /// A window of `period` bars, at least one.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        Ladder {
            period,
            seen: 0,
            short: [[[f64::NAN; N]; 8]; 3],
            plan: Plan::new(period, 1, Ring::new),
            summary: PhantomData,
        }
    }

    /// Bars in the window.
    pub fn period(&self) -> usize {
        self.period
    }

    /// Takes the next bar and returns the summary of the window; `NaN` before there are `period` bars and while one of them is
    /// `NaN`.
    #[inline]
    pub fn push(&mut self, bar: [f64; K]) -> [f64; N] {
        let Ladder { short: [ones, twos, fours], plan, .. } = self;
        let at = self.seen;
        self.seen += 1;
        let back = |runs: &[[f64; N]; 8], places: usize| runs[at.wrapping_sub(places) % 8];
        let one = S::of(bar);
        ones[at % 8] = one;
        let two = S::double(back(ones, 1), one, &ONE);
        twos[at % 8] = two;
        let four = S::double(back(twos, 2), two, &TWO);
        fours[at % 8] = four;
        let rest = match plan.rest {
            0 | 1 => one,
            2 => two,
            3 => S::join(back(ones, 2), two, &ONE_AND_TWO),
            4 => four,
            5 => S::join(back(ones, 4), four, &ONE_AND_FOUR),
            6 => S::join(back(twos, 4), four, &TWO_AND_FOUR),
            _ => {
                let six = S::join(back(twos, 4), four, &TWO_AND_FOUR);
                S::join(back(ones, 6), six, &ONE_AND_SIX)
            }
        };
        if plan.rungs.is_empty() {
            return rest;
        }
        let mut run = S::double(back(fours, 4), four, &FOUR);
        let mut window = run;
        for rung in &mut plan.rungs {
            if let Some(Part { lag, joining }) = rung.part {
                window = match joining {
                    Some(lens) => S::join(rung.past.back(lag), window, &lens),
                    None => run,
                };
            }
            if rung.len > 0 {
                run = S::double(rung.past.swap(run), run, &rung.doubling);
            }
        }
        if plan.rest > 0 {
            window = S::join(plan.rests.swap(rest), window, &plan.rest_joining);
        }
        window
    }
}

/// The sum of a window of at least one value, with the bits of [`Sums`](super::Sums).
pub fn sum_of_window(window: &[f64]) -> f64 {
    /// Of as many values as a power of two.
    fn sum_of_run(run: &[f64]) -> f64 {
        match *run {
            [one] => one,
            _ => {
                let (older, newer) = run.split_at(run.len() / 2);
                sum_of_run(older) + sum_of_run(newer)
            }
        }
    }
    let eights = (3..usize::BITS).map(|k| 1 << k);
    let lens = eights.chain([4, 2, 1]).filter(|len| window.len() & len != 0);
    let mut older = window;
    // The rest joins the runs of eight and more as one.
    let (mut sums, mut rest) = (None, None);
    for len in lens {
        let (before, run) = older.split_at(older.len() - len);
        older = before;
        let part = if len < 8 { &mut rest } else { &mut sums };
        let run = sum_of_run(run);
        *part = Some(part.map_or(run, |newer| run + newer));
    }
    match (rest, sums) {
        (Some(rest), Some(sums)) => rest + sums,
        (rest, sums) => rest.or(sums).unwrap_or(f64::NAN),
    }
}

/// The same for whole series, with the bits of [`Ladder`].
///
/// The joins of a bar are an eighth of those of a step; memory is that of at most eight times the period from the start on.
#[derive(Debug)]
pub struct Ladders<S, const K: usize, const N: usize> {
    /// The last runs of one, two and four bars.
    short: [Eights<N>; 3],
    plan: Plan<Past<N>>,
    /// Places so far.
    seen: usize,
    summary: PhantomData<fn() -> S>,
}

/// The summaries of the runs that end at eight neighbouring bars. One is a line of the cache per number.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Eights<const N: usize>([[f64; 8]; N]);

impl<const N: usize> Eights<N> {
    const NONE: Self = Eights([[f64::NAN; 8]; N]);

    #[inline(always)]
    fn load<E: Eight>(&self, proof: E::Proof) -> [E; N] {
        // A loop and no closure: a closure is compiled for every processor, whoever calls it.
        let mut numbers = [E::load(proof, &[0.0; 8]); N];
        for (number, stored) in numbers.iter_mut().zip(&self.0) {
            *number = E::load(proof, stored);
        }
        numbers
    }

    #[inline(always)]
    fn store<E: Eight>(&mut self, numbers: [E; N]) {
        for (number, stored) in numbers.into_iter().zip(&mut self.0) {
            number.store(stored);
        }
    }
}

/// The last runs of one length, each at its place modulo a power of two.
#[derive(Debug, Clone)]
struct Past<const N: usize> {
    runs: Vec<Eights<N>>,
}

impl<const N: usize> Past<N> {
    /// With room for `kept` runs beside those that are added at once.
    fn new(kept: usize) -> Self {
        Past { runs: if kept == 0 { Vec::new() } else { vec![Eights::NONE; (kept + MOST).next_power_of_two()] } }
    }

    /// Puts runs at a place and those after it.
    #[inline(always)]
    fn store<E: Eight, const G: usize>(&mut self, place: usize, runs: [[E; N]; G]) {
        let mask = self.runs.len() - 1;
        for (j, run) in runs.into_iter().enumerate() {
            self.runs[(place + j) & mask].store(run);
        }
    }

    /// The run at a place.
    #[inline(always)]
    fn load<E: Eight>(&self, proof: E::Proof, place: usize) -> [E; N] {
        self.runs[place & (self.runs.len() - 1)].load(proof)
    }
}

/// Places of eight bars that are taken together: enough to follow the plan once for all of them, few enough for the registers.
const MOST: usize = 4;

impl<S: Summary<K, N>, const K: usize, const N: usize> Ladders<S, K, N> {
    /// Windows of `period` bars, at least one, in a series of `len`.
    pub fn within(len: usize, period: usize) -> Self {
        // One bar more than there are is in no window either, and asks for no more memory.
        Ladders::new(period.min(len + 1))
    }

    fn new(period: usize) -> Self {
        Ladders {
            short: [Eights::NONE; 3],
            plan: Plan::new(period.max(1), 8, Past::new),
            seen: 0,
            summary: PhantomData,
        }
    }

    /// The summaries of the windows that end at the next bars, as [`Ladder::push`] gives them. The number of bars must be a
    /// multiple of eight, but for the last ones.
    pub fn extend(&mut self, bars: [&[f64]; K], out: [&mut [f64]; N]) {
        in_eights(Extend { ladders: self, bars, out });
    }
}

/// What [`Ladders::extend`] does.
struct Extend<'a, S, const K: usize, const N: usize> {
    ladders: &'a mut Ladders<S, K, N>,
    bars: [&'a [f64]; K],
    out: [&'a mut [f64]; N],
}

impl<S: Summary<K, N>, const K: usize, const N: usize> Work for Extend<'_, S, K, N> {
    #[inline(always)]
    fn run<E: Eight>(self, proof: E::Proof) {
        let Extend { ladders: Ladders { short, plan, seen, .. }, bars, mut out } = self;
        let len = bars[0].len();
        let mut before = [short[0].load::<E>(proof), short[1].load::<E>(proof), short[2].load::<E>(proof)];
        let mut at = 0;
        // As many as the registers can hold.
        while N == 1 && at + 8 * MOST <= len {
            climb::<S, E, K, N, MOST>(plan, &mut before, seen, proof, bars, &mut out, at);
            at += 8 * MOST;
        }
        while N == 2 && at + 16 <= len {
            climb::<S, E, K, N, 2>(plan, &mut before, seen, proof, bars, &mut out, at);
            at += 16;
        }
        while at + 8 <= len {
            climb::<S, E, K, N, 1>(plan, &mut before, seen, proof, bars, &mut out, at);
            at += 8;
        }
        if at < len {
            let (mut last, mut windows) = ([[f64::NAN; 8]; K], [[0.0; 8]; N]);
            for k in 0..K {
                last[k][..len - at].copy_from_slice(&bars[k][at..]);
            }
            let bars = last.each_ref().map(|column| &column[..]);
            climb::<S, E, K, N, 1>(
                plan,
                &mut before,
                seen,
                proof,
                bars,
                &mut windows.each_mut().map(|out| &mut out[..]),
                0,
            );
            for k in 0..N {
                out[k][at..].copy_from_slice(&windows[k][..len - at]);
            }
        }
        for k in 0..3 {
            short[k].store(before[k]);
        }
    }
}

/// The windows that end at the bars in the next `G` places.
#[inline(always)]
fn climb<S: Summary<K, N>, E: Eight, const K: usize, const N: usize, const G: usize>(
    plan: &mut Plan<Past<N>>,
    before: &mut [[E; N]; 3],
    seen: &mut usize,
    proof: E::Proof,
    bars: [&[f64]; K],
    out: &mut [&mut [f64]; N],
    at: usize,
) {
    let none = [E::load(proof, &[0.0; 8]); N];
    let (mut ones, mut twos, mut fours, mut eights) = ([none; G], [none; G], [none; G], [none; G]);
    let mut rests = [none; G];
    for j in 0..G {
        let mut bar = [E::load(proof, &[0.0; 8]); K];
        for k in 0..K {
            bar[k] = E::load(proof, bars[k][at + 8 * j..].first_chunk().expect("eight bars"));
        }
        ones[j] = S::of(bar);
    }
    let [one_before, two_before, four_before] = *before;
    for j in 0..G {
        let older = back::<1, E, N>(ones[j], if j == 0 { one_before } else { ones[j - 1] });
        twos[j] = S::double(older, ones[j], &ONE);
    }
    for j in 0..G {
        let older = back::<2, E, N>(twos[j], if j == 0 { two_before } else { twos[j - 1] });
        fours[j] = S::double(older, twos[j], &TWO);
    }
    for j in 0..G {
        let older = back::<4, E, N>(fours[j], if j == 0 { four_before } else { fours[j - 1] });
        eights[j] = S::double(older, fours[j], &FOUR);
    }
    *before = [ones[G - 1], twos[G - 1], fours[G - 1]];
    match plan.rest {
        0 | 1 => rests = ones,
        2 => rests = twos,
        3 => {
            for j in 0..G {
                let older = back::<2, E, N>(ones[j], if j == 0 { one_before } else { ones[j - 1] });
                rests[j] = S::join(older, twos[j], &ONE_AND_TWO);
            }
        }
        4 => rests = fours,
        5 => {
            for j in 0..G {
                let older = back::<4, E, N>(ones[j], if j == 0 { one_before } else { ones[j - 1] });
                rests[j] = S::join(older, fours[j], &ONE_AND_FOUR);
            }
        }
        rest => {
            for j in 0..G {
                let older = back::<4, E, N>(twos[j], if j == 0 { two_before } else { twos[j - 1] });
                rests[j] = S::join(older, fours[j], &TWO_AND_FOUR);
            }
            if rest == 7 {
                for j in 0..G {
                    let older = back::<6, E, N>(ones[j], if j == 0 { one_before } else { ones[j - 1] });
                    rests[j] = S::join(older, rests[j], &ONE_AND_SIX);
                }
            }
        }
    }
    let (mut runs, mut windows) = (eights, eights);
    let place = *seen;
    *seen += G;
    for Rung { doubling, part, past, len } in &mut plan.rungs {
        if *len > 0 {
            past.store(place, runs);
        }
        match part {
            Some(Part { lag, joining: Some(lens) }) => {
                for (j, window) in windows.iter_mut().enumerate() {
                    *window = S::join(past.load(proof, (place + j).wrapping_sub(*lag)), *window, lens);
                }
            }
            Some(Part { joining: None, .. }) => windows = runs,
            None => {}
        }
        if *len > 0 {
            for (j, run) in runs.iter_mut().enumerate() {
                *run = S::double(past.load(proof, (place + j).wrapping_sub(*len)), *run, doubling);
            }
        }
    }
    if plan.rungs.is_empty() {
        windows = rests;
    } else if plan.rest > 0 {
        let Plan { rests: past, rest_lag, rest_joining, .. } = plan;
        past.store(place, rests);
        for (j, window) in windows.iter_mut().enumerate() {
            *window = S::join(past.load(proof, (place + j).wrapping_sub(*rest_lag)), *window, rest_joining);
        }
    }
    for j in 0..G {
        for k in 0..N {
            windows[j][k].store(out[k][at + 8 * j..].first_chunk_mut().expect("eight places"));
        }
    }
}

/// Each of some numbers a few places before.
#[inline(always)]
fn back<const PLACES: usize, E: Eight, const N: usize>(now: [E; N], before: [E; N]) -> [E; N] {
    let mut back = now;
    for k in 0..N {
        back[k] = now[k].back::<PLACES>(before[k]);
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Joint, Moments, Sums, Trend};

    #[test]
    fn a_single_window_has_the_bits_of_the_steps() {
        let values: Vec<f64> = bars::<1>(500).into_iter().flatten().collect();
        for period in 1..=300 {
            let mut ladder = Ladder::<Sums, 1, 1>::new(period);
            let last = values.iter().map(|&x| ladder.push([x])).last().unwrap();
            assert_eq!(sum_of_window(&values[values.len() - period..]).to_bits(), last[0].to_bits(), "{period}");
        }
    }

    fn bars<const K: usize>(len: usize) -> Vec<[f64; K]> {
        let number = |i: usize, k: usize| if i == 777 { f64::NAN } else { ((i * (k + 1)) as f64 * 0.7).sin() };
        (0..len).map(|i| std::array::from_fn(|k| number(i, k))).collect()
    }

    #[test]
    fn sums_are_those_of_the_windows() {
        let values: Vec<f64> = (0..400).map(|i| ((i * 37) % 23) as f64).collect();
        for period in (1..=40).chain([63, 64, 65, 127, 250, 399, 400, 401]) {
            let mut sum = Ladder::<Sums, 1, 1>::new(period);
            for end in 0..values.len() {
                let [got] = sum.push([values[end]]);
                match (end + 1).checked_sub(period) {
                    Some(from) => assert_eq!(got, values[from..=end].iter().sum::<f64>(), "period {period}, bar {end}"),
                    None => assert!(got.is_nan(), "period {period}, bar {end}"),
                }
            }
        }
    }

    #[test]
    fn bits_do_not_depend_on_where_the_series_begins() {
        let bars = bars::<1>(600);
        for period in [3, 8, 14, 30, 100] {
            let ends = [0, 1, 5, 150].map(|start| {
                let mut ladder = Ladder::<Moments, 1, 2>::new(period);
                bars[start..].iter().map(|&bar| ladder.push(bar)).last().unwrap().map(f64::to_bits)
            });
            assert!(ends.iter().all(|end| *end == ends[0]), "{period}");
        }
    }

    fn same<S: Summary<K, N>, const K: usize, const N: usize>() {
        let bars = bars::<K>(3000);
        let columns: [Vec<f64>; K] = std::array::from_fn(|k| bars.iter().map(|bar| bar[k]).collect());
        for period in (1..=33).chain([63, 64, 65, 100, 127, 300, 1000, 2100, 3000, 3001]) {
            for piece in [8, 64, 128, 1000, 3000] {
                let mut ladder = Ladder::<S, K, N>::new(period);
                let mut ladders = Ladders::<S, K, N>::new(period);
                for start in (0..bars.len()).step_by(piece) {
                    let end = bars.len().min(start + piece);
                    let mut out: [Vec<f64>; N] = std::array::from_fn(|_| vec![0.0; end - start]);
                    let columns = std::array::from_fn(|k| &columns[k][start..end]);
                    ladders.extend(columns, out.each_mut().map(|column| &mut column[..]));
                    for i in start..end {
                        let expected = ladder.push(bars[i]);
                        for (column, expected) in out.iter().zip(expected) {
                            let got = column[i - start];
                            let is_same = got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan();
                            assert!(is_same, "{got} instead of {expected} at {i}, period {period}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn has_the_bits_of_the_steps() {
        same::<Sums, 1, 1>();
        same::<Sums, 3, 3>();
        same::<Moments, 1, 2>();
        same::<Trend, 1, 2>();
        same::<Joint, 2, 5>();
    }
}
