//! What can end an open position, or arm its trail, and where it happens next.

use super::contract::{Bars, Flags, Numbers, Signals};
use super::options::{Options, StopFill};
use super::position::{Line, Position, Sided};
use super::record::Direction;
use super::sums::{LANES, Lanes};

/// Bars that a search looks at before the next rule is asked, so that no search runs far beyond the exit.
pub(super) const WINDOW: usize = 64;

/// The first bar at which `max_bars` have passed.
pub(super) fn time_bar(position: &Position) -> usize {
    if position.max_bars.is_nan() {
        return usize::MAX;
    }
    // The cast saturates, and a negative or zero `max_bars` is the entry bar.
    position.entry_bar.saturating_add(position.max_bars.ceil() as usize)
}

/// What to watch while a position is open, looked up once per position.
pub(super) struct Watch<'a> {
    open: &'a [f64],
    /// The prices that may reach the stop: lows for a long position, highs for a short one.
    worst: &'a [f64],
    /// The prices that may reach the target.
    best: &'a [f64],
    close: &'a [f64],
    columns: Sided<'a>,
    trail_distance: Numbers<'a>,
    trails: bool,
    /// At this close and beyond it the equity may be used up; on the other side it is certainly not.
    danger: f64,
}

impl<'a> Watch<'a> {
    pub(super) fn new(bars: &Bars<'a>, signals: &Signals<'a>, options: &Options, position: &Position) -> Self {
        let Bars { open, high, low, close, .. } = *bars;
        let (open, worst, best) = match (options.stop_fill, position.direction) {
            (StopFill::Intrabar, Direction::Long) => (open, low, high),
            (StopFill::Intrabar, Direction::Short) => (open, high, low),
            (StopFill::Close, _) => (close, close, close),
        };
        let columns = Sided::of(signals, position.direction);
        let trail_distance = signals.trail_distance;
        Watch {
            open,
            worst,
            best,
            close,
            columns,
            trail_distance,
            trails: trail_distance.is_given() || columns.trail_price.is_given(),
            danger: danger(position),
        }
    }

    /// The first bar in `from .. end` on which the position may end or arm; `end` if there is none. Trails the stop over
    /// the bars before it.
    pub(super) fn first_event(&self, position: &mut Position, from: usize, end: usize) -> usize {
        let mut end = first_true(self.columns.exit, from, end);
        if position.armed {
            end = first_true(self.columns.exit_armed, from, end);
        } else {
            end = first_true(self.columns.trail_arm, from, end);
            if !position.arm_r.is_nan() {
                end = first_where(from, end, |t| position.reached_arm_r(self.close[t]));
            }
        }
        match (position.armed && self.trails, position.direction) {
            (true, _) => self.first_touch_trailing(position, from, end),
            (false, Direction::Long) => self.first_touch::<true>(position, from, end),
            (false, Direction::Short) => self.first_touch::<false>(position, from, end),
        }
    }

    /// The first bar in `from .. end` that touches a level, while the levels stand still.
    fn first_touch<const LONG: bool>(&self, position: &Position, from: usize, end: usize) -> usize {
        let (stop, target) = (position.levels.guard().0, position.levels.target);
        let stops = |price: f64| if LONG { price <= stop } else { price >= stop };
        let reaches = |price: f64| if LONG { price >= target } else { price <= target };
        let endangers = |close: f64| if LONG { close <= self.danger } else { close >= self.danger };
        let touches = |open: f64, worst: f64, best: f64, close: f64| {
            stops(worst) | stops(open) | reaches(best) | reaches(open) | endangers(close)
        };
        let Watch { open, worst, best, close, .. } = *self;
        let mut t = from;
        // Blocks without an early exit, which the compiler turns into vector comparisons.
        while t + LANES <= end {
            let block = t..t + LANES;
            let (open, worst) = (&open[block.clone()], &worst[block.clone()]);
            let (best, close) = (&best[block.clone()], &close[block]);
            let mut any = false;
            for i in 0..LANES {
                any |= touches(open[i], worst[i], best[i], close[i]);
            }
            if any {
                break;
            }
            t += LANES;
        }
        first_where(t, end, |t| touches(open[t], worst[t], best[t], close[t]))
    }

    /// The first bar in `from .. end` that touches a level; the stop trails over the bars before it.
    fn first_touch_trailing(&self, position: &mut Position, from: usize, end: usize) -> usize {
        let d = position.direction.sign();
        for t in from..end {
            let (stop, target) = (position.levels.guard().0, position.levels.target);
            let stopped = (d * self.worst[t] <= d * stop) | (d * self.open[t] <= d * stop);
            let reached = (d * self.best[t] >= d * target) | (d * self.open[t] >= d * target);
            if stopped | reached | (d * self.close[t] <= d * self.danger) {
                return t;
            }
            position.levels.ratchet(self.close[t] - d * self.trail_distance.at(t));
            position.levels.ratchet(self.columns.trail_price.at(t));
        }
        end
    }
}

/// A close from which on, in the losing direction, a mark may leave no equity.
///
/// It is the price without equity, moved by 1 % of the fill price to the safe side. That there is equity left at it, and so
/// at every better price, is not taken from algebra but computed: each operation of `growth_at` is monotone in the price,
/// rounding included. If it does not hold, every close is dangerous; a dangerous bar is stepped, which is always right.
fn danger(position: &Position) -> f64 {
    let d = position.direction.sign();
    // `base + exposure * (P / F - 1) = 0`, solved for `P`.
    let fill = position.line.fill();
    let exhausted = fill * (1.0 - position.line.base / position.line.exposure);
    let danger = exhausted + d * 0.01 * fill;
    if position.equity * position.growth_at(danger) > 0.0 { danger } else { d * f64::INFINITY }
}

/// The first `t` in `from .. end` that holds, or `end`.
fn first_where(from: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    (from..end).find(|&t| holds(t)).unwrap_or(end)
}

/// The first true flag in `from .. end`, or `end`.
#[inline]
pub(super) fn first_true(flags: Flags, from: usize, end: usize) -> usize {
    match flags {
        Flags::Bits(bits) => bits.first(from, end),
        Flags::Const(true) => from.min(end),
        Flags::None | Flags::Const(false) => end,
    }
}

/// Gives `each` the growth of a position at the closes `from .. to`, in blocks of eight whose first bar has an index that
/// is a multiple of 8: the lanes that are in the range, and the growth in all lanes.
#[inline(always)]
pub(super) fn for_each_block(
    line: &Line,
    closes: &[f64],
    (from, to): (usize, usize),
    mut each: impl FnMut((usize, usize), &Lanes),
) {
    let mut start = if from < to { from - from % LANES } else { to };
    while start < to {
        let lanes = (from.saturating_sub(start), LANES.min(to - start));
        let growth = block_at(closes, start).map(|close| line.at(close));
        each(lanes, &growth);
        start += LANES;
    }
}

/// The eight closes from `start` on; beyond the end the last one.
#[inline(always)]
pub(super) fn block_at(closes: &[f64], start: usize) -> Lanes {
    match closes[start..].first_chunk::<LANES>() {
        Some(block) => *block,
        None => std::array::from_fn(|i| closes[(start + i).min(closes.len() - 1)]),
    }
}
