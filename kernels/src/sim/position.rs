//! One position: its levels, its growth, and the rules that move its stop and end it.
//!
//! Long and short are the same code: with `d = +1` or `-1`, "at or beyond the stop" is `d * price <= d * stop`, which is
//! exact because a sign change rounds nothing. A level that does not exist is infinitely far away.

use super::contract::{Bars, Flags, Numbers, Signals};
use super::options::{Intrabar, Liquidation, Margin, Options, StopFill, on_tick};
use super::record::{Direction, Reason};
use super::sizing::{Entry, Purse};

/// When in a bar a position was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    Open,
    Inside,
    Close,
}

/// An open position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) id: u64,
    pub(super) direction: Direction,
    /// Bar of the entry fill.
    pub(super) entry_bar: usize,
    /// When in that bar it was filled. After a fill at the close the bar itself is not part of the position's life.
    pub(super) entered: Moment,
    /// Bar and moment of the last fill.
    pub(super) last_fill: (usize, Moment),
    /// Price of the first fill, with slippage.
    pub(super) entry_fill: f64,
    /// Equity at the entry: `E0`.
    pub(super) equity: f64,
    /// Quantity, positive.
    pub(super) qty: f64,
    /// `w`: what was paid for the quantity, over `E0`.
    pub(super) weight: f64,
    /// `g` as a function of the price.
    pub(super) line: Line,
    /// Where it ends inside a bar.
    pub(super) levels: Levels,
    /// Why it was opened.
    pub(super) reason: Reason,
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
    /// Largest leverage of its fills.
    leverage: f64,
    /// Margin of what is open, over `E0`.
    pub(super) margin: f64,
    /// Entry fees of what is open, over `E0`.
    pub(super) open_fees: f64,
    /// Funding and borrow cost of what is open, over `E0`.
    pub(super) holding_cost: f64,
    /// Profit in trades that are written down already, quote currency.
    pub(super) booked: f64,
    /// Number of adds.
    pub(super) adds: u32,
    /// Whether a part was closed by `scale_out`.
    pub(super) scaled_out: bool,
    /// Its fills, if it was added to and they are kept apart.
    pub(super) lots: Vec<Lot>,
}

/// One fill of a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lot {
    pub(super) bar: usize,
    pub(super) moment: Moment,
    pub(super) fill: f64,
    pub(super) qty: f64,
    pub(super) weight: f64,
    /// Entry fee of what is open of it, over `E0`.
    pub(super) fee: f64,
    pub(super) initial_risk: f64,
    pub(super) reason: Reason,
}

/// An exit inside a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    /// Level or open, before slippage.
    pub(super) price: f64,
    pub(super) reason: Reason,
    /// Whether the bar, or the finer bar that decided, touched both levels.
    pub(super) ambiguous: bool,
    /// Whether finer bars were asked and did not decide.
    pub(super) undetailed: bool,
}

/// The nearer one of a stop distance and a stop price, infinitely far away if there is none.
///
/// The levels are taken as they are. A stop beyond the fill price (after a gap, or from a negative distance) is hit at the
/// first test, as a stop order sent then would be.
#[inline(always)]
pub(super) fn nearest_stop(distance: f64, price: f64, direction: Direction, fill: f64) -> f64 {
    let d = direction.sign();
    let distance = fill - d * distance;
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

/// The price `Q` at which what stands behind the position is `m = maintenance_margin` of its notional; infinitely far away if
/// there is none.
///
/// At price `P` the equity is `E0 * (base + d*w*(P/F - 1))` and the notional `E0 * w * P/F`. Setting the first to `m` times
/// the second and solving for `P` gives
///
/// - long: `Q = F * (w - base) / (w * (1 - m))`, where positive: without debt there is nothing to call;
/// - short: `Q = F * (base + w) / (w * (1 + m))`.
///
/// With isolated margin the margin of the position stands in the place of `base`.
#[inline(always)]
fn liquidation_price(line: &Line, (weight, margin): (f64, f64), leverage: f64, options: &Options) -> f64 {
    if options.liquidation == Liquidation::Off {
        return -line.exposure.signum() * f64::INFINITY;
    }
    let m = options.maintenance_margin;
    let behind = match options.margin {
        Margin::Cross => line.base,
        Margin::Isolated => margin,
    };
    if line.exposure > 0.0 {
        let debt = weight - behind;
        if leverage > 1.0 && debt > 0.0 { line.fill * debt / (weight * (1.0 - m)) } else { f64::NEG_INFINITY }
    } else {
        line.fill * (behind + weight) / (weight * (1.0 + m))
    }
}

/// The columns of one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sided<'a> {
    pub(super) exit: Flags<'a>,
    pub(super) exit_armed: Flags<'a>,
    pub(super) trail_arm: Flags<'a>,
    pub(super) trail_price: Numbers<'a>,
    pub(super) scale_out: Flags<'a>,
    pub(super) add: Flags<'a>,
    pub(super) add_again: Flags<'a>,
}

impl<'a> Sided<'a> {
    pub(super) fn of(signals: &Signals<'a>, direction: Direction) -> Self {
        match direction {
            Direction::Long => Sided {
                exit: signals.exit_long,
                exit_armed: signals.exit_armed_long,
                trail_arm: signals.trail_arm_long,
                trail_price: signals.trail_price_long,
                scale_out: signals.scale_out_long,
                add: signals.add_long,
                add_again: if signals.add_again_long.is_given() { signals.add_again_long } else { signals.add_long },
            },
            Direction::Short => Sided {
                exit: signals.exit_short,
                exit_armed: signals.exit_armed_short,
                trail_arm: signals.trail_arm_short,
                trail_price: signals.trail_price_short,
                scale_out: signals.scale_out_short,
                add: signals.add_short,
                add_again: if signals.add_again_short.is_given() { signals.add_again_short } else { signals.add_short },
            },
        }
    }
}

/// `g` as a function of the price: a straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// `w * f`: the fee of the quantity at its entry price, over `E0`.
    pub(super) fee_weight: f64,
    /// The balance over `E0`: 1 less the fees and costs, and what partial exits realised; `1 - w * f` right after the entry.
    pub(super) base: f64,
    /// `d * w`: the signed weight.
    pub(super) exposure: f64,
    /// `F`: the average entry price.
    fill: f64,
}

impl Line {
    #[inline(always)]
    pub(super) fn new(direction: Direction, weight: f64, fee: f64, fill: f64) -> Self {
        Line { fee_weight: weight * fee, base: 1.0 - weight * fee, exposure: direction.sign() * weight, fill }
    }

    /// The line of an accepted entry.
    pub(super) fn of(entry: &Entry, fee: f64) -> Self {
        let Entry { direction, weight, fill, .. } = *entry;
        Line { fee_weight: weight * fee, base: 1.0 - entry.fee, exposure: direction.sign() * weight, fill }
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
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Levels are multiples of this; 0 = no rounding.
    tick_size: f64,
}

impl Levels {
    #[inline(always)]
    pub(super) fn new(entry: &Entry, signals: &Signals, options: &Options) -> Self {
        let Entry { direction, signal_bar, fill, stop, weight, leverage, .. } = *entry;
        let line = Line::of(entry, options.fee());
        let target = initial_target(signals, signal_bar, direction, fill);
        Levels {
            direction,
            stop,
            trailed: false,
            target: options.on_tick(target, direction == Direction::Long),
            liquidation: liquidation_price(&line, (weight, weight / leverage), leverage, options),
            tick_size: options.tick_size,
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

    /// The price of [`Levels::guard`] with another stop, where the direction is known.
    #[inline(always)]
    pub(super) fn nearest<const LONG: bool>(&self, stop: f64) -> f64 {
        let is_nearer = if LONG { self.liquidation > stop } else { self.liquidation < stop };
        if is_nearer { self.liquidation } else { stop }
    }

    /// Whether levels are rounded.
    #[inline(always)]
    pub(super) fn is_on_ticks(&self) -> bool {
        self.tick_size != 0.0
    }

    /// [`Levels::ratchet`], where the direction is known and levels are not rounded.
    #[inline(always)]
    pub(super) fn trail<const LONG: bool>(&mut self, level: f64) {
        if (LONG && level > self.stop) || (!LONG && level < self.stop) {
            self.stop = level;
            self.trailed = true;
        }
    }

    /// Moves the stop to where it has trailed to.
    pub(super) fn trail_to(&mut self, stop: f64) {
        self.trailed |= stop != self.stop;
        self.stop = stop;
    }

    /// Step 2 of the contract: whether and where the position ends inside a bar.
    pub(super) fn hit(&self, open: f64, high: f64, low: f64, intrabar: Intrabar) -> Option<Hit> {
        let d = self.direction.sign();
        let (stop, reason) = self.guard();
        let target = self.target;
        let (worst, best) = if d > 0.0 { (low, high) } else { (high, low) };
        if d * open <= d * stop {
            return Some(Hit { price: open, reason, ambiguous: false, undetailed: false });
        }
        if d * open >= d * target && intrabar != Intrabar::StopAlways {
            return Some(Hit { price: open, reason: Reason::Target, ambiguous: false, undetailed: false });
        }
        let (stopped, reached) = (d * worst <= d * stop, d * best >= d * target);
        let stop_first = match intrabar {
            Intrabar::StopFirst | Intrabar::StopAlways => true,
            Intrabar::TargetFirst => false,
            Intrabar::NearestOpen => (open - stop).abs() <= (target - open).abs(),
        };
        if stopped && (stop_first || !reached) {
            Some(Hit { price: stop, reason, ambiguous: reached, undetailed: false })
        } else if reached {
            // A bar that opens beyond the target fills it at the open.
            let price = if d * open >= d * target { open } else { target };
            Some(Hit { price, reason: Reason::Target, ambiguous: stopped, undetailed: false })
        } else {
            None
        }
    }

    /// [`Levels::hit`] in bar `t`, decided by its finer bars where there are some.
    pub(super) fn hit_in(&self, bars: &Bars, t: usize, intrabar: Intrabar) -> Option<Hit> {
        let coarse = self.hit(bars.open[t], bars.high[t], bars.low[t], intrabar)?;
        let Some(detail) = &bars.detail else { return Some(coarse) };
        let fine = detail.inside(t).find_map(|[open, high, low]| self.hit(open, high, low, intrabar));
        fine.or(Some(Hit { undetailed: true, ..coarse }))
    }

    /// [`Levels::hit_in`] in the bar inside which a limit entry was filled at `price`.
    ///
    /// What the bar did before the fill is not the position's. Finer bars count from the first that reached the price. In the
    /// bar that did, only the stop is tested, because the price passed the limit on its way there, while a target may have been
    /// touched before the fill.
    /// A level that the fill has passed already is hit at once, at the price of the fill.
    pub(super) fn hit_after(&self, bars: &Bars, t: usize, price: f64, options: &Options) -> Option<Hit> {
        let (d, intrabar) = (self.direction.sign(), options.intrabar);
        let is_stopped = |[_, high, low]: [f64; 3]| {
            let (stop, reason) = self.guard();
            let worst = if d > 0.0 { low } else { high };
            let price = if d * stop > d * price { price } else { stop };
            (d * worst <= d * price).then_some(Hit { price, reason, ambiguous: false, undetailed: false })
        };
        let coarse = || is_stopped([bars.open[t], bars.high[t], bars.low[t]]);
        let Some(detail) = &bars.detail else { return coarse() };
        let reaches =
            |[_, high, low]: &[f64; 3]| options.limit_fill.reaches(d, if d > 0.0 { *low } else { *high }, price);
        let mut fine = detail.inside(t).skip_while(|bar| !reaches(bar));
        match fine.next() {
            Some(first) => is_stopped(first).or_else(|| fine.find_map(|[o, h, l]| self.hit(o, h, l, intrabar))),
            None => coarse().map(|hit| Hit { undetailed: true, ..hit }),
        }
    }

    /// Moves the stop to a level that is nearer than it; `NaN` moves nothing.
    #[inline(always)]
    pub(super) fn ratchet(&mut self, level: f64) {
        let level = on_tick(level, self.tick_size, self.direction == Direction::Short);
        let d = self.direction.sign();
        if d * level > d * self.stop {
            self.stop = level;
            self.trailed = true;
        }
    }

    /// Takes over the stop of an add, if it is nearer.
    fn take_stop(&mut self, stop: f64) {
        let d = self.direction.sign();
        if d * stop > d * self.stop {
            self.stop = stop;
            self.trailed = false;
        }
    }
}

impl Position {
    /// A position from an accepted entry.
    pub(super) fn new(
        id: u64,
        (bar, entered): (usize, Moment),
        entry: &Entry,
        signals: &Signals,
        options: &Options,
    ) -> Self {
        let Entry { direction, signal_bar, fill, equity, weight, qty, stop, leverage, .. } = *entry;
        let arm_r = signals.trail_arm_r.at(signal_bar);
        // Without any arming rule for this trade, trailing works from the start.
        let must_arm = Sided::of(signals, direction).trail_arm.is_given() || !arm_r.is_nan();
        Position {
            id,
            direction,
            entry_bar: bar,
            entered,
            last_fill: (bar, entered),
            entry_fill: fill,
            equity,
            qty,
            weight,
            line: Line::of(entry, options.fee()),
            levels: Levels::new(entry, signals, options),
            reason: entry.reason,
            initial_risk: risk_of(direction, fill, stop),
            armed: !must_arm,
            arm_r,
            max_bars: signals.max_bars.at(signal_bar),
            fee: options.fee(),
            growth: 1.0,
            leverage,
            margin: weight / leverage,
            open_fees: entry.fee,
            holding_cost: 0.0,
            booked: 0.0,
            adds: 0,
            scaled_out: false,
            lots: vec![],
        }
    }

    /// What an add is paid from.
    pub(super) fn purse(&self) -> Purse {
        Purse { equity: self.equity, balance: self.line.base, margin: self.margin }
    }

    /// Takes in an accepted add. The entry price is averaged by quantity.
    pub(super) fn add(&mut self, filled: (usize, Moment), entry: &Entry, options: &Options) {
        self.last_fill = filled;
        let weight = self.weight + entry.weight;
        let units = self.weight / self.line.fill + entry.weight / entry.fill;
        self.line = Line {
            fee_weight: weight * self.fee,
            base: self.line.base - entry.fee,
            exposure: self.direction.sign() * weight,
            fill: weight / units,
        };
        self.weight = weight;
        self.qty += entry.qty;
        self.leverage = self.leverage.max(entry.leverage);
        self.margin += entry.weight / entry.leverage;
        self.open_fees += entry.fee;
        self.levels.take_stop(entry.stop);
        self.move_liquidation(options);
    }

    /// Gives away a part of the quantity at a price with slippage, for a fee as a fraction of `E0`.
    pub(super) fn reduce(&mut self, part: f64, price: f64, fee: f64, options: &Options) {
        let gain = part * (self.line.exposure * (price / self.line.fill - 1.0));
        self.line.base += gain - fee;
        let rest = 1.0 - part;
        self.line.exposure *= rest;
        self.line.fee_weight *= rest;
        for share in [&mut self.weight, &mut self.qty, &mut self.margin, &mut self.open_fees, &mut self.holding_cost] {
            *share *= rest;
        }
        for lot in &mut self.lots {
            for share in [&mut lot.qty, &mut lot.weight, &mut lot.fee] {
                *share *= rest;
            }
        }
        self.move_liquidation(options);
    }

    /// Pays a cost of holding: a rate of the notional at a price.
    pub(super) fn pay(&mut self, rate: f64, price: f64, options: &Options) {
        let cost = rate * (self.weight * (price / self.line.fill));
        self.line.base -= cost;
        self.holding_cost += cost;
        self.move_liquidation(options);
    }

    fn move_liquidation(&mut self, options: &Options) {
        self.levels.liquidation = liquidation_price(&self.line, (self.weight, self.margin), self.leverage, options);
    }

    /// `g` after leaving with everything at a price with slippage.
    pub(super) fn after_exit(&self, price: f64, is_limit: bool, options: &Options) -> f64 {
        match options.has_plain_fees() {
            true => self.line.after_exit(price),
            false => self.line.at(price) - options.fee_of(self.qty, price, is_limit) / self.equity,
        }
    }

    /// Its fills as one, at their average price.
    pub(super) fn average(&self) -> Lot {
        Lot {
            bar: self.entry_bar,
            moment: self.entered,
            fill: self.line.fill,
            qty: self.qty,
            weight: self.weight,
            fee: self.open_fees,
            initial_risk: self.initial_risk,
            reason: self.reason,
        }
    }

    /// Whether it has one fill, all of which is open.
    pub(super) fn is_whole(&self) -> bool {
        self.adds == 0 && self.lots.is_empty() && self.booked == 0.0
    }

    /// `g` at a close.
    pub(super) fn growth_at(&self, close: f64) -> f64 {
        self.line.at(close)
    }

    /// Step 3 of the contract: the first rule that wants the position out at the close of bar `t`.
    ///
    /// `exit` is what the exit column of its direction says.
    pub(super) fn wants_out(
        &self,
        t: usize,
        close: f64,
        exit: bool,
        columns: &Sided,
        stop_fill: StopFill,
    ) -> Option<Reason> {
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
        if exit {
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
        let profit = self.direction.sign() * (close / self.entry_fill - 1.0) - self.fee;
        profit >= self.arm_r * (self.initial_risk / self.entry_fill)
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

/// `|F - S|` of a stop on the losing side, otherwise `NaN`.
pub(super) fn risk_of(direction: Direction, fill: f64, stop: f64) -> f64 {
    let risk = direction.sign() * (fill - stop);
    if risk > 0.0 && risk.is_finite() { risk } else { f64::NAN }
}
