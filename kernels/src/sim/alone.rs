//! What keeps the outcome of an entry from being more than one account's, beyond its size.

use super::contract::{Bars, Flags, Signals};
use super::event::BORROWING;
use super::options::{
    DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, OnOpposite, Options, Reentry, Ruin,
};

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
        Some("a limit entry may be filled long after its signal, or never (`entry_limit_price`)")
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
    } else if options.borrow_bps > 0.0 && options.direction != DirectionFilter::Long {
        Some(BORROWING)
    } else if !bars.funding.at_open.is_empty() || !bars.funding.inside.is_empty() {
        Some("positions pay or receive `funding`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::{Funding, Numbers};
    use super::*;

    /// The reason of a run that has one thing beyond plain positions.
    fn reason(change: impl Fn(&mut Signals, &mut Options)) -> &'static str {
        let (mut signals, mut options) = (Signals::default(), Options::default());
        change(&mut signals, &mut options);
        alone_because(&Bars::default(), &signals, &options).unwrap_or("none")
    }

    #[test]
    fn each_reason_names_what_it_is_about() {
        let given = Flags::Const(false);
        let number = Numbers::Const(1.0);
        for (reason, name) in [
            (reason(|s, _| s.position = number), "`position`"),
            (reason(|s, _| s.scale_out_long = given), "`scale_out`"),
            (reason(|s, _| s.scale_out_short = given), "`scale_out`"),
            (reason(|s, _| s.add_long = given), "`add`"),
            (reason(|s, _| s.add_short = given), "`add`"),
            (reason(|s, _| s.entry_limit_price = number), "`entry_limit_price`"),
            (reason(|_, o| o.on_opposite = OnOpposite::Close), "`on_opposite`"),
            (reason(|_, o| o.entry_exit_conflict = EntryExitConflict::Exit), "`entry_exit_conflict`"),
            (reason(|_, o| o.direction_conflict = DirectionConflict::Ignore), "`direction_conflict`"),
            (reason(|_, o| o.fill = Fill::PrevClose), "`fill`"),
            (reason(|_, o| o.reentry = Reentry::NotAfterStop), "`reentry`"),
            (reason(|_, o| o.ruin = Ruin::Ignore), "`ruin`"),
            (reason(|_, o| o.final_close = FinalClose::None), "`final_close`"),
            (reason(|_, o| o.max_volume_share = 0.5), "`max_volume_share`"),
            (reason(|_, o| o.borrow_bps = 1.0), "`borrow_bps`"),
        ] {
            assert!(reason.contains(name), "{name}: {reason}");
        }
        let rates = [0.0];
        for funding in [Funding { at_open: &rates, inside: &[] }, Funding { at_open: &[], inside: &rates }] {
            let bars = Bars { funding, ..Bars::default() };
            let reason = alone_because(&bars, &Signals::default(), &Options::default());
            assert!(reason.is_some_and(|reason| reason.contains("`funding`")));
        }
    }

    #[test]
    fn plain_positions_and_long_ones_that_would_borrow_have_none() {
        assert_eq!(reason(|_, _| {}), "none");
        assert_eq!(reason(|s, _| s.stop_distance = Numbers::Const(1.0)), "none");
        assert_eq!(reason(|_, o| (o.borrow_bps, o.direction) = (1.0, DirectionFilter::Long)), "none");
    }
}
