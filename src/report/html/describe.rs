//! A chart in words, for those who do not see it.

use super::chart::{MOST_RANGES, is_fraction};
use crate::chart::bins::bins;
use crate::chart::model::{Chart, Heatmap, Plot, Scale, Series, range};
use crate::engine::timeframe::format_ts;
use crate::report::format::decimal;

/// What the chart is called: its title, or else its kind.
pub fn headline(chart: &Chart) -> &str {
    if chart.title.is_empty() { chart.plot.kind().name() } else { &chart.title }
}

/// What the chart shows: kind, axes, and for each series its first, last, lowest and highest value.
pub fn describe(chart: &Chart) -> String {
    let scale = chart.x.scale;
    let label = chart.y.label.as_str();
    let mut sentences = vec![];
    match &chart.plot {
        Plot::Line(series) | Plot::Equity { equity: series, .. } => {
            sentences.push(over("Line chart", chart, series));
            sentences.extend(series.iter().map(|line| course(line, label)));
            if let Plot::Equity { drawdown, .. } = &chart.plot {
                sentences.extend(drawdown.iter().filter_map(|line| {
                    let (low, _) = range(line.y.iter().copied())?;
                    Some(format!("Deepest drawdown of {}: {}.", line.name, value(low, "drawdown")))
                }));
            }
        }
        Plot::Scatter(series) => {
            sentences.push(over("Scatter chart", chart, series));
            sentences.extend(
                series.iter().map(|points| format!("{}: {} points.", points.name, decimal(points.x.len() as f64, 0))),
            );
        }
        Plot::Candles(bars) => {
            let ends = bars.ts.first().zip(bars.ts.last());
            let span = ends
                .map_or(String::new(), |(a, b)| format!(" from {} to {}", position(*a, scale), position(*b, scale)));
            sentences.push(format!("Candle chart of {} bars{span}.", decimal(bars.len() as f64, 0)));
            if let (Some((low, _)), Some((_, high))) =
                (range(bars.low.iter().copied()), range(bars.high.iter().copied()))
            {
                sentences.push(format!("Prices from {} to {}.", value(low, ""), value(high, "")));
            }
            let entries = bars.markers.iter().filter(|marker| marker.is_entry).count();
            if !bars.markers.is_empty() {
                sentences.push(format!("{entries} entries and {} exits.", bars.markers.len() - entries));
            }
        }
        Plot::Histogram(histogram) => {
            let bins = bins(&histogram.values, MOST_RANGES);
            let name = chart.x.label.as_str();
            sentences.push(format!("Histogram of {} values of {name}.", decimal(histogram.values.len() as f64, 0)));
            if let Some((at, most)) = bins.counts.iter().enumerate().max_by_key(|(_, count)| **count) {
                let edge = |at: usize| value(bins.low + bins.step * at as f64, name);
                let (from, to) = (edge(at), edge(at + 1));
                sentences.push(format!("The most, {}, lie between {from} and {to}.", decimal(*most as f64, 0)));
            }
        }
        Plot::Heatmap(map) => sentences.push(heatmap(map, chart)),
        Plot::Bars(bars) => {
            sentences.push(format!("Bar chart of {}.", plural(bars.names.len(), "name")));
            for (name, values) in &bars.series {
                if let Some((low, high)) = range(values.iter().copied()) {
                    sentences.push(format!("{name}: from {} to {}.", value(low, name), value(high, name)));
                }
            }
        }
    }
    sentences.join(" ")
}

/// Notes of the chart as sentences.
pub fn notes(chart: &Chart, sampled: Option<&str>) -> Vec<String> {
    let own = chart.notes.iter().map(|note| {
        let mut letters = note.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{}{}", letters.as_str(), if note.ends_with('.') { "" } else { "." })
    });
    own.chain(sampled.map(str::to_string)).collect()
}

fn over(what: &str, chart: &Chart, series: &[Series]) -> String {
    let names: Vec<&str> = series.iter().map(|line| line.name.as_str()).collect();
    let x = &chart.x;
    match range(series.iter().flat_map(|line| line.x.iter().copied())) {
        Some((from, to)) => {
            let (from, to) = (position(from, x.scale), position(to, x.scale));
            format!("{what} of {} over {} from {from} to {to}.", names.join(", "), x.label)
        }
        None => format!("{what} of {} over {}.", names.join(", "), x.label),
    }
}

fn course(line: &Series, label: &str) -> String {
    let known = || line.y.iter().copied().filter(|value| value.is_finite());
    let (Some(first), Some(last), Some((low, high))) = (known().next(), known().next_back(), range(known())) else {
        return format!("{} has no values.", line.name);
    };
    let name = if label.is_empty() { line.name.as_str() } else { label };
    let [first, last, low, high] = [first, last, low, high].map(|number| value(number, name));
    format!("{}: first {first}, last {last}, lowest {low}, highest {high}.", line.name)
}

fn heatmap(map: &Heatmap, chart: &Chart) -> String {
    let mut text = format!("Heatmap of {} over {} and {}.", map.label, chart.x.label, chart.y.label);
    let known = || map.values.iter().enumerate().filter(|(_, value)| value.is_finite());
    let at = |place: usize| {
        let (row, column) = (place / map.columns.len().max(1), place % map.columns.len().max(1));
        format!("{} {}, {} {}", chart.x.label, map.columns[column], chart.y.label, map.rows[row])
    };
    let low = known().min_by(|a, b| a.1.total_cmp(b.1));
    let high = known().max_by(|a, b| a.1.total_cmp(b.1));
    if let (Some((low_at, low)), Some((high_at, high))) = (low, high) {
        let (low, high) = (value(*low, &map.label), value(*high, &map.label));
        text += &format!(" Lowest {low} at {}, highest {high} at {}.", at(low_at), at(high_at));
    }
    text
}

fn position(x: f64, scale: Scale) -> String {
    match scale {
        Scale::Time => format_ts(x as i64),
        _ => value(x, ""),
    }
}

fn value(number: f64, name: &str) -> String {
    if is_fraction(name) {
        return format!("{}%", decimal(number * 100.0, 2));
    }
    let decimals = match number.abs() {
        size if size == 0.0 || (number.fract() == 0.0 && size < 1e15) => 0,
        size if size >= 100.0 => 2,
        size if size >= 0.01 => 4,
        _ => 6,
    };
    decimal(number, decimals)
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::Axis;

    #[test]
    fn a_chart_is_told_in_words() {
        let line = Series { name: "equity".into(), x: vec![0.0, 3.6e9, 7.2e9], y: vec![100.0, f64::NAN, 90.5] };
        let fall = Series { name: "equity".into(), x: vec![0.0, 3.6e9], y: vec![0.0, -0.095] };
        let chart = Chart {
            title: String::new(),
            x: Axis::time("ts"),
            y: Axis::number("equity"),
            plot: Plot::Equity { equity: vec![line], drawdown: vec![fall] },
            notes: vec!["not drawn: close".into()],
        };
        assert_eq!(
            describe(&chart),
            "Line chart of equity over ts from 1970-01-01 00:00:00 to 1970-01-01 02:00:00. equity: first 100, last 90.5000, \
             lowest 90.5000, highest 100. Deepest drawdown of equity: -9.50%."
        );
        assert_eq!(notes(&chart, Some("Few.")), ["Not drawn: close.", "Few."]);
    }

    #[test]
    fn a_heatmap_is_told_by_its_best_and_worst_cell() {
        let map = Heatmap {
            columns: vec!["1".into(), "2".into()],
            rows: vec!["a".into()],
            values: vec![0.5, -0.25],
            label: "total_return".into(),
        };
        let chart = Chart {
            title: String::new(),
            x: Axis::name("p"),
            y: Axis::name("q"),
            plot: Plot::Heatmap(map),
            notes: vec![],
        };
        assert_eq!(
            describe(&chart),
            "Heatmap of total_return over p and q. Lowest -25.00% at p 2, q a, highest 50.00% at p 1, q a."
        );
    }
}
