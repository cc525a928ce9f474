//! One account over many series.
//!
//! Each member has the machine of the reference, which knows nothing of the others: its position begins with the capital that
//! it is given and brings back what has become of it. `desk.rs` says when and in which order they act, and how much they are
//! given; `capital.rs` keeps the account. What is decided here:
//!
//! - Everything goes by the times of the bars, not by their numbers. A member without a bar at a time keeps its position at the
//!   last price, and its orders wait. The range ends at the last time of any of them, so that a member whose bars end before
//!   does not know that they do.
//! - Where the order of the members counts, it is that of the slice; the caller sorts them by name.

use super::contract::{Bars, Numbers, Signals};
use super::desk::Desk;
use super::options::Options;
use super::record::Record;
use super::scalar::Machine;
use super::summary::{Needs, Summary};

/// How much of the equity an entry gets. It is at most what is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// `equity / max_positions`.
    Equal,
    /// `equity * (m / max_positions) * (1 / v) / sum(1 / v)` over the `m` positions that are open or find a slot at this moment;
    /// `v` is [`Member::share`] at the bar that decided the entry.
    InverseVolatility,
    /// `equity * share` at the bar that decided the entry.
    Fraction,
}

/// One series of a portfolio and what the strategy says about it.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Its bars.
    pub bars: Bars<'a>,
    /// Its columns.
    pub signals: Signals<'a>,
    /// Higher ones come first where slots are short; `NaN` comes last.
    pub rank: Numbers<'a>,
    /// What the allocation reads; a value that is not positive and finite has no part.
    pub share: Numbers<'a>,
    /// Bars of this series per year, for the cost of borrowing.
    pub periods_per_year: Option<f64>,
}

/// The rules of the account.
#[derive(Debug, Clone, Copy)]
pub struct PortfolioRules<'a> {
    /// The options of every position. Their `periods_per_year` is that of the account.
    pub options: &'a Options,
    /// Most positions that may be open, at least 1.
    pub max_positions: usize,
    /// How much an entry gets.
    pub allocation: Allocation,
    /// Whether a position is closed if `max_positions` others that want to be held are ranked better.
    pub rotate: bool,
}

/// What a run over many series writes down.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PortfolioRecord {
    /// Trades and orders with bars of their own series, in the order in which they happened, and the account at every time.
    pub record: Record,
    /// The member of each trade.
    pub trade_members: Vec<u32>,
    /// The member of each order.
    pub order_members: Vec<u32>,
    /// Number of open positions after each close; with the curve.
    pub positions: Vec<u32>,
    /// What no position has after each close, quote currency; with the curve.
    pub free: Vec<f64>,
}

impl PortfolioRecord {
    /// Wants what `record` wants.
    pub const fn new(record: Record) -> Self {
        PortfolioRecord { record, trade_members: vec![], order_members: vec![], positions: vec![], free: vec![] }
    }
}

/// The times of several series, each once, in order.
pub fn union_of_times(series: &[&[i64]]) -> Vec<i64> {
    let mut times: Vec<i64> = series.concat();
    // Runs that are sorted already are merged.
    times.sort();
    times.dedup();
    times
}

/// Runs one account over many series; `None` if `goes_on`, which is asked for every member and at every time, says no.
///
/// `times` are those of [`union_of_times`]. The same code as [`simulate_reference`](super::simulate_reference) moves each
/// position, and with one member, one slot and equal allocation the result has the same bits. The market is equal parts in
/// each member, held from its first to its last close. Cost: times x members, and positions x positions per bar.
///
/// # Panics
/// If the slices of a member differ in length, or `times` lacks one of its bars.
pub fn simulate_portfolio(
    members: &[Member],
    times: &[i64],
    (rules, needs): (&PortfolioRules, Needs),
    record: &mut PortfolioRecord,
    goes_on: &dyn Fn() -> bool,
) -> Option<Summary> {
    let with_periods = |member: &Member| Options { periods_per_year: member.periods_per_year, ..*rules.options };
    let options: Vec<Options> = members.iter().map(with_periods).collect();
    let mut unused = vec![Record::none(); members.len()];
    let machines = members.iter().zip(&options).zip(&mut unused);
    let machines =
        machines.map(|((member, options), record)| Machine::new(&member.bars, &member.signals, options, needs, record));
    clear(record, times.len());
    let begin = Summary { market_return: market_return(members, times), ..Summary::begin(times, rules.options, needs) };
    // A market that does not move adds nothing to sums that nobody reads.
    let market = if needs.market { market(members, times, goes_on)? } else { vec![1.0; times.len()] };
    let mut desk = Desk::new(machines.collect(), (members, rules), (begin, market), record);
    for (t, time) in times.iter().enumerate() {
        if !goes_on() {
            return None;
        }
        desk.step(t, *time, t + 1 == times.len());
    }
    Some(desk.finish())
}

fn clear(record: &mut PortfolioRecord, times: usize) {
    let PortfolioRecord { record, trade_members, order_members, positions, free } = record;
    record.clear(times);
    trade_members.clear();
    order_members.clear();
    positions.clear();
    free.clear();
}

/// What equal parts in each member are worth at each time; a member counts with its first close until that is known. `None` if
/// `goes_on`, which is asked for each member, says no.
fn market(members: &[Member], times: &[i64], goes_on: &dyn Fn() -> bool) -> Option<Vec<f64>> {
    if let [only] = members {
        return Some(only.bars.close.to_vec());
    }
    let mut worth = vec![0.0; times.len()];
    for Bars { ts, close, .. } in members.iter().map(|member| &member.bars) {
        if !goes_on() {
            return None;
        }
        let mut next = 0;
        for (worth, time) in worth.iter_mut().zip(times) {
            if next < ts.len() && ts[next] == *time {
                next += 1;
            }
            *worth += if next == 0 { 1.0 } else { close[next - 1] / close[0] };
        }
    }
    Some(worth)
}

fn market_return(members: &[Member], times: &[i64]) -> f64 {
    let ratio = |closes: &[f64]| closes.last().zip(closes.first()).map_or(1.0, |(last, first)| last / first);
    let sum: f64 = members.iter().map(|member| ratio(member.bars.close)).sum();
    if times.len() < 2 { f64::NAN } else { sum / members.len() as f64 - 1.0 }
}
