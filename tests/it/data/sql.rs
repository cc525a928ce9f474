//! The data layer through SQL.

use std::path::Path;

use threadx::Engine;

use super::shared;

fn engine(dir: &Path) -> Engine {
    Engine::builder().data_dir(dir).build().unwrap()
}

async fn text(engine: &Engine, sql: &str) -> String {
    engine
        .sql(sql)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"))
        .to_string()
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// The cells of the only row.
async fn row(engine: &Engine, sql: &str) -> Vec<String> {
    let text = text(engine, sql).await;
    let lines: Vec<&str> = text.lines().filter(|l| l.starts_with('|')).collect();
    assert_eq!(lines.len(), 2, "{sql}: {text}");
    lines[1].trim_matches('|').split('|').map(|c| c.trim().to_string()).collect()
}

async fn error(engine: &Engine, sql: &str) -> String {
    let error = match engine.sql(sql).await {
        Err(error) => error,
        Ok(frame) => threadx::Error::from(frame.collect().await.expect_err(sql)),
    };
    error.to_string()
}

#[tokio::test]
async fn ohlcv_holds_everything_and_prunes() {
    let Some(root) = shared("ohlcv") else { return };
    let engine = engine(&root);
    let one = "symbol = 'BTCUSDT' AND timeframe = '1h'";
    let counted = row(&engine, &format!("SELECT count(*), min(ts), max(ts) FROM ohlcv WHERE {one}")).await;
    assert_eq!(counted, ["58419", "2017-08-17T04:00:00Z", "2024-04-21T14:00:00Z"]);
    let day = format!("{one} AND ts >= '2020-03-12' AND ts < '2020-03-13'");
    let crash = row(&engine, &format!("SELECT count(*), min(low), max(high) FROM ohlcv WHERE {day}")).await;
    let bars =
        row(&engine, "SELECT count(*), min(low), max(high) FROM bars('BTCUSDT', '1h', '2020-03-12', '2020-03-13')")
            .await;
    assert_eq!(crash, bars);
    assert_eq!(crash[0], "24");
    let plan = text(&engine, &format!("EXPLAIN SELECT close FROM ohlcv WHERE {day}")).await;
    assert!(plan.contains("BTCUSDT_1h.parquet") && !plan.contains("BTCUSDT_1d.parquet"), "{plan}");
    assert!(plan.contains("pruning_predicate=") && plan.contains("ts_max"), "{plan}");
    let symbols = row(&engine, "SELECT count(*) FROM (SELECT DISTINCT symbol, timeframe FROM ohlcv)").await;
    assert_eq!(symbols, ["56"]);
    let none = row(&engine, "SELECT count(*) FROM ohlcv WHERE symbol = 'NOPE'").await;
    assert_eq!(none, ["0"]);
    let like = row(
        &engine,
        "SELECT count(DISTINCT symbol) FROM ohlcv WHERE symbol LIKE 'BTCUSDT%' AND timeframe IN ('1h', '4h')",
    )
    .await;
    assert_eq!(like, ["2"]);
}

#[tokio::test]
async fn bars_are_sorted_and_say_when_they_are_resampled() {
    let Some(root) = shared("ohlcv") else { return };
    let engine = engine(&root);
    let plan = text(&engine, "EXPLAIN SELECT ts, close FROM bars('BTCUSDTPERP', '8h') ORDER BY ts").await;
    assert!(plan.contains("BTCUSDTPERP 8h resampled from 4h (complete buckets only)"), "{plan}");
    assert!(!plan.contains("SortExec"), "{plan}");
    let plan = text(&engine, "EXPLAIN SELECT * FROM bars(['IBM', 'AAPL'], '1d') ORDER BY symbol, timeframe, ts").await;
    assert!(!plan.contains("SortExec"), "{plan}");
    let counts =
        text(&engine, "SELECT symbol, count(*) AS n FROM bars(['IBM', 'aapl'], '1d') GROUP BY symbol ORDER BY symbol")
            .await;
    assert!(counts.contains("| AAPL   | 5849 |") && counts.contains("| IBM    | 5849 |"), "{counts}");
    assert!(error(&engine, "SELECT * FROM bars('BTCUSTD', '1h')").await.contains("did you mean"));
    assert!(error(&engine, "SELECT * FROM bars('BTCUSDT', '60m')").await.contains("did you mean `1h`?"));
    assert!(error(&engine, "SELECT * FROM bars('../x', '1h')").await.contains("bad symbol"));
    let last = row(&engine, "SELECT ts FROM bars('BTCUSDT', '1h') ORDER BY ts DESC LIMIT 1").await;
    assert_eq!(last, ["2024-04-21T14:00:00Z"]);
}

#[tokio::test]
async fn resample_is_a_relation() {
    let Some(root) = shared("ohlcv") else { return };
    let engine = engine(&root);
    let same =
        "SELECT count(*) FROM resample(bars('BTCUSDT', '1h'), '1d') a JOIN bars('BTCUSDT', '1d') b ON a.ts = b.ts
        WHERE a.open = b.open AND a.high = b.high AND a.low = b.low AND a.close = b.close";
    assert_eq!(row(&engine, same).await, ["1246"]);
    let both = "SELECT count(DISTINCT symbol), count(*), min(timeframe)
        FROM resample((SELECT * FROM ohlcv WHERE timeframe = '1h' AND symbol IN ('ETHUSDTPERP', 'XRPUSDTPERP')), '4h')";
    assert_eq!(row(&engine, both).await, ["2", "13860", "4h"]);
    assert!(error(&engine, "SELECT * FROM resample((SELECT 1 AS ts), '1d')").await.contains("unknown column `open`"));
    assert!(
        error(&engine, "SELECT * FROM resample(bars('BTCUSDT', '1d'), '1h')")
            .await
            .contains("cannot be made from 1d bars")
    );
}

#[tokio::test]
async fn quality_datasets_and_synthetic_bars() {
    let Some(root) = shared("ohlcv") else { return };
    let engine = engine(&root);
    let gaps = "SELECT count, first_ts FROM data_quality('BTCUSDT', '1h') WHERE check_name = ";
    assert_eq!(row(&engine, &format!("{gaps}'gaps'")).await, ["28", "2017-09-06T16:00:00Z"]);
    assert_eq!(row(&engine, &format!("{gaps}'missing_bars'")).await, ["128", "2017-09-06T17:00:00Z"]);
    assert_eq!(row(&engine, &format!("{gaps}'zero_volume'")).await[0], "4");
    let listed = row(&engine, "SELECT rows, format, error FROM datasets() WHERE symbol = 'SPX'").await;
    assert_eq!(listed, ["15821", "parquet", ""]);
    let made = row(&engine, "SELECT count(*), min(symbol), min(ts) FROM synthetic_bars(100, '15m')").await;
    assert_eq!(made, ["100", "SYNTHETIC", "2020-01-01T00:00:00Z"]);
    let differ =
        "SELECT count(*) FROM synthetic_bars(100, '1h', seed => 1) a JOIN synthetic_bars(100, '1h', seed => 2) b
        ON a.ts = b.ts WHERE a.close <> b.close";
    assert!(row(&engine, differ).await[0].parse::<u32>().unwrap() > 95);
    assert!(error(&engine, "SELECT * FROM synthetic_bars(-1, '1h')").await.contains("whole number"));
    assert!(
        error(&engine, "SELECT * FROM synthetic_bars(1, '1h', start => '2020-01-01 00:30:00')")
            .await
            .contains("not on the 1h grid")
    );
}

#[tokio::test]
async fn files_are_read_and_inserted() {
    let Some(raw) = shared("raw") else { return };
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path());
    let file = raw.join("binance/ADABTC-1m-2021-11-27.csv");
    let insert = format!("INSERT INTO ohlcv SELECT * FROM read_ohlcv('{}')", file.display());
    assert_eq!(row(&engine, &insert).await, ["10"]);
    assert_eq!(row(&engine, "SELECT count(*), sum(volume) > 0 FROM ohlcv").await, ["10", "true"]);
    assert_eq!(row(&engine, &insert).await, ["10"]);
    assert_eq!(row(&engine, "SELECT count(*) FROM bars('ADABTC', '1m')").await, ["10"]);
    let made =
        "INSERT INTO ohlcv SELECT 'DEMO', timeframe, ts, open, high, low, close, volume FROM synthetic_bars(500, '1h')";
    assert_eq!(row(&engine, made).await, ["500"]);
    assert_eq!(row(&engine, "SELECT count(*) FROM ohlcv WHERE symbol = 'DEMO'").await, ["500"]);
    let null = "INSERT INTO ohlcv SELECT 'DEMO', '1h', ts, open, high, low, close, NULL FROM synthetic_bars(2, '1h')";
    let text = error(&engine, null).await;
    assert!(text.to_lowercase().contains("null") || text.contains("volume is missing"), "{text}");
    let wrong =
        "INSERT INTO ohlcv SELECT 'DEMO', '1h', ts, open, low, high, close, volume FROM synthetic_bars(5, '1h')";
    assert!(error(&engine, wrong).await.contains("do not enclose the bar"));
    let dirty = raw.join("dirty/bad_cells.csv");
    let read = |more: &str| format!("SELECT count(*) FROM read_ohlcv('{}', symbol => 'X'{more})", dirty.display());
    assert!(error(&engine, &read("")).await.contains("line 42: close is missing"));
    assert_eq!(row(&engine, &read(", on_error => 'skip'")).await, ["232"]);
    // Advice comes in the words of SQL, not of the command line.
    let clean = raw.join("dirty/clean.csv").display().to_string();
    let text = error(&engine, &format!("SELECT * FROM read_ohlcv('{clean}')")).await;
    assert!(text.ends_with("the name `clean.csv` does not tell it; give it with `symbol => 'BTCUSDT'`"), "{text}");
    let text = error(&engine, &format!("SELECT * FROM read_ohlcv('{clean}', symbol => 'X', timeframe => '1d')")).await;
    assert!(text.ends_with("most bars lie 1h apart, not 1d; if these are 1h bars, say `timeframe => '1h'`"), "{text}");
    assert!(error(&engine, "SELECT * FROM read_ohlcv('nowhere.csv')").await.contains("nowhere.csv"));
}

/// Series that are not plain Parquet reach the same table.
#[tokio::test]
async fn text_files_and_overlaps_reach_the_table_too() {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path());
    let csv = "ts,open,high,low,close,volume\n2023-01-01 00:00,1,1,1,1,1\n2023-01-01 01:00,2,2,2,2,1\n";
    std::fs::write(dir.path().join("A_1h.csv"), csv).unwrap();
    let insert = "INSERT INTO ohlcv SELECT symbol, timeframe, ts, open, high, low, close, volume
        FROM synthetic_bars(3, '1h', symbol => 'B', start => '2023-01-01')";
    row(&engine, insert).await;
    assert_eq!(row(&engine, "SELECT count(*), count(DISTINCT symbol) FROM ohlcv").await, ["5", "2"]);
    let over = "INSERT INTO ohlcv VALUES ('A', '1h', '2023-01-01 01:00:00', 5.0, 5.0, 5.0, 5.0, 1.0)";
    assert_eq!(row(&engine, over).await, ["1"]);
    let merged = row(&engine, "SELECT count(*), sum(close) FROM ohlcv WHERE symbol = 'A'").await;
    assert_eq!(merged, ["2", "6.0"]);
    let late = row(&engine, "SELECT count(*) FROM ohlcv WHERE symbol = 'A' AND ts >= '2023-01-01 01:00:00'").await;
    assert_eq!(late, ["1"]);
}
