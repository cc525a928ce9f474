//! What an error tells a program and a person: stable codes, classes, one sentence, and no bug behind a mistake.

use threadx::error::Class;
use threadx::udf::table::TABLE_FUNCTIONS;
use threadx::{Engine, Error};
use threadx_kernels::indicator::INDICATORS;
use threadx_kernels::metric::METRICS;

use crate::support::demo;

async fn run(engine: &Engine, sql: &str) -> Result<(), Error> {
    engine.sql(sql).await?.collect().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_classes_are_stable() {
    let (engine, _data) = demo().await;
    let cases = [
        ("SELECT * FROM backtest('DEMO', '1h', nobody())", "T101", Class::User),
        ("SELECT * FROM backtest('NOBODY', '1h', bb_atr())", "T101", Class::User),
        ("SELECT * FROM backtest('DEMO', '1h', bb_atr(bb_perid => 1))", "T101", Class::User),
        ("SELECT * FROM backtest('DEMO', '1h', bb_atr(), fee_bps => -101)", "T102", Class::User),
        ("SELECT rsi(close, 1) FROM bars('DEMO', '1h')", "T102", Class::User),
        ("CREATE STRATEGY x () AS", "T103", Class::User),
        ("CREATE STRATEGY x () AS SELECT * FROM bars", "T104", Class::User),
        ("SELECT 1 +", "T190", Class::User),
        ("SELECT nothing FROM ohlcv", "T190", Class::User),
        ("SELECT * FROM read_ohlcv('nothing.csv')", "T301", Class::Execution),
        ("INSERT INTO ohlcv VALUES ('X', '1h', '2024-01-01', 1.0, 0.5, 0.5, 1.0, 1.0)", "T201", Class::Data),
    ];
    for (sql, code, class) in cases {
        let error = run(&engine, sql).await.expect_err(sql);
        assert_eq!((error.code(), error.class()), (code, class), "{sql}\n{error}");
    }
}

/// A reproducible stream of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// The statement with one piece of it taken out, doubled, swapped or replaced.
fn damaged(sql: &str, random: &mut Random) -> String {
    const INTRUDERS: &[&str] = &[
        "NULL",
        "-1",
        "0",
        "1e308",
        "'x'",
        "''",
        "[]",
        "[NULL]",
        "*",
        "(",
        ")",
        ",",
        "=>",
        "search",
        "close",
        "ts",
        "$1",
        "NaN",
        "(SELECT 1)",
        "(SELECT NULL)",
        "bars('DEMO', '1h')",
        "bb_atr()",
        "grid()",
        "OVER ()",
        "9223372036854775807",
        "1.5",
        "true",
        "'2024-01-01'",
        "'DEMO'",
        "INTERVAL '1 day'",
        "[[1]]",
        "{'a': 1}",
        "x -> x",
    ];
    let mut pieces: Vec<String> = vec![];
    for c in sql.chars() {
        match pieces.last_mut() {
            Some(last) if c.is_alphanumeric() && last.ends_with(char::is_alphanumeric) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
    match random.below(4) {
        0 => pieces[at].clear(),
        1 => pieces.insert(at, pieces[other].clone()),
        2 => pieces.swap(at, other),
        _ => pieces[at] = INTRUDERS[random.below(INTRUDERS.len())].to_string(),
    }
    pieces.concat()
}

fn statements() -> Vec<String> {
    let mut all: Vec<String> =
        INDICATORS.iter().map(|d| d.example.replace("synthetic_bars(200,", "synthetic_bars(40,")).collect();
    all.extend(METRICS.iter().map(|m| m.example.to_string()));
    all.extend(TABLE_FUNCTIONS.iter().map(|f| f.example.to_string()));
    all.extend(
        [
            "CREATE OR REPLACE STRATEGY mine (n INT DEFAULT 3 CHECK (n > 0) SEARCH (1, 5, 2), CHECK (n < 9)) COMMENT 'x' AS \
             SELECT *, close > sma(close, $n) AS enter_long, atr(high, low, close, 5) AS stop_distance FROM bars",
            "SELECT s.n, b.sharpe FROM (VALUES (5), (8)) AS s(n), LATERAL backtest('DEMO', '1h', sma_cross(fast => s.n)) AS b",
            "SELECT * FROM sweep('DEMO', '1h', (SELECT x AS bb_period FROM generate_series(10, 30, 10) AS g(x)), fee_bps => 3) \
             WHERE bb_period > 10 ORDER BY sharpe DESC LIMIT 2",
            "SELECT * FROM sweep('DEMO', '1h', random(3, bb_period => integer(10, 20), entry_z => log_uniform(1, 3), seed => 5))",
            "SELECT * FROM sweep('DEMO', '1h', latin_hypercube(3, fast => choice([5, 7]), strategy => 'sma_cross')) WHERE fast > 5",
            "SELECT symbol, bollinger(close, 5).upper OVER (PARTITION BY symbol ORDER BY ts) FROM ohlcv LIMIT 3",
        ]
        .map(str::to_string),
    );
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_statements_are_mistakes_and_not_bugs() {
    let rounds = std::env::var("DAMAGE").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let (engine, _data) = demo().await;
    let mut random = Random(7);
    let mut failures = vec![];
    for _ in 0..rounds {
        for sql in statements() {
            let sql = damaged(&sql, &mut random);
            let (engine, text) = (engine.clone(), sql.clone());
            match tokio::spawn(async move { run(&engine, &text).await }).await {
                Err(panic) => failures.push(format!("panic: {panic}\n{sql}")),
                Ok(Err(error)) if error.class() == Class::Internal => failures.push(format!("{error}\n{sql}")),
                Ok(Err(error)) if error.to_string().trim().is_empty() => failures.push(format!("no text\n{sql}")),
                Ok(_) => {}
            }
        }
    }
    assert!(failures.is_empty(), "{} statements found a bug\n\n{}", failures.len(), failures.join("\n\n"));
}
