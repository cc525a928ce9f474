//! How large an entry is, and when it is refused.

use super::contract::Signals;
use super::options::Options;
use super::position::initial_stop;
use super::record::{Direction, Reason};

/// An accepted entry.
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
    /// `S`.
    pub(super) stop: f64,
    /// Value of the leverage column, 1 if there is none.
    pub(super) leverage: f64,
}

/// A refused entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// The quantity asked for, `NaN` if it could not be computed.
    pub(super) qty: f64,
}

/// Sizes an entry at fill price `fill` with `equity` in hand.
///
/// Where the contract leaves room, the rule is the careful one:
///
/// - `risk` needs a stop on the losing side of the fill price, otherwise the loss has no limit: `no_stop`, even if
///   another sizing column has a value.
/// - The default of 100 % holds only for a strategy without a sizing column. If there are some, but none has a value at
///   the signal bar, the size is unknown: `zero_qty`.
/// - A leverage that is not positive leaves no room: `zero_qty`. No value at the signal bar means 1.
/// - A quantity within a billionth of a lot of a whole number of lots is that number, so that 0.3 is three lots of 0.1.
#[inline(always)]
pub(super) fn size(
    signals: &Signals,
    options: &Options,
    (direction, signal_bar): (Direction, usize),
    fill: f64,
    equity: f64,
) -> Result<Entry, Refusal> {
    let unknown = |reason| Refusal { reason, qty: f64::NAN };
    if equity.is_nan() || equity <= 0.0 {
        return Err(unknown(Reason::NoEquity));
    }
    let stop = initial_stop(signals, signal_bar, direction, fill);
    let risk = signals.risk.at(signal_bar);
    let stop_distance = direction.sign() * (fill - stop);
    let loss_is_limited = stop_distance > 0.0 && stop_distance.is_finite();
    if !risk.is_nan() && !loss_is_limited {
        return Err(unknown(Reason::NoStop));
    }
    // `min` passes over NaN, so that only the given sizes count; a column that is absent spares its division.
    let by_risk = if signals.risk.is_given() { risk * fill / stop_distance } else { f64::NAN };
    let mut smallest = by_risk.min(signals.size.at(signal_bar));
    if signals.notional.is_given() {
        smallest = smallest.min(signals.notional.at(signal_bar) / equity);
    }
    if signals.qty.is_given() {
        smallest = smallest.min(signals.qty.at(signal_bar) * fill / equity);
    }
    let asked = if has_sizing(signals) { smallest } else { 1.0 };
    if asked.is_nan() {
        return Err(unknown(Reason::ZeroQty));
    }
    let leverage = signals.leverage.at(signal_bar);
    let leverage = if leverage.is_nan() { 1.0 } else { leverage };
    // Margin and entry fee together fit into the equity.
    let cap = if leverage > 0.0 { 1.0 / (1.0 / leverage + options.fee()) } else { 0.0 };
    let mut weight = asked.min(cap);
    let wanted = weight * equity / fill;
    let mut qty = wanted;
    if options.lot_size > 0.0 {
        qty = (wanted / options.lot_size + 1e-9).floor() * options.lot_size;
        weight = qty * fill / equity;
    }
    if !(qty > 0.0 && qty.is_finite() && weight.is_finite()) {
        return Err(Refusal { reason: Reason::ZeroQty, qty: wanted });
    }
    if qty * fill < options.min_notional {
        return Err(Refusal { reason: Reason::BelowMinNotional, qty });
    }
    Ok(Entry { direction, signal_bar, fill, equity, weight, qty, stop, leverage })
}

fn has_sizing(signals: &Signals) -> bool {
    signals.risk.is_given() || signals.size.is_given() || signals.notional.is_given() || signals.qty.is_given()
}
