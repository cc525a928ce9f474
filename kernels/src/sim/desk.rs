//! When and in which order the members of a portfolio act, and how much capital they are given.
//!
//! One time: what positions do at the open and who leaves; who enters at the open, the best ranked first; limit entries inside
//! the bar, then stops, targets and liquidations; who leaves at the close; rotation; who enters at the close; the mark. So
//! a slot that becomes free inside a bar is filled at its close at the earliest.

use std::cmp::Ordering;

use super::capital::{Capital, Worth};
use super::ledger::Exit;
use super::options::{Fill, FinalClose, Ruin};
use super::portfolio::{Allocation, Member, PortfolioRecord, PortfolioRules};
use super::position::{Moment, Position};
use super::record::Reason;
use super::scalar::Machine;
use super::summary::Summary;

/// The account, the members and the time at hand.
pub(super) struct Desk<'a, 'r> {
    machines: Vec<Machine<'a>>,
    members: &'a [Member<'a>],
    rules: &'a PortfolioRules<'a>,
    capital: Capital,
    /// What all members add up. It is lent to the one that acts, and so are the number of positions and the record.
    summary: Summary,
    positions: u64,
    record: &'r mut PortfolioRecord,
    /// The bar of each member that has one now.
    bars: Vec<Option<usize>>,
    /// Bars of each member that have opened.
    begun: Vec<usize>,
    /// Members that have a bar now.
    present: Vec<usize>,
    /// Members that have a position, in order.
    held: Vec<usize>,
    /// The volatility that the position of each member was given its capital by.
    volatility: Vec<f64>,
    moment: Moment,
    worth: Worth,
}

/// A member whose entry would be filled now.
#[derive(Debug, Clone, Copy)]
struct Entrant {
    member: usize,
    /// The bar that decided the entry.
    signal_bar: usize,
}

impl<'a, 'r> Desk<'a, 'r> {
    pub(super) fn new(
        machines: Vec<Machine<'a>>,
        (members, rules): (&'a [Member<'a>], &'a PortfolioRules<'a>),
        (summary, market): (Summary, Vec<f64>),
        record: &'r mut PortfolioRecord,
    ) -> Self {
        let n = members.len();
        Desk {
            machines,
            members,
            rules,
            capital: Capital::new(n, market, rules.options),
            summary,
            positions: 0,
            record,
            bars: vec![None; n],
            begun: vec![0; n],
            present: vec![],
            held: vec![],
            volatility: vec![f64::NAN; n],
            moment: Moment::Close,
            worth: Worth { equity: rules.options.initial_capital, positions: 0 },
        }
    }

    /// One time, the `t`-th.
    pub(super) fn step(&mut self, t: usize, time: i64, is_last: bool) {
        self.begin(time);
        self.open();
        self.inside();
        if !is_last || self.rules.options.is_open_end() {
            self.close();
        }
        self.mark(t, is_last);
    }

    fn begin(&mut self, time: i64) {
        self.present.clear();
        for (i, member) in self.members.iter().enumerate() {
            let next = self.begun[i];
            let is_present = member.bars.ts.get(next) == Some(&time);
            self.bars[i] = is_present.then_some(next);
            if is_present {
                self.begun[i] += 1;
                self.present.push(i);
                self.machines[i].begin_bar();
            }
        }
        self.capital.begin_bar(self.held.len());
    }

    /// Gives `act` each member that has a bar now, with the bar.
    fn each_present(&mut self, mut act: impl FnMut(&mut Self, usize, usize)) {
        for k in 0..self.present.len() {
            let i = self.present[k];
            if let Some(t) = self.bars[i] {
                act(self, i, t);
            }
        }
    }

    fn open(&mut self) {
        self.moment = Moment::Open;
        self.each_present(|desk, i, t| {
            if desk.machines[i].broker.position.is_some() || desk.machines[i].broker.waiting.is_any() {
                desk.visit(i, |machine| machine.leave_at_open(t));
            }
        });
        let mut entrants = vec![];
        self.each_present(|desk, i, t| {
            if desk.machines[i].broker.waiting.is_any() {
                let price = desk.machines[i].broker.open_of(t).2;
                desk.sort_out(&mut entrants, (i, t), price, Machine::enter_at_open);
            }
        });
        self.enter(entrants, |machine, t| {
            machine.enter_at_open(t);
            None
        });
    }

    /// A member whose orders open a position at a price is put among the entrants, the orders of others are worked on.
    fn sort_out(
        &mut self,
        entrants: &mut Vec<Entrant>,
        (member, t): (usize, usize),
        price: f64,
        work: fn(&mut Machine<'a>, usize),
    ) {
        match self.machines[member].broker.opening_at(price) {
            Some(signal_bar) => entrants.push(Entrant { member, signal_bar }),
            None => self.visit(member, |machine| work(machine, t)),
        }
    }

    fn inside(&mut self) {
        self.moment = Moment::Inside;
        let mut entrants = vec![];
        self.each_present(|desk, member, t| {
            let signal_bar = desk.machines[member].broker.opening_inside(t);
            entrants.extend(signal_bar.map(|signal_bar| Entrant { member, signal_bar }));
        });
        let limits = self.enter(entrants, |machine, t| machine.broker.reach_limit(t));
        let bars_in_market = self.summary.bars_in_market + usize::from(!self.held.is_empty());
        for i in self.held.clone() {
            let Some(t) = self.bars[i] else { continue };
            let limit = limits.iter().find(|(member, _)| *member == i).map(|(_, price)| *price);
            self.visit(i, |machine| {
                machine.test_levels(t, limit);
                machine.broker.pay_holding(t);
            });
        }
        self.summary.bars_in_market = bars_in_market;
    }

    fn close(&mut self) {
        self.moment = Moment::Close;
        let is_now = self.rules.options.fill == Fill::Close;
        self.each_present(|desk, i, t| {
            let broker = &desk.machines[i].broker;
            if broker.position.is_some() || broker.waiting.entry.is_some() {
                desk.visit(i, |machine| {
                    machine.broker.expire_limit(t);
                    machine.decide_exit(t);
                });
            }
            if !desk.members[i].signals.position.at(t).is_nan() {
                desk.visit(i, |machine| {
                    let Some(target) = machine.due_target(t) else { return };
                    machine.broker.waiting.target = Some((target, t));
                    if is_now {
                        machine.broker.close_against(machine.broker.close_of(t), target);
                    }
                });
            }
        });
        if self.rules.rotate {
            self.rotate();
        }
        if self.summary.ruined {
            return;
        }
        let mut entrants = vec![];
        self.each_present(|desk, i, t| {
            let is_fresh = match desk.members[i].signals.position.is_given() {
                true => desk.machines[i].broker.waiting.target.is_some_and(|(_, bar)| bar == t),
                false => desk.decide_entry(i, t),
            };
            if is_fresh && is_now {
                let price = desk.members[i].bars.close[t];
                desk.sort_out(&mut entrants, (i, t), price, Machine::enter_at_close);
            }
        });
        self.enter(entrants, |machine, t| {
            machine.enter_at_close(t);
            None
        });
    }

    /// The entry that a member decides at a close waits; `false` if it decides none.
    fn decide_entry(&mut self, i: usize, t: usize) -> bool {
        let machine = &mut self.machines[i];
        let Some(direction) = machine.wanted_entry(t) else { return false };
        machine.broker.waiting.entry = Some(machine.broker.entry_order(t, direction));
        true
    }

    /// Closes the positions that are not among the best of those that want to be held.
    fn rotate(&mut self) {
        let wanting = (0..self.machines.len()).filter_map(|i| {
            let stays = self.stays(i);
            (stays || self.wants_in(i)).then_some((i, stays))
        });
        let mut wanting: Vec<(usize, bool)> = wanting.collect();
        wanting.sort_by(|(a, a_stays), (b, b_stays)| self.by_rank(*a, *b).then(b_stays.cmp(a_stays)));
        for (i, stays) in wanting.into_iter().skip(self.rules.max_positions) {
            if let Some(t) = self.bars[i].filter(|_| stays) {
                self.visit(i, |machine| machine.rotate_out(t));
            }
        }
    }

    /// Whether a member has a position and nothing ends it.
    fn stays(&self, i: usize) -> bool {
        let broker = &self.machines[i].broker;
        let is_against = broker.waiting.target.is_some_and(|(target, _)| broker.is_against(target));
        broker.position.is_some() && broker.waiting.exit.is_none() && !is_against
    }

    /// Whether the entry of a member waits or is decided at this close.
    fn wants_in(&self, i: usize) -> bool {
        let machine = &self.machines[i];
        let decides = |t: usize| !machine.broker.signals.position.is_given() && machine.wanted_entry(t).is_some();
        machine.broker.waiting.entry.is_some()
            || machine.broker.opens_by_target()
            || (!self.summary.ruined && self.bars[i].is_some_and(decides))
    }

    /// The better ranked first: by the last bar that has closed.
    fn by_rank(&self, a: usize, b: usize) -> Ordering {
        let rank = |i: usize| {
            let open_bars = usize::from(self.bars[i].is_some() && self.moment != Moment::Close);
            (self.begun[i] - open_bars).checked_sub(1).map_or(f64::NAN, |bar| self.members[i].rank.at(bar))
        };
        let (a, b) = (rank(a), rank(b));
        b.partial_cmp(&a).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
    }

    /// Lets members enter, the best ranked first; gives the limit prices at which some of them did.
    fn enter(
        &mut self,
        mut entrants: Vec<Entrant>,
        act: fn(&mut Machine<'a>, usize) -> Option<f64>,
    ) -> Vec<(usize, f64)> {
        if entrants.is_empty() {
            return vec![];
        }
        entrants.sort_by(|a, b| self.by_rank(a.member, b.member));
        let equity = self.equity();
        let grants = self.grants(&entrants, equity);
        let mut limits = vec![];
        for (Entrant { member, signal_bar }, grant) in entrants.into_iter().zip(grants) {
            let Some(t) = self.bars[member] else { continue };
            let is_used = equity > 0.0 && self.capital.free <= 1e-9 * equity;
            let grant = grant.and_then(|capital| if is_used { Err(Reason::NoCapital) } else { Ok(capital) });
            let broker = &mut self.machines[member].broker;
            match grant {
                Ok(capital) => broker.ledger.equity = capital.min(self.capital.free),
                Err(reason) => broker.refused = Some(reason),
            }
            self.volatility[member] = self.members[member].share.at(signal_bar);
            let limit = self.visit(member, |machine| act(machine, t));
            limits.extend(limit.map(|price| (member, price)));
            if self.machines[member].broker.refused.take().is_some() {
                self.machines[member].forget_target();
            }
        }
        limits
    }

    /// The capital that each entrant may have, or why it has none.
    fn grants(&self, entrants: &[Entrant], equity: f64) -> Vec<Result<f64, Reason>> {
        let PortfolioRules { max_positions, allocation, .. } = *self.rules;
        let mut slots = max_positions.saturating_sub(self.held.len());
        let find_slot = |Entrant { member, signal_bar }: &Entrant| {
            let share = self.members[*member].share.at(*signal_bar);
            if allocation != Allocation::Equal && !(share > 0.0 && share.is_finite()) {
                return Err(Reason::NoAllocation);
            }
            slots = slots.checked_sub(1).ok_or(Reason::NoSlot)?;
            Ok(share)
        };
        let shares: Vec<Result<f64, Reason>> = entrants.iter().map(find_slot).collect();
        let volatilities = self.held.iter().map(|i| self.volatility[*i]).chain(shares.iter().flatten().copied());
        let (positions, inverses) =
            volatilities.fold((0.0, 0.0), |(count, sum), volatility| (count + 1.0, sum + 1.0 / volatility));
        let capital = |share: f64| match allocation {
            Allocation::Equal => equity / max_positions as f64,
            Allocation::InverseVolatility => equity * (positions / max_positions as f64) * ((1.0 / share) / inverses),
            Allocation::Fraction => equity * share,
        };
        shares.into_iter().map(|share| share.map(capital)).collect()
    }

    /// The close of all that is open, the last one perhaps, and what the account is worth after it.
    fn mark(&mut self, t: usize, is_last: bool) {
        self.moment = Moment::Close;
        let options = self.rules.options;
        if !self.held.is_empty() && options.ruin == Ruin::Stop && self.equity() <= 0.0 {
            let i = self.held[0];
            let exit = self.ruin_of(i);
            self.visit(i, |machine| machine.broker.exit_all(exit));
            for i in 0..self.machines.len() {
                let bar = self.begun[i].saturating_sub(1);
                self.lend(i, |machine| machine.broker.drop_waiting(bar));
            }
        } else if is_last && options.final_close != FinalClose::None {
            for i in self.held.clone() {
                let bar = self.begun[i] - 1;
                self.visit(i, |machine| machine.close_finally(bar));
            }
        } else {
            self.each_present(|desk, i, t| desk.machines[i].mark_position(t));
        }
        let Desk { machines, held, capital, .. } = self;
        let position = |i: &usize| machines[*i].broker.position.as_ref().map(|position| (*i, position));
        let positions = held.iter().filter_map(position);
        let marked = positions.clone().map(|(_, position)| position.equity * position.growth);
        let equity = marked.fold(capital.free, |sum, worth| sum + worth);
        self.worth = Worth { equity, positions: held.len() };
        capital.mark(t, self.worth, positions.map(|(i, position)| (i, position.growth)));
        if let Some(curve) = &mut self.record.record.equity {
            self.capital.write(t, self.worth, curve);
            self.record.positions.push(self.held.len() as u32);
            self.record.free.push(self.capital.free);
        }
    }

    /// After the last time: what still waits is taken back, and what stays open is written down.
    pub(super) fn finish(mut self) -> Summary {
        for i in 0..self.machines.len() {
            let Some(bar) = self.begun[i].checked_sub(1) else { continue };
            let has_ended = self.bars[i].is_none();
            self.lend(i, |machine| {
                if has_ended {
                    machine.broker.drop_market_entry(bar, Reason::EndOfData);
                }
                machine.broker.end();
            });
        }
        debug_assert!(self.members.iter().zip(&self.begun).all(|(member, begun)| member.bars.len() == *begun));
        self.capital.finish(self.summary, self.worth)
    }

    fn position(&self, i: usize) -> Option<&Position> {
        self.machines[i].broker.position.as_ref()
    }

    /// What the position of a member is worth at this moment: at the open or the close, where it has a bar.
    fn worth_of(&self, i: usize) -> f64 {
        let Some(position) = self.position(i) else { return 0.0 };
        let broker = &self.machines[i].broker;
        let price = self.bars[i].map(|t| match self.moment {
            Moment::Open => broker.open_of(t).2,
            Moment::Inside => broker.bars.open[t],
            Moment::Close => broker.bars.close[t],
        });
        position.equity * price.map_or(position.growth, |price| position.growth_at(price))
    }

    /// What the account is worth at this moment.
    fn equity(&self) -> f64 {
        self.held.iter().fold(self.capital.free, |sum, i| sum + self.worth_of(*i))
    }

    /// Lets a member act with the books of the account.
    fn lend<T>(&mut self, i: usize, act: impl FnOnce(&mut Machine<'a>) -> T) -> T {
        self.swap_books(i);
        let result = act(&mut self.machines[i]);
        self.swap_books(i);
        let PortfolioRecord { record, trade_members, order_members, .. } = &mut *self.record;
        trade_members.resize(record.trades.as_ref().map_or(0, Vec::len), i as u32);
        order_members.resize(record.orders.as_ref().map_or(0, Vec::len), i as u32);
        result
    }

    fn swap_books(&mut self, i: usize) {
        let ledger = &mut self.machines[i].broker.ledger;
        std::mem::swap(&mut ledger.summary, &mut self.summary);
        std::mem::swap(&mut ledger.positions, &mut self.positions);
        std::mem::swap(ledger.record, &mut self.record.record);
    }

    /// Lets a member act; its position may begin or end, but not both.
    fn visit<T>(&mut self, i: usize, act: impl FnOnce(&mut Machine<'a>) -> T) -> T {
        let others = self.held.iter().filter(|other| **other != i);
        let elsewhere = others.fold(self.capital.free, |sum, other| sum + self.worth_of(*other));
        self.visit_beside(i, elsewhere, act)
    }

    /// [`Desk::visit`], given what stands behind its position in the account.
    fn visit_beside<T>(&mut self, i: usize, elsewhere: f64, act: impl FnOnce(&mut Machine<'a>) -> T) -> T {
        let (was_open, was_ruined) = (self.position(i).is_some(), self.summary.ruined);
        self.machines[i].broker.ledger.elsewhere = elsewhere;
        let result = self.lend(i, act);
        match (was_open, self.position(i).map(|position| position.equity)) {
            (false, Some(capital)) => {
                self.capital.give(i, capital, self.held.is_empty());
                let place = self.held.partition_point(|other| *other < i);
                self.held.insert(place, i);
            }
            (true, None) => {
                self.held.retain(|other| *other != i);
                let ledger = &self.machines[i].broker.ledger;
                self.capital.take_back(i, (ledger.equity, ledger.exit_growth), self.held.is_empty());
            }
            _ => {}
        }
        if self.summary.ruined && !was_ruined {
            self.ruin();
        }
        result
    }

    /// An account without equity: the positions that are left end where they stand, free of charge.
    fn ruin(&mut self) {
        for i in self.held.clone() {
            let (exit, worth) = (self.ruin_of(i), self.worth_of(i));
            self.visit_beside(i, 0.0 - worth, |machine| machine.broker.exit_all(exit));
        }
        self.capital.lose_all();
    }

    /// The end of a member's position at this moment, because the account is ruined.
    fn ruin_of(&self, i: usize) -> Exit {
        let broker = &self.machines[i].broker;
        let (bar, moment, price) = match (self.bars[i], self.moment) {
            (Some(t), Moment::Open) => broker.open_of(t),
            (Some(t), Moment::Inside) => (t, Moment::Inside, broker.bars.open[t]),
            _ => broker.close_of(self.begun[i] - 1),
        };
        Exit { bar, moment, price, reason: Reason::Ruined }
    }
}
