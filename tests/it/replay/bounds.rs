//! `bounds => true` against the runs that it stands for: the same sweep under each rule for the inside of bars.

use threadx::Engine;

use super::bench::{Bench, random_bars};
use super::random::Random;
use super::table::Table;

/// Narrow stops and targets, so that many bars touch both, and one so wide that none does.
const LEVELS: &str = "CREATE STRATEGY levels (every INT DEFAULT 5, target DOUBLE DEFAULT 1.0) AS \
     WITH f AS (SELECT *, CAST(volume AS BIGINT) AS u, atr(high, low, close, 5) AS a FROM bars) \
     SELECT *, u % $every = 0 AS enter_long, u % $every = 1 AS enter_short, 0.4 * a AS stop_distance, \
     $target * a AS target_distance, 0.3 AS size FROM f";

/// The same, but not a projection over the bars, so that the body is run whole.
const WHOLE: &str = "CREATE STRATEGY whole (every INT DEFAULT 5, target DOUBLE DEFAULT 1.0) AS \
     SELECT b.*, CAST(b.volume AS BIGINT) % $every = 0 AS enter_long, 0.004 * m.mean AS stop_distance, \
     $target * 0.01 * m.mean AS target_distance, 0.3 AS size FROM bars b CROSS JOIN (SELECT avg(close) AS mean FROM bars) m";

const GRID: &str = "(every => [3, 7, 12], target => [0.3, 0.8, 1000.0])";

async fn bench() -> Bench {
    let bench = Bench::empty();
    bench.write("WALK", &random_bars(&mut Random::new(11), 1500, 0.01, 0.002));
    for sql in [LEVELS, WHOLE] {
        bench.engine.sql(sql).await.unwrap();
    }
    bench
}

async fn query(engine: &Engine, sql: &str) -> Table {
    Table::query(engine, sql).await.unwrap_or_else(|e| panic!("{e}"))
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    (0..table.rows).map(|row| table.bits(row, &table.names)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_are_the_extremes_of_the_runs_under_each_rule() {
    let bench = bench().await;
    for strategy in ["levels", "whole"] {
        for options in ["", ", convention => 'empyrical'", ", convention => 'vectorbt', fee_bps => 0"] {
            for own in ["stop_first", "target_first", "nearest_open", "stop_always"] {
                let sweep = |intrabar: &str, more: &str| {
                    format!(
                        "SELECT * FROM sweep('WALK', '1h', {strategy}{GRID}, intrabar => '{intrabar}'{options}{more})"
                    )
                };
                let bounded = query(&bench.engine, &sweep(own, ", bounds => true")).await;
                let mut runs = vec![];
                for rule in [own, "stop_first", "target_first"] {
                    runs.push(query(&bench.engine, &sweep(rule, "")).await);
                }
                let (mut open, mut closed) = (0, 0);
                for row in 0..bounded.rows {
                    assert_eq!(bounded.bits(row, &runs[0].names), runs[0].bits(row, &runs[0].names));
                    for metric in ["total_return", "sharpe"] {
                        let [value, low, high] = ["", "_low", "_high"]
                            .map(|end| bounded.number(&format!("{metric}{end}"), row).expect("every point trades"));
                        let values = runs.iter().map(|run| run.number(metric, row).unwrap());
                        let least = values.clone().fold(f64::INFINITY, f64::min);
                        let most = values.fold(f64::NEG_INFINITY, f64::max);
                        assert_eq!((low, high), (least, most), "{strategy} {own}{options}, row {row}");
                        assert!(low <= value && value <= high);
                        open += usize::from(low < high);
                        closed += usize::from(low == high);
                        if bounded.number("ambiguous_bars", row) == Some(0.0) {
                            assert_eq!((low, high), (value, value));
                        }
                    }
                }
                assert!(open > 0 && closed > 0, "{strategy} {own}: {open} intervals, {closed} points");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_a_sweep_has_the_bounds_of_its_backtest() {
    let bench = bench().await;
    let names = ["total_return", "total_return_low", "total_return_high", "sharpe", "sharpe_low", "sharpe_high"];
    let names = names.map(str::to_string);
    for options in [", bounds => true", ", bounds => true, convention => 'quantstats'"] {
        let sweep = query(&bench.engine, &format!("SELECT * FROM sweep('WALK', '1h', levels{GRID}{options})")).await;
        for row in 0..sweep.rows {
            let [every, target] = ["every", "target"].map(|name| sweep.number(name, row).unwrap());
            let call = format!("levels(every => {every}, target => {target:?})");
            let one = query(&bench.engine, &format!("SELECT * FROM backtest('WALK', '1h', {call}{options})")).await;
            assert_eq!(sweep.bits(row, &names), one.bits(0, &names), "{call}{options}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sorted_pruned_limited_and_stored_sweeps_have_the_same_bounds() {
    let bench = bench().await;
    for strategy in ["levels", "whole"] {
        let sweep = |more: &str| format!("sweep('WALK', '1h', {strategy}{GRID}, bounds => true{more})");
        let columns = "combo_id, sharpe_low, total_return_high";
        for rest in
            ["", "ORDER BY sharpe_low DESC LIMIT 4", "WHERE total_return_high > total_return AND every > 5", "LIMIT 5"]
        {
            let select = |more: &str| format!("SELECT {columns} FROM {} {rest}", sweep(more));
            let plain = rows(&query(&bench.engine, &select("")).await);
            let all = query(&bench.engine, &format!("SELECT * FROM {}", sweep(""))).await;
            let names = columns.split(", ").map(str::to_string).collect::<Vec<_>>();
            let whole: Vec<_> = (0..all.rows).map(|row| all.bits(row, &names)).collect();
            assert!(!plain.is_empty() && plain.iter().all(|row| whole.contains(row)), "{rest}");
            // Once computed, then read, then read after more was needed than what is stored.
            let name = format!("checkpoint => 'c{}{strategy}'", rest.len());
            for _ in 0..2 {
                assert_eq!(rows(&query(&bench.engine, &select(&format!(", {name}"))).await), plain, "{rest}");
            }
            query(&bench.engine, &format!("SELECT * FROM sweep('WALK', '1h', {strategy}{GRID}, {name})")).await;
            let stored = query(&bench.engine, &format!("SELECT * FROM {}", sweep(&format!(", {name}")))).await;
            assert_eq!(rows(&stored), rows(&all), "{rest}");
        }
    }
}
