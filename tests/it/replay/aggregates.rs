//! A metric has one value: as a column of `backtest(...)`, and as an aggregate over `equity(...)` or `trades(...)`.

use super::bench::{Bench, random_bars};
use super::random::Random;
use super::table::Table;

#[tokio::test(flavor = "multi_thread")]
async fn aggregates_over_the_result_are_the_metrics_of_the_run() {
    let bench = Bench::empty();
    bench.write("WALK", &random_bars(&mut Random::new(5), 2000, 0.01, 0.002));
    let engine = &bench.engine;
    let metrics = Table::query(engine, "SELECT name, aggregate FROM metrics() WHERE aggregate <> ''").await.unwrap();
    assert!(metrics.rows > 15, "{}", metrics.rows);
    for call in
        ["bb_atr()", "rsi_reversion(risk_per_trade => 0.2)", "buy_and_hold()", "sma_cross(fast => 3, slow => 9)"]
    {
        let run = format!("('WALK', '1h', {call}, risk_free => 0.03)");
        let whole = Table::query(engine, &format!("SELECT * FROM backtest{run}")).await.unwrap();
        for row in 0..metrics.rows {
            let (name, form) = (metrics.text("name", row), metrics.text("aggregate", row));
            // Elapsed time has years of 365.25 days, the calendar years of 365.
            let year = if ["cagr", "calmar"].contains(&name) { 365.25 } else { 365.0 };
            let form = form
                .replace("periods_per_year => 1.0", &format!("periods_per_year => {:?}", year * 24.0))
                .replace("risk_free => 0.0", "risk_free => 0.03");
            let source = if form.contains("(pnl") { "trades" } else { "equity" };
            let sql = format!("SELECT {form} AS value FROM {source}{run}");
            let value = Table::query(engine, &sql).await.unwrap_or_else(|e| panic!("{e}")).number("value", 0);
            let column = whole.number(name, 0);
            let same = match (value, column) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3),
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(same, "{sql}: {value:?}, but {column:?} in backtest(...)");
        }
    }
}
