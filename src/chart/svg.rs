//! Charts as SVG: one file that needs no other, with the colours of the reader's light or dark page.

use std::fmt::Write as _;

use super::model::Chart;
use super::picture::palette::{self, Theme};
use super::picture::scene;
use super::picture::scene::{Anchor, Ink, Shape};

/// A chart as an SVG document without an XML declaration, so that it may stand in HTML as well. Everything that comes from
/// the chart is escaped.
pub fn render(chart: &Chart) -> String {
    let scene = scene(chart);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"threadx-chart\" role=\"img\" viewBox=\"0 0 {w} {h}\" \
         width=\"{w}\" height=\"{h}\">\n<title>{title}</title>\n<desc>{description}</desc>\n{style}",
        w = scene.width,
        h = scene.height,
        title = escaped(&scene.title),
        description = escaped(&scene.description),
        style = style(),
    );
    let back = class(Ink::Back);
    let _ = writeln!(out, "<rect class=\"{back}\" width=\"{}\" height=\"{}\"/>", scene.width, scene.height);
    for shape in &scene.shapes {
        write(shape, &mut out);
    }
    out + "</svg>\n"
}

/// The colours, once for each page.
fn style() -> String {
    let inks = [Ink::Back, Ink::Text, Ink::Muted, Ink::Grid, Ink::Up, Ink::Down];
    let all = || inks.into_iter().chain((0..palette::COUNT).map(Ink::Series));
    let rules = |theme| -> String {
        let rule = |ink| format!(".threadx-chart .{}{{color:{}}}", class(ink), hex(palette::color(ink, theme)));
        all().map(rule).collect()
    };
    format!(
        "<style>\n.threadx-chart{{max-width:100%;height:auto;font-family:system-ui,'DejaVu Sans',sans-serif}}\n\
         .threadx-chart text,.threadx-chart rect,.threadx-chart .f{{fill:currentColor}}\n\
         .threadx-chart .l{{fill:none;stroke:currentColor;stroke-linejoin:round}}\n{}\n\
         @media (prefers-color-scheme:dark){{{}}}\n</style>\n",
        rules(Theme::Light),
        rules(Theme::Dark),
    )
}

/// The class of a colour that depends on the page.
fn class(ink: Ink) -> String {
    match ink {
        Ink::Back => "back".into(),
        Ink::Text => "text".into(),
        Ink::Muted => "muted".into(),
        Ink::Grid => "grid".into(),
        Ink::Up => "up".into(),
        Ink::Down => "down".into(),
        Ink::Series(number) => format!("s{}", number % palette::COUNT),
        Ink::Heat(_) | Ink::OnHeat(_) => String::new(),
    }
}

/// The attributes of a colour, for a shape of a further class.
fn painted(ink: Ink, further: &str) -> String {
    match ink {
        Ink::Heat(_) | Ink::OnHeat(_) => {
            let color = hex(palette::color(ink, Theme::Light));
            format!("{}style=\"color:{color}\"", if further.is_empty() { String::new() } else { further.to_string() })
        }
        ink if further.is_empty() => format!("class=\"{}\"", class(ink)),
        ink => format!("class=\"{further} {}\"", class(ink)),
    }
}

fn write(shape: &Shape, out: &mut String) {
    match shape {
        Shape::Rect { at, size, ink } => {
            let paint = painted(*ink, "");
            let ((x, y), (width, height)) = (at, size);
            let _ =
                writeln!(out, "<rect {paint} x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>");
        }
        Shape::Line { points, width, ink } => {
            // A single point is drawn as a dot.
            let cap = if points.len() == 1 { " stroke-linecap=\"round\"" } else { "" };
            let paint = painted(*ink, "l");
            let _ = writeln!(
                out,
                "<path {paint} stroke-width=\"{width}\"{cap} d=\"{}\"/>",
                path(points, points.len() == 1)
            );
        }
        Shape::Area { points, ink } => {
            let _ = writeln!(out, "<path {} fill-opacity=\".3\" d=\"{}\"/>", painted(*ink, "f"), path(points, true));
        }
        Shape::Strokes { lines, width, ink } if !lines.is_empty() => {
            let d: String = lines.iter().map(|line| path(line, false)).collect();
            let _ = writeln!(out, "<path {} stroke-width=\"{width:.1}\" d=\"{d}\"/>", painted(*ink, "l"));
        }
        Shape::Triangles { corners, ink } => {
            let d: String = corners.iter().map(|corners| path(corners, true)).collect();
            let _ = writeln!(out, "<path {} d=\"{d}\"/>", painted(*ink, "f"));
        }
        Shape::Discs { centres, radius, ink } => {
            let _ = writeln!(out, "<g {} fill-opacity=\".6\">", painted(*ink, "f"));
            for (x, y) in centres {
                let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
            }
            out.push_str("</g>\n");
        }
        Shape::Text(text) => {
            let anchor = match text.anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let (x, y) = text.at;
            let paint = painted(text.ink, "");
            let content = escaped(&text.text);
            let _ = writeln!(
                out,
                "<text {paint} x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{}\"{anchor}>{content}</text>",
                text.size
            );
        }
        Shape::Strokes { .. } => {}
    }
}

fn path(points: &[(f64, f64)], is_closed: bool) -> String {
    let mut d = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let _ = write!(d, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
    }
    d + if is_closed { "Z" } else { "" }
}

fn hex([red, green, blue]: palette::Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A text as XML holds it; control characters, which XML has not, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::{Axis, Bars, Candles, Direction, Heatmap, Histogram, Marker, Plot, Series, drawdown};

    /// The names of the elements, in order; panics where tags do not fit together or an attribute is not closed.
    fn elements(svg: &str) -> Vec<String> {
        let (mut open, mut names): (Vec<&str>, Vec<String>) = (vec![], vec![]);
        let mut rest = svg;
        while let Some(start) = rest.find('<') {
            assert!(!rest[..start].contains('>'), "a stray > in {}", &rest[..start]);
            let end = start + rest[start..].find('>').expect("a tag that ends");
            let tag = &rest[start + 1..end];
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{tag}");
            } else {
                names.push(name.to_string());
                if !tag.ends_with('/') {
                    open.push(name);
                }
            }
            rest = &rest[end + 1..];
        }
        assert_eq!(open, Vec::<&str>::new());
        names
    }

    fn charts() -> Vec<Chart> {
        let chart = |plot| Chart {
            title: "<b> & \"c\"".into(),
            x: Axis::time("t"),
            y: Axis::number("y's"),
            plot,
            notes: vec!["a < b\u{1}".into()],
        };
        let y = vec![1.0, f64::NAN, 3.0, 2.0];
        let series = Series { name: "<s>".into(), x: vec![0.0, 1.0, 2.0, 3.0], y: y.clone() };
        let marker = Marker { bar: 1, price: 2.0, is_entry: true, direction: Some(Direction::Short) };
        let bars = Candles {
            ts: vec![0.0, 1.0],
            open: vec![1.0, 2.0],
            high: vec![3.0, 3.0],
            low: vec![1.0, f64::NAN],
            close: vec![2.0, 1.0],
            markers: vec![marker, Marker { is_entry: false, ..marker }],
            lines: vec![("m&m".into(), vec![f64::NAN, 2.0])],
        };
        let map = Heatmap {
            columns: vec!["1".into(), "<2>".into()],
            rows: vec!["a".into()],
            values: vec![0.5, f64::NAN],
            label: "v&v".into(),
        };
        let named = Bars { names: vec!["<n>".into(), "b".into()], series: vec![("s".into(), vec![-1.0, f64::NAN])] };
        let falls = Series { y: drawdown(&y), ..series.clone() };
        [
            Plot::Line(vec![series.clone(), series.clone()]),
            Plot::Scatter(vec![series.clone()]),
            Plot::Equity { equity: vec![series], drawdown: vec![falls] },
            Plot::Candles(bars),
            Plot::Histogram(Histogram { values: vec![1.0, 2.0, 2.0] }),
            Plot::Heatmap(map),
            Plot::Bars(named),
        ]
        .map(chart)
        .to_vec()
    }

    #[test]
    fn every_kind_is_well_formed_and_escaped() {
        for chart in charts() {
            let svg = render(&chart);
            let names = elements(&svg);
            assert_eq!(names[..4], ["svg", "title", "desc", "style"], "{:?}", chart.plot.kind());
            assert!(svg.contains("<title>&lt;b&gt; &amp; &quot;c&quot;"), "{svg}");
            assert!(svg.contains("a &lt; b</text>"), "control characters go: {svg}");
            for raw in ["<s>", "<n>", "<2>", "m&m", "v&v", "NaN", "inf"] {
                assert!(!svg.contains(raw), "{raw} in {svg}");
            }
            assert!(svg.contains("prefers-color-scheme:dark"));
        }
    }

    #[test]
    fn shapes_stand_where_their_values_are() {
        let line = Series { name: "a".into(), x: vec![0.0, 10.0], y: vec![0.0, 10.0] };
        let axis = |name: &str| Axis::number(name);
        let chart =
            Chart { title: "a over b".into(), x: axis("b"), y: axis("a"), plot: Plot::Line(vec![line]), notes: vec![] };
        let svg = render(&chart);
        assert!(svg.contains("<desc>line chart: a from 0 to 10, over b from 0 to 10</desc>"), "{svg}");
        // The line goes from the lower left to the upper right corner, less 2 % at the top and the bottom.
        let path = svg.lines().find(|line| line.contains("class=\"l s0\"")).unwrap();
        let d = path.split(" d=\"").nth(1).unwrap().trim_end_matches("\"/>");
        let numbers: Vec<f64> = d[1..].split(['L', ' ']).map(|number| number.parse().unwrap()).collect();
        assert_eq!((numbers[2], (numbers[1] - numbers[3]).round()), (944.0, 404.0), "{d}");
    }
}
