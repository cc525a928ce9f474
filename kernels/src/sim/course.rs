//! Entries with common exits on their way to the first bar that touches a stop, target or liquidation price.
//!
//! Where that is depends on the bars and on the columns of levels and sizes alone; an exit column, a time limit or the last
//! bar ends the position before, or does not. So entries are followed once for all groups with the same levels, each as far
//! as any of them asks.

use super::contract::{Bars, Numbers, Signals};
use super::entries::PerEntry;
use super::ledger::{Exit, slips};
use super::options::{Fill, Options, Reentry, StopFill};
use super::outcome::{Fate, Tracer};
use super::position::{Levels, Moment};
use super::record::{Direction, Reason};
use super::sizing::Entry;
use super::sums::LANES;
use super::walk::{DEPENDS, End, REJECTED, Walks};
use super::watch::first_true;

/// Whether a course knows all the rules that the columns ask for: stops and targets inside the bar, exit columns, a time
/// limit, and a stop that trails from the start.
pub(super) fn is_enough(bars: &Bars, signals: &Signals, options: &Options) -> bool {
    let flags = [signals.exit_armed_long, signals.exit_armed_short, signals.trail_arm_long, signals.trail_arm_short];
    let numbers = [signals.trail_arm_r, signals.trail_price_long, signals.trail_price_short];
    options.stop_fill == StopFill::Intrabar
        && options.tick_size == 0.0
        && bars.detail.is_none()
        && flags.iter().all(|flags| !flags.is_given())
        && numbers.iter().all(|numbers| !numbers.is_given())
}

/// What tells the levels and sizes of a group from those of others.
pub(super) fn identity(signals: &Signals) -> [[usize; 3]; 8] {
    let Signals { stop_distance, stop_price, target_distance, target_price, .. } = signals;
    let Signals { trail_distance, size, risk, leverage, .. } = signals;
    [stop_distance, stop_price, target_distance, target_price, trail_distance, size, risk, leverage]
        .map(Numbers::identity)
}

/// The end of a position: the number of its outcome, and how the chain of trades goes on after it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// 0 = not known yet.
    pub(super) number: u32,
    /// The first bar whose close may decide the next entry.
    pub(super) resume: u32,
}

/// One entry.
#[derive(Debug, Clone)]
struct Course {
    levels: Levels,
    /// The bars before this one touch nothing, from the first that is tested on.
    next: u32,
    /// Whether `next` does.
    is_over: bool,
    /// Number of the outcome of that, 0 = not asked for yet.
    number: u32,
    /// The last bar at whose close it was left, and the number of that outcome; groups that differ little come one after the
    /// other.
    left: (u32, u32),
    /// Number of the walk; without one `number` says why.
    walk: u32,
    /// How it ends where it touches.
    price: f64,
    ambiguous: bool,
}

/// The entries of one tile with the same levels.
#[derive(Debug, Default)]
pub(super) struct Courses {
    /// Numbers plus one.
    numbers: PerEntry<u32>,
    list: Vec<Course>,
    /// The last leverage, and the largest weight at it.
    room: (f64, f64),
}

impl Courses {
    /// Forgets them; a tile has `bars` bars.
    pub(super) fn clear(&mut self, bars: usize) {
        self.numbers.clear(bars);
        self.list.clear();
        self.room = (f64::NAN, f64::NAN);
    }

    /// The end of the position that the close of `signal_bar` decides, the bar `offset` of its tile.
    #[inline(always)]
    pub(super) fn end(
        &mut self,
        tracer: &Tracer,
        (offset, signal_bar): (usize, usize),
        direction: Direction,
        walks: &mut Walks,
    ) -> Place {
        let mut number = *self.numbers.at(offset, direction);
        if number == 0 {
            self.list.push(Course::new(tracer, (offset, signal_bar), direction, (walks, &mut self.room)));
            number = self.list.len() as u32;
            self.numbers.set(offset, direction, number);
        }
        let course = &mut self.list[number as usize - 1];
        match direction {
            Direction::Long => course.end::<true>(tracer, signal_bar, walks),
            Direction::Short => course.end::<false>(tracer, signal_bar, walks),
        }
    }
}

impl Course {
    #[inline(always)]
    fn new(
        tracer: &Tracer,
        (offset, signal_bar): (usize, usize),
        direction: Direction,
        (walks, room): (&mut Walks, &mut (f64, f64)),
    ) -> Self {
        let (entry_bar, fill) = tracer.fill(signal_bar, direction);
        let (entry, number) = match tracer.size_fast(direction, signal_bar, fill, room) {
            Ok(entry) => (entry, 0),
            Err(Fate::Depends) => (Entry::none(direction, fill), DEPENDS),
            Err(_) => (Entry::none(direction, fill), REJECTED),
        };
        let first = entry_bar + usize::from(tracer.options.fill == Fill::Close);
        Course {
            levels: Levels::new(&entry, tracer.signals, tracer.options),
            next: first as u32,
            is_over: false,
            number,
            left: (0, 0),
            walk: if number == 0 { walks.of((offset, entry_bar), direction, entry.weight, fill) } else { 0 },
            price: f64::NAN,
            ambiguous: false,
        }
    }

    #[inline(always)]
    fn end<const LONG: bool>(&mut self, tracer: &Tracer, signal_bar: usize, walks: &mut Walks) -> Place {
        if self.number == REJECTED || self.number == DEPENDS {
            return Place { number: self.number, resume: signal_bar as u32 + 1 };
        }
        let options = tracer.options;
        let is_close = options.fill == Fill::Close;
        let entry_bar = signal_bar + usize::from(!is_close);
        let first = entry_bar + usize::from(is_close);
        let limit = limit::<LONG>(tracer, signal_bar, (entry_bar, first));
        if !self.is_over && self.next as usize <= limit {
            self.follow::<LONG>(tracer, limit);
        }
        let wait = usize::from(options.reentry == Reentry::NextBar);
        let direction = if LONG { Direction::Long } else { Direction::Short };
        let touched = self.next as usize;
        if self.is_over && touched <= limit {
            if self.number == 0 {
                let bars_in_market = (touched + 1 - first) as u32;
                let end = End {
                    bar: touched as u32,
                    price: self.price,
                    bars_in_market,
                    ambiguous: self.ambiguous,
                    is_last: false,
                };
                self.number = walks.ask(self.walk, end);
            }
            return Place { number: self.number, resume: (touched + wait) as u32 };
        }
        let is_last = limit + 1 == tracer.bars.len();
        if self.left.1 == 0 || self.left.0 as usize != limit {
            let end = left_at_close(tracer, direction, (first, limit));
            self.left = (limit as u32, walks.ask(self.walk, end));
        }
        Place { number: self.left.1, resume: if is_last { tracer.bars.len() } else { limit + wait } as u32 }
    }

    /// Goes on to the first bar that touches a level, or beyond `limit`.
    #[inline(always)]
    fn follow<const LONG: bool>(&mut self, tracer: &Tracer, limit: usize) {
        let Tracer { bars, signals, options, .. } = *tracer;
        let (worst, best) = if LONG { (bars.low, bars.high) } else { (bars.high, bars.low) };
        let prices = [bars.open, worst, best].map(|prices| &prices[..=limit]);
        let close = &bars.close[..=limit];
        let mut t = self.next as usize;
        while t <= limit {
            t = match signals.trail_distance {
                Numbers::None => calm_blocks::<LONG>(prices, &self.levels, t),
                Numbers::Slice(distances) => {
                    let distances = &distances[..=limit];
                    calm_trail::<LONG>(prices, close, &mut self.levels, t, |t| distances[t])
                }
                Numbers::Const(distance) => calm_trail::<LONG>(prices, close, &mut self.levels, t, |_| distance),
            };
            if t > limit {
                break;
            }
            if let Some(hit) = self.levels.hit(bars.open[t], bars.high[t], bars.low[t], options.intrabar) {
                let exit = Exit { bar: t, moment: Moment::Inside, price: hit.price, reason: hit.reason };
                self.price = price_of(&exit, if LONG { Direction::Long } else { Direction::Short }, options);
                self.ambiguous = hit.ambiguous;
                self.is_over = true;
                break;
            }
            let distance = signals.trail_distance.at(t);
            self.levels.trail_to(trailed::<LONG>(self.levels.stop, close[t], distance));
            t += 1;
        }
        self.next = t as u32;
    }
}

/// The end of a position that is left by a decision at the close of bar `limit`, or with the data; `first` is the first bar in
/// which it is tested.
#[inline(always)]
fn left_at_close(tracer: &Tracer, direction: Direction, (first, limit): (usize, usize)) -> End {
    let Tracer { bars, options, .. } = *tracer;
    let is_last = limit + 1 == bars.len();
    let (moment, bar, price, reason) = match options.fill == Fill::NextOpen {
        _ if is_last => (Moment::Close, limit, bars.close[limit], Reason::EndOfData),
        true => (Moment::Open, limit + 1, bars.open[limit + 1], Reason::Signal),
        false => (Moment::Close, limit, bars.close[limit], Reason::Signal),
    };
    let price = price_of(&Exit { bar, moment, price, reason }, direction, options);
    End { bar: bar as u32, price, bars_in_market: (limit + 1 - first) as u32, ambiguous: false, is_last }
}

/// The price of an exit, with slippage if it pays one.
#[inline(always)]
fn price_of(exit: &Exit, direction: Direction, options: &Options) -> f64 {
    if slips(exit, options) { options.slipped(exit.price, direction, true) } else { exit.price }
}

/// The first bar from `t` on that touches a level, while the levels stand still.
#[inline(always)]
fn calm_blocks<const LONG: bool>(prices: [&[f64]; 3], levels: &Levels, mut t: usize) -> usize {
    let [open, worst, best] = prices;
    let (guard, target) = (levels.nearest::<LONG>(levels.stop), levels.target);
    // A level that is infinitely far on the other side is touched by every price.
    let far = if LONG { f64::INFINITY } else { f64::NEG_INFINITY };
    if guard == -far && target == far {
        return open.len();
    }
    while t + LANES <= open.len() {
        let [open, worst, best] = prices.map(|prices| &prices[t..t + LANES]);
        // Without an early exit, for the vector instructions.
        let mut touched = [false; LANES];
        for i in 0..LANES {
            touched[i] = touches::<LONG>([open[i], worst[i], best[i]], guard, target);
        }
        if touched != [false; LANES] {
            break;
        }
        t += LANES;
    }
    while t < open.len() && !touches::<LONG>([open[t], worst[t], best[t]], guard, target) {
        t += 1;
    }
    t
}

/// The first bar from `t` on that touches a level; the stop trails over the bars before it.
#[inline(always)]
fn calm_trail<const LONG: bool>(
    [open, worst, best]: [&[f64]; 3],
    close: &[f64],
    levels: &mut Levels,
    mut t: usize,
    distance: impl Fn(usize) -> f64,
) -> usize {
    let (mut stop, target) = (levels.stop, levels.target);
    while t < open.len() {
        if touches::<LONG>([open[t], worst[t], best[t]], levels.nearest::<LONG>(stop), target) {
            break;
        }
        stop = trailed::<LONG>(stop, close[t], distance(t));
        t += 1;
    }
    levels.trail_to(stop);
    t
}

/// Where a stop trails to at a close; `NaN` moves nothing. Without a branch: whether it moves cannot be foretold.
#[inline(always)]
fn trailed<const LONG: bool>(stop: f64, close: f64, distance: f64) -> f64 {
    match LONG {
        true if close - distance > stop => close - distance,
        false if close + distance < stop => close + distance,
        _ => stop,
    }
}

/// Whether a bar touches the nearer one of stop and liquidation price, or the target.
#[inline(always)]
fn touches<const LONG: bool>([open, worst, best]: [f64; 3], guard: f64, target: f64) -> bool {
    match LONG {
        true => (worst <= guard) | (open <= guard) | (best >= target) | (open >= target),
        false => (worst >= guard) | (open >= guard) | (best <= target) | (open <= target),
    }
}

/// The bar whose close ends the position if nothing inside a bar does before: by an exit column, by time, or as the last.
#[inline(always)]
fn limit<const LONG: bool>(tracer: &Tracer, signal_bar: usize, (entry_bar, first): (usize, usize)) -> usize {
    let max_bars = tracer.signals.max_bars.at(signal_bar);
    let time_bar = match max_bars.is_nan() {
        true => usize::MAX,
        // The cast saturates, and a limit that is not positive is the first bar.
        false => entry_bar.saturating_add(max_bars.ceil() as usize).max(first),
    };
    let flags = if LONG { tracer.signals.exit_long } else { tracer.signals.exit_short };
    first_true(flags, first, time_bar.min(tracer.bars.len() - 1))
}
