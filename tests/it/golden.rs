//! Numbers of other programs, reached through SQL: TA-Lib's indicators and empyrical's statistics.
//!
//! The comparisons read market data beside the repository and are skipped without it.

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use threadx::Engine;

use crate::support::shared_data;

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

/// A column of a TA-Lib file: its name, the indicator, the field of its result, and an absolute tolerance in prices.
type TaLib = (&'static str, &'static str, &'static str, f64);

/// TA-Lib takes slopes from differences of large sums of prices; their last digits are lost there.
const SLOPE_FLOOR: f64 = 1e-12;

const SPY: &[TaLib] = &[
    ("sma_20", "sma(close, 20)", "", 0.0),
    ("sma_200", "sma(close, 200)", "", 0.0),
    ("ema_20", "ema(close, 20)", "", 0.0),
    ("wma_20", "wma(close, 20)", "", 0.0),
    ("rsi_14", "rsi(close, 14)", "", 0.0),
    ("macd", "macd(close, 12, 26, 9)", "macd", 1e-12),
    ("macd_signal", "macd(close, 12, 26, 9)", "signal", 1e-12),
    ("macd_hist", "macd(close, 12, 26, 9)", "histogram", 1e-12),
    ("bb_upper", "bollinger(close, 20, 2.0)", "upper", 0.0),
    ("bb_mid", "bollinger(close, 20, 2.0)", "middle", 0.0),
    ("bb_lower", "bollinger(close, 20, 2.0)", "lower", 0.0),
    ("atr_14", "atr(high, low, close, 14)", "", 0.0),
    ("natr_14", "natr(high, low, close, 14)", "", 0.0),
    ("trange", "true_range(high, low, close)", "", 0.0),
    ("adx_14", "adx(high, low, close, 14)", "", 0.0),
    ("plus_di_14", "plus_di(high, low, close, 14)", "", 0.0),
    ("minus_di_14", "minus_di(high, low, close, 14)", "", 0.0),
    ("slowk", "stochastic(high, low, close, 14, 3, 0, 3)", "k", 0.0),
    ("slowd", "stochastic(high, low, close, 14, 3, 0, 3)", "d", 0.0),
    ("cci_20", "cci(high, low, close, 20)", "", 0.0),
    ("mfi_14", "mfi(high, low, close, volume, 14)", "", 0.0),
    ("obv", "obv(close, volume)", "", 0.0),
    ("roc_10", "roc(close, 10)", "", 0.0),
    ("mom_10", "mom(close, 10)", "", 0.0),
    ("stddev_20", "rolling_stddev(close, 20)", "", 0.0),
    ("var_20", "rolling_variance(close, 20)", "", 0.0),
    ("linreg_14", "linear_regression(close, 14)", "", 0.0),
    ("linreg_slope_14", "slope(close, 14)", "", SLOPE_FLOOR),
    ("max_20", "highest(high, 20)", "", 0.0),
    ("min_20", "lowest(low, 20)", "", 0.0),
];

const BTCUSDT: &[TaLib] = &[
    ("ema_20", "ema(close, 20)", "", 0.0),
    ("rsi_14", "rsi(close, 14)", "", 0.0),
    ("atr_14", "atr(high, low, close, 14)", "", 0.0),
];

/// A way in which SQL can ask for an indicator.
struct Form {
    name: &'static str,
    relation: String,
    /// What follows a call.
    over: &'static str,
    /// A column beside the calls: `cume_dist` needs the whole partition, and has an operator of its own.
    companion: &'static str,
}

fn forms(symbol: &str, timeframe: &str) -> [Form; 3] {
    let series = format!("bars('{symbol}', '{timeframe}')");
    let table = format!("ohlcv WHERE symbol = '{symbol}' AND timeframe = '{timeframe}'");
    let over = " OVER (ORDER BY ts)";
    let by_series = " OVER (PARTITION BY symbol, timeframe ORDER BY ts)";
    [
        Form { name: "in time order", relation: series.clone(), over: "", companion: "" },
        Form { name: "row by row", relation: table, over: by_series, companion: "" },
        Form { name: "whole series", relation: series, over, companion: ", cume_dist() OVER (ORDER BY ts) AS d" },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn indicators_of_talib() {
    let Some(shared) = shared_data() else {
        println!("skipped: there is no market data beside the repository");
        return;
    };
    let engine = Engine::builder().data_dir(shared.join("ohlcv")).build().unwrap();
    let mut failures = vec![];
    for (symbol, timeframe, columns) in [("SPY", "1d", SPY), ("BTCUSDT", "1h", BTCUSDT)] {
        let file = shared.join(format!("golden/talib/{symbol}_{timeframe}_talib.parquet"));
        let table = format!("talib_{}", symbol.to_lowercase());
        batch(
            &engine,
            &format!(
                "CREATE EXTERNAL TABLE {table} STORED AS PARQUET LOCATION '{}'",
                file.canonicalize().unwrap().display()
            ),
        )
        .await;
        // A struct is computed for the whole series, and takes the columns beside it along.
        let (plain, structs): (Vec<&TaLib>, Vec<&TaLib>) =
            columns.iter().partition(|(_, _, field, _)| field.is_empty());
        for form in forms(symbol, timeframe) {
            for columns in [&plain, &structs] {
                let calls = |(i, (_, call, ..)): (usize, &&TaLib)| format!("{call}{} AS c{i}", form.over);
                let values = |(i, (name, _, field, _)): (usize, &&TaLib)| {
                    let dot = if field.is_empty() { "" } else { "." };
                    format!("i.c{i}{dot}{field} AS v{i}, g.{name}")
                };
                let calls: Vec<String> = columns.iter().enumerate().map(calls).collect();
                let values: Vec<String> = columns.iter().enumerate().map(values).collect();
                if values.is_empty() {
                    continue;
                }
                let sql = format!(
                    "SELECT i.close, {} FROM (SELECT ts, close, {}{} FROM {}) AS i JOIN {table} AS g ON i.ts = g.ts \
                     ORDER BY i.ts",
                    values.join(", "),
                    calls.join(", "),
                    form.companion,
                    form.relation
                );
                let rows = batch(&engine, &sql).await;
                let all = count(&batch(&engine, &format!("SELECT count(*) AS n FROM {table}")).await, "n");
                assert_eq!(rows.num_rows() as i64, all, "{symbol}: every bar has its row");
                for (i, (name, call, _, floor)) in columns.iter().enumerate() {
                    if let Some(why) = first_difference(&rows, &format!("v{i}"), name, *floor) {
                        failures.push(format!("{symbol} {timeframe} {call}, {}: {why}", form.name));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The first row where a column is not the expected one to 1e-9, or has a value where there should be none.
fn first_difference(rows: &RecordBatch, ours: &str, theirs: &str, floor: f64) -> Option<String> {
    let column = |name: &str| rows.column_by_name(name).unwrap().as_primitive::<Float64Type>().clone();
    let (values, expected, close) = (column(ours), column(theirs), column("close"));
    let all = values.iter().zip(&expected).zip(&close).enumerate();
    all.into_iter().find_map(|(row, ((value, wanted), close))| {
        let wanted = wanted.filter(|w| !w.is_nan());
        let fits = match (value, wanted) {
            (Some(v), Some(w)) => (v - w).abs() <= 1e-9 * w.abs() + floor * close.unwrap(),
            (None, None) => true,
            _ => false,
        };
        (!fits).then(|| format!("row {row} is {value:?}, {theirs} is {wanted:?}"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_streamed_where_its_frame_allows_it() {
    let (engine, _data) = crate::support::demo().await;
    let plan = async |sql: &str| engine.sql(&format!("EXPLAIN {sql}")).await.unwrap().to_string().await.unwrap();
    let [in_order, _, whole] = forms("DEMO", "1h");
    let streamed = plan(&format!("SELECT rsi(close, 14){} FROM {}", in_order.over, in_order.relation)).await;
    let of_others = streamed.contains("WindowAggExec") || streamed.contains("SortExec");
    assert!(streamed.contains("IndicatorExec") && !of_others, "{streamed}");
    let sql = format!("SELECT rsi(close, 14){}{} FROM {}", whole.over, whole.companion, whole.relation);
    let at_once = plan(&sql).await;
    assert!(at_once.contains(" WindowAggExec") && at_once.contains("IndicatorExec"), "{at_once}");
}

/// Names of empyrical's statistics beside SQL over `close` and its returns.
const EMPYRICAL: &[(&str, &str)] = &[
    ("cum_returns_final", "total_return(close ORDER BY ts)"),
    ("cagr", "cagr(close, periods_per_year => {p} ORDER BY ts)"),
    ("annual_volatility", "volatility(ret, periods_per_year => {p})"),
    ("sharpe_ratio", "sharpe(ret, periods_per_year => {p})"),
    ("sortino_ratio", "sortino(ret, periods_per_year => {p})"),
    ("calmar_ratio", "calmar(close, periods_per_year => {p} ORDER BY ts)"),
    ("max_drawdown", "max_drawdown(close ORDER BY ts)"),
];

#[tokio::test(flavor = "multi_thread")]
async fn statistics_of_empyrical() {
    let Some(shared) = shared_data() else {
        println!("skipped: there is no market data beside the repository");
        return;
    };
    let engine = Engine::builder().data_dir(shared.join("ohlcv")).build().unwrap();
    let text = std::fs::read_to_string(shared.join("golden/empyrical/metrics.json")).unwrap();
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut failures = vec![];
    for (series, expected) in &all {
        let Some((symbol, timeframe)) = series.rsplit_once('_') else { continue };
        // An entry without it compares two series, which is another matter.
        let Some(periods) = expected["annualization"].as_f64() else { continue };
        let columns: Vec<String> = EMPYRICAL
            .iter()
            .map(|(name, sql)| format!("{} AS {name}", sql.replace("{p}", &periods.to_string())))
            .collect();
        let sql = format!(
            "SELECT {}, count(ret) AS n FROM (SELECT ts, close, pct_change(close) AS ret FROM bars('{symbol}', '{timeframe}'))",
            columns.join(", ")
        );
        let row = batch(&engine, &sql).await;
        assert_eq!(Some(count(&row, "n")), expected["n_returns"].as_i64(), "{series}");
        for (name, _) in EMPYRICAL {
            let (value, wanted) = (number(&row, name), expected[*name].as_f64().unwrap());
            if (value - wanted).abs() > 1e-9 * wanted.abs() {
                failures.push(format!("{series}: {name} is {value}, expected {wanted}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
