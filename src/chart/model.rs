//! What a chart shows, as plain vectors: no Arrow in, no pixels out.
//!
//! A missing value is NaN. Times are microseconds since 1970 in UTC, as `f64`: exact until the year 2255.

use crate::error::{Error, Result};

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Headline; may be empty.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn.
    pub plot: Plot,
    /// What the reader must know to read it rightly, such as columns that were left out. One sentence each.
    pub notes: Vec<String>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axis {
    /// What it measures; may be empty.
    pub label: String,
    /// What its values are.
    pub scale: Scale,
}

/// What the values of an axis are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Numbers.
    #[default]
    Number,
    /// Times, in microseconds since 1970.
    Time,
    /// Names, which the plot holds.
    Name,
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    /// Lines over a time or a number.
    Line(Vec<Series>),
    /// The bars of one series, with trades and further lines.
    Candles(Candles),
    /// Accounts over time, and below them how far each is under its highest value so far.
    Equity {
        /// The account.
        equity: Vec<Series>,
        /// Its drawdown as a fraction, at most 0; as many and under the same names as `equity`.
        drawdown: Vec<Series>,
    },
    /// How often values fall into equal ranges.
    Histogram(Histogram),
    /// A value for each pair of two parameters.
    Heatmap(Heatmap),
    /// Points, coloured by group.
    Scatter(Vec<Series>),
    /// One bar for each name, or one for each name and series.
    Bars(Bars),
}

/// The kinds of charts, as the user names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Plot::Bars`].
    Bars,
    /// [`Plot::Candles`].
    Candles,
    /// [`Plot::Equity`].
    Equity,
    /// [`Plot::Heatmap`].
    Heatmap,
    /// [`Plot::Histogram`].
    Histogram,
    /// [`Plot::Line`].
    Line,
    /// [`Plot::Scatter`].
    Scatter,
}

/// Points in the order of `x`, or in any order in a scatter chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What the legend calls it.
    pub name: String,
    /// Positions on the horizontal axis, finite.
    pub x: Vec<f64>,
    /// Values, NaN where there is none; as many as `x`.
    pub y: Vec<f64>,
}

/// Bars in order of time. All vectors have the same length. They are drawn side by side, so that nights and weekends take
/// no room.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Candles {
    /// When each bar opens.
    pub ts: Vec<f64>,
    /// First price.
    pub open: Vec<f64>,
    /// Highest price.
    pub high: Vec<f64>,
    /// Lowest price.
    pub low: Vec<f64>,
    /// Last price.
    pub close: Vec<f64>,
    /// Entries and exits, by bar.
    pub markers: Vec<Marker>,
    /// Lines on the scale of the prices, such as averages: a name and a value for each bar.
    pub lines: Vec<(String, Vec<f64>)>,
}

/// An entry or exit at a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marker {
    /// Position of the bar.
    pub bar: usize,
    /// Price at which it stands.
    pub price: f64,
    /// Whether a position opens.
    pub is_entry: bool,
    /// Direction of the position, where known.
    pub direction: Option<Direction>,
}

/// Direction of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Gains when the price rises.
    Long,
    /// Gains when the price falls.
    Short,
}

/// Counts of values in equal ranges.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// The values, finite.
    pub values: Vec<f64>,
}

/// A value for each pair of two parameters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heatmap {
    /// Distinct values of the horizontal parameter, as they are written.
    pub columns: Vec<String>,
    /// Distinct values of the vertical parameter, as they are written.
    pub rows: Vec<String>,
    /// Row by row; NaN where there is none. As many as rows times columns.
    pub values: Vec<f64>,
    /// What the values are.
    pub label: String,
}

/// Bars by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// The names.
    pub names: Vec<String>,
    /// A name and a value for each of `names`.
    pub series: Vec<(String, Vec<f64>)>,
}

/// Every kind with its name, in alphabetical order.
const KINDS: &[(Kind, &str)] = &[
    (Kind::Bars, "bars"),
    (Kind::Candles, "candles"),
    (Kind::Equity, "equity"),
    (Kind::Heatmap, "heatmap"),
    (Kind::Histogram, "histogram"),
    (Kind::Line, "line"),
    (Kind::Scatter, "scatter"),
];

impl Kind {
    /// The names of all kinds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(_, name)| *name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind of this name in any case, or an error that suggests one.
    pub fn parse(name: &str) -> Result<Self> {
        KINDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|(kind, _)| *kind)
            .ok_or_else(|| Error::unknown("chart", name, "", Self::names()))
    }
}

impl Plot {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Plot::Line(_) => Kind::Line,
            Plot::Candles(_) => Kind::Candles,
            Plot::Equity { .. } => Kind::Equity,
            Plot::Histogram(_) => Kind::Histogram,
            Plot::Heatmap(_) => Kind::Heatmap,
            Plot::Scatter(_) => Kind::Scatter,
            Plot::Bars(_) => Kind::Bars,
        }
    }
}

impl Axis {
    /// An axis of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Number }
    }

    /// An axis of times.
    pub fn time(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Time }
    }

    /// An axis of names.
    pub fn name(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Name }
    }
}

impl Candles {
    /// How many bars there are.
    pub fn len(&self) -> usize {
        self.ts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// The kinds of markers that there are, and how many of each.
    pub fn trades(&self) -> Vec<(&'static str, usize)> {
        let mut counts: Vec<(&'static str, usize)> = vec![];
        for marker in &self.markers {
            match counts.iter_mut().find(|(name, _)| *name == marker.name()) {
                Some((_, count)) => *count += 1,
                None => counts.push((marker.name(), 1)),
            }
        }
        counts.sort_unstable();
        counts
    }
}

impl Marker {
    /// What the legend calls it.
    pub fn name(&self) -> &'static str {
        match (self.is_entry, self.direction) {
            (true, Some(Direction::Long)) => "enter long",
            (true, Some(Direction::Short)) => "enter short",
            (true, None) => "enter",
            (false, Some(Direction::Long)) => "exit long",
            (false, Some(Direction::Short)) => "exit short",
            (false, None) => "exit",
        }
    }
}

/// The smallest and largest finite value; `None` without one.
pub fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// The drawdown of an account: its value over its highest value so far, less 1. NaN where the account is not known or
/// the highest value is not above 0.
pub fn drawdown(equity: &[f64]) -> Vec<f64> {
    let mut peak = f64::NEG_INFINITY;
    let fall = |&value: &f64| {
        if !value.is_finite() {
            return f64::NAN;
        }
        peak = peak.max(value);
        if peak > 0.0 { value / peak - 1.0 } else { f64::NAN }
    };
    equity.iter().map(fall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names() {
        assert_eq!(Kind::parse("Heatmap").unwrap(), Kind::Heatmap);
        assert!(KINDS.is_sorted_by_key(|(_, name)| *name));
        for name in Kind::names() {
            assert_eq!(Kind::parse(name).unwrap().name(), name);
        }
        assert_eq!(Kind::parse("candle").unwrap_err().to_string(), "unknown chart `candle`; did you mean `candles`?");
    }

    #[test]
    fn a_drawdown_starts_at_the_highest_value_so_far() {
        let fall = drawdown(&[100.0, 120.0, f64::NAN, 90.0, 150.0]);
        assert!(fall[2].is_nan());
        assert_eq!([fall[0], fall[1], fall[3], fall[4]], [0.0, 0.0, -0.25, 0.0]);
        assert!(drawdown(&[-5.0, f64::INFINITY]).iter().all(|fall| fall.is_nan()));
    }

    #[test]
    fn a_range_knows_finite_values_only() {
        assert_eq!(range([3.0, f64::NAN, -1.0, f64::INFINITY]), Some((-1.0, 3.0)));
        assert_eq!(range([f64::NAN]), None);
    }
}
