//! The arithmetic that several metrics share: moments from sums, and sums in a fixed order.

use crate::sim::Summary;

/// Count, sum and sum of squares of a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// Number of values.
    pub(super) n: f64,
    /// Their sum.
    pub(super) sum: f64,
    /// The sum of their squares.
    pub(super) squares: f64,
}

impl Sample {
    /// The per-bar returns of a run.
    pub(super) fn returns(summary: &Summary) -> Self {
        Sample { n: summary.returns as f64, sum: summary.sum_returns, squares: summary.sum_squares }
    }

    /// The profits of the trades of a run.
    pub(super) fn pnl(summary: &Summary) -> Self {
        Sample { n: summary.trades as f64, sum: summary.sum_pnl, squares: summary.sum_pnl_squares }
    }

    /// The values of a column.
    pub(super) fn of(rows: &[f64]) -> Self {
        Sample { n: rows.len() as f64, sum: sum(rows.iter().copied()), squares: sum(rows.iter().map(|x| x * x)) }
    }

    /// Mean; `None` without values.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.sum / self.n)
    }

    /// The returns of the market in the bars of a run.
    fn market(summary: &Summary) -> Self {
        Sample { n: summary.returns as f64, sum: summary.sum_market, squares: summary.sum_market_squares }
    }

    /// Standard deviation with `n - 1`; `None` with fewer than two values or without deviation.
    ///
    /// The sums of equal values cancel to about `1e-16` of the sum of squares instead of zero, so that anything below
    /// `1e-13` of it counts as no deviation.
    pub(super) fn stddev(&self) -> Option<f64> {
        if self.n < 2.0 {
            return None;
        }
        let spread = self.squares - self.sum * (self.sum / self.n);
        (spread > 1e-13 * self.squares).then(|| (spread / (self.n - 1.0)).sqrt())
    }
}

/// The returns of a run beside those of the market.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint {
    /// The returns of the run.
    pub(super) returns: Sample,
    /// Those of the market.
    pub(super) market: Sample,
    /// The sum of their products.
    products: f64,
}

impl Joint {
    /// The bars of a run.
    pub(super) fn of(summary: &Summary) -> Self {
        Joint { returns: Sample::returns(summary), market: Sample::market(summary), products: summary.sum_products }
    }

    /// Slope of the least squares line of the returns over those of the market; `None` where the market has no deviation.
    pub(super) fn slope(&self) -> Option<f64> {
        let deviation = self.market.stddev()?;
        let together = self.products - self.returns.sum * self.market.mean()?;
        Some(together / (self.market.n - 1.0) / (deviation * deviation))
    }
}

/// The sum in eight lanes by position, combined `((0+1)+(2+3))+((4+5)+(6+7))`.
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut lanes = [0.0; 8];
    for (i, value) in values.enumerate() {
        lanes[i % 8] += value;
    }
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
}

/// Deepest and longest fall from a peak of an equity curve; the first value is the first peak. `None` unless it is
/// positive, because a fall from nothing has no size.
pub(super) fn drawdown(equity: &[f64]) -> Option<(f64, usize)> {
    let mut peak = *equity.first().filter(|first| **first > 0.0)?;
    let (mut deepest, mut under, mut longest) = (0.0f64, 0, 0);
    for &value in equity {
        if value >= peak {
            (peak, under) = (value, 0);
            continue;
        }
        under += 1;
        longest = longest.max(under);
        deepest = deepest.min(value / peak - 1.0);
    }
    Some((deepest, longest))
}

/// Growth per year of an equity that became `ratio` times as large in `years`.
pub(super) fn annual_growth(ratio: f64, years: f64) -> Option<f64> {
    (years > 0.0 && ratio >= 0.0).then(|| ratio.powf(1.0 / years) - 1.0)
}

/// Growth per year of an equity column, `periods_per_year` rows a year.
pub(super) fn annual_growth_of(equity: &[f64], periods_per_year: f64) -> Option<f64> {
    let (first, last) = (equity.first()?, equity.last()?);
    annual_growth(last / first, (equity.len() - 1) as f64 / periods_per_year)
}

/// Years of 365.25 days from the first to the last bar of a run.
pub(super) fn years(summary: &Summary) -> f64 {
    summary.elapsed as f64 / (365.25 * 86_400_000_000.0)
}
