//! How large an entry or add is, and when it is refused.

use super::contract::Signals;
use super::options::{Options, OverBudget, SizeBasis};
use super::position::nearest_stop;
use super::record::{Direction, Reason};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub(super) direction: Direction,
    /// Bar whose close decided it.
    pub(super) signal_bar: usize,
    /// It adds to an open position.
    pub(super) is_add: bool,
    /// It is filled as a limit order.
    pub(super) is_limit: bool,
    pub(super) wanted: Wanted,
    /// Why it is asked for.
    pub(super) reason: Reason,
    /// The price before slippage; needed by the size bases of other engines.
    pub(super) quote: f64,
}

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// What the sizing columns say.
    Columns,
    /// This notional, a fraction of the equity at the entry.
    Weight(f64),
    /// The unfilled rest of an order: this quantity.
    Rest(f64),
}

/// What an order is paid from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purse {
    /// Equity at the entry of the position, quote currency: `E0`.
    pub(super) equity: f64,
    /// Equity without open profit, a fraction of `E0`; 1 at an entry.
    pub(super) balance: f64,
    /// Margin of what is open, a fraction of `E0`.
    pub(super) margin: f64,
}

/// An accepted entry or add.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) direction: Direction,
    /// Bar whose close decided the entry.
    pub(super) signal_bar: usize,
    /// `F`: price with slippage.
    pub(super) fill: f64,
    /// `E0`.
    pub(super) equity: f64,
    /// `w`: notional / equity.
    pub(super) weight: f64,
    pub(super) qty: f64,
    /// The fee as a fraction of the equity.
    pub(super) fee: f64,
    /// `S`.
    pub(super) stop: f64,
    /// Value of the leverage column, 1 if there is none.
    pub(super) leverage: f64,
    /// Why it was asked for.
    pub(super) reason: Reason,
}

/// A refused entry or add.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// The quantity asked for, `NaN` if it could not be computed.
    pub(super) qty: f64,
}

impl Request {
    /// An entry at the market, sized by the columns.
    #[inline(always)]
    pub(super) fn entry(direction: Direction, signal_bar: usize) -> Self {
        Request {
            direction,
            signal_bar,
            is_add: false,
            is_limit: false,
            wanted: Wanted::Columns,
            reason: Reason::Signal,
            quote: f64::NAN,
        }
    }

    /// The stop that comes with it.
    #[inline(always)]
    fn stop(&self, signals: &Signals, options: &Options, fill: f64) -> f64 {
        let own = signals.add_stop_distance.is_given() || signals.add_stop_price.is_given();
        let (distance, price) = match self.is_add && own {
            true => (signals.add_stop_distance, signals.add_stop_price),
            false => (signals.stop_distance, signals.stop_price),
        };
        let level = nearest_stop(distance.at(self.signal_bar), price.at(self.signal_bar), self.direction, fill);
        options.on_tick(level, self.direction == Direction::Short)
    }
}

impl Purse {
    /// The whole equity, with nothing open.
    #[inline(always)]
    pub(super) fn whole(equity: f64) -> Self {
        Purse { equity, balance: 1.0, margin: 0.0 }
    }
}

/// [`size_request`] of an entry at the market with `equity` in hand.
#[inline(always)]
pub(super) fn size(
    signals: &Signals,
    options: &Options,
    (direction, signal_bar): (Direction, usize),
    fill: f64,
    equity: f64,
) -> Result<Entry, Refusal> {
    size_request(signals, options, &Request::entry(direction, signal_bar), fill, &Purse::whole(equity))
}

/// [`size`] of an entry whose weight does not depend on the equity, where nothing is rounded and nothing can be refused: what
/// is common, in a fraction of the time. `room` is [`plain_room`] at the leverage of the signal bar. `None` says nothing.
#[inline(always)]
pub(super) fn size_simply(
    signals: &Signals,
    options: &Options,
    (direction, signal_bar): (Direction, usize),
    fill: f64,
    (leverage, room): (f64, f64),
) -> Option<Entry> {
    let stop = nearest_stop(signals.stop_distance.at(signal_bar), signals.stop_price.at(signal_bar), direction, fill);
    let mut asked = f64::NAN;
    if signals.risk.is_given() {
        let (risk, distance) = (signals.risk.at(signal_bar), direction.sign() * (fill - stop));
        let loss_is_limited = distance > 0.0 && distance.is_finite();
        if !risk.is_nan() && !loss_is_limited {
            return None;
        }
        asked = risk * fill / distance;
    }
    asked = asked.min(signals.size.at(signal_bar));
    if !has_sizing(signals) {
        asked = 1.0;
    }
    if asked.is_nan() {
        return None;
    }
    let (weight, reason) = (asked.min(room), Reason::Signal);
    let fee = weight * options.fee();
    let qty = f64::NAN;
    Some(Entry { direction, signal_bar, fill, equity: 1.0, weight, qty, fee, stop, leverage, reason })
}

/// [`room`] for fees that are a part of the notional alone.
#[inline(always)]
pub(super) fn plain_room(leverage: f64, free: f64, options: &Options) -> f64 {
    if leverage.is_nan() || leverage <= 0.0 { 0.0 } else { free / (1.0 / leverage + options.fee().max(0.0)) }
}

/// Sizes an entry or add at fill price `fill`.
///
/// Where the contract leaves room, the rule is the careful one:
///
/// - `risk` needs a stop on the losing side of the fill price, otherwise the loss has no limit: `no_stop`, even if
///   another sizing column has a value.
/// - The default of 100 % holds only for a strategy without a sizing column. If there are some, but none has a value at
///   the signal bar, the size is unknown: `zero_qty`.
/// - A leverage that is not positive leaves no room: `zero_qty`. No value at the signal bar means 1.
/// - Only `qty` and `notional` can ask for more than the budget; a fraction is cut to it, whatever `over_budget` says.
/// - A quantity within a billionth of a lot of a whole number of lots is that number, so that 0.3 is three lots of 0.1.
/// - An add is sized by the balance, the equity without open profit, and has to fit into what the margin of the position
///   leaves of it: paper profit buys nothing.
/// - A trade towards a target is not: the target as a whole is capped, by the equity with open profit.
#[inline(always)]
pub(super) fn size_request(
    signals: &Signals,
    options: &Options,
    request: &Request,
    fill: f64,
    purse: &Purse,
) -> Result<Entry, Refusal> {
    let Request { direction, signal_bar, .. } = *request;
    let Purse { equity, balance, margin } = *purse;
    // What is left of a balance that is all used is noise of rounding.
    let free = if balance - margin > 1e-9 * balance { balance - margin } else { 0.0 };
    let unknown = |reason| Refusal { reason, qty: f64::NAN };
    let money = equity * balance;
    if money.is_nan() || money <= 0.0 {
        return Err(unknown(Reason::NoEquity));
    }
    // A sale below the first tick.
    if fill <= 0.0 {
        return Err(unknown(Reason::ZeroQty));
    }
    let stop = request.stop(signals, options, fill);
    if options.size_basis != SizeBasis::Notional {
        return by_budget(signals, options, (request, stop), fill, purse);
    }
    let asked = match request.wanted {
        Wanted::Columns => {
            let risk = signals.risk.at(signal_bar);
            let stop_distance = direction.sign() * (fill - stop);
            let loss_is_limited = stop_distance > 0.0 && stop_distance.is_finite();
            if !risk.is_nan() && !loss_is_limited {
                return Err(unknown(Reason::NoStop));
            }
            // `min` passes over NaN, so that only the given sizes count; a column that is absent spares its division.
            let by_risk = if signals.risk.is_given() { risk * fill / stop_distance } else { f64::NAN };
            let mut smallest = by_risk.min(signals.size.at(signal_bar)) * balance;
            if signals.notional.is_given() {
                smallest = smallest.min(signals.notional.at(signal_bar) / equity);
            }
            if signals.qty.is_given() {
                smallest = smallest.min(signals.qty.at(signal_bar) * fill / equity);
            }
            if has_sizing(signals) { smallest } else { balance }
        }
        Wanted::Weight(weight) => weight,
        Wanted::Rest(qty) => qty * fill / equity,
    };
    if asked.is_nan() {
        return Err(unknown(Reason::ZeroQty));
    }
    let leverage = leverage_at(signals, signal_bar);
    let is_resized =
        request.is_add && request.reason == Reason::Rebalance && matches!(request.wanted, Wanted::Weight(_));
    let room = if is_resized { f64::INFINITY } else { room(options, request, (fill, leverage), (equity, free)) };
    let mut weight = match options.over_budget {
        OverBudget::Reject if asked > room && is_amount(signals, signal_bar) => {
            return Err(Refusal { reason: Reason::OverBudget, qty: asked * equity / fill });
        }
        OverBudget::ClipLong if direction == Direction::Short && is_amount(signals, signal_bar) => asked,
        _ => asked.min(room),
    };
    // The room of a position that owes is negative.
    weight = if request.is_add { weight.max(0.0) } else { weight };
    let wanted = weight * equity / fill;
    let mut qty = wanted;
    if options.lot_size > 0.0 {
        qty = whole_lots(wanted, options.lot_size);
        weight = qty * fill / equity;
    }
    let reason = request.reason;
    let entry = Entry { direction, signal_bar, fill, equity, weight, qty, fee: 0.0, stop, leverage, reason };
    entry.accepted(options, request, wanted)
}

/// The size by what the equity times the leverage buys, in the order of operations of the engine whose basis it is.
///
/// - `cash`: a unit costs `F * (1 + f)`. Without a sizing column everything is spent; `size` is the part that is spent.
///   Quantities are rounded down to lots as they are, without a tolerance.
/// - `buying_power`: a unit costs `F` and the fee at the price before slippage; whole lots. `size` is the part of equity times
///   leverage, by default the largest number below 1. A fixed fee is spread over `size`, as in backtesting.py.
fn by_budget(
    signals: &Signals,
    options: &Options,
    (request, stop): (&Request, f64),
    fill: f64,
    purse: &Purse,
) -> Result<Entry, Refusal> {
    let Request { direction, signal_bar, .. } = *request;
    let size = if request.wanted == Wanted::Columns { signals.size.at(signal_bar) } else { f64::NAN };
    let absolute = quantity_asked(signals, (request, stop), fill, purse)?;
    if absolute.is_nan() && size.is_nan() && has_sizing(signals) {
        return Err(Refusal { reason: Reason::ZeroQty, qty: f64::NAN });
    }
    let leverage = leverage_at(signals, signal_bar);
    let power = purse.equity * (purse.balance - purse.margin) * leverage;
    let is_power = options.size_basis == SizeBasis::BuyingPower;
    let (bought, budget) = match is_power {
        true => buying_power(options, (power, size), (fill, request.quote), absolute),
        false => cash(options, (power, size), (fill, direction)),
    };
    let asked = match (absolute.is_nan(), size.is_nan()) {
        (true, _) => bought,
        (false, true) => absolute,
        (false, false) => absolute.min(bought),
    };
    let is_amount = is_amount(signals, signal_bar);
    let qty = match options.over_budget {
        OverBudget::Reject if asked > budget && is_amount => {
            return Err(Refusal { reason: Reason::OverBudget, qty: asked });
        }
        OverBudget::ClipLong if direction == Direction::Short && is_amount => asked,
        _ => asked.min(budget),
    };
    let qty = match (options.lot_size > 0.0, is_power) {
        (false, _) => qty,
        // Whole lots already, exactly.
        (true, true) if absolute.is_nan() => qty,
        (true, true) => whole_lots(qty, options.lot_size),
        (true, false) => (qty / options.lot_size).floor() * options.lot_size,
    };
    let (equity, weight, reason) = (purse.equity, qty * fill / purse.equity, request.reason);
    let entry = Entry { direction, signal_bar, fill, equity, weight, qty, fee: 0.0, stop, leverage, reason };
    entry.accepted(options, request, asked)
}

/// The smallest of the quantities that are asked for by `qty`, `notional`, `risk` and the kind of the order, `NaN` if none is.
fn quantity_asked(
    signals: &Signals,
    (request, stop): (&Request, f64),
    fill: f64,
    purse: &Purse,
) -> Result<f64, Refusal> {
    let Request { direction, signal_bar, quote, .. } = *request;
    match request.wanted {
        Wanted::Columns => {}
        Wanted::Weight(weight) => return Ok(weight * purse.equity / fill),
        Wanted::Rest(qty) => return Ok(qty),
    }
    let (risk, distance) = (signals.risk.at(signal_bar), direction.sign() * (fill - stop));
    let loss_is_limited = distance > 0.0 && distance.is_finite();
    if !risk.is_nan() && !loss_is_limited {
        return Err(Refusal { reason: Reason::NoStop, qty: f64::NAN });
    }
    let by_risk = purse.equity * purse.balance * risk / distance;
    // `min` passes over NaN.
    Ok(signals.qty.at(signal_bar).min(signals.notional.at(signal_bar) / quote).min(by_risk))
}

/// What a part of the buying power buys, in whole lots, and the most that `absolute` units may be.
fn buying_power(options: &Options, (power, size): (f64, f64), (fill, quote): (f64, f64), absolute: f64) -> (f64, f64) {
    let (fee, fixed, lot) = (quote * options.fee(), options.fee_fixed, options.lot_size);
    let part = if size.is_nan() { 1.0 - f64::EPSILON } else { size };
    let (money, unit) = (power * part, fill + (fee + fixed / part));
    let bought = if lot > 0.0 { whole_quotient(money, unit * lot) * lot } else { money / unit };
    let budget = if absolute.is_nan() { bought } else { power / (fill + (fee + fixed / absolute)) };
    (bought, budget)
}

/// What a part of the cash buys, and what all of it does.
fn cash(options: &Options, (power, size): (f64, f64), (fill, direction): (f64, Direction)) -> (f64, f64) {
    let (unit, fixed) = (fill * (1.0 + options.fee()), options.fee_fixed);
    let part = if size.is_nan() { 1.0 } else { size };
    let bought = match direction {
        Direction::Long => (power * part - fixed) / unit,
        Direction::Short => (power - fixed) * part / unit,
    };
    (bought, (power - fixed) / unit)
}

/// The whole part of a quotient, exactly: the rounded quotient of two numbers may be a whole number too many.
fn whole_quotient(a: f64, b: f64) -> f64 {
    ((a - a % b) / b).round()
}

/// The largest weight whose margin and fee fit into `free`, a fraction of the equity. A rebate comes with the fill and leaves
/// no more room for it.
#[inline(always)]
fn room(options: &Options, request: &Request, (fill, leverage): (f64, f64), (equity, free): (f64, f64)) -> f64 {
    if options.has_plain_fees() {
        return plain_room(leverage, free, options);
    }
    if leverage.is_nan() || leverage <= 0.0 {
        return 0.0;
    }
    let rate = if request.is_limit { options.maker_fee() } else { options.fee() };
    let by_rate =
        (free - options.fee_fixed / equity) / (1.0 / leverage + (rate + options.fee_per_unit / fill).max(0.0));
    by_rate.min((free - options.fee_min / equity) * leverage)
}

/// The leverage of the signal bar, 1 without a value.
#[inline(always)]
pub(super) fn leverage_at(signals: &Signals, signal_bar: usize) -> f64 {
    let leverage = signals.leverage.at(signal_bar);
    if leverage.is_nan() { 1.0 } else { leverage }
}

impl Entry {
    /// The same entry with its fee, if it is large enough: anything at all, then `min_notional`, then `min_qty`, whatever the
    /// basis of sizes. `wanted` is the quantity before it was rounded.
    #[inline(always)]
    fn accepted(self, options: &Options, request: &Request, wanted: f64) -> Result<Self, Refusal> {
        let Entry { qty, weight, fill, .. } = self;
        if !(qty > 0.0 && qty.is_finite() && weight.is_finite()) {
            return Err(Refusal { reason: Reason::ZeroQty, qty: wanted });
        }
        // The rest of an order was large enough together with what is filled.
        let is_rest = matches!(request.wanted, Wanted::Rest(_));
        if qty * fill < options.min_notional && !is_rest {
            return Err(Refusal { reason: Reason::BelowMinNotional, qty });
        }
        if qty < options.min_qty && !is_rest {
            return Err(Refusal { reason: Reason::BelowMinQty, qty });
        }
        Ok(self.with_fee(options, request.is_limit))
    }

    /// No entry, at a price that one would be filled at.
    pub(super) fn none(direction: Direction, fill: f64) -> Self {
        let (equity, stop, reason) = (f64::NAN, f64::NAN, Reason::Signal);
        Entry { direction, signal_bar: 0, fill, equity, weight: 0.0, qty: 0.0, fee: 0.0, stop, leverage: 1.0, reason }
    }

    /// The same entry with the fee of its weight and quantity.
    #[inline(always)]
    fn with_fee(self, options: &Options, is_limit: bool) -> Self {
        let fee = match options.has_plain_fees() {
            true => self.weight * options.fee(),
            false => options.fee_of(self.qty, self.fill, is_limit) / self.equity,
        };
        Entry { fee, ..self }
    }

    /// The same entry with less quantity.
    pub(super) fn with_qty(self, qty: f64, options: &Options, is_limit: bool) -> Self {
        Entry { qty, weight: qty * self.fill / self.equity, ..self }.with_fee(options, is_limit)
    }
}

/// A quantity rounded down to whole lots; one within a billionth of a lot of a whole number is that number.
pub(super) fn whole_lots(qty: f64, lot_size: f64) -> f64 {
    if lot_size > 0.0 { (qty / lot_size + 1e-9).floor() * lot_size } else { qty }
}

/// Whether `qty` or `notional` has a value.
fn is_amount(signals: &Signals, signal_bar: usize) -> bool {
    !signals.qty.at(signal_bar).is_nan() || !signals.notional.at(signal_bar).is_nan()
}

fn has_sizing(signals: &Signals) -> bool {
    signals.risk.is_given() || signals.size.is_given() || signals.notional.is_given() || signals.qty.is_given()
}
