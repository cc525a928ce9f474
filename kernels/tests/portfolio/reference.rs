//! A second account, written from the text of the rules: cash, units and prices, one plain loop, nothing of the kernels.

use threadx_kernels::sim::{Allocation, Direction, Fill, FinalClose, Intrabar, OrderStatus, Reason, Reentry, StopFill};

use crate::market::Market;

/// What happened to an order: series, bar, direction, status and reason.
pub type Event = (usize, usize, Direction, OrderStatus, Reason);

/// A round trip: series, bars of entry and exit, units, profit.
pub type Deal = (usize, usize, usize, f64, f64);

#[derive(Clone)]
struct Held {
    direction: Direction,
    /// What the slot was given.
    capital: f64,
    units: f64,
    price: f64,
    fee: f64,
    bar: usize,
    stop: f64,
    target: f64,
    volatility: f64,
}

/// An entry that waits: direction, bar of the signal, and the part of the capital if it is a target.
#[derive(Clone, Copy)]
struct Wish(Direction, usize, Option<f64>);

#[derive(Clone, Default)]
struct Desk {
    held: Option<Held>,
    wish: Option<Wish>,
    leaving: Option<Reason>,
    last_target: f64,
    /// Exits of this bar: decided at the close, or inside.
    left: bool,
    blocked: bool,
    /// The last bar that has opened, and whether it is the one at hand.
    bar: Option<usize>,
    is_present: bool,
    last_close: f64,
}

pub struct Fund<'a> {
    market: &'a Market,
    desks: Vec<Desk>,
    realised: f64,
    cash: f64,
    pub events: Vec<Event>,
    pub deals: Vec<Deal>,
    pub equity: Vec<f64>,
}

impl<'a> Fund<'a> {
    pub fn run(market: &'a Market, times: &[i64]) -> Self {
        let cash = market.options.initial_capital;
        let desks = vec![Desk::default(); market.series.len()];
        let mut fund = Fund { market, desks, realised: 0.0, cash, events: vec![], deals: vec![], equity: vec![] };
        for (t, time) in times.iter().enumerate() {
            fund.step(*time, t + 1 == times.len());
        }
        fund.desks.iter_mut().zip(&market.series).enumerate().for_each(|(i, (desk, series))| {
            // Nobody opens the bar that this entry waits for.
            if let Some(Wish(direction, _, None)) = desk.wish
                && !series.ts.is_empty()
                && series.ts.last() < times.last()
            {
                fund.events.push((i, series.ts.len() - 1, direction, OrderStatus::Cancelled, Reason::EndOfData));
            }
        });
        fund
    }

    fn step(&mut self, time: i64, is_last: bool) {
        let options = &self.market.options;
        for (desk, series) in self.desks.iter_mut().zip(&self.market.series) {
            let next = desk.bar.map_or(0, |bar| bar + 1);
            desk.is_present = series.ts.get(next) == Some(&time);
            (desk.left, desk.blocked) = (false, false);
            if desk.is_present {
                desk.bar = Some(next);
            }
        }
        let all = 0..self.desks.len();
        for i in all.clone() {
            if self.desks[i].is_present
                && let Some(reason) = self.desks[i].leaving.take()
            {
                self.leave(i, self.price(i, 0), reason, true);
            }
        }
        self.enter(0);
        for i in all.clone() {
            if self.desks[i].is_present && options.stop_fill == StopFill::Intrabar {
                self.test(i);
            }
        }
        if !is_last || (options.fill == Fill::Close && options.final_close == FinalClose::None) {
            all.clone().for_each(|i| self.decide_exit(i));
            self.rotate();
            all.clone().for_each(|i| self.decide_entry(i));
            if options.fill == Fill::Close {
                self.enter(3);
            }
        }
        for i in all.clone() {
            if self.desks[i].is_present {
                self.desks[i].last_close = self.price(i, 3);
            }
        }
        if is_last && options.final_close == FinalClose::Close {
            all.for_each(|i| self.leave(i, self.desks[i].last_close, Reason::EndOfData, true));
        }
        let marks = self.desks.iter().filter_map(|desk| desk.held.as_ref().map(|held| (held, desk.last_close)));
        let stock: f64 = marks.map(|(held, price)| held.direction.sign() * held.units * price).sum();
        self.equity.push(self.cash + stock);
    }

    /// The price of the bar at hand: 0 = open, 1 = high, 2 = low, 3 = close.
    fn price(&self, i: usize, which: usize) -> f64 {
        self.market.series[i].prices[which][self.desks[i].bar.unwrap()]
    }

    /// At the open (0) or the close (3) of this time; of a series without a bar the last close.
    fn value(&self, which: usize) -> f64 {
        let of = |(i, desk): (usize, &Desk)| {
            let held = desk.held.as_ref()?;
            let price = if desk.is_present { self.price(i, which) } else { desk.last_close };
            Some(held.direction.sign() * held.units * price)
        };
        self.cash + self.desks.iter().enumerate().filter_map(of).sum::<f64>()
    }

    fn free(&self) -> f64 {
        let given: f64 = self.desks.iter().filter_map(|desk| desk.held.as_ref()).map(|held| held.capital).sum();
        self.market.options.initial_capital + self.realised - given
    }

    fn leave(&mut self, i: usize, price: f64, reason: Reason, slips: bool) {
        let Some(held) = self.desks[i].held.take() else { return };
        let options = &self.market.options;
        let (d, f) = (held.direction.sign(), options.fee_bps * 1e-4);
        let price = if slips { price * (1.0 - d * options.slippage_bps * 1e-4) } else { price };
        let fee = f * held.units * price;
        self.cash += d * held.units * price - fee;
        let pnl = d * held.units * (price - held.price) - held.fee - fee;
        self.realised += pnl;
        let bar = self.desks[i].bar.unwrap();
        self.events.push((i, bar, held.direction, OrderStatus::Filled, reason));
        self.deals.push((i, held.bar, bar, held.units, pnl));
    }

    fn rank(&self, i: usize, which: usize) -> f64 {
        let desk = &self.desks[i];
        let closed = desk.bar.and_then(|bar| bar.checked_sub(usize::from(desk.is_present && which == 0)));
        closed.map_or(f64::NAN, |bar| self.market.series[i].numbers[3][bar])
    }

    /// Best first; stable.
    fn sort(&self, list: &mut [usize], which: usize) {
        let key = |i: &usize| Some(self.rank(*i, which)).filter(|rank| !rank.is_nan()).unwrap_or(f64::NEG_INFINITY);
        list.sort_by(|a, b| key(b).total_cmp(&key(a)));
    }

    /// Those whose entries wait, at the open or at the close.
    fn enter(&mut self, which: usize) {
        let Market { max_positions, allocation, .. } = *self.market;
        let waits = |i: &usize| self.desks[*i].is_present && self.desks[*i].wish.is_some();
        let mut list: Vec<usize> = (0..self.desks.len()).filter(waits).collect();
        self.sort(&mut list, which);
        let equity = self.value(which);
        let open: Vec<f64> =
            self.desks.iter().filter_map(|desk| desk.held.as_ref()).map(|held| held.volatility).collect();
        let mut slots = max_positions - open.len();
        let mut lucky = vec![];
        let mut refused = vec![None; self.desks.len()];
        for &i in &list {
            let share = self.market.series[i].numbers[4][self.desks[i].wish.unwrap().1];
            if allocation != Allocation::Equal && share.is_nan() {
                refused[i] = Some(Reason::NoAllocation);
            } else if slots == 0 {
                refused[i] = Some(Reason::NoSlot);
            } else {
                slots -= 1;
                lucky.push(share);
            }
        }
        let together: f64 = open.iter().chain(&lucky).map(|v| 1.0 / v).sum();
        let count = (open.len() + lucky.len()) as f64;
        for i in list {
            let Wish(direction, signal, part) = self.desks[i].wish.take().unwrap();
            let share = self.market.series[i].numbers[4][signal];
            let wanted = match allocation {
                Allocation::Equal => equity / max_positions as f64,
                Allocation::InverseVolatility => equity * count / max_positions as f64 / share / together,
                Allocation::Fraction => equity * share,
            };
            let nothing = equity > 0.0 && self.free() <= 1e-9 * equity;
            let refused = refused[i].or(nothing.then_some(Reason::NoCapital));
            let capital = wanted.min(self.free());
            let open = |fund: &mut Self| fund.open(i, which, (direction, signal, part), capital).err();
            if let Some(reason) = refused.or_else(|| open(self)) {
                self.events.push((i, self.desks[i].bar.unwrap(), direction, OrderStatus::Rejected, reason));
                if refused.is_some() {
                    self.desks[i].last_target = 0.0;
                }
            }
        }
    }

    fn open(
        &mut self,
        i: usize,
        which: usize,
        (direction, signal, part): (Direction, usize, Option<f64>),
        capital: f64,
    ) -> Result<(), Reason> {
        let options = &self.market.options;
        let (d, f) = (direction.sign(), options.fee_bps * 1e-4);
        let price = self.price(i, which) * (1.0 + d * options.slippage_bps * 1e-4);
        let [stop, target, size, _, share] = self.market.series[i].numbers.each_ref().map(|column| column[signal]);
        let notional = capital * part.unwrap_or(size).min(1.0 / (1.0 + f));
        let mut units = notional / price;
        if options.lot_size > 0.0 {
            units = (units / options.lot_size + 1e-9).floor() * options.lot_size;
        }
        if units <= 0.0 {
            return Err(Reason::ZeroQty);
        }
        let fee = f * units * price;
        self.cash -= d * units * price + fee;
        let level = |distance: f64, sign: f64| price + sign * d * distance;
        let (stop, target) = (level(stop, -1.0), level(target, 1.0));
        let bar = self.desks[i].bar.unwrap();
        let held = Held { direction, capital, units, price, fee, bar, stop, target, volatility: share };
        self.desks[i].held = Some(held);
        let reason = if part.is_some() { Reason::Rebalance } else { Reason::Signal };
        self.events.push((i, bar, direction, OrderStatus::Filled, reason));
        Ok(())
    }

    /// The stop or the liquidation, whichever is nearer, and the reason.
    fn guard(&self, held: &Held) -> (f64, Reason) {
        let m = self.market.options.maintenance_margin;
        // What the slot is worth is `m` times what it owes.
        let called = (held.capital - held.fee + held.units * held.price) / (held.units * (1.0 + m));
        match held.direction {
            Direction::Short if held.stop.is_nan() || called < held.stop => (called, Reason::Liquidation),
            _ => (held.stop, Reason::Stop),
        }
    }

    fn test(&mut self, i: usize) {
        let Some(held) = self.desks[i].held.clone() else { return };
        let [open, high, low] = [0, 1, 2].map(|which| self.price(i, which));
        let (stop, reason) = self.guard(&held);
        let d = held.direction.sign();
        let (worst, best) = if d > 0.0 { (low, high) } else { (high, low) };
        let stopped = d * worst <= d * stop;
        let reached = d * best >= d * held.target;
        let stop_first = self.market.options.intrabar == Intrabar::StopFirst;
        if d * open <= d * stop {
            self.leave(i, open, reason, true);
        } else if d * open >= d * held.target {
            self.leave(i, open, Reason::Target, false);
        } else if stopped && (stop_first || !reached) {
            self.leave(i, stop, reason, true);
        } else if reached {
            self.leave(i, held.target, Reason::Target, false);
        } else {
            return;
        }
        self.desks[i].left = true;
    }

    fn go(&mut self, i: usize, reason: Reason) {
        match self.market.options.fill {
            Fill::Close => self.leave(i, self.price(i, 3), reason, true),
            _ => self.desks[i].leaving = Some(reason),
        }
    }

    fn decide_exit(&mut self, i: usize) {
        if !self.desks[i].is_present {
            return;
        }
        let (bar, close) = (self.desks[i].bar.unwrap(), self.price(i, 3));
        let series = &self.market.series[i];
        if let Some(held) = self.desks[i].held.clone() {
            let (stop, reason) = self.guard(&held);
            let d = held.direction.sign();
            let watched = self.market.options.stop_fill == StopFill::Close;
            let exit = series.flags[if d > 0.0 { 2 } else { 3 }][bar] && series.target.is_none();
            let reason = match () {
                () if watched && d * close <= d * stop => Some(reason),
                () if watched && d * close >= d * held.target => Some(Reason::Target),
                () => exit.then_some(Reason::Signal),
            };
            if let Some(reason) = reason {
                self.desks[i].left = true;
                self.go(i, reason);
            }
        }
        let target = series.target.as_ref().map_or(f64::NAN, |target| target[bar]);
        if !target.is_nan() && target != self.desks[i].last_target {
            self.desks[i].last_target = target;
            let direction = if target > 0.0 { Direction::Long } else { Direction::Short };
            self.desks[i].wish = (target != 0.0).then_some(Wish(direction, bar, Some(target.abs())));
            let against = |held: &Held| target == 0.0 || held.direction != direction;
            if self.desks[i].held.as_ref().is_some_and(against) && self.desks[i].leaving.is_none() {
                self.go(i, Reason::Rebalance);
            }
        }
    }

    /// The direction that the close enters.
    fn entry(&self, i: usize) -> Option<Direction> {
        let (desk, series) = (&self.desks[i], &self.market.series[i]);
        let waits = self.market.options.reentry == Reentry::NextBar && desk.left;
        if !desk.is_present || series.target.is_some() || waits || desk.blocked || desk.wish.is_some() {
            return None;
        }
        if desk.held.is_some() && desk.leaving.is_none() {
            return None;
        }
        let bar = desk.bar.unwrap();
        let long = series.flags[0][bar].then_some(Direction::Long);
        long.or(series.flags[1][bar].then_some(Direction::Short))
    }

    fn decide_entry(&mut self, i: usize) {
        if let Some(direction) = self.entry(i) {
            self.desks[i].wish = Some(Wish(direction, self.desks[i].bar.unwrap(), None));
        }
    }

    fn rotate(&mut self) {
        if !self.market.rotate {
            return;
        }
        let stays = |i: &usize| self.desks[*i].held.is_some() && self.desks[*i].leaving.is_none();
        let (held, others): (Vec<usize>, Vec<usize>) = (0..self.desks.len()).partition(stays);
        let wants = |i: &usize| self.desks[*i].wish.is_some() || self.entry(*i).is_some();
        // Of equal ranks, positions come first.
        let mut list: Vec<usize> = held.iter().copied().chain(others.into_iter().filter(wants)).collect();
        self.sort(&mut list, 3);
        for i in list.into_iter().skip(self.market.max_positions) {
            if held.contains(&i) && self.desks[i].is_present {
                (self.desks[i].blocked, self.desks[i].wish, self.desks[i].last_target) = (true, None, 0.0);
                self.desks[i].left = true;
                self.go(i, Reason::Rotated);
            }
        }
    }
}
