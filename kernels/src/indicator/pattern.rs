//! What the candlestick patterns share: a rule over the last few candles, over a whole series and bar by bar.
//!
//! A pattern is a number at every bar: `0` where it is not, `100` where it is and speaks for rising prices, `-100` for
//! falling ones; a few know weaker (80) and confirmed (200) forms. TA-Lib asks for no trend before a pattern and
//! neither do these. A bar that lacks a price leaves no value at any bar that has it within the lookback.
//!
//! A rule is one expression without branches (`all!`, `any!`), so that the batch form judges several bars at once.

use super::def::*;
use super::state::{State, stream};
use crate::simd::widest_fn;
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

/// Number of bars that are judged together.
const JUDGED: usize = 128;
/// Room for the candles before them, and for the bars in the means of these.
const BEFORE: usize = 16;
const BARS: usize = BEFORE + JUDGED;

/// One number for some bars in a row; that there are always as many spares the loops all checks.
type Column = [f64; BARS];

/// An [`Indicator::compute`] function.
fn judge_all<P: Pattern<N>, const N: usize>(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let columns = std::array::from_fn(|k| &inputs[k][..inputs[0].len()]);
    let penetration = penetration_of(params);
    judge_blocks(columns, P::LOOKBACK, P::YARDSTICKS, &mut outputs[0], |prices, means, values| {
        judge_block::<P, N>(prices, means, penetration, values);
    });
}

/// Judges block by block and takes the values back that have a gap within their reach.
fn judge_blocks(
    columns: [&[f64]; 4],
    lookback: usize,
    yardsticks: &[Yardstick],
    out: &mut Vec<f64>,
    judge: impl Fn([&Column; 4], &[Column; 4], &mut [f64; JUDGED]),
) {
    let len = columns[0].len();
    out.clear();
    out.reserve(len);
    let mut padded = [[f64::NAN; BARS]; 4];
    let mut sizes = [0.0; BARS];
    let mut means = [[0.0; BARS]; 4];
    let mut values = [0.0; JUDGED];
    let mut run = 0;
    for start in (0..len).step_by(JUDGED) {
        let count = JUDGED.min(len - start);
        let inside = start >= BEFORE && count == JUDGED;
        let prices = if inside {
            columns.map(|column| column[start - BEFORE..].first_chunk().expect("as many bars"))
        } else {
            let (pad, first) = (BEFORE.saturating_sub(start), start.saturating_sub(BEFORE));
            for (padded, column) in padded.iter_mut().zip(columns) {
                padded[pad..BEFORE + count].copy_from_slice(&column[first..start + count]);
            }
            padded.each_ref()
        };
        for &of in yardsticks {
            fill_means(of, prices, [&mut sizes, &mut means[of as usize]]);
        }
        judge(prices, &means, &mut values);
        if run < lookback || !inside || !is_complete(prices) {
            for (i, value) in values[..count].iter_mut().enumerate() {
                run = if prices.iter().all(|column| column[BEFORE + i].is_finite()) { run + 1 } else { 0 };
                *value = if run > lookback { *value } else { f64::NAN };
            }
        }
        out.extend_from_slice(&values[..count]);
    }
}

widest_fn! {
    /// Whether all judged bars have all prices; seldom `false` although they have, where prices are too large to be added.
    [] []
    fn is_complete(prices: [&Column; 4]) -> bool {
        let [open, high, low, close] = prices;
        let mut bits = 0;
        for i in BEFORE..BARS {
            bits |= ((open[i] + high[i] + low[i] + close[i]) * 0.0).to_bits();
        }
        bits << 1 == 0
    }
}

widest_fn! {
    /// The rule at the bars after the first [`BEFORE`].
    [P: Pattern<N>, const N: usize] [P, N]
    fn judge_block(prices: [&Column; 4], means: &[Column; 4], penetration: f64, values: &mut [f64; JUDGED]) {
        for (i, value) in values.iter_mut().enumerate() {
            let candle = |k: usize| {
                let place = BEFORE + 1 - N + i + k;
                Candle::new(prices.map(|column| column[place]), means.each_ref().map(|column| column[place]))
            };
            *value = P::judge(std::array::from_fn(candle), penetration);
        }
    }
}

widest_fn! {
    /// Sizes of the bars, and their mean over the bars before each bar.
    [] []
    fn fill_means(of: Yardstick, prices: [&Column; 4], to: [&mut Column; 2]) {
        #[inline(always)]
        fn fill<const PERIOD: usize>(size: impl Fn([f64; 4]) -> f64, prices: [&Column; 4], to: [&mut Column; 2]) {
            let [sizes, means] = to;
            for (i, value) in sizes.iter_mut().enumerate() {
                *value = size(prices.map(|column| column[i]));
            }
            for i in PERIOD..BARS {
                means[i] = mean_in_order::<PERIOD>(|k| sizes[i - PERIOD + k]);
            }
        }
        match of {
            Yardstick::Body => fill::<{ Yardstick::LONGEST }>(|bar| Yardstick::Body.size(bar), prices, to),
            Yardstick::Range => fill::<{ Yardstick::LONGEST }>(|bar| Yardstick::Range.size(bar), prices, to),
            Yardstick::Shadows => fill::<{ Yardstick::LONGEST }>(|bar| Yardstick::Shadows.size(bar), prices, to),
            Yardstick::Recent => fill::<{ Yardstick::RECENT }>(|bar| Yardstick::Recent.size(bar), prices, to),
        }
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
                let oldest = Yardstick::LONGEST - of.period();
                *mean = match of {
                    Yardstick::Recent => mean_in_order::<{ Yardstick::RECENT }>(|k| sizes[oldest + k]),
                    _ => mean_in_order::<{ Yardstick::LONGEST }>(|k| sizes[oldest + k]),
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
/// Before them are fifteen bars from 100 to 102 with shadows of 1: bodies from 3 on are long, bodies and shadows of 0
/// are those of a doji or none.
#[cfg(test)]
pub(super) fn after_calm(def: &Indicator, candles: &[[i32; 4]]) -> f64 {
    let calm = [[100, 103, 99, 102]; 15];
    let bars = [calm.as_slice(), candles].concat();
    let columns: [Vec<f64>; 4] = std::array::from_fn(|k| bars.iter().map(|bar| f64::from(bar[k])).collect());
    let out = def.evaluate(&columns.each_ref().map(Vec::as_slice), def.default_params(0.0).values()).unwrap();
    *out[0].last().unwrap()
}
