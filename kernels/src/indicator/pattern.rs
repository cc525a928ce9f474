//! What the candlestick patterns share: a rule over the last few candles, over a whole series and bar by bar.
//!
//! A pattern is a number at every bar: `0` where it is not, `100` where it is and speaks for rising prices, `-100` for
//! falling ones; a few know weaker (80) and confirmed (200) forms. TA-Lib asks for no trend before a pattern and neither
//! do these. A bar that lacks a price leaves no value at any bar that can see it.
//!
//! A rule is one expression without branches (`all!`, `any!`), so that the batch form judges several bars at once.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Candle, Yardstick, mean_in_order};

/// A rule over the last `N` candles, the oldest first.
pub(super) trait Pattern<const N: usize>: Send + 'static {
    /// Number of bars before the first value, at least `N - 1` and the bars that the means need.
    const LOOKBACK: usize;

    /// The means that the rule compares with; the others are not filled.
    const YARDSTICKS: &'static [Yardstick];

    /// The value at the newest candle.
    fn judge(candles: [Candle; N], penetration: f64) -> f64;
}

/// Whether all conditions hold; each is evaluated.
macro_rules! all {
    ($($condition:expr),+ $(,)?) => { true $(& $condition)+ };
}

/// Whether one of the conditions holds; each is evaluated.
macro_rules! any {
    ($($condition:expr),+ $(,)?) => { false $(| $condition)+ };
}

pub(super) use {all, any};

/// Prices of a bar, in the order of TA-Lib.
const INPUTS: &[Input] = &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")];

const OUTPUTS: &[Output] = &[Output::number("signal", Unit::Other)];

/// What all descriptors of patterns have in common; the texts are the file's own.
pub(super) const fn pattern<P: Pattern<N>, const N: usize>(name: &'static str) -> Indicator {
    Indicator {
        name,
        aliases: &[],
        family: Family::Pattern,
        inputs: INPUTS,
        params: &[],
        outputs: OUTPUTS,
        lookback: |_| P::LOOKBACK,
        memory: Memory::Window,
        shift: Shift::Stays,
        exceptions: &[],
        summary: "",
        formula: "",
        source: "",
        example: "",
        check: None,
        compute: judge_all::<P, N>,
        flags: None,
        stream: stream::<Last<P, N>, 4, 1>,
    }
}

/// How deep a candle must reach into the body of an earlier one, as a share of that body.
pub(super) const fn penetration(default: f64) -> Param {
    Param::float("penetration", default, 0.0, 1000.0)
}

fn penetration_of(params: &Params) -> f64 {
    params.values().first().copied().unwrap_or(0.0)
}

/// An [`Indicator::compute`] function: the rule at every bar that has no gap within its reach.
fn judge_all<P: Pattern<N>, const N: usize>(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let penetration = penetration_of(params);
    let len = inputs[0].len();
    let columns: [&[f64]; 4] = std::array::from_fn(|k| &inputs[k][..len]);
    let out = &mut outputs[0];
    out.clear();
    out.resize(len, f64::NAN);
    let mut block = Block::new();
    let mut from = 0;
    while from < len {
        let missing = |&i: &usize| {
            !all!(
                columns[0][i].is_finite(),
                columns[1][i].is_finite(),
                columns[2][i].is_finite(),
                columns[3][i].is_finite()
            )
        };
        let to = (from..len).find(missing).unwrap_or(len);
        let run = columns.map(|column| &column[from..to]);
        let values = &mut out[from..to];
        for start in (P::LOOKBACK..values.len()).step_by(JUDGED) {
            block.fill(run, start, P::YARDSTICKS);
            let end = values.len().min(start + JUDGED);
            values[start..end].copy_from_slice(&block.judge::<P, N>(penetration)[..end - start]);
        }
        from = to + 1;
    }
}

/// Number of bars that are judged together.
const JUDGED: usize = 256;
/// Room for the candles before them, and for the bars in the means of these.
const BEFORE: usize = 16;
const BARS: usize = JUDGED + BEFORE;

/// Prices and means of some bars in a row; their fixed number spares the loops all checks.
struct Block {
    prices: [[f64; BARS]; 4],
    means: [[f64; BARS]; 4],
}

impl Block {
    fn new() -> Box<Self> {
        Box::new(Block { prices: [[0.0; BARS]; 4], means: [[0.0; BARS]; 4] })
    }

    /// Takes the bars from `BEFORE` bars before `start` on, as far as there are any, and the wanted means.
    fn fill(&mut self, run: [&[f64]; 4], start: usize, wanted: &[Yardstick]) {
        let skipped = BEFORE.saturating_sub(start);
        let first = start + skipped - BEFORE;
        let count = (run[0].len() - first).min(BARS - skipped);
        for (prices, column) in self.prices.iter_mut().zip(run) {
            prices[skipped..skipped + count].copy_from_slice(&column[first..first + count]);
        }
        let mut sizes = [0.0; BARS];
        for (&of, means) in Yardstick::ALL.iter().zip(&mut self.means).filter(|(of, _)| wanted.contains(of)) {
            let [open, high, low, close] = &self.prices;
            match of {
                Yardstick::Body => {
                    fill_sizes(&mut sizes, |i| Yardstick::Body.size([open[i], high[i], low[i], close[i]]))
                }
                Yardstick::Shadows => {
                    fill_sizes(&mut sizes, |i| Yardstick::Shadows.size([open[i], high[i], low[i], close[i]]))
                }
                _ => fill_sizes(&mut sizes, |i| Yardstick::Range.size([open[i], high[i], low[i], close[i]])),
            }
            match of {
                Yardstick::Recent => fill_means::<{ Yardstick::Recent.period() }>(&sizes, means),
                _ => fill_means::<{ Yardstick::LONGEST }>(&sizes, means),
            }
        }
    }

    /// The rule at the bars after the first `BEFORE`.
    #[inline(never)]
    fn judge<P: Pattern<N>, const N: usize>(&self, penetration: f64) -> [f64; JUDGED] {
        let mut values = [0.0; JUDGED];
        for (i, value) in values.iter_mut().enumerate() {
            let candles = std::array::from_fn(|k| {
                let place = BEFORE + 1 - N + i + k;
                Candle::new(self.prices.each_ref().map(|p| p[place]), self.means.each_ref().map(|m| m[place]))
            });
            *value = P::judge(candles, penetration);
        }
        values
    }
}

#[inline(always)]
fn fill_sizes(sizes: &mut [f64; BARS], size: impl Fn(usize) -> f64) {
    for (i, value) in sizes.iter_mut().enumerate() {
        *value = size(i);
    }
}

/// The mean of the `PERIOD` sizes before each bar.
#[inline(never)]
fn fill_means<const PERIOD: usize>(sizes: &[f64; BARS], means: &mut [f64; BARS]) {
    for i in 0..BARS - PERIOD {
        means[i + PERIOD] = mean_in_order::<PERIOD>(&std::array::from_fn(|k| sizes[i + k]));
    }
}

/// The last candles, for the streaming form.
struct Last<P, const N: usize> {
    candles: [Candle; N],
    /// What each yardstick averages, for the bars before the next candle.
    sizes: [[f64; Yardstick::LONGEST]; 4],
    /// Bars since the last gap, as far as they matter.
    len: usize,
    penetration: f64,
    rule: std::marker::PhantomData<P>,
}

impl<P: Pattern<N>, const N: usize> State<4, 1> for Last<P, N> {
    fn new(params: &Params) -> Self {
        Last {
            candles: [Candle::new([0.0; 4], [0.0; 4]); N],
            sizes: [[0.0; Yardstick::LONGEST]; 4],
            len: 0,
            penetration: penetration_of(params),
            rule: std::marker::PhantomData,
        }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 1] {
        let mut means = [0.0; 4];
        for ((of, sizes), mean) in Yardstick::ALL.into_iter().zip(&mut self.sizes).zip(&mut means) {
            if P::YARDSTICKS.contains(&of) {
                *mean = match of {
                    Yardstick::Recent => mean_in_order::<5>(&std::array::from_fn(|k| sizes[5 + k])),
                    _ => mean_in_order(sizes),
                };
                sizes.copy_within(1.., 0);
                sizes[Yardstick::LONGEST - 1] = of.size(bar);
            }
        }
        self.candles.copy_within(1.., 0);
        self.candles[N - 1] = Candle::new(bar, means);
        self.len = if bar.iter().any(|x| x.is_nan()) { 0 } else { (self.len + 1).min(P::LOOKBACK + 1) };
        [if self.len > P::LOOKBACK { P::judge(self.candles, self.penetration) } else { f64::NAN }]
    }
}

/// The value of a pattern at the last of some candles of open, high, low and close.
///
/// Before them are fifteen bars from 100 to 102 with shadows of 1: bodies from 3 on are long, bodies and shadows of 0 are
/// those of a doji or none.
#[cfg(test)]
pub(super) fn after_calm(def: &Indicator, candles: &[[i32; 4]]) -> f64 {
    let calm = [[100, 103, 99, 102]; 15];
    let bars = [calm.as_slice(), candles].concat();
    let columns: [Vec<f64>; 4] = std::array::from_fn(|k| bars.iter().map(|bar| f64::from(bar[k])).collect());
    let out = def.evaluate(&columns.each_ref().map(Vec::as_slice), def.default_params(0.0).values()).unwrap();
    *out[0].last().unwrap()
}
