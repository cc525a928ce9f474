//! What a convention says about itself.

use std::fmt;

use crate::sim::{Curve, Summary, Trade};

/// The metrics as one tool defines them. A metric without a variant is ours: there the tool agrees, or has no such metric.
pub struct Convention {
    /// Name in SQL.
    pub name: &'static str,
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// Where the definitions come from.
    pub source: &'static str,
    /// The metrics that differ, sorted by name.
    pub variants: &'static [Variant],
}

/// The value over the rows of a column, as [`Aggregate::compute`](crate::metric::Aggregate).
pub type OverColumn = fn(rows: &[f64], params: &[f64]) -> Option<f64>;

/// Another definition of a metric.
pub struct Variant {
    /// Name of the metric.
    pub metric: &'static str,
    /// The formula in plain text.
    pub formula: &'static str,
    /// The value of a run; call [`Variant::value`].
    pub compute: fn(&Run) -> Option<f64>,
    /// The value over a column; `None` where a column has it as ours.
    pub aggregate: Option<OverColumn>,
}

/// The conventions of this engine.
pub static DEFAULT: Convention =
    Convention { name: "default", summary: "The formulas of this page.", source: "see each metric", variants: &[] };

impl Convention {
    /// The convention of a name, in upper or lower case; `None` if there is no such convention.
    pub fn parse(name: &str) -> Option<&'static Convention> {
        super::CONVENTIONS.iter().copied().find(|convention| convention.name.eq_ignore_ascii_case(name))
    }

    /// The other definition of a metric, where there is one.
    pub fn variant(&self, metric: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.metric == metric)
    }
}

impl fmt::Debug for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Convention({})", self.name)
    }
}

impl PartialEq for Convention {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Variant {
    /// The value of a run; `None` if it is undefined or not finite.
    pub fn value(&self, run: &Run) -> Option<f64> {
        (self.compute)(run).filter(|value| value.is_finite())
    }
}

/// A run with what it wrote down bar by bar and trade by trade.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Its sums.
    pub summary: &'a Summary,
    /// Open times of its bars, microseconds UTC.
    pub ts: &'a [i64],
    /// The account at the close of each bar.
    pub curve: &'a Curve,
    /// Its round trips.
    pub trades: &'a [Trade],
}

impl<'a> Run<'a> {
    /// Returns of the bars after the first.
    pub(super) fn returns(&self) -> &'a [f64] {
        self.curve.ret.get(1..).unwrap_or_default()
    }
}
