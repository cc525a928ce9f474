//! A chart as data for the script of the page, down-sampled where it has more points than can be seen.

use super::json::{list, number, object, text, time};
use crate::chart::bins::bins;
use crate::chart::model::{Axis, Bars, Candles, Chart, Heatmap, Plot, Scale, Series, range};
use crate::chart::sample;
use crate::report::format::is_fraction_name;

/// Parts of the axis in each of which a line keeps its first, lowest, highest and last point.
const LINE_PARTS: usize = 700;

/// Most candles.
const MOST_CANDLES: usize = 1200;

/// Most points of a scatter chart that may lie anywhere; beyond, points that would hide each other are drawn once.
const MOST_POINTS: usize = 4000;

/// Places of a scatter chart across and up.
const PLACES: (usize, usize) = (160, 100);

/// Most ranges of a histogram.
pub(super) const MOST_RANGES: usize = 60;

/// A chart for the page.
#[derive(Debug)]
pub struct Drawn {
    /// The data.
    pub json: String,
    /// What down-sampling left out, in one sentence.
    pub sampled: Option<String>,
}

/// Whether values of this name are fractions, which are shown as percentages.
pub fn is_fraction(name: &str) -> bool {
    is_fraction_name(name)
}

/// The data of a chart.
pub fn drawn(chart: &Chart) -> Drawn {
    let (plot, sampled) = match &chart.plot {
        Plot::Line(series) => {
            let (few, sampled) = lines(series);
            (vec![("panes", list([pane(&chart.y, &chart.x, &few, "line")]))], sampled)
        }
        Plot::Equity { equity, drawdown } => {
            let (few, sampled) = lines(equity);
            let (falls, _) = lines(drawdown);
            let below = Axis::number("drawdown");
            (
                vec![("panes", list([pane(&chart.y, &chart.x, &few, "line"), pane(&below, &chart.x, &falls, "area")]))],
                sampled,
            )
        }
        Plot::Scatter(series) => {
            let (few, sampled) = points(series);
            (vec![("panes", list([pane(&chart.y, &chart.x, &few, "points")]))], sampled)
        }
        Plot::Candles(all) => candles(all),
        Plot::Histogram(histogram) => (ranges(&histogram.values), None),
        Plot::Heatmap(map) => (heatmap(map), None),
        Plot::Bars(all) => (bars(all, &chart.y), None),
    };
    let mut fields = vec![("kind", text(chart.plot.kind().name())), ("x", axis(&chart.x)), ("y", axis(&chart.y))];
    fields.extend(plot);
    Drawn { json: object(&fields), sampled }
}

fn axis(axis: &Axis) -> String {
    let scale = match axis.scale {
        Scale::Number => "number",
        Scale::Time => "time",
        Scale::Name => "name",
    };
    object(&[("label", text(&axis.label)), ("scale", text(scale)), ("percent", percent([axis.label.as_str()]))])
}

/// Whether all of these names are names of fractions.
fn percent<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter().filter(|name| !name.is_empty()).peekable();
    (names.peek().is_some() && names.all(is_fraction)).to_string()
}

fn pane(y: &Axis, x: &Axis, series: &[Series], mark: &str) -> String {
    let names = || series.iter().map(|line| line.name.as_str());
    let is_percent = if y.label.is_empty() { percent(names()) } else { percent([y.label.as_str()]) };
    let all = series.iter().map(|line| {
        let x_of = if x.scale == Scale::Time { time } else { number };
        object(&[
            ("name", text(&line.name)),
            ("x", list(line.x.iter().map(|x| x_of(*x)))),
            ("y", list(line.y.iter().map(|y| number(*y)))),
        ])
    });
    object(&[("label", text(&y.label)), ("percent", is_percent), ("mark", text(mark)), ("series", list(all))])
}

/// The lines in few points, over the axis that they share.
fn lines(series: &[Series]) -> (Vec<Series>, Option<String>) {
    let ends = range(series.iter().flat_map(|line| line.x.iter().copied())).unwrap_or((0.0, 0.0));
    let few: Vec<Series> = series.iter().map(|line| sample::line(line, LINE_PARTS, ends)).collect();
    let sentence = |kept: usize, all: usize| {
        format!(
            "Drawn with {} of {} points: of each of {LINE_PARTS} parts of the axis the first, lowest, highest and last.",
            grouped(kept),
            grouped(all)
        )
    };
    let sampled = counts(&few, series).map(|(kept, all)| sentence(kept, all));
    (few, sampled)
}

/// How many points are kept and how many there are, if fewer are kept.
fn counts(few: &[Series], all: &[Series]) -> Option<(usize, usize)> {
    let count = |series: &[Series]| series.iter().map(|line| line.x.len()).sum::<usize>();
    let (kept, all) = (count(few), count(all));
    (kept < all).then_some((kept, all))
}

/// The points of which none hides another, with the outermost ones.
fn points(series: &[Series]) -> (Vec<Series>, Option<String>) {
    let all: usize = series.iter().map(|points| points.x.len()).sum();
    let across = range(series.iter().flat_map(|points| points.x.iter().copied()));
    let up = range(series.iter().flat_map(|points| points.y.iter().copied()));
    let (Some(across), Some(up), true) = (across, up, all > MOST_POINTS) else { return (series.to_vec(), None) };
    let place = |value: f64, (low, high): (f64, f64), places: usize| {
        if high > low { (((value - low) / (high - low) * places as f64) as usize).min(places - 1) } else { 0 }
    };
    let few: Vec<Series> = series
        .iter()
        .map(|points| {
            let mut is_taken = vec![false; PLACES.0 * PLACES.1];
            let mut few = Series { name: points.name.clone(), ..Series::default() };
            for (x, y) in points.x.iter().zip(&points.y).filter(|(_, y)| y.is_finite()) {
                let taken = &mut is_taken[place(*x, across, PLACES.0) * PLACES.1 + place(*y, up, PLACES.1)];
                let is_outermost = *x == across.0 || *x == across.1 || *y == up.0 || *y == up.1;
                if !*taken || is_outermost {
                    *taken = true;
                    few.x.push(*x);
                    few.y.push(*y);
                }
            }
            few
        })
        .collect();
    let sampled = counts(&few, series).map(|(kept, all)| {
        format!(
            "Drawn with {} of {} points: where several lie in the same place, one of them; the outermost are all there.",
            grouped(kept),
            grouped(all)
        )
    });
    (few, sampled)
}

fn candles(all: &Candles) -> (Vec<(&'static str, String)>, Option<String>) {
    let (few, size) = sample::candles(all, MOST_CANDLES);
    let numbers = |values: &[f64]| list(values.iter().map(|value| number(*value)));
    let direction = |marker: &crate::chart::model::Marker| match marker.direction {
        Some(crate::chart::model::Direction::Long) => 1.0,
        Some(crate::chart::model::Direction::Short) => -1.0,
        None => 0.0,
    };
    let markers = few.markers.iter().map(|marker| {
        let kind = f64::from(u8::from(marker.is_entry));
        list([number(marker.bar as f64), number(marker.price), number(kind), number(direction(marker))])
    });
    let lines = few.lines.iter().map(|(name, values)| object(&[("name", text(name)), ("y", numbers(values))]));
    let sampled = (size > 1).then(|| {
        format!(
            "Each candle is {} bars, {} in all: first open, highest high, lowest low, last close.",
            grouped(size),
            grouped(all.len())
        )
    });
    let fields = vec![
        ("ts", list(few.ts.iter().map(|ts| time(*ts)))),
        ("open", numbers(&few.open)),
        ("high", numbers(&few.high)),
        ("low", numbers(&few.low)),
        ("close", numbers(&few.close)),
        ("markers", list(markers)),
        ("lines", list(lines)),
    ];
    (fields, sampled)
}

/// Ranges of equal width and how many values are in each.
fn ranges(values: &[f64]) -> Vec<(&'static str, String)> {
    let bins = bins(values, MOST_RANGES);
    let edges = (0..=bins.counts.len()).map(|at| number(bins.low + bins.step * at as f64));
    let counts = bins.counts.iter().map(|count| number(*count as f64));
    vec![("edges", list(edges)), ("counts", list(counts))]
}

fn heatmap(map: &Heatmap) -> Vec<(&'static str, String)> {
    vec![
        ("columns", list(map.columns.iter().map(|name| text(name)))),
        ("rows", list(map.rows.iter().map(|name| text(name)))),
        ("values", list(map.values.iter().map(|value| number(*value)))),
        ("label", text(&map.label)),
        ("percent", percent([map.label.as_str()])),
    ]
}

fn bars(all: &Bars, y: &Axis) -> Vec<(&'static str, String)> {
    let names = || all.series.iter().map(|(name, _)| name.as_str());
    let is_percent = if y.label.is_empty() { percent(names()) } else { percent([y.label.as_str()]) };
    let series = all
        .series
        .iter()
        .map(|(name, values)| object(&[("name", text(name)), ("y", list(values.iter().map(|value| number(*value))))]));
    vec![("names", list(all.names.iter().map(|name| text(name)))), ("series", list(series)), ("percent", is_percent)]
}

fn grouped(count: usize) -> String {
    crate::report::format::decimal(count as f64, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::Histogram;

    fn chart(plot: Plot) -> Chart {
        Chart { title: String::new(), x: Axis::time("ts"), y: Axis::number("ret"), plot, notes: vec![] }
    }

    fn parsed(drawn: &Drawn) -> serde_json::Value {
        serde_json::from_str(&drawn.json).unwrap()
    }

    #[test]
    fn long_lines_keep_their_extrema_and_say_so() {
        let mut y: Vec<f64> = (0..1_000_000).map(|at| f64::from(at % 100)).collect();
        (y[123_456], y[765_432]) = (-1e6, 1e6);
        let series = Series { name: "a".into(), x: (0..1_000_000).map(|at| f64::from(at) * 60e6).collect(), y };
        let drawn = drawn(&chart(Plot::Line(vec![series])));
        assert!(drawn.json.len() < 100_000, "{}", drawn.json.len());
        let json = parsed(&drawn);
        let y = json["panes"][0]["series"][0]["y"].as_array().unwrap();
        assert!(y.iter().any(|y| y.as_f64() == Some(-1e6)) && y.iter().any(|y| y.as_f64() == Some(1e6)));
        let expected = format!(
            "Drawn with {} of 1,000,000 points: of each of 700 parts of the axis the first, lowest, highest and last.",
            grouped(y.len())
        );
        assert_eq!(drawn.sampled, Some(expected));
        assert_eq!(json["panes"][0]["percent"], true);
    }

    #[test]
    fn crowded_points_are_drawn_once_and_the_outermost_stay() {
        let mut series = Series { name: "a".into(), x: vec![], y: vec![] };
        for at in 0..50_000 {
            series.x.push(f64::from(at % 50));
            series.y.push(f64::from(at % 7));
        }
        series.x.push(1000.0);
        series.y.push(-3.0);
        let (few, sampled) = points(&[series]);
        assert_eq!(range(few[0].x.iter().copied()), Some((0.0, 1000.0)));
        assert_eq!(range(few[0].y.iter().copied()), Some((-3.0, 6.0)));
        assert!(sampled.unwrap().contains("of 50,001 points"));
    }

    #[test]
    fn every_value_of_a_histogram_is_in_one_range() {
        let values: Vec<f64> = (0..1000).map(|at| f64::from(at) / 10.0).collect();
        let json = parsed(&drawn(&chart(Plot::Histogram(Histogram { values }))));
        let numbers =
            |name: &str| -> Vec<f64> { json[name].as_array().unwrap().iter().filter_map(|v| v.as_f64()).collect() };
        let (edges, counts) = (numbers("edges"), numbers("counts"));
        assert_eq!((edges.len(), counts.iter().sum::<f64>()), (counts.len() + 1, 1000.0));
        assert!(edges[0] <= 0.0 && edges[counts.len()] >= 99.9);
    }

    #[test]
    fn hostile_names_stay_inside_of_their_strings() {
        let name = "</script><script>alert(1)</script>";
        let series = Series { name: name.into(), x: vec![0.0, 1.0], y: vec![1.0, f64::NAN] };
        let drawn = drawn(&chart(Plot::Line(vec![series])));
        assert!(!drawn.json.contains('<'));
        let json = parsed(&drawn);
        assert_eq!(json["panes"][0]["series"][0]["name"], name);
        assert_eq!(json["panes"][0]["series"][0]["y"], serde_json::json!([1, null]));
    }
}
