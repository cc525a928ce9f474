//! Fills what the reference decides: entries, limit entries, adds, partial and whole exits, target trades.

use super::contract::{Bars, Signals};
use super::ledger::{Exit, Ledger};
use super::options::{DirectionFilter, Fill, Lots, Options, Unfilled};
use super::position::{Lot, Moment, Position, Sided, risk_of};
use super::record::{Direction, Reason};
use super::sizing::{Entry, Purse, Refusal, Request, Wanted, leverage_at, plain_room, size_request, whole_lots};
use super::sums::market_return;
use super::watch::{first_true, first_where};

/// Bar, moment and price before slippage of a fill.
pub(super) type At = (usize, Moment, f64);

/// Orders that wait for the next bar.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Waiting {
    /// Leave, for this reason.
    pub(super) exit: Option<Reason>,
    /// Close this part.
    pub(super) part: Option<f64>,
    pub(super) entry: Option<EntryOrder>,
    /// Add, decided on this bar.
    pub(super) add: Option<usize>,
    /// The part of an entry or add that found too little volume.
    pub(super) rest: Option<Rest>,
    /// Trade towards this target, decided on this bar.
    pub(super) target: Option<(f64, usize)>,
}

/// An entry that was decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryOrder {
    direction: Direction,
    signal_bar: usize,
    limit: Option<Limit>,
    wanted: Wanted,
    reason: Reason,
    /// Quantity that was asked for and found no volume; `NaN` before.
    unfilled: f64,
}

/// The condition of a limit entry.
#[derive(Debug, Clone, Copy)]
struct Limit {
    price: f64,
    /// The last bar in which it may be filled.
    until: usize,
}

/// What is left of an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    direction: Direction,
    signal_bar: usize,
    qty: f64,
    reason: Reason,
    /// Nothing of the add is filled yet, so that its stop comes with this.
    brings_stop: bool,
}

/// What happened in the bar at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct BarState {
    /// Product of the factors of the positions present in it.
    pub(super) factor: f64,
    /// A position began or ended in it.
    pub(super) edge: bool,
    /// Positions that were open in it.
    positions: usize,
    /// Quantity that was filled in it.
    filled: f64,
}

/// The account, the open position and the orders that wait.
pub(super) struct Broker<'a> {
    pub(super) bars: &'a Bars<'a>,
    pub(super) signals: &'a Signals<'a>,
    pub(super) options: &'a Options,
    pub(super) ledger: Ledger<'a>,
    pub(super) position: Option<Position>,
    pub(super) waiting: Waiting,
    pub(super) bar: BarState,
    /// Why a portfolio refuses the next entry, if it does.
    pub(super) refused: Option<Reason>,
}

impl Waiting {
    pub(super) fn is_any(&self) -> bool {
        let Waiting { exit, part, entry, add, rest, target } = self;
        exit.is_some() || entry.is_some() || part.is_some() || add.is_some() || rest.is_some() || target.is_some()
    }
}

impl<'a> Broker<'a> {
    pub(super) fn new(bars: &'a Bars<'a>, signals: &'a Signals<'a>, options: &'a Options, ledger: Ledger<'a>) -> Self {
        let bar = BarState { factor: 1.0, edge: false, positions: 0, filled: 0.0 };
        Broker { bars, signals, options, ledger, position: None, waiting: Waiting::default(), bar, refused: None }
    }

    pub(super) fn begin_bar(&mut self) {
        let positions = usize::from(self.position.is_some());
        self.bar = BarState { factor: 1.0, edge: false, positions, filled: 0.0 };
    }

    /// Leaves at the close of bar `t` or at the next open.
    pub(super) fn decide_exit(&mut self, t: usize, reason: Reason) {
        match self.options.fill {
            Fill::Close => self.exit(self.close_of(t), reason),
            _ => self.waiting.exit = Some(reason),
        }
    }

    /// Closes a part at the close of bar `t` or at the next open.
    pub(super) fn decide_part(&mut self, t: usize, part: f64) {
        match self.options.fill {
            Fill::Close => self.scale_out(self.close_of(t), part),
            _ => self.waiting.part = Some(part),
        }
    }

    /// Adds at the close of bar `t` or at the next open.
    pub(super) fn decide_add(&mut self, t: usize) {
        match self.options.fill {
            Fill::Close => self.add(self.close_of(t), t),
            _ => self.waiting.add = Some(t),
        }
    }

    /// Enters at the close of bar `t` or at the next open, or waits for a limit price.
    pub(super) fn decide_entry(&mut self, t: usize, direction: Direction) {
        let order = self.entry_order(t, direction);
        match self.options.fill {
            Fill::Close => self.enter(self.close_of(t), order),
            _ => self.waiting.entry = Some(order),
        }
    }

    /// The entry that the close of bar `t` decides.
    pub(super) fn entry_order(&self, t: usize, direction: Direction) -> EntryOrder {
        let price = self.signals.entry_limit_price.at(t);
        let bars = self.signals.entry_limit_bars.at(t);
        let limit = (!price.is_nan()).then(|| Limit {
            price: self.options.on_tick(price, direction == Direction::Short),
            // No value is one bar, and the cast saturates.
            until: t.saturating_add(bars.max(1.0) as usize),
        });
        EntryOrder {
            direction,
            signal_bar: t,
            limit,
            wanted: Wanted::Columns,
            reason: Reason::Signal,
            unfilled: f64::NAN,
        }
    }

    /// The entry and the target that wait, at a price before slippage.
    pub(super) fn enter_waiting(&mut self, at: At) {
        if let Some(order) = self.waiting.entry.take() {
            self.enter(at, order);
        }
        if let Some(target) = self.waiting.target.take() {
            self.trade_towards(at, target);
        }
    }

    /// The bar that decided the order which would open a position at a price before slippage: an entry at the market, a limit
    /// entry that the price reaches, or a target. `None` if there is none, or a position is in its way.
    pub(super) fn opening_at(&self, price: f64) -> Option<usize> {
        if self.position.is_some() {
            return None;
        }
        let entry = self
            .waiting
            .entry
            .filter(|order| order.limit.is_none_or(|limit| self.reaches(order.direction, price, limit.price)));
        let target = self.waiting.target.filter(|(target, _)| self.allowed_target(*target) != 0.0);
        entry.map(|order| order.signal_bar).or(target.map(|(_, bar)| bar))
    }

    /// The bar that decided the limit entry which bar `t` reaches after its open, if one waits and no position is in its way.
    pub(super) fn opening_inside(&self, t: usize) -> Option<usize> {
        let order = self.waiting.entry?;
        let best = if order.direction == Direction::Long { self.bars.low[t] } else { self.bars.high[t] };
        let is_reached = self.reaches(order.direction, best, order.limit?.price);
        (self.position.is_none() && is_reached).then_some(order.signal_bar)
    }

    /// Trades towards a target at the close of bar `t` or at the next open.
    pub(super) fn decide_target(&mut self, t: usize, target: f64) {
        match self.options.fill {
            Fill::Close => self.trade_towards(self.close_of(t), (target, t)),
            _ => self.waiting.target = Some((target, t)),
        }
    }

    pub(super) fn close_of(&self, t: usize) -> At {
        (t, Moment::Close, self.bars.close[t])
    }

    /// Where orders that wait for the open of bar `t` are filled.
    pub(super) fn open_of(&self, t: usize) -> At {
        match self.options.fill {
            Fill::PrevClose if t > 0 => self.close_of(t - 1),
            _ => (t, Moment::Open, self.bars.open[t]),
        }
    }

    /// Opens a position at a price before slippage, or rejects the entry; a limit order that is not reached waits on.
    ///
    /// Behind an exit that found too little volume no entry is working: a limit order is placed once the exit is done, one at the
    /// market is taken back.
    pub(super) fn enter(&mut self, at: At, order: EntryOrder) {
        if self.position.is_some() {
            if order.limit.is_some() {
                self.waiting.entry = Some(order);
                return;
            }
            let refusal = Refusal { reason: Reason::Volume, qty: f64::NAN };
            return self.ledger.cancel(at.0, order.direction, f64::NAN, refusal);
        }
        match order.limit {
            Some(limit) if !self.reaches(order.direction, at.2, limit.price) => self.waiting.entry = Some(order),
            Some(_) => self.fill_entry(at, order, at.2),
            None => {
                let fill = self.options.slipped(at.2, order.direction, false);
                self.fill_entry(at, order, fill);
            }
        }
    }

    fn reaches(&self, direction: Direction, price: f64, limit: f64) -> bool {
        self.options.limit_fill.reaches(direction.sign(), price, limit)
    }

    /// Fills the limit entry that waits, if bar `t` reaches its price after the open; returns that price.
    pub(super) fn reach_limit(&mut self, t: usize) -> Option<f64> {
        self.opening_inside(t)?;
        let order = self.waiting.entry.take()?;
        let limit = order.limit?;
        self.fill_entry((t, Moment::Inside, limit.price), order, limit.price);
        self.position.is_some().then_some(limit.price)
    }

    /// The first bar in `t .. end` that may reach the limit entry that waits, or whose close takes it back; `t` if it is not all
    /// that waits.
    pub(super) fn next_of_limit(&self, t: usize, end: usize) -> usize {
        let Waiting { exit: None, part: None, entry: Some(order), add: None, rest: None, target: None } = self.waiting
        else {
            return t;
        };
        let EntryOrder { direction, limit: Some(limit), .. } = order else { return t };
        if self.options.fill == Fill::PrevClose {
            return t;
        }
        let end = first_true(Sided::of(self.signals, direction).exit, t, end.min(limit.until.max(t)));
        let best = if direction == Direction::Long { self.bars.low } else { self.bars.high };
        let reaches = |price| self.reaches(direction, price, limit.price);
        first_where(t, end, |t| reaches(self.bars.open[t]) | reaches(best[t]))
    }

    /// At the close of bar `t`: takes a limit entry back that is out of time or not wanted any more.
    pub(super) fn expire_limit(&mut self, t: usize) {
        let Some(EntryOrder { direction, limit: Some(limit), .. }) = self.waiting.entry else { return };
        let reason = if Sided::of(self.signals, direction).exit.at(t) {
            Reason::Signal
        } else if t >= limit.until {
            Reason::LimitNotReached
        } else {
            return;
        };
        self.waiting.entry = None;
        self.ledger.cancel(t, direction, limit.price, Refusal { reason, qty: f64::NAN });
    }

    /// Opens a position at a fill price.
    fn fill_entry(&mut self, (t, moment, quote): At, order: EntryOrder, fill: f64) {
        let EntryOrder { direction, signal_bar, limit, wanted, reason, .. } = order;
        if let Some(reason) = self.refused {
            return self.ledger.reject(t, direction, fill, Refusal { reason, qty: f64::NAN });
        }
        let is_limit = limit.is_some();
        let request = Request { wanted, is_limit, reason, quote, ..Request::entry(direction, signal_bar) };
        let purse = Purse::whole(self.ledger.equity);
        match size_request(self.signals, self.options, &request, fill, &purse) {
            Err(refusal) => self.ledger.reject(t, direction, fill, refusal),
            Ok(entry) => match self.within_volume(t, &request, entry, false) {
                None => self.wait_for_volume(order),
                Some(entry) => {
                    let id = self.ledger.next_id();
                    self.ledger.open(t, &entry);
                    self.position = Some(Position::new(id, (t, moment), &entry, self.signals, self.options));
                    self.bar.edge = true;
                    self.bar.positions += 1;
                }
            },
        }
    }

    /// An entry for which the bar has no volume at all.
    fn wait_for_volume(&mut self, order: EntryOrder) {
        if self.options.unfilled == Unfilled::Carry {
            let unfilled = self.waiting.rest.take().map_or(f64::NAN, |rest| rest.qty);
            self.waiting.entry = Some(EntryOrder { limit: None, unfilled, ..order });
        }
    }

    /// The quantity that the bar still has for fills.
    fn volume_left(&self, t: usize) -> f64 {
        match self.bars.volume.get(t) {
            Some(volume) if self.options.max_volume_share > 0.0 => {
                let whole = self.options.max_volume_share * volume;
                let left = whole - self.bar.filled;
                // What is left of a volume that is all used is noise of rounding.
                whole_lots(if left > 1e-12 * whole { left } else { 0.0 }, self.options.lot_size)
            }
            _ => f64::INFINITY,
        }
    }

    /// What the volume of bar `t` leaves of an entry; the rest is carried or cancelled. `None` = nothing.
    fn within_volume(&mut self, t: usize, request: &Request, entry: Entry, brings_stop: bool) -> Option<Entry> {
        let left = self.volume_left(t);
        let filled = if entry.qty <= left { entry } else { entry.with_qty(left, self.options, request.is_limit) };
        if filled.qty < entry.qty {
            let Request { direction, signal_bar, reason, .. } = *request;
            let qty = entry.qty - filled.qty;
            let brings_stop = brings_stop && filled.qty == 0.0;
            match self.options.unfilled {
                Unfilled::Carry => {
                    self.waiting.rest = Some(Rest { direction, signal_bar, qty, reason, brings_stop });
                }
                Unfilled::Cancel => {
                    self.ledger.cancel(t, direction, entry.fill, Refusal { reason: Reason::Volume, qty });
                }
            }
        }
        self.bar.filled += filled.qty;
        (filled.qty > 0.0).then_some(filled)
    }

    /// The rest of an entry or add, at the next open.
    pub(super) fn fill_rest(&mut self, at: At, rest: Rest) {
        let Rest { direction, signal_bar, qty, reason, brings_stop } = rest;
        if self.position.as_ref().is_none_or(|position| position.direction != direction) {
            return self.ledger.cancel(at.0, direction, f64::NAN, Refusal { reason: Reason::Volume, qty });
        }
        let (is_add, wanted, quote) = (true, Wanted::Rest(qty), at.2);
        let request = Request { is_add, wanted, reason, quote, ..Request::entry(direction, signal_bar) };
        self.fill_add(at, &request, brings_stop);
    }

    /// Adds to the position, sized like an entry.
    pub(super) fn add(&mut self, at: At, signal_bar: usize) {
        let Some(position) = &self.position else { return };
        let (is_add, reason, quote) = (true, Reason::Add, at.2);
        let request = Request { is_add, reason, quote, ..Request::entry(position.direction, signal_bar) };
        if self.fill_add(at, &request, true)
            && let Some(position) = &mut self.position
        {
            position.adds += 1;
        }
    }

    /// Fills an add at a price before slippage, as far as the volume allows; `false` if it was refused.
    fn fill_add(&mut self, (t, moment, price): At, request: &Request, brings_stop: bool) -> bool {
        let Some(position) = &self.position else { return false };
        let fill = self.options.slipped(price, request.direction, false);
        let entry = match size_request(self.signals, self.options, request, fill, &position.purse()) {
            Ok(entry) => entry,
            Err(refusal) => {
                self.ledger.reject(t, request.direction, fill, refusal);
                return false;
            }
        };
        let Some(entry) = self.within_volume(t, request, entry, brings_stop) else {
            return self.waiting.rest.is_some();
        };
        self.ledger.add_fill(t, &entry);
        let Some(position) = &mut self.position else { return false };
        if self.options.lots == Lots::Separate {
            if position.lots.is_empty() {
                position.lots.push(position.average());
            }
            position.lots.push(lot(&entry, (t, moment)));
        }
        let stop = if brings_stop { entry.stop } else { f64::NAN };
        position.add((t, moment), &Entry { stop, ..entry }, self.options);
        true
    }

    /// Leaves with as much as the volume allows; the rest is tried again at the next open.
    pub(super) fn exit(&mut self, (bar, moment, price): At, reason: Reason) {
        let Some(position) = &mut self.position else { return };
        let exit = Exit { bar, moment, price, reason };
        let qty = position.qty;
        let left = self.volume_left(bar);
        if is_all(left, qty, self.options) {
            self.bar.filled += qty;
            return self.exit_all(exit);
        }
        self.waiting.exit = Some(reason);
        if left > 0.0 {
            self.bar.filled += left;
            self.reduce(left / qty, &exit);
        }
    }

    /// Ends the open position, whatever the volume.
    pub(super) fn exit_all(&mut self, exit: Exit) {
        let Some(position) = self.position.take() else { return };
        self.bar.factor *= self.ledger.close(&position, &exit);
        self.bar.edge = true;
    }

    fn reduce(&mut self, part: f64, exit: &Exit) {
        if let Some(position) = &mut self.position {
            self.ledger.reduce(position, part, exit);
        }
    }

    /// Closes a part of the position, in whole lots.
    pub(super) fn scale_out(&mut self, (bar, moment, price): At, part: f64) {
        let Some(position) = &mut self.position else { return };
        position.scaled_out = true;
        let exit = Exit { bar, moment, price, reason: Reason::ScaleOut };
        if self.options.lot_size == 0.0 && self.options.max_volume_share == 0.0 && !is_all(part, 1.0, self.options) {
            // The part itself and not a quotient of quantities, so that it is the same whatever the equity.
            return self.reduce(part, &exit);
        }
        self.close_qty(self.held() * part, &exit);
    }

    fn held(&self) -> f64 {
        self.position.as_ref().map_or(0.0, |position| position.qty)
    }

    /// Closes a quantity that is less than all, in whole lots and as far as there is volume.
    fn close_qty(&mut self, qty: f64, exit: &Exit) {
        let whole = whole_lots(qty, self.options.lot_size).min(self.volume_left(exit.bar));
        let held = self.held();
        if is_all(whole, held, self.options) {
            self.exit((exit.bar, exit.moment, exit.price), exit.reason);
        } else if whole > 0.0 {
            self.bar.filled += whole;
            self.reduce(whole / held, exit);
        }
    }

    /// Trades the position towards `target` times the equity, at a price before slippage.
    ///
    /// The equity is marked at that price. A target of the other side closes the position first. Less than a lot is no trade.
    pub(super) fn trade_towards(&mut self, at: At, (target, signal_bar): (f64, usize)) {
        let target = self.allowed_target(target);
        self.close_against(at, target);
        if self.waiting.exit.is_some() {
            // An exit found too little volume; what comes after it waits with it.
            self.waiting.target = Some((target, signal_bar));
            return;
        }
        let direction = if target > 0.0 { Direction::Long } else { Direction::Short };
        if target == 0.0 {
            return;
        }
        if self.position.is_some() {
            return self.resize(at, (target.abs(), signal_bar));
        }
        let (limit, wanted, reason) = (None, Wanted::Weight(target.abs()), Reason::Rebalance);
        let fill = self.options.slipped(at.2, direction, false);
        self.fill_entry(at, EntryOrder { direction, signal_bar, limit, wanted, reason, unfilled: f64::NAN }, fill);
    }

    /// A target, cut to the side that may be held.
    fn allowed_target(&self, target: f64) -> f64 {
        match self.options.direction {
            DirectionFilter::Both => target,
            DirectionFilter::Long => target.max(0.0),
            DirectionFilter::Short => target.min(0.0),
        }
    }

    /// Whether a target ends the open position.
    pub(super) fn is_against(&self, target: f64) -> bool {
        let target = self.allowed_target(target);
        let direction = if target > 0.0 { Direction::Long } else { Direction::Short };
        self.position.as_ref().is_some_and(|position| target == 0.0 || position.direction != direction)
    }

    /// Whether the target that waits opens a position, perhaps after it has ended another one.
    pub(super) fn opens_by_target(&self) -> bool {
        let opens = |target| self.allowed_target(target) != 0.0 && (self.position.is_none() || self.is_against(target));
        self.waiting.target.is_some_and(|(target, _)| opens(target))
    }

    /// Leaves a position of the other side than a target, or any if the target is 0, unless an exit waits already.
    pub(super) fn close_against(&mut self, at: At, target: f64) {
        if self.waiting.exit.is_none() && self.is_against(target) {
            self.exit(at, Reason::Rebalance);
        }
    }

    /// Brings the open position to `share` times the equity.
    fn resize(&mut self, at: At, (share, signal_bar): (f64, usize)) {
        let Some(position) = &self.position else { return };
        let (bar, moment, price) = at;
        let direction = position.direction;
        let leverage = leverage_at(self.signals, signal_bar);
        let most = plain_room(leverage, 1.0, self.options);
        let notional = share.min(most) * (position.equity * position.growth_at(price));
        let held = position.qty;
        // Less than this is noise of rounding.
        if (notional - held * price).abs() <= 1e-9 * notional {
            return;
        }
        if notional > held * price {
            let fill = self.options.slipped(price, direction, false);
            let qty = whole_lots(notional / fill - held, self.options.lot_size);
            if qty > 0.0 {
                let wanted = Wanted::Weight(qty * fill / position.equity);
                let (is_add, reason, quote) = (true, Reason::Rebalance, price);
                let request = Request { is_add, wanted, reason, quote, ..Request::entry(direction, signal_bar) };
                self.fill_add(at, &request, false);
            }
        } else {
            let exit = Exit { bar, moment, price, reason: Reason::Rebalance };
            let fill = self.ledger.exit_price(direction, &exit);
            self.close_qty(held - notional / fill, &exit);
        }
    }

    /// Pays the funding that is due, given the rates per bar.
    pub(super) fn pay_funding(&mut self, rates: &[f64], t: usize, price: f64) {
        let (Some(position), Some(rate)) = (&mut self.position, rates.get(t)) else { return };
        if *rate != 0.0 {
            let before = position.holding_cost;
            position.pay(position.direction.sign() * rate, price, self.options);
            self.ledger.summary.funding += position.equity * (position.holding_cost - before);
        }
    }

    /// The costs of holding the position through bar `t`: funding inside the bar, and what a short position borrows.
    pub(super) fn pay_holding(&mut self, t: usize) {
        let close = self.bars.close[t];
        self.pay_funding(self.bars.funding.inside, t, close);
        let rate = self.options.borrow_per_bar();
        if let Some(position) = &mut self.position
            && position.direction == Direction::Short
            && rate > 0.0
        {
            let before = position.holding_cost;
            position.pay(rate, close, self.options);
            self.ledger.summary.borrow += position.equity * (position.holding_cost - before);
        }
    }

    /// Takes back what found no volume: the rest of an order, and an entry at the market.
    pub(super) fn drop_unfilled(&mut self, t: usize) {
        self.drop_rest(t);
        self.drop_market_entry(t, Reason::Volume);
    }

    /// Takes back the rest of an order that found too little volume.
    pub(super) fn drop_rest(&mut self, t: usize) {
        if let Some(Rest { direction, qty, .. }) = self.waiting.rest.take() {
            self.ledger.cancel(t, direction, f64::NAN, Refusal { reason: Reason::Volume, qty });
        }
    }

    /// Takes back an entry at the market.
    pub(super) fn drop_market_entry(&mut self, t: usize, reason: Reason) {
        if let Some(EntryOrder { direction, limit: None, unfilled: qty, .. }) = self.waiting.entry {
            self.waiting.entry = None;
            self.ledger.cancel(t, direction, f64::NAN, Refusal { reason, qty });
        }
    }

    /// Drops the orders that wait for an open which a ruined account does not see.
    pub(super) fn drop_waiting(&mut self, t: usize) {
        if let Some(order) = std::mem::take(&mut self.waiting).entry {
            let refusal = Refusal { reason: Reason::NoEquity, qty: f64::NAN };
            self.ledger.reject(t, order.direction, f64::NAN, refusal);
        }
    }

    /// The price that an order of the last bar has, with the bar that it is written down at.
    pub(super) fn last_order(&self) -> At {
        let last = self.bars.len() - 1;
        let at = match self.options.fill {
            Fill::NextOpen => (last, Moment::Open, self.bars.open[last]),
            Fill::Close => self.close_of(last),
            Fill::PrevClose => self.close_of(last.saturating_sub(1)),
        };
        // Not before the position was filled.
        let is_late = |position: &Position| position.last_fill > (at.0, at.1);
        if self.position.as_ref().is_some_and(is_late) { self.close_of(last) } else { at }
    }

    /// After the last bar: takes back the limit entry that still waits, and writes down the position that stays open.
    pub(super) fn end(&mut self) {
        self.drop_unfilled(self.bars.len().saturating_sub(1));
        if let Some(position) = self.position.take() {
            let (bar, moment, price) = self.close_of(self.bars.len() - 1);
            self.ledger.leave_open(&position, &Exit { bar, moment, price, reason: Reason::Open });
        }
        if let Some(EntryOrder { direction, limit: Some(limit), .. }) = self.waiting.entry {
            let refusal = Refusal { reason: Reason::LimitNotReached, qty: f64::NAN };
            self.ledger.cancel(self.bars.len() - 1, direction, limit.price, refusal);
        }
    }

    /// Writes down the account at the close of bar `t`.
    pub(super) fn mark(&mut self, t: usize) {
        let equity = match &self.position {
            Some(position) => position.equity * position.growth,
            None => self.ledger.equity,
        };
        let BarState { factor, edge, positions, .. } = self.bar;
        if edge {
            let market = market_return(self.bars.close, t);
            self.ledger.sums.add_edge(t, (factor, equity, market), positions == 1, self.position.is_some());
        } else if self.position.is_none() {
            self.ledger.sums.add_flat(t, 1);
        }
        self.ledger.mark(t, equity, factor, self.position.as_ref());
    }
}

/// Whether `part` is all of a quantity; what is left below these bounds is noise of rounding.
fn is_all(part: f64, qty: f64, options: &Options) -> bool {
    qty - part <= if options.lot_size > 0.0 { 1e-9 * options.lot_size } else { 1e-12 * qty }
}

fn lot(entry: &Entry, (bar, moment): (usize, Moment)) -> Lot {
    Lot {
        bar,
        moment,
        fill: entry.fill,
        qty: entry.qty,
        weight: entry.weight,
        fee: entry.fee,
        initial_risk: risk_of(entry.direction, entry.fill, entry.stop),
        reason: entry.reason,
    }
}
