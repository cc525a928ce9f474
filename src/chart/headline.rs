//! What stands above a chart.

use super::model::{Chart, Plot, Scale, Series, range};
use super::ticks;

/// The title, or the names of the axes where there is none. Where all times lie in one day, which the ticks then do not
/// tell, that day follows.
pub(super) fn headline(chart: &Chart) -> String {
    let text = match (chart.title.as_str(), chart.x.label.as_str(), chart.y.label.as_str()) {
        ("", "", only) | ("", only, "") => only.to_string(),
        ("", x, y) => format!("{y} over {x}"),
        (title, ..) => title.to_string(),
    };
    match day(chart) {
        Some(day) if text.is_empty() => day,
        Some(day) => format!("{text}, {day}"),
        None => text,
    }
}

fn day(chart: &Chart) -> Option<String> {
    let of = |series: &[Series]| range(series.iter().flat_map(|line| line.x.iter().copied()));
    let times = match &chart.plot {
        Plot::Line(series) | Plot::Scatter(series) | Plot::Equity { equity: series, .. } => of(series),
        Plot::Candles(bars) => range(bars.ts.iter().copied()),
        Plot::Histogram(_) | Plot::Heatmap(_) | Plot::Bars(_) => None,
    };
    times.filter(|_| chart.x.scale == Scale::Time).and_then(ticks::day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::Axis;

    #[test]
    fn a_headline_names_what_the_axes_do_not() {
        let line = |x: f64| Plot::Line(vec![Series { name: "a".into(), x: vec![0.0, x], y: vec![1.0, 2.0] }]);
        let chart = |title: &str, x| Chart {
            title: title.into(),
            x: Axis::time("ts"),
            y: Axis::number("close"),
            plot: line(x),
            notes: vec![],
        };
        assert_eq!(headline(&chart("", 86_400e6)), "close over ts");
        assert_eq!(headline(&chart("DEMO", 3_600e6)), "DEMO, 1970-01-01");
    }
}
