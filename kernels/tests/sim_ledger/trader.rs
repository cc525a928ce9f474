//! The rules of a bar: what is executed, tested and decided, in this order.

use threadx_kernels::sim::{
    Bars, Direction, DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, Intrabar, LimitFill,
    OnOpposite, Options, Reason, Rebalance, Reentry, Ruin, Signals, StopFill,
};

use crate::account::{Account, At};
use crate::orders::{Rest, Role, Ticket, Waiting};

/// What a close decides.
#[derive(Debug, Clone, Copy)]
pub enum Decision {
    Leave(Reason),
    ScaleOut(f64),
    Enter(Ticket),
    Add(Ticket),
    Aim(Ticket),
}

/// What a position is watched for. A level that is missing is `NaN`, which no price reaches.
#[derive(Debug, Clone, Copy)]
pub struct Levels {
    pub entry_bar: usize,
    pub stop: f64,
    pub has_trailed: bool,
    pub target: f64,
    pub is_armed: bool,
    pub arm_r: f64,
    pub entry_price: f64,
    /// From the entry price to the initial stop.
    pub risk: f64,
    pub max_bars: f64,
    pub has_scaled_out: bool,
    pub adds: usize,
}

/// A run over all bars.
pub struct Trader<'a> {
    pub bars: &'a Bars<'a>,
    pub signals: &'a Signals<'a>,
    pub options: &'a Options,
    pub account: Account<'a>,
    /// Of the open position.
    pub levels: Option<Levels>,
    pub plan: Vec<Decision>,
    pub waiting: Option<Waiting>,
    pub rest: Option<Rest>,
    /// Why the position is being left, while an exit that was filled in part goes on.
    pub leaving: Option<Reason>,
    /// Whether a level was hit inside this bar.
    pub was_hit: bool,
    /// Volume that this bar has left.
    pub volume: f64,
    due_target: f64,
    pub equity: Vec<f64>,
    pub net_qty: Vec<f64>,
    pub ambiguous: usize,
    pub undetailed: usize,
    pub bars_in_market: usize,
}

impl<'a> Trader<'a> {
    pub fn run(bars: &'a Bars<'a>, signals: &'a Signals<'a>, options: &'a Options) -> Self {
        let mut trader = Trader {
            bars,
            signals,
            options,
            account: Account::new(options),
            levels: None,
            plan: vec![],
            waiting: None,
            rest: None,
            leaving: None,
            was_hit: false,
            volume: f64::INFINITY,
            due_target: 0.0,
            equity: vec![],
            net_qty: vec![],
            ambiguous: 0,
            undetailed: 0,
            bars_in_market: 0,
        };
        for t in 0..bars.len() {
            if !trader.account.is_ruined {
                trader.bar(t);
            }
            let account = &trader.account;
            trader.equity.push(account.equity(bars.close[t]));
            trader.net_qty.push(account.holding.as_ref().map_or(0.0, |held| held.sign() * held.qty()));
        }
        trader
    }

    fn bar(&mut self, t: usize) {
        if self.options.max_volume_share > 0.0 && !self.bars.volume.is_empty() {
            self.volume = self.options.max_volume_share * self.bars.volume[t];
        }
        self.was_hit = false;
        self.at_open(t);
        let was_open = self.levels.is_some();
        if !self.account.is_ruined || self.waiting.is_some() {
            self.inside(t);
        }
        self.bars_in_market += usize::from(was_open || self.was_hit || self.levels.is_some());
        if !self.account.is_ruined {
            self.at_close(t);
        } else if let Some(waiting) = self.waiting {
            self.expire_now(t, waiting, Reason::LimitNotReached);
        }
    }

    fn is_last(&self, t: usize) -> bool {
        t + 1 == self.bars.len()
    }

    pub fn reaches(&self, waiting: Waiting, price: f64) -> bool {
        let d = waiting.ticket.direction.sign();
        match self.options.limit_fill {
            LimitFill::Touch => d * price <= d * waiting.price,
            LimitFill::Through => d * price < d * waiting.price,
        }
    }

    fn decide(&mut self, t: usize, decision: Decision) {
        match self.options.fill {
            Fill::Close => self.execute(t, self.bars.close[t], decision),
            Fill::NextOpen | Fill::PrevClose => self.plan.push(decision),
        }
    }

    fn execute(&mut self, t: usize, price: f64, decision: Decision) {
        match decision {
            Decision::Leave(reason) => self.leave(t, price, reason),
            Decision::ScaleOut(part) => self.scale_out(t, price, part),
            Decision::Enter(ticket) | Decision::Add(ticket) => self.enter(t, price, ticket),
            Decision::Aim(ticket) => self.aim(t, price, ticket),
        }
    }

    /// Step 1.
    fn at_open(&mut self, t: usize) {
        let price = self.bars.open[t];
        if let Some(rate) = self.bars.funding.at_open.get(t) {
            self.account.pay_funding(*rate, price);
        }
        if let Some(reason) = self.leaving {
            self.leave(t, price, reason);
        }
        let (stamp, deal_price) = match self.options.fill {
            Fill::PrevClose if t > 0 => (t - 1, self.bars.close[t - 1]),
            _ => (t, price),
        };
        let plan = std::mem::take(&mut self.plan);
        let (exits, entries): (Vec<_>, Vec<_>) =
            plan.into_iter().partition(|decision| matches!(decision, Decision::Leave(_) | Decision::ScaleOut(_)));
        for decision in exits {
            self.execute(stamp, deal_price, decision);
        }
        self.fill_rest(t, price);
        for decision in entries {
            self.execute(stamp, deal_price, decision);
        }
        if let Some(waiting) = self.waiting
            && self.levels.is_none()
            && self.reaches(waiting, price)
        {
            self.waiting = None;
            self.enter_at(waiting.ticket, At { bar: t, price, reason: waiting.ticket.reason, is_limit: true });
        }
    }

    /// Step 2.
    fn inside(&mut self, t: usize) {
        let bars = self.bars;
        if let Some(detail) = &bars.detail {
            let was_open = self.levels.is_some();
            for bar in detail.inside(t) {
                self.test(t, bar);
                if self.was_hit {
                    return;
                }
            }
            if self.levels.is_some() && !was_open {
                return;
            }
        }
        self.test(t, [bars.open[t], bars.high[t], bars.low[t]]);
        self.undetailed += usize::from(self.was_hit && bars.detail.is_some());
    }

    fn test(&mut self, t: usize, bar: [f64; 3]) {
        if self.waiting.is_some() && self.levels.is_none() {
            self.fill_waiting_inside(t, bar);
        } else if self.options.stop_fill == StopFill::Intrabar
            && let Some((price, reason)) = self.touched(bar)
        {
            self.leave_inside(t, price, reason);
        }
    }

    /// The level that a bar touches first, and the price there.
    fn touched(&mut self, [open, high, low]: [f64; 3]) -> Option<(f64, Reason)> {
        let d = self.account.holding.as_ref()?.sign();
        let (worst, best) = if d > 0.0 { (low, high) } else { (high, low) };
        let (stop, reason) = self.nearest_stop().unwrap_or((f64::NAN, Reason::Stop));
        let target = self.levels?.target;
        if d * open <= d * stop {
            return Some((open, reason));
        }
        let (is_stopped, is_won) = (d * worst <= d * stop, d * best >= d * target);
        let is_stop_first = self.options.intrabar == Intrabar::StopAlways && is_stopped;
        if d * open >= d * target && !is_stop_first {
            return Some((open, Reason::Target));
        }
        self.ambiguous += usize::from(is_stopped && is_won);
        let is_target_first = match self.options.intrabar {
            Intrabar::StopFirst | Intrabar::StopAlways => false,
            Intrabar::TargetFirst => true,
            Intrabar::NearestOpen => (target - open).abs() < (open - stop).abs(),
        };
        if is_won && (is_target_first || !is_stopped) {
            return Some((target, Reason::Target));
        }
        is_stopped.then_some((stop, reason))
    }

    /// The nearer one of the stop and the liquidation price.
    pub fn nearest_stop(&self) -> Option<(f64, Reason)> {
        let (levels, d) = (self.levels?, self.account.holding.as_ref()?.sign());
        let stop = (levels.stop, if levels.has_trailed { Reason::TrailingStop } else { Reason::Stop });
        match self.account.liquidation() {
            Some(price) if levels.stop.is_nan() || d * price > d * levels.stop => Some((price, Reason::Liquidation)),
            _ => (!levels.stop.is_nan()).then_some(stop),
        }
    }

    /// Steps 3 to 5.
    fn at_close(&mut self, t: usize) {
        let price = self.bars.close[t];
        if let Some(rate) = self.bars.funding.inside.get(t) {
            self.account.pay_funding(*rate, price);
        }
        self.account.pay_borrow(price);
        let goes_on = self.options.fill == Fill::Close && self.options.final_close == FinalClose::None;
        if !self.is_last(t) || goes_on {
            self.expire(t);
            let was_leaving = self.leaving.is_some();
            let exit = if was_leaving { None } else { self.decide_exit(t) };
            let is_free = self.levels.is_none() || was_leaving || exit.is_some();
            let is_too_soon = match self.options.reentry {
                Reentry::SameBar => false,
                Reentry::NextBar => exit.is_some() || self.was_hit,
                Reentry::NotAfterStop => self.was_hit,
            };
            if self.account.is_ruined {
                // No more trading.
            } else if self.signals.position.is_given() {
                self.decide_target(t);
            } else if is_free && !is_too_soon && self.waiting.is_none() && (self.rest.is_none() || was_leaving) {
                self.decide_entry(t, exit);
            }
        }
        self.mark(t);
    }

    /// Takes a waiting limit order back if it is no longer wanted or has waited long enough.
    fn expire(&mut self, t: usize) {
        let Some(waiting) = self.waiting else { return };
        let (_, is_unwanted) = self.raw_wishes(t, waiting.ticket.direction);
        if is_unwanted || t >= waiting.until {
            let reason = if is_unwanted { Reason::Signal } else { Reason::LimitNotReached };
            self.expire_now(t, waiting, reason);
        }
    }

    fn expire_now(&mut self, t: usize, Waiting { ticket, price, .. }: Waiting, reason: Reason) {
        self.waiting = None;
        self.take_back(ticket, f64::NAN, At { bar: t, price, reason, is_limit: true });
    }

    fn wants_out(&self, t: usize, direction: Direction) -> bool {
        let (wants_in, wants_out) = self.raw_wishes(t, direction);
        let is_dropped =
            matches!(self.options.entry_exit_conflict, EntryExitConflict::Ignore | EntryExitConflict::Entry);
        wants_out && !(wants_in && is_dropped)
    }

    fn wants_in(&self, t: usize, direction: Direction) -> bool {
        let (wants_in, wants_out) = self.raw_wishes(t, direction);
        let is_dropped =
            matches!(self.options.entry_exit_conflict, EntryExitConflict::Ignore | EntryExitConflict::Exit);
        wants_in && !(wants_out && is_dropped)
    }

    /// The enter and the exit column of a direction.
    fn raw_wishes(&self, t: usize, direction: Direction) -> (bool, bool) {
        let s = self.signals;
        match direction {
            Direction::Long => (s.enter_long.at(t), s.exit_long.at(t)),
            Direction::Short => (s.enter_short.at(t), s.exit_short.at(t)),
        }
    }

    /// The directions that are wanted, the first one first.
    fn wanted(&self, t: usize) -> Vec<Direction> {
        let both = [Direction::Long, Direction::Short];
        let wanted: Vec<_> = both.into_iter().filter(|direction| self.wants_in(t, *direction)).collect();
        if wanted.len() < 2 {
            return wanted;
        }
        match (self.options.direction, self.options.direction_conflict) {
            (DirectionFilter::Long, _) | (DirectionFilter::Both, DirectionConflict::Long) => vec![Direction::Long],
            (DirectionFilter::Short, _) | (DirectionFilter::Both, DirectionConflict::Short) => vec![Direction::Short],
            (DirectionFilter::Both, DirectionConflict::Ignore) => vec![],
        }
    }

    fn decide_exit(&mut self, t: usize) -> Option<Reason> {
        let levels = self.levels?;
        let part = self.scale_out_part(t, levels);
        let exit = self.exit_reason(t, levels).or((part >= 1.0).then_some(Reason::ScaleOut));
        if let Some(reason) = exit {
            self.drop_rest(t);
            self.decide(t, Decision::Leave(reason));
            return exit;
        }
        if part > 0.0 {
            self.decide(t, Decision::ScaleOut(part));
        }
        if let Some(ticket) = self.wanted_add(t, levels) {
            self.decide(t, Decision::Add(ticket));
        }
        self.trail(t);
        None
    }

    fn exit_reason(&self, t: usize, levels: Levels) -> Option<Reason> {
        let (s, held) = (self.signals, self.account.holding.as_ref()?);
        let (d, price) = (held.sign(), self.bars.close[t]);
        if self.options.stop_fill == StopFill::Close {
            match self.nearest_stop() {
                Some((stop, reason)) if d * price <= d * stop => return Some(reason),
                _ if d * price >= d * levels.target => return Some(Reason::Target),
                _ => {}
            }
        }
        let armed = if held.direction == Direction::Long { s.exit_armed_long } else { s.exit_armed_short };
        let is_opposed = self.wanted(t).iter().any(|direction| *direction != held.direction);
        let rules = [
            (self.wants_out(t, held.direction), Reason::Signal),
            (levels.is_armed && armed.at(t), Reason::ArmedSignal),
            ((t - levels.entry_bar) as f64 >= levels.max_bars, Reason::Time),
            (self.options.on_opposite != OnOpposite::Ignore && is_opposed, Reason::Opposite),
        ];
        rules.iter().find(|(holds, _)| *holds).map(|(_, reason)| *reason)
    }

    /// The part to scale out, 0 = none.
    fn scale_out_part(&self, t: usize, levels: Levels) -> f64 {
        let s = self.signals;
        let column = match self.account.holding.as_ref().map(|held| held.direction) {
            Some(Direction::Short) => s.scale_out_short,
            _ => s.scale_out_long,
        };
        // `max` takes the other one where the number is missing.
        if column.at(t) && !levels.has_scaled_out { s.scale_out_fraction.at(t).max(0.0) } else { 0.0 }
    }

    fn wanted_add(&self, t: usize, levels: Levels) -> Option<Ticket> {
        let s = self.signals;
        let direction = self.account.holding.as_ref()?.direction;
        let (first, again) = match direction {
            Direction::Long => (s.add_long, s.add_again_long),
            Direction::Short => (s.add_short, s.add_again_short),
        };
        let column = if levels.adds > 0 && again.is_given() { again } else { first };
        let most = if s.max_adds.is_given() { s.max_adds.at(t) } else { 1.0 };
        let is_wanted = column.at(t) && (levels.adds as f64) < most && self.rest.is_none();
        is_wanted.then_some(Ticket { direction, signal: t, reason: Reason::Add, role: Role::Add })
    }

    fn trail(&mut self, t: usize) {
        let (Some(held), Some(levels)) = (&self.account.holding, &mut self.levels) else { return };
        let (s, d, price) = (self.signals, held.sign(), self.bars.close[t]);
        let (arm, by_price) = match held.direction {
            Direction::Long => (s.trail_arm_long, s.trail_price_long),
            Direction::Short => (s.trail_arm_short, s.trail_price_short),
        };
        let profit = d * (price / levels.entry_price - 1.0) - self.account.rate(false);
        let has_risk = levels.risk > 0.0 && levels.risk.is_finite();
        let has_reached = has_risk && profit >= levels.arm_r * levels.risk / levels.entry_price;
        levels.is_armed |= arm.at(t) || has_reached;
        if !levels.is_armed {
            return;
        }
        for level in [price - d * s.trail_distance.at(t), by_price.at(t)] {
            let level = self.account.to_tick(level, d < 0.0);
            if d * level > d * levels.stop || (levels.stop.is_nan() && !level.is_nan()) {
                (levels.stop, levels.has_trailed) = (level, true);
            }
        }
    }

    fn decide_entry(&mut self, t: usize, exit: Option<Reason>) {
        let left = match (&self.account.holding, self.account.deals.last()) {
            (Some(held), _) => Some(held.direction),
            (None, last) => last.map(|deal| deal.direction),
        };
        for direction in self.wanted(t) {
            let is_allowed = match self.options.direction {
                DirectionFilter::Both => true,
                DirectionFilter::Long => direction == Direction::Long,
                DirectionFilter::Short => direction == Direction::Short,
            };
            // Behind an exit by the opposite signal only that signal counts. With `close` it enters nothing, whatever closed
            // the position.
            let opposes = left.is_some_and(|left| left != direction);
            let is_barred = match exit {
                Some(_) if self.options.on_opposite == OnOpposite::Close && opposes => true,
                Some(Reason::Opposite) => !opposes,
                _ => false,
            };
            if is_allowed && !is_barred {
                return self.send(t, Ticket { direction, signal: t, reason: Reason::Signal, role: Role::Entry });
            }
        }
    }

    fn send(&mut self, t: usize, ticket: Ticket) {
        let limit = self.signals.entry_limit_price.at(t);
        if limit.is_nan() {
            return self.decide(t, Decision::Enter(ticket));
        }
        // `max` takes the other one where the number is missing.
        let bars = self.signals.entry_limit_bars.at(t).max(1.0) as usize;
        let price = self.account.to_tick(limit, ticket.direction == Direction::Short);
        let waiting = Waiting { ticket, price, until: t.saturating_add(bars) };
        let price = self.bars.close[t];
        // An exit that goes on comes first.
        if self.options.fill == Fill::Close && self.levels.is_none() && self.reaches(waiting, price) {
            self.enter_at(ticket, At { bar: t, price, reason: ticket.reason, is_limit: true });
        } else {
            self.waiting = Some(waiting);
        }
    }

    fn decide_target(&mut self, t: usize) {
        let target = self.signals.position.at(t);
        let is_due = match self.options.rebalance {
            Rebalance::OnChange => target != self.due_target,
            Rebalance::Every(n) => t.is_multiple_of(n as usize),
        };
        if target.is_nan() || !is_due {
            return;
        }
        self.due_target = target;
        self.drop_rest(t);
        self.plan.retain(|decision| !matches!(decision, Decision::Aim(_)));
        let target = match self.options.direction {
            DirectionFilter::Both => target,
            DirectionFilter::Long => target.max(0.0),
            DirectionFilter::Short => target.min(0.0),
        };
        let direction = if target > 0.0 { Direction::Long } else { Direction::Short };
        let role = Role::Target(target);
        self.decide(t, Decision::Aim(Ticket { direction, signal: t, reason: Reason::Rebalance, role }));
    }

    fn mark(&mut self, t: usize) {
        let price = self.bars.close[t];
        let equity = self.account.equity(price);
        self.account.watch_edge(equity);
        if equity <= 0.0 && self.options.ruin == Ruin::Stop {
            self.rest = None;
            self.leave_for_good(t, price, Reason::Ruined);
            let planned = self.plan.iter().find_map(|decision| match decision {
                Decision::Enter(ticket) => Some(*ticket),
                _ => None,
            });
            if let Some(ticket) = planned.or(self.waiting.map(|waiting| waiting.ticket)) {
                let at = At { bar: t, price: f64::NAN, reason: Reason::NoEquity, is_limit: false };
                self.reject(ticket, f64::NAN, at);
            }
        } else if self.is_last(t) {
            if self.levels.is_none() {
                self.drop_rest(t);
            }
            match (self.options.final_close, self.options.fill) {
                (FinalClose::None, _) => self.stay_open(t, price),
                (FinalClose::OrderPrice, Fill::NextOpen) => {
                    self.leave_for_good(t, self.bars.open[t], Reason::EndOfData)
                }
                (FinalClose::OrderPrice, Fill::PrevClose) if t > 0 => {
                    self.leave_for_good(t - 1, self.bars.close[t - 1], Reason::EndOfData);
                }
                _ => self.leave_for_good(t, price, Reason::EndOfData),
            }
            if let Some(waiting) = self.waiting {
                self.expire_now(t, waiting, Reason::LimitNotReached);
            }
        }
    }
}
