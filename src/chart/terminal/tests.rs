//! Small charts, drawn in full.

use super::{Look, render};
use crate::chart::model::{Axis, Bars, Candles, Chart, Direction, Heatmap, Histogram, Marker, Plot, Series, drawdown};

const PLAIN: Look = Look { width: 40, height: 6, color: false };

fn chart(title: &str, x: Axis, plot: Plot) -> Chart {
    Chart { title: title.into(), x, y: Axis::number(""), plot, notes: vec![] }
}

fn day(number: usize) -> f64 {
    number as f64 * 86_400e6
}

fn series(name: &str, y: &[f64]) -> Series {
    Series { name: name.into(), x: (0..y.len()).map(day).collect(), y: y.to_vec() }
}

/// Checks a drawing against the lines of a text, the first and last of which are empty.
fn assert_drawn(chart: &Chart, look: Look, expected: &str) {
    let drawn = render(chart, look);
    assert_eq!(drawn.trim_end(), expected.trim_matches('\n'), "\n{drawn}");
    for line in drawn.lines().filter(|_| !look.color) {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= look.width, "{line}");
    }
}

#[test]
fn lines_with_a_gap() {
    let up = [0.0, 1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0, 7.0];
    let down = [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0];
    let plot = Plot::Line(vec![series("up", &up), series("down", &down)]);
    assert_drawn(
        &chart("up, down", Axis::time("ts"), plot),
        PLAIN,
        r#"
up, down
  │⠉  ⠤⢄                          ⣀⡠⠤⠒⠒⠉
5 ┤      ⠈⠑⠂ ⢀⡀             ⢀⣀⠤⠔⠊⠉
  │           ⠈  ⠒⠤ ⢀⡀  ⠤⠒⠊⠉⠁
  │                  ⠈⠁ ⠒⠤  ⡀
  │      ⣀⡠⠔⠒⠉              ⠈⠁ ⠠⢄⡀
0 ┤⣀⠤⠔⠒⠊⠉                          ⠑⠒  ⣀
  └─────────────────────┬───────────────
                   1970-01-05
── up   ╌╌ down
"#,
    );
}

#[test]
fn equity_and_drawdown() {
    let y = [100.0, 120.0, 90.0, 110.0, 130.0];
    let plot = Plot::Equity { equity: vec![series("equity", &y)], drawdown: vec![series("equity", &drawdown(&y))] };
    assert_drawn(
        &chart("equity", Axis::time("ts"), plot),
        Look { height: 9, ..PLAIN },
        r#"
equity
     │                               ⣀⠔⠊
 120 ┤       ⢀⡠⡀                  ⡠⠔⠊
     │    ⢀⡠⠒⠁ ⠈⠢⡀             ⡠⠔⠉
     │ ⢀⠤⠊⠁      ⠈⠢⡀        ⣀⠔⠉
 100 ┤⠊⠁           ⠈⠢⡀   ⢀⠤⠊
     │               ⠈⠢⡠⠒⠁
      drawdown
  0% ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠛⢿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⡿⠿⠟⠛⠋⠉
     │           ⠈⠛⠿⣿⣿⣿⣿⣿⣿⣿⣿⡿⠟⠋⠉⠁
-20% ┤              ⠈⠙⠿⣿⠿⠛⠉⠁
     └┬────────────────┬───────────────┬
      1970-01-01  1970-01-03  1970-01-05
"#,
    );
}

#[test]
fn candles_with_a_trade() {
    let marker = Marker { bar: 1, price: 12.0, is_entry: true, direction: Some(Direction::Long) };
    let bars = Candles {
        ts: (0..4).map(day).collect(),
        open: vec![10.0, 12.0, 14.0, 11.0],
        high: vec![13.0, 15.0, 14.5, 13.0],
        low: vec![9.0, 11.0, 10.0, 10.5],
        close: vec![12.0, 14.0, 11.0, 12.0],
        markers: vec![marker, Marker { bar: 2, price: 14.0, is_entry: false, ..marker }],
        lines: vec![],
    };
    assert_drawn(
        &chart("bars", Axis::time("ts"), Plot::Candles(bars)),
        Look { height: 8, ..PLAIN },
        r#"
bars
   │   │  ×
14 ┤   ╽  ▄
   │╷  ┃  █  ╷
12 ┤╽  ┃  █  ╽
   │┃  │  █  ┃
   │┃  ╵  ▀  ╿
10 ┤╿  ▲  ╵
   ││
   └┬───────────────────────────────────
    1970-01-01
▲ enter long 1   × exit long 1
"#,
    );
}

#[test]
fn counts() {
    let plot = Plot::Histogram(Histogram { values: vec![1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0] });
    assert_drawn(
        &chart("counts", Axis::number("n"), plot),
        PLAIN,
        r#"
counts
  │            █████
  │            █████
2 ┤      █████ █████
  │      █████ █████
  │█████ █████ █████       █████
0 ┤█████ █████ █████       █████
  └──────┬───────────┬───────────┬──────
         2           4           6
7 values in ranges of 1
"#,
    );
}

#[test]
fn a_heatmap_with_and_without_colours() {
    let map = Heatmap {
        columns: ["10", "20", "30"].map(String::from).to_vec(),
        rows: ["1.0", "1.5"].map(String::from).to_vec(),
        values: vec![-1.0, 0.0, 1.25, 0.5, f64::NAN, 2.0],
        label: "sharpe".into(),
    };
    let chart = Chart { y: Axis::name("z"), ..chart("sharpe", Axis::name("p"), Plot::Heatmap(map)) };
    assert_drawn(
        &chart,
        PLAIN,
        r#"
sharpe
z
1.5 ┤▒  0.50           █  2.00
1.0 ┤· -1.00  ░   0    ▓  1.25
    └────┬────────┬────────┬────
        10       20       30
                  p
sharpe: -1 ·░▒▓█ 2
"#,
    );
    let colored = render(&chart, Look { color: true, ..PLAIN }).replace('\u{1b}', "");
    assert_eq!(
        colored.lines().nth(2),
        Some("1.5 [0;2m┤[0m[0;38;5;16;48;5;36m 0.50  [0m       [0;38;5;16;48;5;226m 2.00  [0m")
    );
}

#[test]
fn points_of_two_groups() {
    let one = |name: &str, y: [f64; 2]| Series { name: name.into(), x: vec![0.0, 10.0], y: y.to_vec() };
    let plot = Plot::Scatter(vec![one("a", [1.0, 3.0]), one("b", [2.0, 2.0])]);
    assert_drawn(
        &chart("points", Axis::number("x"), plot),
        PLAIN,
        r#"
points
3 ┤                                    o
  │
2 ┤x                                   x
  │
  │
1 ┤o
  └┬──────┬──────┬───────┬──────┬──────┬
   0      2      4       6      8     10
                   x
o a   x b
"#,
    );
}

#[test]
fn bars_to_both_sides() {
    let names = ["alpha", "beta", "東京"].map(String::from).to_vec();
    let plot = Plot::Bars(Bars { names, series: vec![("r".into(), vec![0.5, -0.25, f64::NAN])] });
    assert_drawn(
        &chart("returns", Axis::name("s"), plot),
        PLAIN,
        r#"
returns
alpha  0.500 │        ████████████████▋
 beta -0.250 │████████
 東京        │
"#,
    );
}

#[test]
fn no_size_and_no_value_is_a_fault() {
    let odd = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0, 5e-324];
    let bars = Candles {
        ts: (0..6).map(day).collect(),
        open: odd.to_vec(),
        high: odd.to_vec(),
        low: odd.to_vec(),
        close: odd.to_vec(),
        ..Candles::default()
    };
    let plots = [
        Plot::Line(vec![series("a", &odd), series("b", &[]), series("c", &[f64::NAN; 3])]),
        Plot::Line(vec![series("one", &[2.0])]),
        Plot::Scatter(vec![series("a", &odd)]),
        Plot::Equity { equity: vec![series("a", &odd)], drawdown: vec![series("a", &odd)] },
        Plot::Candles(bars),
        Plot::Candles(Candles::default()),
        Plot::Histogram(Histogram { values: vec![-1e300, 1e300, 5e-324] }),
        Plot::Histogram(Histogram::default()),
        Plot::Heatmap(Heatmap::default()),
        Plot::Bars(Bars { names: vec!["a".into()], series: vec![("a".into(), vec![f64::NAN])] }),
        Plot::Bars(Bars { names: vec!["a".into(), "b".into()], series: vec![("a".into(), vec![1e300, -1e300])] }),
    ];
    for plot in plots {
        let chart = chart("odd", Axis::time("ts"), plot);
        for width in [0, 1, 30, 61, 200] {
            for color in [false, true] {
                render(&chart, Look { width, height: width / 4, color });
            }
        }
        crate::chart::svg::render(&chart);
    }
}
