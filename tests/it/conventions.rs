//! The convention of backtesting.py against statistics that it gave for runs over market data, which are read beside the
//! repository; skipped without them.

#[path = "../../kernels/tests/common/trade.rs"]
mod trade;

use std::fs;
use std::path::Path;

use datafusion::arrow::compute::kernels::cast_utils::string_to_timestamp_nanos;
use serde_json::Value;
use threadx_kernels::metric::{Convention, METRICS, Run};
use threadx_kernels::sim::{Bars, Curve, Needs, Options, Record, Signals, Summary, Trade, simulate};

use crate::support::shared_data;
use trade::trade;

/// Our name, theirs, and what theirs has to be multiplied by.
const METRICS_OF_BOTH: &[(&str, &str, f64)] = &[
    ("best_trade", "Best Trade [%]", 0.01),
    ("calmar", "Calmar Ratio", 1.0),
    ("expectancy", "Expectancy [%]", 0.01),
    ("kelly", "Kelly Criterion", 1.0),
    ("max_drawdown", "Max. Drawdown [%]", 0.01),
    ("profit_factor", "Profit Factor", 1.0),
    ("sharpe", "Sharpe Ratio", 1.0),
    ("sortino", "Sortino Ratio", 1.0),
    ("sqn", "SQN", 1.0),
    ("time_in_market", "Exposure Time [%]", 0.01),
    ("trades", "# Trades", 1.0),
    ("volatility", "Volatility (Ann.) [%]", 0.01),
    ("win_rate", "Win Rate [%]", 0.01),
    ("worst_trade", "Worst Trade [%]", 0.01),
];

/// The rows of a CSV file as numbers by column name; a time is microseconds.
fn rows(path: &Path) -> Vec<Vec<(String, f64)>> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let number = |field: &str| {
        field.parse().or_else(|_| string_to_timestamp_nanos(field).map(|ns| (ns / 1000) as f64)).unwrap_or(f64::NAN)
    };
    lines.map(|line| names.iter().map(|n| n.to_string()).zip(line.split(',').map(number)).collect()).collect()
}

fn field(row: &[(String, f64)], name: &str) -> f64 {
    row.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no column {name}")).1
}

fn trade_of(row: &[(String, f64)]) -> Trade {
    let bars = (field(row, "EntryBar") as usize, field(row, "ExitBar") as usize);
    trade(bars, (field(row, "EntryPrice"), field(row, "ExitPrice")), field(row, "PnL"), field(row, "ReturnPct"))
}

/// The sums that the metrics without a variant are computed from.
fn summary(ts: &[i64], equity: &[f64], trades: &[Trade]) -> Summary {
    let flat = vec![1.0; ts.len()];
    let bars = Bars { ts, open: &flat, high: &flat, low: &flat, close: &flat, ..Bars::default() };
    let options = Options { initial_capital: equity[0], periods_per_year: Some(252.0), ..Options::default() };
    let empty = simulate(&bars, &Signals::default(), &options, Needs::ALL, &mut Record::none());
    let mut peak = equity[0];
    let falls = equity.iter().map(|value| {
        peak = peak.max(*value);
        value / peak - 1.0
    });
    Summary {
        final_equity: equity[equity.len() - 1],
        max_drawdown: falls.fold(0.0, f64::min),
        trades: trades.len(),
        wins: trades.iter().filter(|t| t.pnl > 0.0).count(),
        sum_pnl: trades.iter().map(|t| t.pnl).sum(),
        sum_pnl_squares: trades.iter().map(|t| t.pnl * t.pnl).sum(),
        ..empty
    }
}

#[test]
fn backtesting_py_is_met_on_market_data() {
    let Some(shared) = shared_data().map(|d| d.join("golden/backtesting_py")).filter(|d| d.is_dir()) else {
        println!("skipped: there are no results of backtesting.py beside the repository");
        return;
    };
    let convention = Convention::parse("backtesting_py").unwrap();
    let stats = fs::read_to_string(shared.join("stats.json")).unwrap();
    let runs: Vec<Value> = serde_json::from_str(&stats).unwrap();
    // Of runs over shorter bars there is one row of the account a day.
    let is_daily = |run: &&Value| run["data"].as_str().is_some_and(|file| file.contains("_1d."));
    let runs: Vec<&Value> = runs.iter().filter(is_daily).collect();
    assert!(!runs.is_empty());
    let mut compared = 0;
    for run in &runs {
        let name = run["name"].as_str().unwrap();
        let curve_rows = rows(&shared.join(format!("{name}_equity.csv")));
        let trades: Vec<Trade> = rows(&shared.join(format!("{name}_trades.csv"))).iter().map(|r| trade_of(r)).collect();
        let ts: Vec<i64> = curve_rows.iter().map(|row| field(row, "ts") as i64).collect();
        let equity: Vec<f64> = curve_rows.iter().map(|row| field(row, "Equity")).collect();
        let summary = summary(&ts, &equity, &trades);
        let curve = Curve { equity, ..Curve::default() };
        let run_of = Run { summary: &summary, ts: &ts, curve: &curve, trades: &trades };
        for (metric, key, factor) in METRICS_OF_BOTH {
            let Some(expected) = run["stats"][key].as_f64().map(|value| value * factor) else { continue };
            let ours = match convention.variant(metric) {
                Some(variant) => variant.value(&run_of),
                None => METRICS.iter().find(|m| m.name == *metric).unwrap().value(&summary),
            };
            let ours = ours.unwrap_or_else(|| panic!("{name}: {metric} is undefined"));
            assert!((ours - expected).abs() <= 1e-9 * expected.abs(), "{name} {metric}: {ours} instead of {expected}");
            compared += 1;
        }
    }
    assert!(compared >= 14 * runs.len() - 8, "{compared} of {} runs", runs.len());
    println!("{compared} statistics of {} runs", runs.len());
}
