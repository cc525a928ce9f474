//! The kernel in use: it steps only on bars where something can happen and skips the others in bulk.
//!
//! While flat it jumps to the next bar whose close may decide an entry. Inside a position it finds the next bar that can
//! end it or arm its trail, and adds up the calm bars before it in one tight loop. The bars in between go through
//! [`Machine::step`], the same code as the reference. A skipped bar is summed in the same order as a stepped one, so the
//! bits are the same; a property test compares the two.

use super::contract::{Bars, Flags, Numbers, Signals};
use super::options::{DirectionFilter, Options, StopFill};
use super::position::{Position, Sided};
use super::record::{Direction, Record};
use super::scalar::{Machine, simulate_reference};
use super::summary::{Needs, Summary};
use super::sums::LANES;

/// Bars that a search looks at before the next rule is asked, so that no search runs far beyond the exit.
const WINDOW: usize = 64;

/// Runs a strategy's columns on a series of bars.
///
/// `needs` says which sums the result must hold, `record` what to write down. Nothing is allocated beyond what `record`
/// wants. `options` must have passed [`Options::check`].
///
/// # Panics
/// If the slices of `bars` and `signals` differ in length.
pub fn simulate(bars: &Bars, signals: &Signals, options: &Options, needs: Needs, record: &mut Record) -> Summary {
    if record.equity.is_some() {
        // A curve has a row per bar, so that there is nothing to skip.
        return simulate_reference(bars, signals, options, needs, record);
    }
    let mut machine = Machine::new(bars, signals, options, needs, record);
    let mut t = 0;
    while t < bars.len() {
        if !machine.has_pending() {
            t = if machine.position.is_some() { machine.skip_calm(t) } else { machine.skip_flat(t) };
        }
        if t < bars.len() {
            machine.step(t);
        }
        t += 1;
    }
    machine.finish()
}

impl Machine<'_> {
    /// Skips bars without a position up to the next entry decision; returns the bar to step on.
    fn skip_flat(&mut self, t: usize) -> usize {
        let n = self.bars.len();
        let next = if self.ledger.summary.ruined { n } else { self.next_entry(t) };
        self.ledger.sums.add_flat(t, next - t);
        if next > t {
            self.ledger.drawdown.mark(self.ledger.equity, next - t);
        }
        next
    }

    /// The first bar from `t` on whose close decides an entry; the number of bars if there is none.
    fn next_entry(&self, t: usize) -> usize {
        let n = self.bars.len();
        let filter =
            |wanted: DirectionFilter, flags| if self.options.direction == wanted { Flags::None } else { flags };
        let long = filter(DirectionFilter::Short, self.signals.enter_long);
        let short = filter(DirectionFilter::Long, self.signals.enter_short);
        // In the last bar nothing is decided.
        let end = n - 1;
        let next = match (long, short) {
            (Flags::Bits(long), Flags::Bits(short)) => first_of_two(long, short, t, end),
            _ => first_true(long, t, end).min(first_true(short, t, end)),
        };
        if next < end { next } else { n }
    }

    /// Skips bars on which the open position neither ends nor arms its trail; returns the bar to step on.
    ///
    /// Nothing waits for an open here, and the position was open before bar `t`, so that all skipped bars are interior.
    fn skip_calm(&mut self, t: usize) -> usize {
        let Some(mut position) = self.position.take() else { return t };
        let end = (self.bars.len() - 1).min(time_bar(&position));
        let watch = Watch::new(self, &position);
        let mut from = t;
        while from < end {
            let window_end = end.min(from + WINDOW);
            let next = watch.first_event(&mut position, from, window_end);
            self.add_calm(&mut position, from, next);
            from = next;
            if next < window_end {
                break;
            }
        }
        self.ledger.summary.bars_in_market += from.max(t) - t;
        self.position = Some(position);
        from.max(t)
    }

    /// Adds up the interior bars `from .. to`.
    fn add_calm(&mut self, position: &mut Position, from: usize, to: usize) {
        let kept = self.ledger.summary.kept;
        let closes = self.bars.close;
        if kept == Needs::NONE && from < to {
            position.growth = position.growth_at(closes[to - 1]);
            return;
        }
        let (sums, drawdown) = (&mut self.ledger.sums, &mut self.ledger.drawdown);
        let mut t = from;
        while t < to {
            if !t.is_multiple_of(LANES) || t + LANES > to {
                let growth = position.growth_at(closes[t]);
                sums.add_interior(t, growth, position.growth);
                if kept.drawdown {
                    drawdown.mark(position.equity * growth, 1);
                }
                position.growth = growth;
                t += 1;
                continue;
            }
            let mut growth = [0.0; LANES];
            for (g, &close) in growth.iter_mut().zip(&closes[t..t + LANES]) {
                *g = position.growth_at(close);
            }
            if kept.moments || kept.downside {
                sums.add_interior_block(&growth, position.growth, kept.downside);
            }
            if kept.mean_equity {
                sums.add_growth_block(&growth);
            }
            if kept.drawdown {
                let equity = growth.map(|g| position.equity * g);
                if equity.iter().all(|&e| e < drawdown.peak) {
                    drawdown.mark_below(equity.iter().copied().fold(f64::INFINITY, f64::min), LANES);
                } else {
                    for e in equity {
                        drawdown.mark(e, 1);
                    }
                }
            }
            position.growth = growth[LANES - 1];
            t += LANES;
        }
    }
}

/// The first bar at which `max_bars` have passed.
fn time_bar(position: &Position) -> usize {
    if position.max_bars.is_nan() {
        return usize::MAX;
    }
    // The cast saturates, and a negative or zero `max_bars` is the entry bar.
    position.entry_bar.saturating_add(position.max_bars.ceil() as usize)
}

/// What to watch while a position is open, looked up once per position.
struct Watch<'a> {
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
    fn new(machine: &Machine<'a>, position: &Position) -> Self {
        let Bars { open, high, low, close, .. } = *machine.bars;
        let (open, worst, best) = match (machine.options.stop_fill, position.direction) {
            (StopFill::Intrabar, Direction::Long) => (open, low, high),
            (StopFill::Intrabar, Direction::Short) => (open, high, low),
            (StopFill::Close, _) => (close, close, close),
        };
        let columns = Sided::of(machine.signals, position.direction);
        let trail_distance = machine.signals.trail_distance;
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
    fn first_event(&self, position: &mut Position, from: usize, end: usize) -> usize {
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
        let (stop, target) = (position.guard().0, position.target);
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
            let (stop, target) = (position.guard().0, position.target);
            let stopped = (d * self.worst[t] <= d * stop) | (d * self.open[t] <= d * stop);
            let reached = (d * self.best[t] >= d * target) | (d * self.open[t] >= d * target);
            if stopped | reached | (d * self.close[t] <= d * self.danger) {
                return t;
            }
            position.ratchet(self.close[t] - d * self.trail_distance.at(t));
            position.ratchet(self.columns.trail_price.at(t));
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
    let exhausted = position.fill * (1.0 - position.base / position.exposure);
    let danger = exhausted + d * 0.01 * position.fill;
    if position.equity * position.growth_at(danger) > 0.0 { danger } else { d * f64::INFINITY }
}

/// The first `t` in `from .. end` that holds, or `end`.
fn first_where(from: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    (from..end).find(|&t| holds(t)).unwrap_or(end)
}

/// The first true flag in `from .. end`, or `end`.
fn first_true(flags: Flags, from: usize, end: usize) -> usize {
    match flags {
        Flags::Bits(bits) => first_of_two(bits, bits, from, end),
        Flags::Const(true) => from.min(end),
        Flags::None | Flags::Const(false) => end,
    }
}

/// The first bar in `from .. end` at which either flag is true, or `end`.
fn first_of_two(a: &[bool], b: &[bool], from: usize, end: usize) -> usize {
    const BLOCK: usize = 32;
    let mut t = from;
    while t + BLOCK <= end {
        let any = a[t..t + BLOCK].iter().zip(&b[t..t + BLOCK]).fold(false, |any, (a, b)| any | a | b);
        if any {
            break;
        }
        t += BLOCK;
    }
    first_where(t, end, |t| a[t] | b[t])
}
