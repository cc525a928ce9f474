//! What a metric says about itself: the descriptor types of the registry.

use std::fmt;

use crate::sim::{Needs, Summary};

/// One metric: a column of `backtest()` and `sweep()`, and possibly a SQL aggregate of the same name.
pub struct Metric {
    /// SQL name, `snake_case`.
    pub name: &'static str,
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// Unit of the value.
    pub unit: Unit,
    /// The formula in plain text, with what makes it undefined.
    pub formula: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// A runnable SQL query that shows the metric.
    pub example: &'static str,
    /// SQL type of the column.
    pub kind: MetricKind,
    /// What a run has to keep for it.
    pub needs: Needs,
    /// The value of a run; call [`Metric::value`], which also refuses numbers that are not finite.
    pub compute: fn(&Summary) -> Option<f64>,
    /// The same metric over a plain column.
    pub aggregate: Option<Aggregate>,
}

impl Metric {
    /// The value of a run; `None` if it is undefined, not finite, or if the run did not keep what it needs.
    pub fn value(&self, summary: &Summary) -> Option<f64> {
        if !self.needs.is_met_by(summary.kept) {
            return None;
        }
        (self.compute)(summary).filter(|value| value.is_finite())
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Metric({})", self.name)
    }
}

/// SQL type of a metric. The value itself is always a floating-point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// `DOUBLE`.
    Float,
    /// `BIGINT`.
    Int,
    /// `BOOLEAN`: 0 or 1.
    Bool,
}

/// Unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share or relative change; 0.05 is 5 %.
    Fraction,
    /// A number without unit.
    Ratio,
    /// Quote currency.
    Quote,
    /// A number of bars.
    Bars,
    /// A number of things.
    Count,
    /// Yes or no.
    Flag,
}

impl Unit {
    /// The word of the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Fraction => "fraction",
            Unit::Ratio => "ratio",
            Unit::Quote => "quote",
            Unit::Bars => "bars",
            Unit::Count => "count",
            Unit::Flag => "flag",
        }
    }
}

/// The aggregate form of a metric.
pub struct Aggregate {
    /// What the rows of the argument are.
    pub input: AggregateInput,
    /// Constant arguments after the column.
    pub params: &'static [AggregateParam],
    /// The value over the rows that are not `NULL`, in row order, with one value per entry of `params`; call
    /// [`Aggregate::value`].
    pub compute: fn(rows: &[f64], params: &[f64]) -> Option<f64>,
}

impl Aggregate {
    /// The value over the rows that are not `NULL`, in row order; `None` if undefined or not finite.
    ///
    /// `params` has one value per entry of [`Aggregate::params`].
    pub fn value(&self, rows: &[f64], params: &[f64]) -> Option<f64> {
        debug_assert_eq!(params.len(), self.params.len());
        (self.compute)(rows, params).filter(|value| value.is_finite())
    }
}

/// What the rows of an aggregate's argument are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateInput {
    /// Per-bar returns, fractions.
    Returns,
    /// Equity per bar, quote currency. The result depends on the order of the rows: give `ORDER BY ts`.
    Equity,
    /// Profit per trade, quote currency.
    Pnl,
}

impl AggregateInput {
    /// Name of the argument.
    pub const fn name(self) -> &'static str {
        match self {
            AggregateInput::Returns => "ret",
            AggregateInput::Equity => "equity",
            AggregateInput::Pnl => "pnl",
        }
    }

    /// Whether the result depends on the order of the rows.
    pub const fn is_ordered(self) -> bool {
        matches!(self, AggregateInput::Equity)
    }
}

/// A constant argument of an aggregate.
#[derive(Debug, Clone, Copy)]
pub struct AggregateParam {
    /// Argument name.
    pub name: &'static str,
    /// Value when the argument is absent.
    pub default: f64,
    /// Value must be finite and larger than this.
    pub above: f64,
}

/// Bars per year; without it nothing is annualised.
pub(super) const PERIODS_PER_YEAR: AggregateParam =
    AggregateParam { name: "periods_per_year", default: 1.0, above: 0.0 };

/// Annual risk-free return, a fraction.
pub(super) const RISK_FREE: AggregateParam = AggregateParam { name: "risk_free", default: 0.0, above: -1.0 };
