//! What the simulator reads: bars, and the columns that a strategy may produce.
//!
//! A missing column is `None`; a missing value is `false` in a flag column and `NaN` in a number column.

use crate::bits::BitSlice;

/// One series of bars, as slices of equal length in time order.
///
/// Prices are finite and positive with `low <= open, close <= high`; the caller checks its data. The simulator trades all
/// of them: a caller that restricts the trading range passes only that range.
#[derive(Debug, Clone, Copy)]
pub struct Bars<'a> {
    /// Open time, microseconds UTC, strictly increasing.
    pub ts: &'a [i64],
    /// First price.
    pub open: &'a [f64],
    /// Highest price.
    pub high: &'a [f64],
    /// Lowest price.
    pub low: &'a [f64],
    /// Last price.
    pub close: &'a [f64],
}

impl Bars<'_> {
    /// Number of bars.
    pub fn len(&self) -> usize {
        self.close.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.close.is_empty()
    }

    /// Whether all slices have the same length.
    pub fn is_even(&self) -> bool {
        let n = self.close.len();
        self.ts.len() == n && self.open.len() == n && self.high.len() == n && self.low.len() == n
    }
}

/// A condition per bar. A `NULL` of SQL is `false`.
#[derive(Debug, Clone, Copy, Default)]
pub enum Flags<'a> {
    /// The column is absent: never true.
    #[default]
    None,
    /// One value per bar.
    Bits(BitSlice<'a>),
    /// The same value on every bar.
    Const(bool),
}

impl Flags<'_> {
    /// The value at bar `t`.
    pub fn at(&self, t: usize) -> bool {
        match self {
            Flags::None => false,
            Flags::Bits(bits) => bits.at(t),
            Flags::Const(value) => *value,
        }
    }

    /// Whether the strategy has this column.
    pub fn is_given(&self) -> bool {
        !matches!(self, Flags::None)
    }

    /// Whether the column, if it is a slice, has `n` values.
    fn fits(&self, n: usize) -> bool {
        if let Flags::Bits(bits) = self { bits.len() == n } else { true }
    }
}

/// A number per bar. `NaN` means: none at that bar.
#[derive(Debug, Clone, Copy, Default)]
pub enum Numbers<'a> {
    /// The column is absent: `NaN` everywhere.
    #[default]
    None,
    /// The same value on every bar.
    Const(f64),
    /// One value per bar.
    Slice(&'a [f64]),
}

impl Numbers<'_> {
    /// The value at bar `t`, `NaN` if there is none.
    pub fn at(&self, t: usize) -> f64 {
        match self {
            Numbers::None => f64::NAN,
            Numbers::Const(value) => *value,
            Numbers::Slice(values) => values[t],
        }
    }

    /// Whether the strategy has this column.
    pub fn is_given(&self) -> bool {
        !matches!(self, Numbers::None)
    }

    /// Whether the column, if it is a slice, has `n` values.
    fn fits(&self, n: usize) -> bool {
        if let Numbers::Slice(values) = self { values.len() == n } else { true }
    }
}

/// The columns of a strategy, one field per supported column of [`CONTRACT`] and with its name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signals<'a> {
    /// Want to be long: a level, not an edge.
    pub enter_long: Flags<'a>,
    /// Want to be short.
    pub enter_short: Flags<'a>,
    /// Want to be out of a long position.
    pub exit_long: Flags<'a>,
    /// Want to be out of a short position.
    pub exit_short: Flags<'a>,
    /// Initial stop as a distance from the fill price.
    pub stop_distance: Numbers<'a>,
    /// Initial stop as a price.
    pub stop_price: Numbers<'a>,
    /// Take-profit as a distance from the fill price.
    pub target_distance: Numbers<'a>,
    /// Take-profit as a price.
    pub target_price: Numbers<'a>,
    /// Ratchets the stop to this distance from the close.
    pub trail_distance: Numbers<'a>,
    /// Ratchets the stop of a long position to this price.
    pub trail_price_long: Numbers<'a>,
    /// Ratchets the stop of a short position to this price.
    pub trail_price_short: Numbers<'a>,
    /// Trailing of a long position starts once this was true in the trade.
    pub trail_arm_long: Flags<'a>,
    /// Trailing of a short position starts once this was true in the trade.
    pub trail_arm_short: Flags<'a>,
    /// Trailing starts once the open profit reached this multiple of the initial risk.
    pub trail_arm_r: Numbers<'a>,
    /// Want to be out of a long position, counted once the trail is armed.
    pub exit_armed_long: Flags<'a>,
    /// Want to be out of a short position, counted once the trail is armed.
    pub exit_armed_short: Flags<'a>,
    /// Leave after this many bars.
    pub max_bars: Numbers<'a>,
    /// Notional as a fraction of equity.
    pub size: Numbers<'a>,
    /// Fraction of equity lost if the initial stop is hit exactly.
    pub risk: Numbers<'a>,
    /// Notional in quote currency.
    pub notional: Numbers<'a>,
    /// Quantity in base units.
    pub qty: Numbers<'a>,
    /// Cap on notional / equity.
    pub leverage: Numbers<'a>,
}

impl<'a> Signals<'a> {
    /// Sets a flag column by name; `false` if there is no supported flag column of that name.
    pub fn set_flags(&mut self, name: &str, flags: Flags<'a>) -> bool {
        let Some(field) = self.flag_field(name) else { return false };
        *field = flags;
        true
    }

    /// Sets a number column by name; `false` if there is no supported number column of that name.
    pub fn set_numbers(&mut self, name: &str, numbers: Numbers<'a>) -> bool {
        let Some(field) = self.number_field(name) else { return false };
        *field = numbers;
        true
    }

    /// Whether every column that is a slice has one value per bar.
    pub fn fits(&self, n: usize) -> bool {
        // A copy, because the field tables below hand out mutable references.
        let mut copy = *self;
        CONTRACT.iter().filter(|column| column.supported).all(|column| match column.kind {
            ColumnKind::Bool => copy.flag_field(column.name).is_some_and(|flags| flags.fits(n)),
            ColumnKind::Number | ColumnKind::Int => copy.number_field(column.name).is_some_and(|x| x.fits(n)),
        })
    }

    fn flag_field(&mut self, name: &str) -> Option<&mut Flags<'a>> {
        Some(match name {
            "enter_long" => &mut self.enter_long,
            "enter_short" => &mut self.enter_short,
            "exit_long" => &mut self.exit_long,
            "exit_short" => &mut self.exit_short,
            "trail_arm_long" => &mut self.trail_arm_long,
            "trail_arm_short" => &mut self.trail_arm_short,
            "exit_armed_long" => &mut self.exit_armed_long,
            "exit_armed_short" => &mut self.exit_armed_short,
            _ => return None,
        })
    }

    fn number_field(&mut self, name: &str) -> Option<&mut Numbers<'a>> {
        Some(match name {
            "stop_distance" => &mut self.stop_distance,
            "stop_price" => &mut self.stop_price,
            "target_distance" => &mut self.target_distance,
            "target_price" => &mut self.target_price,
            "trail_distance" => &mut self.trail_distance,
            "trail_price_long" => &mut self.trail_price_long,
            "trail_price_short" => &mut self.trail_price_short,
            "trail_arm_r" => &mut self.trail_arm_r,
            "max_bars" => &mut self.max_bars,
            "size" => &mut self.size,
            "risk" => &mut self.risk,
            "notional" => &mut self.notional,
            "qty" => &mut self.qty,
            "leverage" => &mut self.leverage,
            _ => return None,
        })
    }
}

/// Type of a contract column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A condition.
    Bool,
    /// A floating-point number.
    Number,
    /// A whole number; it reaches the simulator as a floating-point number.
    Int,
}

impl ColumnKind {
    /// The SQL type.
    pub fn name(self) -> &'static str {
        match self {
            ColumnKind::Bool => "BOOL",
            ColumnKind::Number => "DOUBLE",
            ColumnKind::Int => "INT",
        }
    }
}

/// When the simulator reads a contract column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// At the close of every bar.
    Close,
    /// Once per position, at the bar whose close decided the entry.
    SignalBar,
}

impl Read {
    /// The words of the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Read::Close => "every close",
            Read::SignalBar => "signal bar",
        }
    }
}

/// A reserved column name of the strategy language.
#[derive(Debug, Clone, Copy)]
pub struct ContractColumn {
    /// Column name.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnKind,
    /// When it is read.
    pub read: Read,
    /// What it means, one sentence.
    pub meaning: &'static str,
    /// Whether this version executes it. A strategy that uses an unsupported column is an error, never ignored.
    pub supported: bool,
}

const fn column(name: &'static str, kind: ColumnKind, read: Read, meaning: &'static str) -> ContractColumn {
    ContractColumn { name, kind, read, meaning, supported: true }
}

const fn later(name: &'static str, kind: ColumnKind, meaning: &'static str) -> ContractColumn {
    ContractColumn { name, kind, read: Read::Close, meaning, supported: false }
}

use ColumnKind::{Bool, Int, Number};
use Read::{Close, SignalBar};

/// Every column that has an effect on trading. Any other column of a strategy is a feature.
pub static CONTRACT: &[ContractColumn] = &[
    column("enter_long", Bool, Close, "want to be long; a level, not an edge"),
    column("enter_short", Bool, Close, "want to be short; a level, not an edge"),
    column("exit_long", Bool, Close, "want to be out of a long position"),
    column("exit_short", Bool, Close, "want to be out of a short position"),
    later("position", Number, "target fraction of equity to hold, negative = short"),
    column("stop_distance", Number, SignalBar, "initial stop, as a distance from the fill price"),
    column("stop_price", Number, SignalBar, "initial stop, as a price; the nearer one if both are given"),
    column("target_distance", Number, SignalBar, "take-profit, as a distance from the fill price"),
    column("target_price", Number, SignalBar, "take-profit, as a price; the nearer one if both are given"),
    column("trail_distance", Number, Close, "ratchets the stop to this distance from the close"),
    column("trail_price_long", Number, Close, "ratchets the stop of a long position to this price"),
    column("trail_price_short", Number, Close, "ratchets the stop of a short position to this price"),
    column("trail_arm_long", Bool, Close, "trailing of a long position starts once this was true in the trade"),
    column("trail_arm_short", Bool, Close, "trailing of a short position starts once this was true in the trade"),
    column("trail_arm_r", Number, SignalBar, "trailing starts once the open profit reached this multiple of the risk"),
    column("exit_armed_long", Bool, Close, "want to be out of a long position, counted once the trail is armed"),
    column("exit_armed_short", Bool, Close, "want to be out of a short position, counted once the trail is armed"),
    column("max_bars", Int, SignalBar, "leave after this many bars"),
    column("size", Number, SignalBar, "notional as a fraction of equity; 1.0 if no sizing column is given"),
    column("risk", Number, SignalBar, "fraction of equity lost if the initial stop is hit exactly"),
    column("notional", Number, SignalBar, "notional in quote currency"),
    column("qty", Number, SignalBar, "quantity in base units; the smallest size counts if several are given"),
    column("leverage", Number, SignalBar, "cap on notional / equity, default 1.0"),
    later("scale_out_long", Bool, "close a fraction of a long position, once"),
    later("scale_out_short", Bool, "close a fraction of a short position, once"),
    later("scale_out_fraction", Number, "the fraction that scale_out closes"),
    later("add_long", Bool, "add to a long position, sized like an entry"),
    later("add_short", Bool, "add to a short position, sized like an entry"),
    later("max_adds", Int, "largest number of adds per position"),
    later("add_again_long", Bool, "condition for the second and later adds to a long position"),
    later("add_again_short", Bool, "condition for the second and later adds to a short position"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Bits;

    #[test]
    fn every_supported_column_has_a_field_and_no_other_has() {
        for column in CONTRACT {
            let mut signals = Signals::default();
            let is_bool = column.kind == ColumnKind::Bool;
            assert_eq!(
                signals.set_flags(column.name, Flags::Const(true)),
                column.supported && is_bool,
                "{}",
                column.name
            );
            assert_eq!(
                signals.set_numbers(column.name, Numbers::Const(1.0)),
                column.supported && !is_bool,
                "{}",
                column.name
            );
        }
        assert!(!Signals::default().set_flags("enter", Flags::None));
    }

    #[test]
    fn a_short_slice_does_not_fit() {
        let (bits, values) = (Bits::from_bools(&[true; 3]), [1.0; 3]);
        let mut signals =
            Signals { exit_long: Flags::Bits(bits.as_slice()), risk: Numbers::Slice(&values), ..Default::default() };
        assert!(signals.fits(3));
        assert!(!signals.fits(4));
        signals.set_flags("exit_long", Flags::None);
        assert!(!signals.fits(4));
    }
}
