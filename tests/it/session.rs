//! Sessions: settings, embedding into another DataFusion program, order of NULLs, cancelling and limits.

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use datafusion::execution::memory_pool::MemoryLimit;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use threadx::engine::workspace::Workspace;
use threadx::{Engine, Error};

/// An engine over a fresh directory that holds one made-up series.
async fn engine(bars: usize) -> (tempfile::TempDir, Engine) {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
    let insert = format!(
        "INSERT INTO ohlcv SELECT 'DEMO', '1h', ts, open, high, low, close, volume FROM synthetic_bars({bars}, '1h')"
    );
    engine.sql(&insert).await.unwrap().collect().await.unwrap();
    (dir, engine)
}

async fn number(engine: &Engine, sql: &str) -> f64 {
    let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
    batches[0].column(0).as_primitive::<Float64Type>().value(0)
}

#[tokio::test]
async fn settings_can_be_changed_and_are_listed() {
    let (_dir, engine) = engine(10).await;
    engine.sql("SET threadx.fee_bps = 7.5").await.unwrap();
    let rows = engine.sql("SELECT value FROM settings() WHERE name = 'threadx.fee_bps'").await.unwrap();
    let text = rows.to_string().await.unwrap();
    assert!(text.contains("7.5"), "{text}");
}

#[tokio::test]
async fn an_argument_wins_over_its_preset_and_both_over_settings() {
    let (_dir, engine) = engine(500).await;
    let fees = |options: &str| format!("SELECT fees FROM backtest('DEMO', '1h', buy_and_hold(){options})");
    let default = number(&engine, &fees("")).await;
    let preset = number(&engine, &fees(", preset => 'threadx_py'")).await;
    engine.sql("SET threadx.fee_bps = 20").await.unwrap();
    let set = number(&engine, &fees("")).await;
    assert!(preset < default && default < set, "{preset} {default} {set}");
    assert_eq!(number(&engine, &fees(", preset => 'threadx_py'")).await, preset);
    assert_eq!(number(&engine, &fees(", preset => 'threadx_py', fee_bps => 0")).await, 0.0);
    assert_eq!(number(&engine, &fees(", fee_bps => 10")).await, default);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_series_stay_in_time_order_and_sums_have_the_same_bits_for_any_number_of_partitions() {
    let (_dir, engine) = engine(5000).await;
    let rows = "SELECT ts, coalesce(sma(close, 3) > sma(close, 9), false) AS up, sma(close, 3) > 1 AND close > 2 AS b \
                FROM bars('DEMO', '1h') WHERE volume >= 0";
    let sum = "SELECT sum(close / 3 + sma(close, 5)) FROM bars('DEMO', '1h')";
    let mut sums = vec![];
    for partitions in [1, 2, 7] {
        engine.sql(&format!("SET datafusion.execution.target_partitions = {partitions}")).await.unwrap();
        engine.sql("SET datafusion.execution.batch_size = 64").await.unwrap();
        let batches = engine.sql(rows).await.unwrap().collect().await.unwrap();
        let times: Vec<i64> = batches
            .iter()
            .flat_map(|batch| batch.column(0).as_primitive::<TimestampMicrosecondType>().values())
            .copied()
            .collect();
        assert_eq!(times.len(), 5000);
        assert!(times.is_sorted(), "{partitions} partitions");
        sums.push(number(&engine, sum).await.to_bits());
    }
    assert!(sums.iter().all(|bits| *bits == sums[0]), "{sums:?}");
}

#[tokio::test]
async fn another_datafusion_program_gains_the_functions() {
    let (dir, _engine) = engine(300).await;
    let mut config = SessionConfig::new();
    config.options_mut().sql_parser.dialect = datafusion::common::config::Dialect::DuckDB;
    let context = SessionContext::new_with_config(config);
    let workspace = std::sync::Arc::new(Workspace::open(dir.path()).unwrap());
    threadx::register(&context, workspace).unwrap();
    let count = |sql: &'static str| {
        let context = context.clone();
        async move {
            let batches = context.sql(sql).await.unwrap().collect().await.unwrap();
            batches[0].column(0).as_primitive::<Int64Type>().value(0)
        }
    };
    let rsi = "SELECT count(r) FROM (SELECT rsi(close, 14) OVER (ORDER BY ts) AS r FROM bars('DEMO', '1h'))";
    assert_eq!(count(rsi).await, 300 - 14);
    assert_eq!(count("SELECT count(*) FROM sweep('DEMO', '1h', sma_cross(fast => [3, 5, 8]))").await, 3);
    assert_eq!(count("SELECT bars FROM backtest('DEMO', '1h', buy_and_hold(), fill => 'close')").await, 300);
    let lateral = "SELECT b.bars FROM (VALUES ('DEMO')) s(symbol), LATERAL backtest(s.symbol, '1h', sma_cross()) b";
    assert_eq!(count(lateral).await, 300);
}

#[tokio::test]
async fn undefined_metrics_sort_last() {
    let (_dir, engine) = engine(300).await;
    // A slow average longer than the series never trades, so that its Sharpe ratio is undefined.
    let sql =
        "SELECT slow FROM sweep('DEMO', '1h', sma_cross(fast => 3, slow => [10, 299, 1000])) ORDER BY sharpe DESC";
    let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
    let slow: Vec<i64> =
        batches.iter().flat_map(|b| b.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    assert_eq!(slow[0], 10);
    assert_eq!(slow.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_a_stream_stops_the_sweep() {
    let (_dir, engine) = engine(2000).await;
    let grid = "grid(bb_period => range(5, 105), max_hold_bars => range(1, 1001), spacing_bars => range(0, 10))";
    let frame = engine.sql(&format!("SELECT sharpe FROM sweep('DEMO', '1h', {grid})")).await.unwrap();
    let mut stream = frame.execute_stream().await.unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    // The run ends by itself; with a million combinations it would go on for minutes otherwise.
    while engine.progress().snapshot().is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!(number(&engine, "SELECT CAST(count(*) AS DOUBLE) FROM bars('DEMO', '1h')").await, 2000.0);
}

/// What is not selected is not computed, and what is has the same bits; with a convention, too, that needs the trades.
#[tokio::test]
async fn a_metric_of_a_portfolio_is_the_same_whatever_else_is_selected() {
    let (_dir, engine) = engine(1000).await;
    for options in ["", ", convention => 'quantstats'", ", convention => 'backtesting_py'"] {
        let from = format!("FROM portfolio(['DEMO'], '1h', bb_atr(), max_positions => 2{options})");
        let all = engine.sql(&format!("SELECT * {from}")).await.unwrap().collect().await.unwrap().remove(0);
        for (field, values) in all.schema().fields().iter().zip(all.columns()) {
            let sql = format!("SELECT \"{}\" {from}", field.name());
            let one = engine.sql(&sql).await.unwrap().collect().await.unwrap().remove(0);
            assert_eq!(one.column(0), values, "{} {options}", field.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_a_stream_stops_the_portfolio() {
    let (_dir, engine) = engine(5000).await;
    let sql = "SELECT sharpe FROM portfolio(['DEMO'], '1h', sma_cross(), max_positions => 1)";
    let pool = engine.context().runtime_env();
    let idle = pool.memory_pool.reserved();
    let mut stream = engine.sql(sql).await.unwrap().execute_stream().await.unwrap();
    assert!(futures::poll!(stream.next()).is_pending());
    drop(stream);
    // What it held is given back when it ends.
    while pool.memory_pool.reserved() > idle {
        tokio::task::yield_now().await;
    }
    assert!(engine.sql(sql).await.unwrap().collect().await.unwrap()[0].num_rows() == 1);
}

#[tokio::test]
async fn a_memory_limit_is_an_error_and_not_a_crash() {
    let (dir, _engine) = engine(20_000).await;
    let engine = Engine::builder().data_dir(dir.path()).memory_limit(500_000).build().unwrap();
    let frame = engine.sql("SELECT trades FROM backtest('DEMO', '1h', bb_atr())").await.unwrap();
    let error = Error::from(frame.collect().await.unwrap_err());
    assert_eq!(error.code(), "T302");
    assert!(error.to_string().starts_with("not enough memory: "), "{error}");
}

#[tokio::test]
async fn a_sweep_that_cannot_fit_is_refused_before_it_runs() {
    let (dir, _engine) = engine(20_000).await;
    let sweep = "SELECT max(trades) FROM sweep('DEMO', '1h', bb_atr(entry_z => linspace(1.0, 3.0, 200)))";
    let run = async |limit: usize| {
        let builder = Engine::builder().data_dir(dir.path()).memory_limit(limit).setting("threadx.threads", "1");
        let engine = builder.setting("threadx.cache_bytes", "0").build().unwrap();
        engine.sql(sweep).await.unwrap().collect().await
    };
    let error = Error::from(run(2_000_000).await.unwrap_err());
    assert_eq!(error.code(), "T302");
    let text = error.to_string();
    assert!(text.starts_with("not enough memory: the sweep needs about "), "{text}");
    assert!(text.ends_with("the limit is 1.91 MiB; raise the limit, or take fewer threads"), "{text}");
    run(60_000_000).await.unwrap();
}

#[test]
fn kept_series_take_their_part_of_the_memory_limit() {
    let limit = |cache_bytes: &str| {
        let dir = tempfile::tempdir().unwrap();
        let builder = Engine::builder().data_dir(dir.path()).memory_limit(4000);
        let engine = builder.setting("threadx.cache_bytes", cache_bytes).build().unwrap();
        engine.context().runtime_env().memory_pool.memory_limit()
    };
    let limits = ["0", "700", "1000000"].map(limit);
    assert!(matches!(limits, [MemoryLimit::Finite(4000), MemoryLimit::Finite(3300), MemoryLimit::Finite(3000)]));
}

#[tokio::test]
async fn a_strategy_may_read_another_but_not_itself() {
    let (_dir, engine) = engine(300).await;
    let body = |name: &str| {
        format!("SELECT *, close > (SELECT max(trades) FROM backtest('DEMO', '1h', {name}())) AS enter_long FROM bars")
    };
    engine.sql(&format!("CREATE STRATEGY outer_one AS {}", body("sma_cross"))).await.unwrap();
    assert_eq!(number(&engine, "SELECT CAST(bars AS DOUBLE) FROM backtest('DEMO', '1h', outer_one())").await, 300.0);
    engine.sql(&format!("CREATE OR REPLACE STRATEGY outer_one AS {}", body("outer_one"))).await.unwrap();
    let error = engine.sql("SELECT * FROM backtest('DEMO', '1h', outer_one())").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "strategy `outer_one`: strategies read each other more than 8 deep, or one reads itself"
    );
}
