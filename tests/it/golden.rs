//! Numbers of other programs, reached through SQL: TA-Lib's indicators, empyrical's statistics, and the backtests of the
//! Python program that ThreadX replaces, computed there from the same rules.
//!
//! The comparisons with TA-Lib and empyrical read market data beside the repository and are skipped without it.

use std::fmt::Write as _;
use std::path::Path;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use threadx::Engine;

/// Runs a query and gives one batch.
async fn batch(engine: &Engine, sql: &str) -> RecordBatch {
    let frame = engine.sql(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let schema = frame.schema().inner().clone();
    let batches = frame.collect().await.unwrap_or_else(|e| panic!("{}\n{sql}", threadx::Error::from(e)));
    concat_batches(&schema, &batches).unwrap()
}

fn number(batch: &RecordBatch, column: &str) -> f64 {
    batch.column_by_name(column).unwrap().as_primitive::<Float64Type>().value(0)
}

fn count(batch: &RecordBatch, column: &str) -> i64 {
    batch.column_by_name(column).unwrap().as_primitive::<Int64Type>().value(0)
}

/// Bars from a linear congruential generator, as a flat file `LCG_15m.csv`.
fn write_lcg(directory: &Path) {
    let mut state: u32 = 42;
    let mut uniform = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0
    };
    let mut text = String::from("ts,open,high,low,close,volume\n");
    let mut open = 100.0_f64;
    for bar in 0..3000 {
        let [a, b, c, d] = [uniform(), uniform(), uniform(), uniform()];
        let close = open * (1.0 + (a - 0.5) * 0.02);
        let high = open.max(close) * (1.0 + b * 0.004);
        let low = open.min(close) * (1.0 - c * 0.004);
        let ts = 1_733_011_200_i64 + bar * 900;
        writeln!(text, "{ts},{open},{high},{low},{close},{}", 1000.0 + d * 4000.0).unwrap();
        open = close;
    }
    std::fs::write(directory.join("LCG_15m.csv"), text).unwrap();
}

/// A backtest of the Python program with its rules mended.
struct Case {
    name: &'static str,
    strategy: &'static str,
    options: &'static str,
    counts: [i64; 3],
    final_equity: f64,
    sharpe: f64,
    /// A fraction.
    max_drawdown: f64,
    profit_factor: f64,
    fees: f64,
}

/// Printed with eight digits after the point, drawdown as percent with six and fees with six.
const CASES: &[Case] = &[
    Case {
        name: "defaults",
        strategy: "bb_atr()",
        options: "",
        counts: [240, 138, 102],
        final_equity: 9714.45841901,
        sharpe: -0.41600487,
        max_drawdown: -0.11400360,
        profit_factor: 0.97323669,
        fees: 1556.481848,
    },
    Case {
        name: "wide entry, no trailing, short holding",
        strategy: "bb_atr(entry_z => 2.0, trailing_stop => false, max_hold_bars => 20)",
        options: "",
        counts: [132, 72, 60],
        final_equity: 9717.73737581,
        sharpe: -0.52470742,
        max_drawdown: -0.17531792,
        profit_factor: 0.96164711,
        fees: 840.579861,
    },
    Case {
        name: "leverage",
        strategy: "bb_atr(leverage => 5, risk_per_trade => 0.05)",
        options: "",
        counts: [240, 138, 102],
        final_equity: 6910.64094007,
        sharpe: -0.42956038,
        max_drawdown: -0.51075737,
        profit_factor: 0.93039251,
        fees: 6338.584162,
    },
    Case {
        name: "size held down by leverage",
        strategy: "bb_atr(risk_per_trade => 0.1)",
        options: "",
        counts: [240, 138, 102],
        final_equity: 9394.24256562,
        sharpe: -0.71183443,
        max_drawdown: -0.15361682,
        profit_factor: 0.95793832,
        fees: 2070.138002,
    },
    Case {
        name: "high fee",
        strategy: "bb_atr()",
        options: ", fee_bps => 15",
        counts: [240, 136, 104],
        final_equity: 6690.74514454,
        sharpe: -8.96310965,
        max_drawdown: -0.34215330,
        profit_factor: 0.67563456,
        fees: 4331.731530,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn backtests_of_the_python_program() {
    let scratch = tempfile::tempdir().unwrap();
    write_lcg(scratch.path());
    let engine = Engine::builder().data_dir(scratch.path()).build().unwrap();
    let mut failures = vec![];
    for case in CASES {
        let sql =
            format!("SELECT * FROM backtest('LCG', '15m', {}, preset => 'threadx_py'{})", case.strategy, case.options);
        let row = batch(&engine, &sql).await;
        let counts = ["trades", "wins", "losses"].map(|name| count(&row, name));
        if counts != case.counts {
            failures.push(format!("{}: trades, wins, losses are {counts:?}, expected {:?}", case.name, case.counts));
        }
        for (name, expected, tolerance) in [
            ("final_equity", case.final_equity, 6e-9),
            ("sharpe", case.sharpe, 1.5e-8),
            ("max_drawdown", case.max_drawdown, 6e-9),
            ("profit_factor", case.profit_factor, 6e-9),
            ("fees", case.fees, 6e-7),
        ] {
            let value = number(&row, name);
            if (value - expected).abs() > tolerance {
                failures.push(format!("{}: {name} is {value}, expected {expected}", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
