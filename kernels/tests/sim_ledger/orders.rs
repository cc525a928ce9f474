//! How orders are sized and filled.

use threadx_kernels::sim::{Direction, OrderStatus, Reason, StopFill, Unfilled};

use crate::account::{At, Holding, Kind, side_that_closes, side_that_opens};
use crate::trader::{Decision, Levels, Trader};

/// An order that opens a position or adds to it.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    pub direction: Direction,
    /// Bar whose close decided it.
    pub signal: usize,
    pub reason: Reason,
    pub role: Role,
}

/// What an order is sized by, and what comes with its first fill.
#[derive(Debug, Clone, Copy)]
pub enum Role {
    /// A new position with its levels.
    Entry,
    /// A position that is this fraction of the equity; one that is open already is traded towards it.
    Target(f64),
    /// It counts, and perhaps brings a nearer stop.
    Add,
    /// The rest of an order that was filled in part.
    Rest,
}

/// A limit entry that waits.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    pub ticket: Ticket,
    pub price: f64,
    /// Last bar on which it may be filled.
    pub until: usize,
}

/// What an order found no volume for.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    pub ticket: Ticket,
    pub qty: f64,
}

impl Trader<'_> {
    fn leverage(&self, signal: usize) -> f64 {
        let leverage = self.signals.leverage.at(signal);
        if leverage.is_nan() { 1.0 } else { leverage.max(0.0) }
    }

    /// What this bar has volume for.
    fn take(&mut self, qty: f64) -> f64 {
        // What is missing by less than rounding is not missing.
        let taken = if qty <= self.volume * (1.0 + 1e-12) { qty } else { self.account.to_lots(self.volume) };
        self.volume = if taken < qty { 0.0 } else { (self.volume - taken).max(0.0) };
        taken
    }

    /// Leaves with a market order, as far as the volume goes.
    pub fn leave(&mut self, t: usize, price: f64, reason: Reason) {
        self.leave_as(Kind::Exit, At { bar: t, price, reason, is_limit: false });
    }

    /// Leaves at a level inside a bar.
    pub fn leave_inside(&mut self, t: usize, price: f64, reason: Reason) {
        self.was_hit = true;
        let is_limit = reason == Reason::Target;
        self.leave_as(if is_limit { Kind::Target } else { Kind::Stop }, At { bar: t, price, reason, is_limit });
    }

    fn leave_as(&mut self, kind: Kind, at: At) {
        let Some(held) = &self.account.holding else { return };
        let price = self.account.slipped(at.price, side_that_closes(held.direction), kind);
        self.leave_at(At { price, ..at });
    }

    fn leave_at(&mut self, at: At) {
        let Some(all) = self.account.holding.as_ref().map(|held| held.qty()) else { return };
        let qty = self.take(all);
        self.close(qty, at);
        self.leaving = (qty < all).then_some(at.reason);
    }

    fn close(&mut self, qty: f64, at: At) {
        if qty > 0.0 {
            self.account.close(qty, at);
        }
        if self.account.holding.is_some() {
            return;
        }
        self.levels = None;
        self.drop_rest(at.bar);
    }

    /// Takes back what is left of an order that was filled in part.
    pub fn drop_rest(&mut self, t: usize) {
        if let Some(Rest { ticket, qty }) = self.rest.take() {
            self.take_back(ticket, qty, At { bar: t, price: f64::NAN, reason: Reason::Volume, is_limit: false });
        }
    }

    /// Writes the trades of a position that is open after the last bar.
    pub fn stay_open(&mut self, t: usize, price: f64) {
        if self.levels.is_some() {
            self.drop_rest(t);
        }
        self.account.write_open(At { bar: t, price, reason: Reason::Open, is_limit: false });
    }

    /// Leaves whatever the volume.
    pub fn leave_for_good(&mut self, t: usize, price: f64, reason: Reason) {
        self.volume = f64::INFINITY;
        self.leave(t, price, reason);
        self.rest = None;
    }

    pub fn scale_out(&mut self, t: usize, price: f64, part: f64) {
        let (Some(held), Some(levels)) = (&self.account.holding, &mut self.levels) else { return };
        levels.has_scaled_out = true;
        let (direction, qty) = (held.direction, part * held.qty());
        self.reduce(t, price, self.account.to_lots(qty), (direction, Reason::ScaleOut));
    }

    fn reduce(&mut self, t: usize, price: f64, qty: f64, (direction, reason): (Direction, Reason)) {
        let qty = self.take(qty.max(0.0));
        let price = self.account.slipped(price, side_that_closes(direction), Kind::Exit);
        self.close(qty, At { bar: t, price, reason, is_limit: false });
    }

    /// A market order of any role but `Target` for a position that is open.
    pub fn enter(&mut self, t: usize, price: f64, ticket: Ticket) {
        let price = self.account.slipped(price, side_that_opens(ticket.direction), Kind::Entry);
        self.enter_at(ticket, At { bar: t, price, reason: ticket.reason, is_limit: false });
    }

    pub fn enter_at(&mut self, ticket: Ticket, at: At) {
        match (ticket.role, self.levels.is_some()) {
            // The exit before it was filled in part only.
            (Role::Entry | Role::Target(_), true) => {
                return self.take_back(ticket, f64::NAN, At { price: f64::NAN, reason: Reason::Volume, ..at });
            }
            (Role::Add, false) => return,
            _ => {}
        }
        let wanted = self.size(ticket, at.price);
        self.fit_and_fill(wanted, ticket, at);
    }

    fn fit_and_fill(&mut self, wanted: Result<f64, Reason>, ticket: Ticket, at: At) {
        match wanted.map_err(|reason| (reason, f64::NAN)).and_then(|qty| self.fit(qty, ticket, at)) {
            Ok(qty) => {
                let is_accepted = self.fill(qty, ticket, at);
                if let (Role::Add, Some(levels)) = (ticket.role, &mut self.levels) {
                    levels.adds += usize::from(is_accepted);
                }
            }
            Err((reason, qty)) => self.reject(ticket, qty, At { reason, ..at }),
        }
    }

    /// Quantity asked for at a fill price.
    fn size(&self, ticket: Ticket, price: f64) -> Result<f64, Reason> {
        let (s, i) = (self.signals, ticket.signal);
        let balance = self.account.balance();
        if balance <= 0.0 {
            return Err(Reason::NoEquity);
        }
        if let Role::Target(weight) = ticket.role {
            return Ok(weight.abs() * balance / price);
        }
        let mut qty = f64::NAN;
        if !s.risk.at(i).is_nan() {
            let distance = ticket.direction.sign() * (price - self.stop_of(ticket, price));
            if !(distance > 0.0 && distance.is_finite()) {
                return Err(Reason::NoStop);
            }
            qty = s.risk.at(i) * balance / distance;
        }
        let is_sized = [s.risk, s.size, s.notional, s.qty].iter().any(|column| column.is_given());
        let size = if is_sized { s.size.at(i) } else { 1.0 };
        // `min` takes the other one where a number is missing.
        Ok(qty.min(size * balance / price).min(s.notional.at(i) / price).min(s.qty.at(i)))
    }

    /// The quantity that fits margin, lots and `min_notional`; else why not, and what was asked for.
    fn fit(&self, qty: f64, ticket: Ticket, at: At) -> Result<f64, (Reason, f64)> {
        if self.account.balance() <= 0.0 {
            return Err((Reason::NoEquity, f64::NAN));
        }
        let room = self.account.room(at.price, self.leverage(ticket.signal), at.is_limit);
        // A target is capped as a whole; open profit counts for it.
        let is_resized = matches!(ticket.role, Role::Target(_)) && self.account.holding.is_some();
        let qty = if qty * at.price > room && !is_resized { room / at.price } else { qty };
        let whole = self.account.to_lots(qty);
        if whole.is_nan() || whole <= 0.0 {
            Err((Reason::ZeroQty, qty))
        } else if whole * at.price < self.options.min_notional {
            Err((Reason::BelowMinNotional, whole))
        } else if whole < self.options.min_qty {
            Err((Reason::BelowMinQty, whole))
        } else {
            Ok(whole)
        }
    }

    pub fn reject(&mut self, ticket: Ticket, qty: f64, at: At) {
        self.account.refuse(ticket.direction, qty, OrderStatus::Rejected, at);
    }

    pub fn take_back(&mut self, ticket: Ticket, qty: f64, at: At) {
        self.account.refuse(ticket.direction, qty, OrderStatus::Cancelled, at);
    }

    /// Fills what the volume allows. Whether the order lives: anything is filled, or waits.
    fn fill(&mut self, qty: f64, ticket: Ticket, at: At) -> bool {
        let filled = self.take(qty);
        if filled < qty && self.options.unfilled == Unfilled::Cancel {
            self.take_back(ticket, qty - filled, At { reason: Reason::Volume, ..at });
        } else if filled < qty {
            let role = if filled > 0.0 { Role::Rest } else { ticket.role };
            self.rest = Some(Rest { ticket: Ticket { role, ..ticket }, qty: qty - filled });
        }
        if filled == 0.0 {
            return self.rest.is_some();
        }
        self.account.open(ticket.direction, filled, self.leverage(ticket.signal), at);
        if self.levels.is_none() {
            self.levels = Some(self.levels_of(ticket, at));
        } else if let Role::Add = ticket.role {
            self.take_over_stop(ticket, at.price);
        }
        true
    }

    /// The rest of an order keeps its quantity, as far as the margin goes; an entry without any fill is sized anew.
    pub fn fill_rest(&mut self, t: usize, price: f64) {
        let Some(Rest { ticket, qty }) = self.rest.take() else { return };
        if self.levels.is_none() {
            return self.enter(t, price, ticket);
        }
        let price = self.account.slipped(price, side_that_opens(ticket.direction), Kind::Entry);
        let at = At { bar: t, price, reason: ticket.reason, is_limit: false };
        match self.fit(qty, Ticket { role: Role::Rest, ..ticket }, at) {
            Ok(qty) | Err((Reason::BelowMinQty | Reason::BelowMinNotional, qty)) => {
                self.fill(qty, ticket, at);
            }
            Err((reason, qty)) => self.reject(ticket, qty, At { reason, ..at }),
        }
    }

    /// The stop that comes with an entry or add.
    fn stop_of(&self, ticket: Ticket, price: f64) -> f64 {
        let (s, i) = (self.signals, ticket.signal);
        let is_own = s.add_stop_distance.is_given() || s.add_stop_price.is_given();
        let (distance, level) = match ticket.role {
            Role::Add if is_own => (s.add_stop_distance, s.add_stop_price),
            _ => (s.stop_distance, s.stop_price),
        };
        self.level(price, -ticket.direction.sign(), (distance.at(i), level.at(i)))
    }

    /// The nearer one of two levels below (`side = -1`) or above a price.
    fn level(&self, price: f64, side: f64, (distance, level): (f64, f64)) -> f64 {
        let by_distance = price + side * distance;
        let nearer = if side > 0.0 { by_distance.min(level) } else { by_distance.max(level) };
        self.account.to_tick(nearer, side > 0.0)
    }

    /// What a new position is watched for.
    fn levels_of(&self, ticket: Ticket, at: At) -> Levels {
        let (s, i, d) = (self.signals, ticket.signal, ticket.direction.sign());
        let stop = self.stop_of(ticket, at.price);
        let arm = if ticket.direction == Direction::Long { s.trail_arm_long } else { s.trail_arm_short };
        Levels {
            entry_bar: at.bar,
            stop,
            has_trailed: false,
            target: self.level(at.price, d, (s.target_distance.at(i), s.target_price.at(i))),
            is_armed: !arm.is_given() && s.trail_arm_r.at(i).is_nan(),
            arm_r: s.trail_arm_r.at(i),
            entry_price: at.price,
            risk: d * (at.price - stop),
            max_bars: s.max_bars.at(i),
            has_scaled_out: false,
            adds: 0,
        }
    }

    fn take_over_stop(&mut self, ticket: Ticket, price: f64) {
        let (stop, d) = (self.stop_of(ticket, price), ticket.direction.sign());
        let Some(levels) = &mut self.levels else { return };
        if d * stop > d * levels.stop || (levels.stop.is_nan() && !stop.is_nan()) {
            (levels.stop, levels.has_trailed) = (stop, false);
        }
    }

    /// Trades towards a target position, 0 = none. It waits behind an exit that is filled in parts.
    pub fn aim(&mut self, t: usize, price: f64, ticket: Ticket) {
        let Role::Target(weight) = ticket.role else { return };
        match self.account.holding.as_ref().map(Holding::sign) {
            Some(_) if self.leaving.is_some() => {}
            Some(sign) if sign * weight > 0.0 => return self.rebalance(t, price, ticket),
            Some(_) => self.leave(t, price, ticket.reason),
            None => {}
        }
        if self.leaving.is_some() {
            self.plan.push(Decision::Aim(ticket));
        } else if weight != 0.0 {
            self.enter(t, price, ticket);
        }
    }

    fn rebalance(&mut self, t: usize, price: f64, ticket: Ticket) {
        let (Role::Target(weight), Some(held)) = (ticket.role, &self.account.holding) else { return };
        let (direction, qty) = (held.direction, held.qty());
        let share = weight.abs().min(1.0 / (1.0 / self.leverage(ticket.signal) + self.account.rate(false).max(0.0)));
        let notional = share * self.account.equity(price);
        // A billionth of the target is no difference.
        if (notional - qty * price).abs() <= 1e-9 * notional {
            return;
        }
        if notional > qty * price {
            let price = self.account.slipped(price, side_that_opens(direction), Kind::Entry);
            let more = notional / price - qty;
            if self.account.to_lots(more) > 1e-12 * qty {
                self.fit_and_fill(Ok(more), ticket, At { bar: t, price, reason: ticket.reason, is_limit: false });
            }
        } else {
            let after_slippage = self.account.slipped(price, side_that_closes(direction), Kind::Exit);
            let less = self.account.to_lots((qty - notional / after_slippage).min(qty));
            self.reduce(t, price, less, (direction, ticket.reason));
        }
    }

    /// A waiting order inside a bar, coarse or fine. Where it is filled the stop may follow, but not the target.
    pub fn fill_waiting_inside(&mut self, t: usize, [_, high, low]: [f64; 3]) {
        let Some(waiting) = self.waiting else { return };
        let d = waiting.ticket.direction.sign();
        let worst = if d > 0.0 { low } else { high };
        if !self.reaches(waiting, worst) {
            return;
        }
        self.waiting = None;
        let at = At { bar: t, price: waiting.price, reason: waiting.ticket.reason, is_limit: true };
        self.enter_at(waiting.ticket, at);
        if self.options.stop_fill == StopFill::Intrabar
            && let Some((stop, reason)) = self.nearest_stop()
            && d * worst <= d * stop
        {
            // A stop that the fill has already passed is hit at once.
            self.leave_inside(t, if d * stop > d * waiting.price { waiting.price } else { stop }, reason);
        }
    }
}
