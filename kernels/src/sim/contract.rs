//! What the simulator reads: bars, and the columns that a strategy may produce.
//!
//! A missing column is `None`; a missing value is `false` in a flag column and `NaN` in a number column.

use crate::bits::BitSlice;

/// One series of bars, as slices of equal length in time order.
///
/// Prices are finite and positive with `low <= open, close <= high`; the caller checks its data. The simulator trades all
/// of them: a caller that restricts the trading range passes only that range. What a run does not
/// need may be left empty.
#[derive(Debug, Clone, Copy, Default)]
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
    /// Traded quantity, base units; read if `max_volume_share` limits fills. Empty = not known, and then nothing is limited.
    pub volume: &'a [f64],
    /// What perpetual contracts pay each other.
    pub funding: Funding<'a>,
    /// Finer bars that say in which order prices were reached inside a bar.
    pub detail: Option<Detail<'a>>,
}

/// Funding rates per bar, as fractions of notional; long positions pay where they are positive. Empty = none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Funding<'a> {
    /// Sum of the rates that are due exactly when the bar opens: paid at the open, by the position held before it.
    pub at_open: &'a [f64],
    /// Sum of the rates that are due inside the bar: paid at the close, by the position held until then.
    pub inside: &'a [f64],
}

/// The finer bars inside each bar, in time order.
#[derive(Debug, Clone, Copy)]
pub struct Detail<'a> {
    /// First price.
    pub open: &'a [f64],
    /// Highest price.
    pub high: &'a [f64],
    /// Lowest price.
    pub low: &'a [f64],
    /// For each bar where its finer bars begin, and at the end where the last ones end; equal where there are none.
    pub starts: &'a [u32],
}

impl Detail<'_> {
    /// The finer bars inside bar `t`: open, high and low.
    pub fn inside(&self, t: usize) -> impl Iterator<Item = [f64; 3]> + Clone + '_ {
        (self.starts[t] as usize..self.starts[t + 1] as usize).map(|k| [self.open[k], self.high[k], self.low[k]])
    }

    /// Whether the slices fit `n` bars and each other.
    fn fits(&self, n: usize) -> bool {
        let count = self.open.len();
        self.starts.len() == n + 1
            && self.high.len() == count
            && self.low.len() == count
            && self.starts.windows(2).all(|pair| pair[0] <= pair[1])
            && self.starts.last().is_none_or(|end| *end as usize <= count)
    }
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

    /// Whether all slices have the same length, as far as they are given, and finer bars fit.
    pub fn is_even(&self) -> bool {
        let n = self.close.len();
        let optional = [self.volume, self.funding.at_open, self.funding.inside];
        self.ts.len() == n
            && [self.open, self.high, self.low].iter().all(|prices| prices.len() == n)
            && optional.iter().all(|values| values.is_empty() || values.len() == n)
            && self.detail.is_none_or(|detail| detail.fits(n))
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

    /// What tells it from other columns: two with the same identity have the same values.
    pub(super) fn identity(&self) -> [usize; 3] {
        match self {
            Flags::None => [0; 3],
            Flags::Const(value) => [1, usize::from(*value), 0],
            Flags::Bits(bits) => [2, bits.words().as_ptr().addr(), bits.len()],
        }
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

    /// What tells it from other columns: two with the same identity have the same values.
    pub(super) fn identity(&self) -> [usize; 3] {
        match self {
            Numbers::None => [0; 3],
            Numbers::Const(value) => [1, value.to_bits() as usize, 0],
            Numbers::Slice(values) => [2, values.as_ptr().addr(), values.len()],
        }
    }

    /// Whether the column, if it is a slice, has `n` values.
    fn fits(&self, n: usize) -> bool {
        if let Numbers::Slice(values) = self { values.len() == n } else { true }
    }
}

/// The columns of a strategy, one field per column of [`CONTRACT`] and with its name.
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
    /// Fraction of equity to hold, negative = short: the target mode, which has no enter and exit columns.
    pub position: Numbers<'a>,
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
    /// The entry is a limit order at this price.
    pub entry_limit_price: Numbers<'a>,
    /// Number of bars for which such an order waits.
    pub entry_limit_bars: Numbers<'a>,
    /// Close a part of a long position, once.
    pub scale_out_long: Flags<'a>,
    /// Close a part of a short position, once.
    pub scale_out_short: Flags<'a>,
    /// The part, a fraction of the quantity.
    pub scale_out_fraction: Numbers<'a>,
    /// Add to a long position.
    pub add_long: Flags<'a>,
    /// Add to a short position.
    pub add_short: Flags<'a>,
    /// Condition for the second and later adds to a long position.
    pub add_again_long: Flags<'a>,
    /// Condition for the second and later adds to a short position.
    pub add_again_short: Flags<'a>,
    /// Largest number of adds per position.
    pub max_adds: Numbers<'a>,
    /// Stop that comes with an add, as a distance from its fill price.
    pub add_stop_distance: Numbers<'a>,
    /// Stop that comes with an add, as a price.
    pub add_stop_price: Numbers<'a>,
}

impl<'a> Signals<'a> {
    /// Sets a flag column by name; `false` if there is no flag column of that name.
    pub fn set_flags(&mut self, name: &str, flags: Flags<'a>) -> bool {
        let Some(field) = self.flag_field(name) else { return false };
        *field = flags;
        true
    }

    /// Sets a number column by name; `false` if there is no number column of that name.
    pub fn set_numbers(&mut self, name: &str, numbers: Numbers<'a>) -> bool {
        let Some(field) = self.number_field(name) else { return false };
        *field = numbers;
        true
    }

    /// Whether every column that is a slice has one value per bar.
    pub fn fits(&self, n: usize) -> bool {
        // A copy, because the field tables below hand out mutable references.
        let mut copy = *self;
        CONTRACT.iter().all(|column| match column.kind {
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
            "scale_out_long" => &mut self.scale_out_long,
            "scale_out_short" => &mut self.scale_out_short,
            "add_long" => &mut self.add_long,
            "add_short" => &mut self.add_short,
            "add_again_long" => &mut self.add_again_long,
            "add_again_short" => &mut self.add_again_short,
            _ => return None,
        })
    }

    fn number_field(&mut self, name: &str) -> Option<&mut Numbers<'a>> {
        Some(match name {
            "position" => &mut self.position,
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
            "entry_limit_price" => &mut self.entry_limit_price,
            "entry_limit_bars" => &mut self.entry_limit_bars,
            "scale_out_fraction" => &mut self.scale_out_fraction,
            "max_adds" => &mut self.max_adds,
            "add_stop_distance" => &mut self.add_stop_distance,
            "add_stop_price" => &mut self.add_stop_price,
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
}

const fn column(name: &'static str, kind: ColumnKind, read: Read, meaning: &'static str) -> ContractColumn {
    ContractColumn { name, kind, read, meaning }
}

use ColumnKind::{Bool, Int, Number};
use Read::{Close, SignalBar};

/// Every column that has an effect on trading. Any other column of a strategy is a feature.
pub static CONTRACT: &[ContractColumn] = &[
    column("enter_long", Bool, Close, "want to be long; a level, not an edge"),
    column("enter_short", Bool, Close, "want to be short; a level, not an edge"),
    column("exit_long", Bool, Close, "want to be out of a long position"),
    column("exit_short", Bool, Close, "want to be out of a short position"),
    column(
        "position",
        Number,
        Close,
        "fraction of equity to hold, negative = short; instead of enter and exit columns",
    ),
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
    column("entry_limit_price", Number, SignalBar, "the entry is a limit order at this price"),
    column("entry_limit_bars", Int, SignalBar, "number of bars for which that order waits, default 1"),
    column("scale_out_long", Bool, Close, "close a part of a long position, once"),
    column("scale_out_short", Bool, Close, "close a part of a short position, once"),
    column(
        "scale_out_fraction",
        Number,
        Close,
        "the part that scale_out closes, a fraction of the quantity; 1 closes all",
    ),
    column("add_long", Bool, Close, "add to a long position, sized like an entry"),
    column("add_short", Bool, Close, "add to a short position, sized like an entry"),
    column("max_adds", Int, Close, "largest number of adds per position, default 1"),
    column("add_again_long", Bool, Close, "condition for the second and later adds to a long position"),
    column("add_again_short", Bool, Close, "condition for the second and later adds to a short position"),
    column("add_stop_distance", Number, SignalBar, "stop that comes with an add, as a distance; default stop_distance"),
    column(
        "add_stop_price",
        Number,
        SignalBar,
        "stop that comes with an add, as a price; default stop_price, unless add_stop_distance is a column",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Bits;

    #[test]
    fn every_column_has_a_field_of_its_kind() {
        for column in CONTRACT {
            let mut signals = Signals::default();
            let is_bool = column.kind == ColumnKind::Bool;
            assert_eq!(signals.set_flags(column.name, Flags::Const(true)), is_bool, "{}", column.name);
            assert_eq!(signals.set_numbers(column.name, Numbers::Const(1.0)), !is_bool, "{}", column.name);
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
