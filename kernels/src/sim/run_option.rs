//! The run options as a list: name, values, meaning, and how to read and set each.
//!
//! To add an option: a field of [`Options`] with its default, and a line here. Arguments, settings, documentation, the text of
//! `EXPLAIN` and the keys of stored results come from this list.

use super::options::{
    DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, Intrabar, LARGEST_REBATE, LimitFill,
    Liquidation, Lots, Margin, OnOpposite, Options, OverBudget, Rebalance, Reentry, Ruin, SizeBasis, SlippageOn,
    StopFill, Unfilled,
};

/// What values an option takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionKind {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number in a closed range.
    Number {
        /// Smallest valid value.
        min: f64,
        /// Largest valid value.
        max: f64,
    },
    /// One of these words, or a number of at least `min`.
    WordOrNumber {
        /// The words.
        words: &'static [&'static str],
        /// Smallest valid number.
        min: f64,
    },
}

/// The value of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionValue<'a> {
    /// A word, in upper or lower case.
    Word(&'a str),
    /// A number.
    Number(f64),
}

/// A run option.
#[derive(Debug, Clone, Copy)]
pub struct RunOption {
    /// Name in SQL, and of the field.
    pub name: &'static str,
    /// What values it takes.
    pub kind: OptionKind,
    /// One sentence.
    pub summary: &'static str,
    /// What each of its words means; empty for numbers.
    meanings: &'static [&'static str],
    get: fn(&Options) -> OptionValue<'static>,
    set: fn(&mut Options, OptionValue) -> Option<()>,
}

impl RunOption {
    /// Its words, each with what it means in a sentence; none where it takes a number.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let words = if let OptionKind::Word(words) = self.kind { words } else { &[] };
        words.iter().zip(self.meanings).map(|(word, meaning)| (*word, meaning.trim()))
    }

    /// The value that a run has.
    pub fn get(&self, options: &Options) -> OptionValue<'static> {
        (self.get)(options)
    }

    /// Sets the value; `false` if it is not of the option's kind. Ranges are checked by [`Options::check`].
    pub fn set(&self, options: &mut Options, value: OptionValue) -> bool {
        (self.set)(options, value).is_some()
    }
}

impl std::fmt::Display for OptionValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionValue::Word(word) => f.write_str(word),
            OptionValue::Number(number) => write!(f, "{number}"),
        }
    }
}

macro_rules! word {
    ($field:ident: $type:ident, $summary:literal) => {
        RunOption {
            name: stringify!($field),
            kind: OptionKind::Word($type::WORDS),
            summary: $summary,
            meanings: $type::MEANINGS,
            get: |options| OptionValue::Word(options.$field.name()),
            set: |options, value| match value {
                OptionValue::Word(word) => $type::parse(word).map(|value| options.$field = value),
                OptionValue::Number(_) => None,
            },
        }
    };
}

macro_rules! number {
    ($field:ident: $min:expr, $max:expr, $summary:literal) => {
        RunOption {
            name: stringify!($field),
            kind: OptionKind::Number { min: $min, max: $max },
            summary: $summary,
            meanings: &[],
            get: |options| OptionValue::Number(options.$field),
            set: |options, value| match value {
                OptionValue::Number(number) => {
                    options.$field = number;
                    Some(())
                }
                OptionValue::Word(_) => None,
            },
        }
    };
}

macro_rules! number_or {
    ($field:ident: $word:literal, $min:expr, $summary:literal) => {
        RunOption {
            name: stringify!($field),
            kind: OptionKind::WordOrNumber { words: &[$word], min: $min },
            summary: $summary,
            meanings: &[],
            get: |options| options.$field.map_or(OptionValue::Word($word), OptionValue::Number),
            set: |options, value| {
                options.$field = match value {
                    OptionValue::Number(number) => Some(number),
                    OptionValue::Word(word) if word.eq_ignore_ascii_case($word) => None,
                    OptionValue::Word(_) => return None,
                };
                Some(())
            },
        }
    };
}

/// Every option of [`Options`], in the order of the documentation.
pub static RUN_OPTIONS: &[RunOption] = &[
    word!(fill: Fill, "When orders fill."),
    word!(stop_fill: StopFill, "Where stops and targets fill."),
    word!(intrabar: Intrabar, "Which level is reached first in a bar that touches both stop and target."),
    number!(fee_bps: LARGEST_REBATE, 5000.0, "Fee per fill, basis points of notional; a negative one is a rebate."),
    number_or!(maker_fee_bps: "same", LARGEST_REBATE, "Fee per fill of a limit order (target, limit entry); 'same' as `fee_bps`."),
    number!(fee_per_unit: 0.0, f64::INFINITY, "Fee per unit of quantity, on top of the fee in basis points."),
    number!(fee_fixed: 0.0, f64::INFINITY, "Fee per fill, quote currency, on top of the others."),
    number!(fee_min: 0.0, f64::INFINITY, "Smallest fee of a fill, quote currency; 0 is none."),
    number!(slippage_bps: 0.0, 5000.0, "Slippage per fill, basis points of price, always against you."),
    word!(slippage_on: SlippageOn, "Which fills pay slippage."),
    number!(borrow_bps: 0.0, f64::INFINITY, "Cost of a short position per year, basis points of notional."),
    number!(initial_capital: f64::MIN_POSITIVE, f64::INFINITY, "Money at the start, quote currency."),
    word!(direction: DirectionFilter, "Which directions may be entered."),
    word!(on_opposite: OnOpposite, "What an entry signal against the open position does."),
    word!(entry_exit_conflict: EntryExitConflict, "What counts when a bar enters and exits one direction."),
    word!(direction_conflict: DirectionConflict, "What counts when a bar enters both directions."),
    word!(reentry: Reentry, "Whether an entry may be decided on the bar of an exit."),
    RunOption {
        name: "rebalance",
        kind: OptionKind::WordOrNumber { words: &["on_change", "every_bar"], min: 1.0 },
        summary: "When a target `position` is traded towards: when it changes, or on every n-th bar.",
        meanings: &[],
        get: |options| match options.rebalance {
            Rebalance::OnChange => OptionValue::Word("on_change"),
            Rebalance::Every(1) => OptionValue::Word("every_bar"),
            Rebalance::Every(bars) => OptionValue::Number(f64::from(bars)),
        },
        set: |options, value| {
            options.rebalance = match value {
                OptionValue::Word(word) if word.eq_ignore_ascii_case("on_change") => Rebalance::OnChange,
                OptionValue::Word(word) if word.eq_ignore_ascii_case("every_bar") => Rebalance::Every(1),
                OptionValue::Number(bars) if bars.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&bars) => {
                    Rebalance::Every(bars as u32)
                }
                _ => return None,
            };
            Some(())
        },
    },
    word!(limit_fill: LimitFill, "When a limit entry counts as reached."),
    word!(size_basis: SizeBasis, "What sizes are fractions of, and what they have to fit into."),
    word!(over_budget: OverBudget, "What becomes of an entry that is larger than the equity allows."),
    number!(lot_size: 0.0, f64::INFINITY, "Quantities are rounded down to a multiple of this; 0 allows any."),
    number!(min_qty: 0.0, f64::INFINITY, "Orders below this quantity are rejected."),
    number!(tick_size: 0.0, f64::INFINITY, "Prices are rounded to a multiple of this, against you; 0 allows any."),
    number!(min_notional: 0.0, f64::INFINITY, "Orders below this notional are rejected."),
    number!(max_volume_share: 0.0, 1.0, "Fills of a bar take at most this part of its volume; 0 is no limit."),
    word!(unfilled: Unfilled, "What becomes of the part of an entry that found too little volume."),
    word!(margin: Margin, "Whether the whole equity or only its margin stands behind a leveraged position."),
    word!(liquidation: Liquidation, "Whether leveraged and short positions are liquidated."),
    number!(maintenance_margin: 0.0, 0.99, "Equity over notional at which a leveraged or short position is liquidated."),
    word!(ruin: Ruin, "What happens when no equity is left at a close."),
    word!(final_close: FinalClose, "What becomes of a position that is open after the last bar."),
    word!(lots: Lots, "Whether a position that was added to is one trade or one trade per fill."),
    number_or!(periods_per_year: "auto", f64::MIN_POSITIVE, "Bars per year for annualised metrics, or 'auto'."),
    number!(risk_free: -0.99, 10.0, "Annual risk-free return, a fraction."),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of the kind that is not the default.
    fn another(option: &RunOption) -> OptionValue<'static> {
        let default = option.get(&Options::default());
        match option.kind {
            OptionKind::Word(words) => {
                OptionValue::Word(words.iter().find(|w| OptionValue::Word(w) != default).unwrap())
            }
            OptionKind::Number { .. } => OptionValue::Number(0.25),
            OptionKind::WordOrNumber { .. } => OptionValue::Number(7.0),
        }
    }

    #[test]
    fn every_option_reads_back_what_was_set_and_changes_nothing_else() {
        for option in RUN_OPTIONS {
            let mut options = Options::default();
            let value = another(option);
            assert!(option.set(&mut options, value), "{}", option.name);
            assert_eq!(options.check(), Ok(()), "{}", option.name);
            for other in RUN_OPTIONS {
                let expected = if other.name == option.name { value } else { other.get(&Options::default()) };
                assert_eq!(other.get(&options), expected, "{} after {}", other.name, option.name);
            }
            assert!(option.set(&mut options, option.get(&Options::default())));
            assert_eq!(options, Options::default(), "{}", option.name);
            assert!(!option.set(&mut options, OptionValue::Word("nonsense")), "{}", option.name);
        }
    }

    #[test]
    fn every_field_is_an_option() {
        let text = format!("{:?}", Options::default());
        let fields = text.matches(": ").count();
        assert_eq!(fields, RUN_OPTIONS.len(), "{text}");
    }
}
