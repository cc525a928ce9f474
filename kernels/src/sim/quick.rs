//! The tracer of common exits: stops and targets inside the bar, exit columns, a time limit, and a stop that trails from
//! the start. The same outcomes as the general tracer, bit for bit, in a fraction of the time.

use std::ops::Range;

use super::contract::{Bars, Numbers, Signals};
use super::ledger::{Exit, slips};
use super::options::{Fill, Options, Reentry, StopFill};
use super::outcome::{Fate, Outcome, TINY, Tracer};
use super::position::{Levels, Line, Moment};
use super::record::{Direction, Reason};
use super::sizing::Entry;
use super::sums::{Interior, InteriorSums, LANES, Lanes};
use super::watch::{block_at, first_true};
use crate::quotient::Quotient;
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// Whether [`follow`] knows all the rules that the columns ask for.
pub(super) fn is_enough(bars: &Bars, signals: &Signals, options: &Options) -> bool {
    let flags = [signals.exit_armed_long, signals.exit_armed_short, signals.trail_arm_long, signals.trail_arm_short];
    let numbers = [signals.trail_arm_r, signals.trail_price_long, signals.trail_price_short];
    options.stop_fill == StopFill::Intrabar
        && options.tick_size == 0.0
        && bars.detail.is_none()
        && flags.iter().all(|flags| !flags.is_given())
        && numbers.iter().all(|numbers| !numbers.is_given())
}

/// How a position ends.
struct End {
    exit: Exit,
    /// The bar whose close decided it, or inside which it happened.
    decided: usize,
    ambiguous: bool,
    /// Smallest and largest close of the bars after the entry bar and before the exit bar.
    closes: [f64; 2],
}

/// The outcome of an accepted entry.
pub(super) fn follow(tracer: &Tracer, entry: &Entry, entry_bar: usize) -> Outcome {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { follow_avx2(tracer, entry, entry_bar) };
    }
    follow_either::<false>(tracer, entry, entry_bar)
}

/// The same code with wider instructions; measured on positions of 140 bars: half the time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn follow_avx2(tracer: &Tracer, entry: &Entry, entry_bar: usize) -> Outcome {
    follow_either::<true>(tracer, entry, entry_bar)
}

#[inline(always)]
fn follow_either<const FMA: bool>(tracer: &Tracer, entry: &Entry, entry_bar: usize) -> Outcome {
    match entry.direction {
        Direction::Long => follow_sided::<true, FMA>(tracer, entry, entry_bar),
        Direction::Short => follow_sided::<false, FMA>(tracer, entry, entry_bar),
    }
}

#[inline(always)]
fn follow_sided<const LONG: bool, const FMA: bool>(tracer: &Tracer, entry: &Entry, entry_bar: usize) -> Outcome {
    let Tracer { bars, options, kept, .. } = *tracer;
    let line = Line::new(entry.direction, entry.weight, options.fee(), entry.fill);
    let first = entry_bar + usize::from(options.fill == Fill::Close);
    let end = end::<LONG>(tracer, entry, (entry_bar, first));
    let exit_bar = end.exit.bar;
    let mut out = Outcome { fill: entry.fill, weight: entry.weight, ..Outcome::empty(entry_bar, entry.direction) };
    out.exit_bar = exit_bar as u32;
    out.ambiguous = end.ambiguous;
    out.bars_in_market = (end.decided + 1 - first) as u32;

    let (mut before, mut smallest) = (1.0, f64::INFINITY);
    if exit_bar > entry_bar {
        out.entry_growth = line.at(bars.close[entry_bar]);
        (before, smallest) = (out.entry_growth, out.entry_growth);
    }
    if exit_bar > entry_bar + 1 {
        // The growth is a monotone function of the close, rounding included.
        let [low, high] = end.closes.map(|close| line.at(close));
        (out.lowest, out.highest) = if LONG { (low, high) } else { (high, low) };
        smallest = if out.lowest < smallest { out.lowest } else { smallest };
        before = line.at(bars.close[exit_bar - 1]);
        if kept.moments || kept.downside || kept.mean_equity || kept.market {
            out.interior = interior::<FMA>(tracer, &line, (entry_bar + 1, exit_bar), out.entry_growth);
        }
    }
    out.resume = (end.decided + usize::from(options.reentry == Reentry::NextBar)) as u32;
    if end.exit.reason == Reason::EndOfData {
        // The last close is a mark before it is an exit.
        let last = line.at(bars.close[exit_bar]);
        smallest = if last < smallest { last } else { smallest };
        out.resume = bars.len() as u32;
    }
    out.price =
        if slips(&end.exit, options) { options.slipped(end.exit.price, entry.direction, true) } else { end.exit.price };
    out.exit_growth = line.after_exit(out.price);
    out.exit_factor = out.exit_growth / before;
    out.complete(options.risk_free_per_bar());
    // Written so that a growth that is no number depends, too.
    if !(out.exit_growth > TINY && smallest > TINY) {
        out.fate = Fate::Depends;
    }
    out
}

/// The first bar that ends the position; bars from `first` on are tested.
#[inline(always)]
fn end<const LONG: bool>(tracer: &Tracer, entry: &Entry, (entry_bar, first): (usize, usize)) -> End {
    let Tracer { bars, signals, options, .. } = *tracer;
    let limit = limit::<LONG>(tracer, entry, (entry_bar, first));
    let mut levels = Levels::new(entry, signals, options);
    let (worst, best) = if LONG { (bars.low, bars.high) } else { (bars.high, bars.low) };
    let (open, close) = (&bars.open[..=limit], &bars.close[..=limit]);
    let (worst, best) = (&worst[..=limit], &best[..=limit]);
    let (mut lows, mut highs) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    // A bar that is left at its close is not in the interior, but one that is left at the next open is.
    let leaves_at_open = options.fill == Fill::NextOpen && limit + 1 < bars.len();
    let interior = entry_bar + 1..limit + usize::from(leaves_at_open);
    let (lows, highs) = (&mut lows, &mut highs);
    let trails = signals.trail_distance.is_given();
    let mut t = first;
    while t <= limit {
        t = match signals.trail_distance {
            Numbers::None => calm_blocks::<LONG>([open, worst, best, close], &levels, (t, &interior), (lows, highs)),
            Numbers::Slice(distances) => {
                let trail = |levels: &mut Levels, t: usize| {
                    levels.trail::<LONG>(if LONG { close[t] - distances[t] } else { close[t] + distances[t] });
                };
                calm_trail::<LONG>([open, worst, best, close], &mut levels, (t, &interior, limit), (lows, highs), trail)
            }
            Numbers::Const(distance) => {
                let trail = |levels: &mut Levels, t: usize| {
                    levels.trail::<LONG>(if LONG { close[t] - distance } else { close[t] + distance });
                };
                calm_trail::<LONG>([open, worst, best, close], &mut levels, (t, &interior, limit), (lows, highs), trail)
            }
        };
        if t > limit {
            break;
        }
        if touches::<LONG>([open[t], worst[t], best[t]], &levels)
            && let Some(hit) = levels.hit(open[t], bars.high[t], bars.low[t], options.intrabar)
        {
            let exit = Exit { bar: t, moment: Moment::Inside, price: hit.price, reason: hit.reason };
            return End { exit, decided: t, ambiguous: hit.ambiguous, closes: ends(lows, highs, trails) };
        }
        if interior.contains(&t) {
            lows[0] = if close[t] < lows[0] { close[t] } else { lows[0] };
            highs[0] = if close[t] > highs[0] { close[t] } else { highs[0] };
        }
        t += 1;
    }
    let (moment, bar, price, reason) = if limit + 1 == bars.len() {
        (Moment::Close, limit, close[limit], Reason::EndOfData)
    } else if leaves_at_open {
        (Moment::Open, limit + 1, bars.open[limit + 1], Reason::Signal)
    } else {
        (Moment::Close, limit, close[limit], Reason::Signal)
    };
    End {
        exit: Exit { bar, moment, price, reason },
        decided: limit,
        ambiguous: false,
        closes: ends(lows, highs, trails),
    }
}

/// Goes on from `t` by blocks of eight interior bars that touch nothing, while the levels stand still; returns the bar that
/// must be looked at. Without an early exit in a block, for the vector instructions.
#[inline(always)]
fn calm_blocks<const LONG: bool>(
    [open, worst, best, close]: [&[f64]; 4],
    levels: &Levels,
    (mut t, interior): (usize, &Range<usize>),
    (lows, highs): (&mut Lanes, &mut Lanes),
) -> usize {
    // A level that is infinitely far on the other side is touched by every price.
    let far = if LONG { f64::INFINITY } else { f64::NEG_INFINITY };
    let has_levels = levels.guard().0 != -far || levels.target != far;
    while t >= interior.start && t + LANES <= interior.end {
        if has_levels && block_touches::<LONG>([open, worst, best].map(|prices| &prices[t..t + LANES]), levels) {
            break;
        }
        let block = &close[t..t + LANES];
        for i in 0..LANES {
            lows[i] = if block[i] < lows[i] { block[i] } else { lows[i] };
            highs[i] = if block[i] > highs[i] { block[i] } else { highs[i] };
        }
        t += LANES;
    }
    t
}

/// Goes on from `t` over bars that touch nothing, and trails the stop after each; returns the bar that must be looked at.
#[inline(always)]
fn calm_trail<const LONG: bool>(
    [open, worst, best, close]: [&[f64]; 4],
    levels: &mut Levels,
    (first, interior, limit): (usize, &Range<usize>, usize),
    (lows, highs): (&mut Lanes, &mut Lanes),
    trail: impl Fn(&mut Levels, usize),
) -> usize {
    let (mut low, mut high) = (lows[0], highs[0]);
    let mut t = first;
    while t <= limit {
        if touches::<LONG>([open[t], worst[t], best[t]], levels) {
            break;
        }
        if t >= interior.start && t < interior.end {
            low = if close[t] < low { close[t] } else { low };
            high = if close[t] > high { close[t] } else { high };
        }
        // At the last close the position is left, and nothing trails any more.
        if t < limit {
            trail(levels, t);
        }
        t += 1;
    }
    (lows[0], highs[0]) = (low, high);
    t
}

/// The smallest of the ones and the largest of the others; only the first lane is used where a stop trails.
#[inline(always)]
fn ends(lows: &Lanes, highs: &Lanes, trails: bool) -> [f64; 2] {
    let (mut low, mut high) = (lows[0], highs[0]);
    if trails {
        return [low, high];
    }
    for i in 1..LANES {
        low = if lows[i] < low { lows[i] } else { low };
        high = if highs[i] > high { highs[i] } else { high };
    }
    [low, high]
}

/// Whether any bar of a block touches the stop, the liquidation price or the target.
#[inline(always)]
fn block_touches<const LONG: bool>([open, worst, best]: [&[f64]; 3], levels: &Levels) -> bool {
    let (guard, target) = (levels.nearest::<LONG>(), levels.target);
    let mut touched = [false; LANES];
    for i in 0..LANES {
        touched[i] = match LONG {
            true => (worst[i] <= guard) | (open[i] <= guard) | (best[i] >= target) | (open[i] >= target),
            false => (worst[i] >= guard) | (open[i] >= guard) | (best[i] <= target) | (open[i] <= target),
        };
    }
    touched != [false; LANES]
}

/// Whether a bar touches the stop, the liquidation price or the target.
#[inline(always)]
fn touches<const LONG: bool>([open, worst, best]: [f64; 3], levels: &Levels) -> bool {
    let (guard, target) = (levels.nearest::<LONG>(), levels.target);
    match LONG {
        true => (worst <= guard) | (open <= guard) | (best >= target) | (open >= target),
        false => (worst >= guard) | (open >= guard) | (best <= target) | (open <= target),
    }
}

/// The bar whose close ends the position if nothing inside a bar does before: by an exit column, by time, or as the last.
#[inline(always)]
fn limit<const LONG: bool>(tracer: &Tracer, entry: &Entry, (entry_bar, first): (usize, usize)) -> usize {
    let max_bars = tracer.signals.max_bars.at(entry.signal_bar);
    let time_bar = match max_bars.is_nan() {
        true => usize::MAX,
        // The cast saturates, and a limit that is not positive is the first bar.
        false => entry_bar.saturating_add(max_bars.ceil() as usize).max(first),
    };
    let flags = if LONG { tracer.signals.exit_long } else { tracer.signals.exit_short };
    first_true(flags, first, time_bar.min(tracer.bars.len() - 1))
}

/// What the interior bars `from .. to` add.
#[inline(always)]
fn interior<const FMA: bool>(
    tracer: &Tracer,
    line: &Line,
    (from, to): (usize, usize),
    entry_growth: f64,
) -> InteriorSums {
    let (kept, closes) = (tracer.kept, tracer.bars.close);
    let rf = tracer.options.risk_free_per_bar();
    if to - from <= LANES {
        return InteriorSums::of_few(
            closes[from..to].iter().map(|close| line.at(*close)),
            (from, entry_growth),
            (rf, closes),
            kept,
        );
    }
    let mut interior = Interior::new(rf);
    let mut previous = entry_growth;
    let quotient = Quotient::new(line.fill());
    let mut start = from - from % LANES;
    while start < to {
        let lanes = (from.saturating_sub(start), LANES.min(to - start));
        let mut growth = quotient.of::<FMA>(block_at(closes, start));
        for growth in &mut growth {
            *growth = line.at_ratio(*growth);
        }
        // Twice, so that the compiler makes one without masks for the blocks in the middle.
        match lanes {
            (0, LANES) => interior.add_block(&growth, previous, (0, LANES), kept),
            _ => interior.add_block(&growth, previous, lanes, kept),
        }
        if kept.market {
            interior.add_products(&growth, previous, (start, lanes.0, lanes.1), closes);
        }
        previous = growth[lanes.1 - 1];
        start += LANES;
    }
    interior.take()
}
