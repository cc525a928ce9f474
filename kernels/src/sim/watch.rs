//! What can end an open position, change it or arm its trail, and where it happens next.

use super::contract::{Bars, Flags, Funding, Numbers, Signals};
use super::options::{OnOpposite, Options, StopFill};
use super::position::{Levels, Line, Position, Sided};
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
    pub(super) close: &'a [f64],
    columns: Sided<'a>,
    /// Entries of the other direction, if they speak against the position.
    opposite: Flags<'a>,
    scale_out_fraction: Numbers<'a>,
    max_adds: Numbers<'a>,
    funding: Funding<'a>,
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
        let opposite = match (options.on_opposite, position.direction) {
            (OnOpposite::Ignore, _) => Flags::None,
            (_, Direction::Long) => signals.enter_short,
            (_, Direction::Short) => signals.enter_long,
        };
        let Signals { trail_distance, scale_out_fraction, max_adds, .. } = *signals;
        Watch {
            open,
            worst,
            best,
            close,
            columns,
            opposite,
            scale_out_fraction,
            max_adds,
            funding: bars.funding,
            trail_distance,
            trails: trail_distance.is_given() || columns.trail_price.is_given(),
            danger: danger(position),
        }
    }

    /// The first bar in `from .. end` on which the position may end, change or arm; `end` if there is none. Trails the stop
    /// over the bars before it.
    #[inline(always)]
    pub(super) fn first_event(&self, position: &mut Position, from: usize, end: usize) -> usize {
        let end = self.first_signal(position, from, end);
        match (self.is_trailing(position), position.direction) {
            (true, Direction::Long) => self.first_touch_trailing::<true>(&mut position.levels, from, end),
            (true, Direction::Short) => self.first_touch_trailing::<false>(&mut position.levels, from, end),
            (false, Direction::Long) => self.first_touch::<true>(position, from, end),
            (false, Direction::Short) => self.first_touch::<false>(position, from, end),
        }
    }

    /// The first bar in `from .. end` on which a column may end, change or arm the position, or funding is paid.
    #[inline(always)]
    pub(super) fn first_signal(&self, position: &Position, from: usize, end: usize) -> usize {
        let mut end = first_true(self.columns.exit, from, end);
        end = first_true(self.opposite, from, end);
        end = self.first_part(position, from, end);
        end = self.first_add(position, from, end);
        for rates in [self.funding.at_open, self.funding.inside] {
            if !rates.is_empty() {
                end = first_where(from, end, |t| rates[t] != 0.0);
            }
        }
        if position.armed {
            return first_true(self.columns.exit_armed, from, end);
        }
        end = first_true(self.columns.trail_arm, from, end);
        if !position.arm_r.is_nan() {
            end = first_where(from, end, |t| position.reached_arm_r(self.close[t]));
        }
        end
    }

    /// The first bar in `from .. end` whose close closes a part of the position.
    fn first_part(&self, position: &Position, from: usize, end: usize) -> usize {
        if position.scaled_out {
            return end;
        }
        let wants = |t| position.wanted_part(t, &self.columns, self.scale_out_fraction).is_some();
        first_true_where(self.columns.scale_out, from, end, wants)
    }

    /// The first bar in `from .. end` whose close adds to the position, or tries to.
    fn first_add(&self, position: &Position, from: usize, end: usize) -> usize {
        let column = if position.adds == 0 { self.columns.add } else { self.columns.add_again };
        let most = match self.max_adds {
            Numbers::None => 1.0,
            Numbers::Const(most) => most,
            Numbers::Slice(_) => f64::INFINITY,
        };
        // No number of adds is below no number.
        let may_add = f64::from(position.adds) < most;
        if !may_add {
            return end;
        }
        first_true_where(column, from, end, |t| position.wants_add(t, &self.columns, self.max_adds))
    }

    /// Whether bar `t` touches a level.
    #[inline(always)]
    pub(super) fn is_touched(&self, position: &Position, t: usize) -> bool {
        let d = position.direction.sign();
        let (stop, target) = (position.levels.guard().0, position.levels.target);
        (d * self.worst[t] <= d * stop)
            | (d * self.open[t] <= d * stop)
            | (d * self.best[t] >= d * target)
            | (d * self.open[t] >= d * target)
    }

    /// Whether the stop of the position may move at each close.
    #[inline(always)]
    pub(super) fn is_trailing(&self, position: &Position) -> bool {
        position.armed && self.trails
    }

    /// Moves the stop of an armed position after bar `t`.
    #[inline(always)]
    pub(super) fn trail(&self, position: &mut Position, t: usize) {
        position.levels.ratchet(self.close[t] - position.direction.sign() * self.trail_distance.at(t));
        position.levels.ratchet(self.columns.trail_price.at(t));
    }

    /// The first bar in `from .. end` that touches a level, while the levels stand still.
    #[inline(always)]
    fn first_touch<const LONG: bool>(&self, position: &Position, from: usize, end: usize) -> usize {
        let (stop, target) = (position.levels.guard().0, position.levels.target);
        // A level that is infinitely far on the other side is touched by every price.
        let far = if LONG { f64::INFINITY } else { f64::NEG_INFINITY };
        if stop == -far && target == far {
            return self.first_danger::<LONG>(from, end);
        }
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
            let mut touched = [false; LANES];
            for i in 0..LANES {
                touched[i] = touches(open[i], worst[i], best[i], close[i]);
            }
            if touched != [false; LANES] {
                break;
            }
            t += LANES;
        }
        first_where(t, end, |t| touches(open[t], worst[t], best[t], close[t]))
    }

    /// The first bar in `from .. end` at whose close the equity may be used up.
    #[inline(always)]
    fn first_danger<const LONG: bool>(&self, from: usize, end: usize) -> usize {
        let endangers = |close: f64| if LONG { close <= self.danger } else { close >= self.danger };
        let mut t = from;
        while t + LANES <= end {
            let close = &self.close[t..t + LANES];
            let mut endangered = [false; LANES];
            for i in 0..LANES {
                endangered[i] = endangers(close[i]);
            }
            if endangered != [false; LANES] {
                break;
            }
            t += LANES;
        }
        first_where(t, end, |t| endangers(self.close[t]))
    }

    /// The first bar in `from .. end` that touches a level; the stop trails over the bars before it.
    #[inline(always)]
    fn first_touch_trailing<const LONG: bool>(&self, levels: &mut Levels, from: usize, end: usize) -> usize {
        let sign = if LONG { 1.0 } else { -1.0 };
        let (target, on_ticks) = (levels.target, levels.is_on_ticks());
        for t in from..end {
            let guard = levels.nearest::<LONG>(levels.stop);
            let (open, worst, best, close) = (self.open[t], self.worst[t], self.best[t], self.close[t]);
            let touches = match LONG {
                true => {
                    (worst <= guard) | (open <= guard) | (best >= target) | (open >= target) | (close <= self.danger)
                }
                false => {
                    (worst >= guard) | (open >= guard) | (best <= target) | (open <= target) | (close >= self.danger)
                }
            };
            if touches {
                return t;
            }
            let [by_distance, by_price] = [close - sign * self.trail_distance.at(t), self.columns.trail_price.at(t)];
            if on_ticks {
                levels.ratchet(by_distance);
                levels.ratchet(by_price);
            } else {
                levels.trail::<LONG>(by_distance);
                levels.trail::<LONG>(by_price);
            }
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
#[inline(always)]
pub(super) fn first_where(from: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
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

/// The first true flag in `from .. end` that holds, or `end`.
fn first_true_where(flags: Flags, mut from: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    loop {
        from = first_true(flags, from, end);
        if from >= end || holds(from) {
            return from.min(end);
        }
        from += 1;
    }
}

/// Gives `each` the growth of a position at the closes `from .. to`, in blocks of eight whose first bar has an index that
/// is a multiple of 8: that bar, the lanes that are in the range, and the growth in all lanes.
#[inline(always)]
pub(super) fn for_each_block(
    line: &Line,
    closes: &[f64],
    (from, to): (usize, usize),
    mut each: impl FnMut(usize, (usize, usize), &Lanes),
) {
    let mut start = if from < to { from - from % LANES } else { to };
    while start < to {
        let lanes = (from.saturating_sub(start), LANES.min(to - start));
        let growth = block_at(closes, start).map(|close| line.at(close));
        each(start, lanes, &growth);
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
