//! One position: its levels, its growth, and the rules that move its stop and end it.
//!
//! Long and short are the same code: with `d = +1` or `-1`, "at or beyond the stop" is `d * price <= d * stop`, which is
//! exact because a sign change rounds nothing. A level that does not exist is infinitely far away.

use super::contract::{Flags, Numbers, Signals};
use super::options::{Intrabar, Options, StopFill};
use super::record::{Direction, Reason};
use super::sizing::Entry;

/// An open position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) id: u64,
    pub(super) direction: Direction,
    /// Bar of the entry fill.
    pub(super) entry_bar: usize,
    /// Filled at the close of the entry bar, so that the bar itself is not part of the position's life.
    pub(super) entered_at_close: bool,
    /// Entry price with slippage: the `F` of the contract.
    pub(super) fill: f64,
    /// Equity at the entry: `E0`.
    pub(super) equity: f64,
    /// Quantity, positive.
    pub(super) qty: f64,
    /// `g` as a function of the price.
    pub(super) line: Line,
    /// Where it ends inside a bar.
    pub(super) levels: Levels,
    /// `|F - S|` at the entry; `NaN` without a stop on the losing side.
    pub(super) initial_risk: f64,
    /// Whether trailing has started.
    pub(super) armed: bool,
    /// `trail_arm_r` of the signal bar.
    pub(super) arm_r: f64,
    /// `max_bars` of the signal bar.
    pub(super) max_bars: f64,
    /// Fee per fill as a fraction of notional: `f`.
    fee: f64,
    /// `g` at the last close, 1 before the first.
    pub(super) growth: f64,
}

/// An exit inside a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    /// Level or open, before slippage.
    pub(super) price: f64,
    pub(super) reason: Reason,
    /// Whether the bar touched both levels.
    pub(super) ambiguous: bool,
}

/// The initial stop `S`: the nearer one of distance and price, infinitely far away if there is none.
///
/// The levels are taken as they are. A stop beyond the fill price (after a gap, or from a negative distance) is hit at the
/// first test, as a stop order sent then would be.
#[inline(always)]
pub(super) fn initial_stop(signals: &Signals, signal_bar: usize, direction: Direction, fill: f64) -> f64 {
    let d = direction.sign();
    let distance = fill - d * signals.stop_distance.at(signal_bar);
    let price = signals.stop_price.at(signal_bar);
    // `max` and `min` pass over NaN.
    let nearer = if d > 0.0 { distance.max(price) } else { distance.min(price) };
    if nearer.is_nan() { -d * f64::INFINITY } else { nearer }
}

/// The target `T`: the nearer one of distance and price, infinitely far away if there is none.
#[inline(always)]
fn initial_target(signals: &Signals, signal_bar: usize, direction: Direction, fill: f64) -> f64 {
    let d = direction.sign();
    let distance = fill + d * signals.target_distance.at(signal_bar);
    let price = signals.target_price.at(signal_bar);
    let nearer = if d > 0.0 { distance.min(price) } else { distance.max(price) };
    if nearer.is_nan() { d * f64::INFINITY } else { nearer }
}

/// The price `Q` at which the equity is `m = maintenance_margin` of the notional; infinitely far away if there is none.
///
/// At price `P` the equity is `E0 * ((1 - w*f) + d*w*(P/F - 1))` and the notional `E0 * w * P/F`. Setting the first to `m`
/// times the second and solving for `P` gives
///
/// - long: `Q = F * (w - 1 + w*f) / (w * (1 - m))`, where positive: without debt there is nothing to call;
/// - short: `Q = F * (1 - w*f + w) / (w * (1 + m))`.
#[inline(always)]
fn liquidation_price(entry: &Entry, options: &Options) -> f64 {
    let (w, f, m) = (entry.weight, options.fee(), options.maintenance_margin);
    match entry.direction {
        Direction::Long => {
            let debt = w - 1.0 + w * f;
            if entry.leverage > 1.0 && debt > 0.0 { entry.fill * debt / (w * (1.0 - m)) } else { f64::NEG_INFINITY }
        }
        Direction::Short => entry.fill * (1.0 - w * f + w) / (w * (1.0 + m)),
    }
}

/// The columns of one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sided<'a> {
    pub(super) exit: Flags<'a>,
    pub(super) exit_armed: Flags<'a>,
    pub(super) trail_arm: Flags<'a>,
    pub(super) trail_price: Numbers<'a>,
}

impl<'a> Sided<'a> {
    pub(super) fn of(signals: &Signals<'a>, direction: Direction) -> Self {
        match direction {
            Direction::Long => Sided {
                exit: signals.exit_long,
                exit_armed: signals.exit_armed_long,
                trail_arm: signals.trail_arm_long,
                trail_price: signals.trail_price_long,
            },
            Direction::Short => Sided {
                exit: signals.exit_short,
                exit_armed: signals.exit_armed_short,
                trail_arm: signals.trail_arm_short,
                trail_price: signals.trail_price_short,
            },
        }
    }
}

/// `g` as a function of the price: a straight line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// `w * f`: the entry fee as a fraction of the equity.
    pub(super) fee_weight: f64,
    /// `1 - w * f`: the growth right after the entry.
    pub(super) base: f64,
    /// `d * w`: the signed weight.
    pub(super) exposure: f64,
    /// `F`.
    fill: f64,
}

impl Line {
    #[inline(always)]
    pub(super) fn new(direction: Direction, weight: f64, fee: f64, fill: f64) -> Self {
        Line { fee_weight: weight * fee, base: 1.0 - weight * fee, exposure: direction.sign() * weight, fill }
    }

    /// `g` at a close.
    #[inline(always)]
    pub(super) fn at(&self, close: f64) -> f64 {
        self.at_ratio(close / self.fill)
    }

    /// `g` at a close, given the close over the entry price.
    #[inline(always)]
    pub(super) fn at_ratio(&self, ratio: f64) -> f64 {
        self.base + self.exposure * (ratio - 1.0)
    }

    /// `F`.
    #[inline(always)]
    pub(super) fn fill(&self) -> f64 {
        self.fill
    }

    /// `g_exit` at an exit price with slippage.
    #[inline(always)]
    pub(super) fn after_exit(&self, price: f64) -> f64 {
        let ratio = price / self.fill;
        (self.base + self.exposure * (ratio - 1.0)) - self.fee_weight * ratio
    }
}

/// The prices at which a position ends inside a bar; infinitely far away where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    direction: Direction,
    /// `S`: the stop as it stands.
    pub(super) stop: f64,
    /// Whether `S` has been ratcheted.
    trailed: bool,
    /// `T`.
    pub(super) target: f64,
    /// `Q`.
    liquidation: f64,
}

impl Levels {
    #[inline(always)]
    pub(super) fn new(entry: &Entry, signals: &Signals, options: &Options) -> Self {
        let Entry { direction, signal_bar, fill, stop, .. } = *entry;
        Levels {
            direction,
            stop,
            trailed: false,
            target: initial_target(signals, signal_bar, direction, fill),
            liquidation: liquidation_price(entry, options),
        }
    }

    /// The nearer one of stop and liquidation, with the reason of an exit there. The stop counts if they are equal.
    #[inline(always)]
    pub(super) fn guard(&self) -> (f64, Reason) {
        let d = self.direction.sign();
        if d * self.liquidation > d * self.stop {
            (self.liquidation, Reason::Liquidation)
        } else {
            (self.stop, if self.trailed { Reason::TrailingStop } else { Reason::Stop })
        }
    }

    /// The price of [`Levels::guard`], where the direction is known.
    #[inline(always)]
    pub(super) fn nearest<const LONG: bool>(&self) -> f64 {
        match LONG {
            true if self.liquidation > self.stop => self.liquidation,
            false if self.liquidation < self.stop => self.liquidation,
            _ => self.stop,
        }
    }

    /// [`Levels::ratchet`], where the direction is known.
    #[inline(always)]
    pub(super) fn trail<const LONG: bool>(&mut self, level: f64) {
        if (LONG && level > self.stop) || (!LONG && level < self.stop) {
            self.stop = level;
            self.trailed = true;
        }
    }

    /// Step 2 of the contract: whether and where the position ends inside a bar.
    pub(super) fn hit(&self, open: f64, high: f64, low: f64, intrabar: Intrabar) -> Option<Hit> {
        let d = self.direction.sign();
        let (stop, reason) = self.guard();
        let target = self.target;
        let (worst, best) = if d > 0.0 { (low, high) } else { (high, low) };
        if d * open <= d * stop {
            return Some(Hit { price: open, reason, ambiguous: false });
        }
        if d * open >= d * target {
            return Some(Hit { price: open, reason: Reason::Target, ambiguous: false });
        }
        let (stopped, reached) = (d * worst <= d * stop, d * best >= d * target);
        let stop_first = match intrabar {
            Intrabar::StopFirst => true,
            Intrabar::TargetFirst => false,
            Intrabar::NearestOpen => (open - stop).abs() <= (target - open).abs(),
        };
        if stopped && (stop_first || !reached) {
            Some(Hit { price: stop, reason, ambiguous: reached })
        } else if reached {
            Some(Hit { price: target, reason: Reason::Target, ambiguous: stopped })
        } else {
            None
        }
    }

    /// Moves the stop to a level that is nearer than it; `NaN` moves nothing.
    #[inline(always)]
    pub(super) fn ratchet(&mut self, level: f64) {
        let d = self.direction.sign();
        if d * level > d * self.stop {
            self.stop = level;
            self.trailed = true;
        }
    }
}

impl Position {
    /// A position from an accepted entry.
    pub(super) fn new(
        id: u64,
        bar: usize,
        at_close: bool,
        entry: &Entry,
        signals: &Signals,
        options: &Options,
    ) -> Self {
        let Entry { direction, signal_bar, fill, equity, weight, qty, stop, .. } = *entry;
        let (d, f) = (direction.sign(), options.fee());
        let risk = d * (fill - stop);
        let arm_r = signals.trail_arm_r.at(signal_bar);
        // Without any arming rule for this trade, trailing works from the start.
        let must_arm = Sided::of(signals, direction).trail_arm.is_given() || !arm_r.is_nan();
        Position {
            id,
            direction,
            entry_bar: bar,
            entered_at_close: at_close,
            fill,
            equity,
            qty,
            line: Line::new(direction, weight, f, fill),
            levels: Levels::new(entry, signals, options),
            initial_risk: if risk > 0.0 && risk.is_finite() { risk } else { f64::NAN },
            armed: !must_arm,
            arm_r,
            max_bars: signals.max_bars.at(signal_bar),
            fee: f,
            growth: 1.0,
        }
    }

    /// `g` at a close.
    pub(super) fn growth_at(&self, close: f64) -> f64 {
        self.line.at(close)
    }

    /// Step 3 of the contract: the first rule that wants the position out at the close of bar `t`.
    pub(super) fn wants_out(&self, t: usize, close: f64, columns: &Sided, stop_fill: StopFill) -> Option<Reason> {
        let d = self.direction.sign();
        if stop_fill == StopFill::Close {
            let (stop, reason) = self.levels.guard();
            if d * close <= d * stop {
                return Some(reason);
            }
            if d * close >= d * self.levels.target {
                return Some(Reason::Target);
            }
        }
        if columns.exit.at(t) {
            Some(Reason::Signal)
        } else if self.armed && columns.exit_armed.at(t) {
            Some(Reason::ArmedSignal)
        } else if (t - self.entry_bar) as f64 >= self.max_bars {
            Some(Reason::Time)
        } else {
            None
        }
    }

    /// Whether the open profit at a close has reached `trail_arm_r` times the initial risk.
    ///
    /// Both are fractions of the notional, and the profit is net of the entry fee. Without an initial risk: never.
    pub(super) fn reached_arm_r(&self, close: f64) -> bool {
        let profit = self.direction.sign() * (close / self.fill - 1.0) - self.fee;
        profit >= self.arm_r * (self.initial_risk / self.fill)
    }

    /// The end of step 3: arms, then ratchets the stop. The stop counts from the next bar on.
    pub(super) fn trail(&mut self, t: usize, close: f64, columns: &Sided, trail_distance: Numbers) {
        if !self.armed {
            self.armed = columns.trail_arm.at(t) || self.reached_arm_r(close);
        }
        if self.armed {
            self.levels.ratchet(close - self.direction.sign() * trail_distance.at(t));
            self.levels.ratchet(columns.trail_price.at(t));
        }
    }
}
