//! A chart in one sentence, for those who cannot see it.

use crate::chart::model::{Axis, Chart, Plot, Scale, Series, range};
use crate::chart::ticks;

/// What kind of chart it is, what it shows, and over which ranges.
pub(super) fn describe(chart: &Chart) -> String {
    let kind = chart.plot.kind().name();
    let what = match &chart.plot {
        Plot::Line(series) | Plot::Scatter(series) | Plot::Equity { equity: series, .. } => lines(&chart.x, series),
        Plot::Candles(bars) => {
            let times = range(bars.ts.iter().copied());
            let prices = range(bars.low.iter().chain(&bars.high).copied());
            let trades = bars.trades().iter().map(|(name, count)| format!(", {name} {count}")).collect::<String>();
            format!("{} bars, {}, prices {}{trades}", bars.len(), span(times, Scale::Time), span(prices, Scale::Number))
        }
        Plot::Histogram(histogram) => {
            let values = range(histogram.values.iter().copied());
            format!("{} values, {}", histogram.values.len(), span(values, Scale::Number))
        }
        Plot::Heatmap(map) => {
            let values = span(range(map.values.iter().copied()), Scale::Number);
            let (x, y) = (&chart.x.label, &chart.y.label);
            format!("{} {values}, by {} values of {x} and {} of {y}", map.label, map.columns.len(), map.rows.len())
        }
        Plot::Bars(bars) => {
            let values = bars.series.iter().flat_map(|(_, values)| values.iter().copied());
            format!("{} names, {}", bars.names.len(), span(range(values), Scale::Number))
        }
    };
    format!("{kind} chart: {what}")
}

fn lines(axis: &Axis, series: &[Series]) -> String {
    let x = range(series.iter().flat_map(|line| line.x.iter().copied()));
    let one = |line: &Series| format!("{} {}", line.name, span(range(line.y.iter().copied()), Scale::Number));
    let all: Vec<String> = series.iter().map(one).collect();
    format!("{}, over {} {}", all.join(", "), axis.label, span(x, axis.scale))
}

fn span(range: Option<(f64, f64)>, scale: Scale) -> String {
    let text = |value| ticks::lone(scale, value);
    range.map_or("without values".into(), |(low, high)| format!("from {} to {}", text(low), text(high)))
}
