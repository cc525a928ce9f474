//! Named sets of run options.

use super::options::{
    DirectionConflict, EntryExitConflict, Fill, FinalClose, Intrabar, Liquidation, Lots, OnOpposite, Options,
    OverBudget, Reentry, Ruin, SizeBasis, SlippageOn, StopFill,
};
use super::run_option::{OptionValue, RUN_OPTIONS};

/// A named set of options. An option given by the user wins over the preset.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Name in SQL.
    pub name: &'static str,
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// Applies the preset.
    pub apply: fn(&mut Options),
}

/// Every preset, sorted by name.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "backtesting_py",
        summary: "The rules of backtesting.py 0.6 with `exclusive_orders`: whole units at the next open, no costs.",
        apply: |options| {
            *options = Options {
                intrabar: Intrabar::StopAlways,
                fee_bps: 0.0,
                slippage_bps: 0.0,
                slippage_on: SlippageOn::Entry,
                on_opposite: OnOpposite::Reverse,
                size_basis: SizeBasis::BuyingPower,
                over_budget: OverBudget::Reject,
                lot_size: 1.0,
                liquidation: Liquidation::Off,
                final_close: FinalClose::None,
                ..*options
            };
        },
    },
    Preset {
        name: "default",
        summary: "Honest fills: next open, stops inside the bar, fees and slippage.",
        apply: |_| {},
    },
    Preset {
        name: "threadx_py",
        summary: "The rules that the Python ThreadX meant: everything at the close, a fee and no slippage.",
        apply: |options| {
            options.fill = Fill::Close;
            options.stop_fill = StopFill::Close;
            options.fee_bps = 4.5;
            options.slippage_bps = 0.0;
            options.lots = Lots::Separate;
        },
    },
    Preset {
        name: "vectorbt",
        summary: "The rules of vectorbt 1.2 `Portfolio.from_signals`: all cash at the close of the signal, no costs.",
        apply: |options| {
            *options = Options {
                fill: Fill::Close,
                intrabar: Intrabar::StopAlways,
                reentry: Reentry::NotAfterStop,
                fee_bps: 0.0,
                slippage_bps: 0.0,
                slippage_on: SlippageOn::Market,
                initial_capital: 100.0,
                on_opposite: OnOpposite::Reverse,
                entry_exit_conflict: EntryExitConflict::Ignore,
                direction_conflict: DirectionConflict::Ignore,
                size_basis: SizeBasis::Cash,
                over_budget: OverBudget::ClipLong,
                min_qty: 1e-8,
                liquidation: Liquidation::Off,
                ruin: Ruin::Ignore,
                final_close: FinalClose::None,
                ..*options
            };
        },
    },
];

impl Preset {
    /// The options that it sets to something else than their default.
    pub fn sets(&self) -> Vec<(&'static str, OptionValue<'static>)> {
        let (default, mut options) = (Options::default(), Options::default());
        (self.apply)(&mut options);
        let values = RUN_OPTIONS.iter().map(|option| (option, option.get(&options)));
        values.filter(|(option, value)| *value != option.get(&default)).map(|(option, v)| (option.name, v)).collect()
    }
}

/// The preset of a name, in upper or lower case; `None` if there is no such preset.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_passes_the_check_and_is_found_by_name() {
        for preset in PRESETS {
            let mut options = Options::default();
            (preset.apply)(&mut options);
            assert_eq!(options.check(), Ok(()), "{}", preset.name);
        }
        assert!(PRESETS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(preset("THREADX_PY").is_some() && preset("nope").is_none());
    }
}
