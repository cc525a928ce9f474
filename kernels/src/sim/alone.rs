//! What keeps the outcome of an entry from being more than one account's.

use super::contract::{Bars, Flags, Signals};
use super::options::{DirectionConflict, EntryExitConflict, Fill, FinalClose, OnOpposite, Options, Reentry, Ruin};

/// Why what becomes of an entry depends on more than its bar, its direction and the exit and sizing columns, or is more than
/// one fill at each end.
pub(super) fn alone_because(bars: &Bars, signals: &Signals, options: &Options) -> Option<&'static str> {
    let parts = [signals.scale_out_long, signals.scale_out_short];
    let adds = [signals.add_long, signals.add_short];
    if signals.position.is_given() {
        Some("a target `position` is traded towards from wherever the account is")
    } else if parts.iter().any(Flags::is_given) {
        Some("`scale_out` closes parts of a position")
    } else if adds.iter().any(Flags::is_given) {
        Some("`add` adds to a position")
    } else if signals.entry_limit_price.is_given() {
        Some("a limit entry may be filled long after its signal, or never")
    } else if options.on_opposite != OnOpposite::Ignore {
        Some("an entry signal may close the opposite position (`on_opposite`)")
    } else if options.entry_exit_conflict != EntryExitConflict::Both {
        Some("enter and exit columns may cancel each other (`entry_exit_conflict`)")
    } else if options.direction_conflict != DirectionConflict::Long {
        Some("enter columns may cancel each other (`direction_conflict`)")
    } else if options.fill == Fill::PrevClose {
        Some("fills are booked one bar after their price (`fill`)")
    } else if options.reentry == Reentry::NotAfterStop {
        Some("whether a bar may enter depends on how the last position ended (`reentry`)")
    } else if options.ruin == Ruin::Ignore {
        Some("the equity may be negative (`ruin`)")
    } else if options.final_close != FinalClose::Close {
        Some("the last position does not end at the last close (`final_close`)")
    } else if options.max_volume_share > 0.0 {
        Some("fills are limited by the volume of each bar (`max_volume_share`)")
    } else if options.borrow_bps > 0.0 {
        Some("a short position pays for borrowing on every bar (`borrow_bps`)")
    } else if !bars.funding.at_open.is_empty() || !bars.funding.inside.is_empty() {
        Some("positions pay or receive `funding`")
    } else {
        None
    }
}
