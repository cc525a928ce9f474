//! The conventions of other tools against numbers that those tools gave (`tests/golden/convention/make.py`).

#[path = "common/trade.rs"]
mod trade;

use std::collections::{BTreeMap, BTreeSet};

use threadx_kernels::metric::{CONVENTIONS, Convention, METRICS, Run};
use threadx_kernels::sim::{Bars, Curve, Needs, Options, Record, Signals, Summary, Trade, simulate};

use trade::trade;

const CURVE: &str = include_str!("../../tests/golden/convention/curve.csv");
const TRADES: &str = include_str!("../../tests/golden/convention/trades.csv");
const EXPECTED: &str = include_str!("../../tests/golden/convention/expected.csv");

const CAPITAL: f64 = 10_000.0;

#[derive(Default)]
struct Case {
    ts: Vec<i64>,
    curve: Curve,
    trades: Vec<Trade>,
}

fn fields(line: &str) -> Vec<&str> {
    line.split(',').collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn cases() -> BTreeMap<&'static str, Case> {
    let mut cases: BTreeMap<&str, Case> = BTreeMap::new();
    for line in CURVE.lines().skip(1) {
        let [case, ts, equity] = fields(line)[..] else { panic!("three columns: {line}") };
        let case = cases.entry(case).or_default();
        let (equity, before) = (number(equity), case.curve.equity.last().copied());
        case.ts.push(ts.parse().expect("a time"));
        case.curve.ret.push(before.map_or(f64::NAN, |before| equity / before - 1.0));
        case.curve.equity.push(equity);
    }
    for line in TRADES.lines().skip(1) {
        let [case, entry, exit, pnl, ret] = fields(line)[..] else { panic!("five columns: {line}") };
        let (entry_bar, exit_bar) = (entry.parse().expect("a bar"), exit.parse().expect("a bar"));
        let trade = trade((entry_bar, exit_bar), (1.0, 1.0), number(pnl), number(ret));
        cases.get_mut(case).expect("a curve").trades.push(trade);
    }
    cases
}

/// The sums of a case, in the order of its rows.
fn summary(case: &Case, periods_per_year: f64, risk_free: f64) -> Summary {
    let n = case.ts.len();
    let flat = vec![1.0; n];
    let bars = Bars { ts: &case.ts, open: &flat, high: &flat, low: &flat, close: &flat, ..Bars::default() };
    let options =
        Options { initial_capital: CAPITAL, periods_per_year: Some(periods_per_year), risk_free, ..Options::default() };
    let empty = simulate(&bars, &Signals::default(), &options, Needs::ALL, &mut Record::none());
    let (returns, rf) = (&case.curve.ret[1..], risk_free / periods_per_year);
    let pnl = || case.trades.iter().map(|trade| trade.pnl);
    let mut peak = CAPITAL;
    let falls = case.curve.equity.iter().map(|equity| {
        peak = peak.max(*equity);
        equity / peak - 1.0
    });
    Summary {
        final_equity: case.curve.equity[n - 1],
        sum_returns: returns.iter().sum(),
        sum_squares: returns.iter().map(|r| r * r).sum(),
        sum_downside: returns.iter().map(|r| (r - rf).min(0.0).powi(2)).sum(),
        max_drawdown: falls.fold(0.0, f64::min),
        trades: case.trades.len(),
        wins: pnl().filter(|pnl| *pnl > 0.0).count(),
        gross_profit: pnl().filter(|pnl| *pnl > 0.0).sum(),
        gross_loss: pnl().filter(|pnl| *pnl <= 0.0).sum(),
        sum_pnl: pnl().sum(),
        sum_pnl_squares: pnl().map(|pnl| pnl * pnl).sum(),
        ..empty
    }
}

fn value(convention: &Convention, metric: &str, run: &Run) -> Option<f64> {
    match convention.variant(metric) {
        Some(variant) => variant.value(run),
        None => METRICS.iter().find(|m| m.name == metric).expect("a metric").value(run.summary),
    }
}

#[test]
fn the_registry_names_metrics_that_are_there() {
    assert_eq!(CONVENTIONS[0].name, "default");
    assert!(CONVENTIONS[1..].windows(2).all(|pair| pair[0].name < pair[1].name));
    for convention in CONVENTIONS {
        assert!(convention.summary.ends_with('.') && !convention.source.is_empty(), "{}", convention.name);
        assert!(convention.variants.windows(2).all(|pair| pair[0].metric < pair[1].metric), "{}", convention.name);
        for variant in convention.variants {
            let metric = METRICS.iter().find(|m| m.name == variant.metric);
            assert!(metric.is_some(), "{} of {}", variant.metric, convention.name);
            let has_aggregate = metric.is_some_and(|metric| metric.aggregate.is_some());
            assert!(has_aggregate || variant.aggregate.is_none(), "{} of {}", variant.metric, convention.name);
        }
        assert_eq!(Convention::parse(&convention.name.to_uppercase()), Some(*convention));
    }
    assert_eq!(Convention::parse("none"), None);
}

#[test]
fn every_convention_gives_the_numbers_of_its_tool() {
    let cases = cases();
    let mut checked = BTreeSet::new();
    for line in EXPECTED.lines().skip(1) {
        let [case, periods, rf, convention, metric, expected] = fields(line)[..] else { panic!("six columns: {line}") };
        let case_data = &cases[case];
        let summary = summary(case_data, number(periods), number(rf));
        let run = Run { summary: &summary, ts: &case_data.ts, curve: &case_data.curve, trades: &case_data.trades };
        // A first bar with a loss makes our drawdown begin at the capital and theirs at the first equity.
        if metric == "max_drawdown" && case_data.curve.equity[0] < CAPITAL {
            continue;
        }
        let convention = Convention::parse(convention).expect("a convention");
        let (actual, expected) = (value(convention, metric, &run).expect("defined"), number(expected));
        assert!(
            (actual - expected).abs() <= 1e-9 * expected.abs(),
            "{case} {} {metric}: {actual} instead of {expected}",
            convention.name
        );
        checked.insert((convention.name, metric));
    }
    // A new variant needs its golden rows.
    for convention in CONVENTIONS {
        for variant in convention.variants {
            assert!(checked.contains(&(convention.name, variant.metric)), "{} {}", convention.name, variant.metric);
        }
    }
}

#[test]
fn a_column_gives_what_the_run_gives() {
    let cases = cases();
    // Days are rows here, so that both see the same periods.
    let case = &cases["daily"];
    let summary = summary(case, 365.0, 0.03);
    let run = Run { summary: &summary, ts: &case.ts, curve: &case.curve, trades: &case.trades };
    let pnl: Vec<f64> = case.trades.iter().map(|trade| trade.pnl).collect();
    let mut compared = 0;
    for convention in CONVENTIONS {
        for variant in convention.variants {
            let Some(aggregate) = variant.aggregate else { continue };
            let rows: &[f64] = match (convention.name, variant.metric) {
                (_, "calmar") => &case.curve.equity,
                ("backtesting_py", "kelly") => &pnl,
                _ => &case.curve.ret[1..],
            };
            let (run, column) = (variant.value(&run).expect("defined"), aggregate(rows, &[365.0, 0.03]));
            let column = column.expect("defined");
            assert!(
                (run - column).abs() <= 1e-12 * run.abs(),
                "{} {}: {run} {column}",
                convention.name,
                variant.metric
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 13);
}

#[test]
fn what_a_tool_leaves_undefined_has_no_value() {
    let curve = Curve { equity: vec![CAPITAL; 2], ret: vec![f64::NAN, 0.0], ..Curve::default() };
    let case = Case { ts: vec![0, 1], curve, trades: vec![] };
    let summary = summary(&case, 252.0, 0.0);
    let run = Run { summary: &summary, ts: &case.ts, curve: &case.curve, trades: &case.trades };
    for convention in CONVENTIONS {
        for variant in convention.variants {
            let expected = matches!(variant.metric, "cagr" | "time_in_market").then_some(0.0);
            assert_eq!(variant.value(&run), expected, "{} {}", convention.name, variant.metric);
        }
    }
}
