//! The metric registry, and every metric against an independent implementation (`tests/golden/metric/make.py`).

use std::collections::{BTreeMap, BTreeSet};

use threadx_kernels::bits::Bits;
use threadx_kernels::metric::{Aggregate, AggregateInput, COLUMN_ORDER, METRICS, Metric, MetricKind};
use threadx_kernels::sim::{Bars, Fill, Flags, Needs, Numbers, Options, Record, Signals, Summary, simulate};

const SERIES: &str = include_str!("../../tests/golden/metric/series.csv");
const EXPECTED: &str = include_str!("../../tests/golden/metric/expected.csv");

fn find(name: &str) -> &'static Metric {
    METRICS.iter().find(|metric| metric.name == name).unwrap_or_else(|| panic!("no metric {name}"))
}

fn aggregate(name: &str) -> &'static Aggregate {
    find(name).aggregate.as_ref().unwrap_or_else(|| panic!("{name} is no aggregate"))
}

/// An aggregate with the given values for its parameters.
fn over(name: &str, rows: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let aggregate = aggregate(name);
    let params: Vec<f64> = aggregate
        .params
        .iter()
        .map(|param| match param.name {
            "periods_per_year" => periods_per_year,
            "risk_free" => risk_free,
            other => panic!("unknown parameter {other}"),
        })
        .collect();
    aggregate.value(rows, &params)
}

#[test]
fn the_registry_is_sorted_and_shown_in_full() {
    assert!(METRICS.windows(2).all(|pair| pair[0].name < pair[1].name));
    let names = |list: &[&'static Metric]| list.iter().map(|metric| metric.name).collect::<BTreeSet<_>>();
    assert_eq!(names(METRICS), names(COLUMN_ORDER));
    assert_eq!(METRICS.len(), COLUMN_ORDER.len());
    for metric in METRICS {
        assert!(metric.summary.ends_with('.') && !metric.formula.is_empty() && !metric.source.is_empty());
        assert!(metric.example.contains(metric.name), "{}", metric.name);
        for param in metric.aggregate.iter().flat_map(|aggregate| aggregate.params) {
            assert!(param.default > param.above, "{}", metric.name);
        }
    }
}

#[test]
fn every_aggregate_agrees_with_the_independent_implementation() {
    let mut series: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for line in SERIES.lines().skip(1) {
        let (case, value) = line.split_once(',').expect("two columns");
        series.entry(case).or_default().push(value.parse().expect("a number"));
    }
    let mut checked = BTreeSet::new();
    for line in EXPECTED.lines().skip(1) {
        let [case, input, name, periods, risk_free, value] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("six columns: {line}");
        };
        let number = |text: &str| text.parse::<f64>().expect("a number");
        assert_eq!(aggregate(name).input.name(), input);
        let actual = over(name, &series[case], number(periods), number(risk_free)).expect("defined");
        let expected = number(value);
        assert!((actual - expected).abs() <= 1e-11 * expected.abs(), "{case} {name}: {actual} instead of {expected}");
        checked.insert(name);
    }
    // A new aggregate needs its golden rows.
    let all: BTreeSet<_> = METRICS.iter().filter(|metric| metric.aggregate.is_some()).map(|m| m.name).collect();
    assert_eq!(checked, all);
}

#[test]
fn what_is_undefined_has_no_value() {
    for name in METRICS.iter().filter(|metric| metric.aggregate.is_some()).map(|metric| metric.name) {
        let is_count = matches!(name, "wins" | "losses");
        assert_eq!(over(name, &[], 252.0, 0.0), is_count.then_some(0.0), "{name}");
    }
    for name in ["sharpe", "volatility", "sortino"] {
        assert_eq!(over(name, &[0.01], 252.0, 0.0), None, "{name}");
        assert_eq!(over(name, &[0.0; 100], 252.0, 0.0), None, "{name}");
        // Equal values, although their sums round.
        assert_eq!(over(name, &[0.1; 1000], 252.0, 0.0), None, "{name}");
    }
    assert_eq!(over("sortino", &[0.1, 0.2], 252.0, 0.0), None);
    assert!(over("sortino", &[0.1, 0.2], 1.0, 0.15).is_some());
    assert_eq!(over("profit_factor", &[1.0, 2.0], 1.0, 0.0), None);
    assert_eq!(over("profit_factor", &[1.0, 0.0], 1.0, 0.0), None);
    assert_eq!(over("profit_factor", &[-1.0], 1.0, 0.0), Some(0.0));
    assert_eq!(over("kelly", &[1.0, 2.0], 1.0, 0.0), None);
    assert_eq!(over("payoff_ratio", &[-1.0], 1.0, 0.0), None);
    assert_eq!(over("sqn", &[5.0], 1.0, 0.0), None);
    assert_eq!(over("sqn", &[0.1; 10], 1.0, 0.0), None);
    assert_eq!(over("calmar", &[100.0, 110.0], 1.0, 0.0), None);
    assert_eq!(over("cagr", &[100.0], 1.0, 0.0), None);
    assert_eq!(over("max_drawdown", &[0.0, 1.0], 1.0, 0.0), None);
    assert_eq!(over("max_drawdown", &[100.0], 1.0, 0.0), Some(0.0));
}

#[test]
fn a_trade_that_earned_nothing_is_a_loss() {
    let pnl = [10.0, 0.0, -5.0];
    assert_eq!((over("wins", &pnl, 1.0, 0.0), over("losses", &pnl, 1.0, 0.0)), (Some(1.0), Some(2.0)));
    assert_eq!(over("win_rate", &pnl, 1.0, 0.0), Some(1.0 / 3.0));
    assert_eq!(over("avg_loss", &pnl, 1.0, 0.0), Some(-2.5));
    assert_eq!(over("payoff_ratio", &pnl, 1.0, 0.0), Some(4.0));
}

/// A run of random-looking bars that changes its mind now and then.
fn run(needs: Needs, record: &mut Record) -> Summary {
    let n = 1_000;
    let close: Vec<f64> =
        (0..n).map(|t| 100.0 + 10.0 * (t as f64 * 0.37).sin() + 5.0 * (t as f64 * 0.011).cos()).collect();
    let open: Vec<f64> = (0..n).map(|t: usize| close[t.saturating_sub(1)]).collect();
    let high: Vec<f64> = open.iter().zip(&close).map(|(o, c)| o.max(*c) + 0.5).collect();
    let low: Vec<f64> = open.iter().zip(&close).map(|(o, c)| o.min(*c) - 0.5).collect();
    let ts: Vec<i64> = (0..n as i64).map(|t| t * 900_000_000).collect();
    let enter = Bits::from_fn(n, |t| t % 37 == 0);
    let exit = Bits::from_fn(n, |t| t % 37 == 20);
    let signals = Signals {
        enter_long: Flags::Bits(enter.as_slice()),
        exit_long: Flags::Bits(exit.as_slice()),
        stop_distance: Numbers::Const(6.0),
        ..Signals::default()
    };
    let bars = Bars { ts: &ts, open: &open, high: &high, low: &low, close: &close, ..Default::default() };
    let options = Options { periods_per_year: Some(35_040.0), risk_free: 0.03, ..Options::default() };
    simulate(&bars, &signals, &options, needs, record)
}

#[test]
fn a_run_and_the_aggregate_over_its_rows_agree() {
    let mut record = Record::all();
    let summary = run(Needs::ALL, &mut record);
    let curve = record.equity.expect("wanted");
    let pnl: Vec<f64> = record.trades.expect("wanted").iter().map(|trade| trade.pnl).collect();
    assert!(pnl.len() > 20);
    for metric in METRICS {
        let Some(aggregate) = &metric.aggregate else { continue };
        // Years are elapsed time in a run and rows in a column: the same when a year has 365.25 days.
        let (rows, periods) = match aggregate.input {
            AggregateInput::Returns => (&curve.ret[1..], 35_040.0),
            AggregateInput::Equity => (&curve.equity[..], 35_064.0),
            AggregateInput::Pnl => (&pnl[..], 1.0),
        };
        let (a, b) =
            (metric.value(&summary).expect("defined"), over(metric.name, rows, periods, 0.03).expect("defined"));
        assert!((a - b).abs() <= 1e-9 * a.abs(), "{}: {a} {b}", metric.name);
    }
}

/// Numbers of empyrical 0.7.1 (`beta`, `alpha`, 252 bars a year) and quantstats 0.0.86 (`greeks`) for the same returns.
#[test]
fn alpha_and_beta_are_those_of_other_tools() {
    let n = 200;
    let close: Vec<f64> =
        (0..n).map(|t| 100.0 + 10.0 * (t as f64 * 0.37).sin() + 5.0 * (t as f64 * 0.11).cos()).collect();
    let ts: Vec<i64> = (0..n as i64).map(|t| t * 86_400_000_000).collect();
    let bars = Bars { ts: &ts, open: &close, high: &close, low: &close, close: &close, ..Default::default() };
    let (enter, exit) = (Bits::from_fn(n, |t| t == 0), Bits::from_fn(n, |t| t == 120));
    let signals = Signals {
        enter_long: Flags::Bits(enter.as_slice()),
        exit_long: Flags::Bits(exit.as_slice()),
        size: Numbers::Const(0.5),
        ..Signals::default()
    };
    let of = |risk_free: f64| {
        let options = Options {
            fill: Fill::Close,
            fee_bps: 0.0,
            slippage_bps: 0.0,
            periods_per_year: Some(252.0),
            risk_free,
            ..Options::default()
        };
        let summary = simulate(&bars, &signals, &options, Needs::MARKET, &mut Record::none());
        ["beta", "alpha"].map(|name| find(name).value(&summary).expect("defined"))
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12, "{a} instead of {b}");
    let compounded = |alpha: f64| (1.0 + alpha / 252.0).powi(252) - 1.0;
    let [beta, alpha] = of(0.0);
    near(beta, 0.2929037320264017);
    near(alpha, 0.08256197196080653);
    near(compounded(alpha), 0.08605129151643776);
    let [beta, alpha] = of(0.03);
    near(beta, 0.2929037320264017);
    near(compounded(alpha), 0.06326208103728836);
}

#[test]
fn without_a_market_that_moves_there_is_no_line() {
    let (ts, close) = ([0, 1, 2, 3], [100.0; 4]);
    let bars = Bars { ts: &ts, open: &close, high: &close, low: &close, close: &close, ..Default::default() };
    let options = Options { periods_per_year: Some(252.0), ..Options::default() };
    let signals = Signals { enter_long: Flags::Const(true), ..Signals::default() };
    let summary = simulate(&bars, &signals, &options, Needs::ALL, &mut Record::none());
    assert_eq!(["alpha", "beta"].map(|name| find(name).value(&summary)), [None, None]);
}

#[test]
fn a_run_has_the_plain_metrics() {
    let mut record = Record::all();
    let summary = run(Needs::ALL, &mut record);
    let trades = record.trades.expect("wanted");
    let value = |name: &str| find(name).value(&summary).unwrap_or_else(|| panic!("{name} is undefined"));
    assert_eq!(value("trades"), trades.len() as f64);
    assert_eq!(value("bars"), 1_000.0);
    assert_eq!(value("periods_per_year"), 35_040.0);
    assert_eq!(value("net_profit"), value("final_equity") - 10_000.0);
    assert_eq!((value("ruined"), value("rejected_orders")), (0.0, 0.0));
    let held: usize = trades.iter().map(|trade| trade.bars_held).sum();
    assert_eq!(value("avg_bars_held"), held as f64 / trades.len() as f64);
    let traded: f64 = trades.iter().map(|t| t.qty * (t.entry_price + t.exit_price)).sum();
    let equity = record.equity.expect("wanted").equity;
    let mean = equity.iter().sum::<f64>() / equity.len() as f64;
    assert!((value("turnover") - traded / mean).abs() < 1e-9);
    assert!((value("fees") - traded * 10.0 * 1e-4).abs() < 1e-8);
    assert!(value("time_in_market") > 0.2 && value("time_in_market") < 0.7);
    for metric in METRICS.iter().filter(|metric| metric.kind != MetricKind::Float) {
        assert_eq!(value(metric.name).fract(), 0.0, "{}", metric.name);
    }
}

#[test]
fn a_metric_without_its_sums_has_no_value() {
    let summary = run(Needs::NONE, &mut Record::none());
    for metric in METRICS {
        assert_eq!(metric.value(&summary).is_none(), metric.needs != Needs::NONE, "{}", metric.name);
    }
    let kept = find("sortino").needs | find("max_drawdown").needs;
    let summary = run(kept, &mut Record::none());
    let all = run(Needs::ALL, &mut Record::none());
    for name in ["sharpe", "sortino", "max_drawdown", "calmar"] {
        assert_eq!(find(name).value(&summary), find(name).value(&all));
    }
    assert_eq!(find("turnover").value(&summary), None);
}
