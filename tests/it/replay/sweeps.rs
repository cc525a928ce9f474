//! A sweep is nothing but its backtests: the same bits row by row, whatever the number of threads, the batch size, the
//! pruning and the sort, and it stops when nobody reads it.

use std::time::Duration;

use futures::StreamExt;
use threadx::Engine;

use super::bench::{Bench, random_bars};
use super::random::Random;
use super::table::Table;

/// A grid and the parameters that vary in it, first to last.
struct Grid {
    call: &'static str,
    backtest: &'static str,
    varied: &'static [&'static str],
    points: usize,
}

const OPTIONS: &[&str] = &["", ", fill => 'close', intrabar => 'nearest_open', fee_bps => 3, direction => 'long'"];

const GRIDS: &[Grid] = &[
    Grid {
        call: "grid(bb_period => [10, 20, 35], entry_z => [1.0, 1.75], atr_multiplier => [0.7, 2.0], \
               trailing_stop => [true, false], max_hold_bars => [5, 72])",
        backtest: "bb_atr",
        varied: &["bb_period", "entry_z", "atr_multiplier", "trailing_stop", "max_hold_bars"],
        points: 48,
    },
    Grid {
        call: "rsi_reversion(rsi_period => range(5, 21, 4), oversold => [25.0, 40.0], risk_per_trade => [0.01, 0.2])",
        backtest: "rsi_reversion",
        varied: &["rsi_period", "oversold", "risk_per_trade"],
        points: 16,
    },
    Grid {
        call: "ema_cross(fast => [5, 10, 15], slow => [20, 40])",
        backtest: "ema_cross",
        varied: &["fast", "slow"],
        points: 6,
    },
    Grid {
        call: "levels(every => [3, 7], stop => [0.5, 1.5], target => [0.5, 3.0], arm => [0.3, 1.0])",
        backtest: "levels",
        varied: &["every", "stop", "target", "arm"],
        points: 16,
    },
    Grid {
        // Not a projection over the bars, so that the body is run whole.
        call: "above_mean(every => [4, 9], stop => [0.5, 1.5])",
        backtest: "above_mean",
        varied: &["every", "stop"],
        points: 4,
    },
];

const LEVELS: &str = "CREATE STRATEGY levels (every INT DEFAULT 5, stop DOUBLE DEFAULT 1.0, target DOUBLE DEFAULT 1.0, \
     arm DOUBLE DEFAULT 0.5) AS \
     WITH f AS (SELECT *, CAST(volume AS BIGINT) AS u, atr(high, low, close, 5) AS a FROM bars) \
     SELECT *, u % $every = 0 AS enter_long, u % $every = 1 AS enter_short, $stop * a AS stop_distance, \
     $target * a AS target_distance, 0.8 * a AS trail_distance, $arm AS trail_arm_r, 5.0 AS size, 3.0 AS leverage FROM f";

const ABOVE_MEAN: &str = "CREATE STRATEGY above_mean (every INT DEFAULT 5, stop DOUBLE DEFAULT 1.0) AS \
     SELECT b.*, CAST(b.volume AS BIGINT) % $every = 0 AS enter_long, b.close < m.mean AS exit_long, \
     $stop AS stop_distance FROM bars b CROSS JOIN (SELECT avg(close) AS mean FROM bars) m";

async fn bench(bars: usize) -> Bench {
    let bench = Bench::empty();
    bench.write("WALK", &random_bars(&mut Random::new(7), bars, 0.01, 0.002));
    for sql in [LEVELS, ABOVE_MEAN] {
        bench.engine.sql(sql).await.unwrap();
    }
    bench
}

async fn query(engine: &Engine, sql: &str) -> Table {
    Table::query(engine, sql).await.unwrap_or_else(|e| panic!("{e}"))
}

/// The columns that differ between nothing but runs.
fn metrics(table: &Table, grid: &Grid) -> Vec<String> {
    let place = |name: &str| table.names.iter().position(|n| n == name).unwrap();
    let names = table.names[place("total_return")..=place("periods_per_year")].to_vec();
    assert!(names.len() > 20 && !names.iter().any(|n| grid.varied.contains(&n.as_str())), "{:?}", table.names);
    names
}

/// A parameter as SQL, from a row of a sweep.
fn literal(table: &Table, name: &str, row: usize) -> String {
    let value = table.number(name, row).unwrap();
    match name {
        "trailing_stop" => (value == 1.0).to_string(),
        "bb_period" | "max_hold_bars" | "rsi_period" | "fast" | "slow" | "every" => {
            format!("{}", value as i64)
        }
        _ => format!("{value:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_sweep_are_backtests_bit_for_bit() {
    let bench = bench(2500).await;
    for grid in GRIDS {
        for options in OPTIONS {
            let sweep =
                query(&bench.engine, &format!("SELECT * FROM sweep('WALK', '1h', {}{options})", grid.call)).await;
            assert_eq!(sweep.rows, grid.points, "{}", grid.call);
            let names = metrics(&sweep, grid);
            for row in 0..sweep.rows {
                let of = |name: &&str| format!("{name} => {}", literal(&sweep, name, row));
                let arguments = grid.varied.iter().map(of).collect::<Vec<_>>().join(", ");
                let call = format!("{}({arguments})", grid.backtest);
                let one = query(&bench.engine, &format!("SELECT * FROM backtest('WALK', '1h', {call}{options})")).await;
                assert_eq!(sweep.bits(row, &names), one.bits(0, &names), "{call}{options}");
            }
            let traded = (0..sweep.rows).filter(|&row| sweep.number("trades", row) > Some(0.0)).count();
            assert!(traded * 2 > sweep.rows, "{}: only {traded} points trade", grid.call);
        }
    }
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    (0..table.rows).map(|row| table.bits(row, &table.names)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_and_batch_size_do_not_change_a_bit() {
    let bench = bench(2500).await;
    for grid in GRIDS {
        let sql = format!("SELECT * FROM sweep('WALK', '1h', {})", grid.call);
        let mut before: Option<Vec<Vec<String>>> = None;
        for (threads, batch_size) in [(0, 8192), (1, 8192), (4, 8192), (1, 1000), (4, 1000), (3, 7)] {
            bench.engine.sql(&format!("SET threadx.threads = {threads}")).await.unwrap();
            bench.engine.sql(&format!("SET datafusion.execution.batch_size = {batch_size}")).await.unwrap();
            let now = rows(&query(&bench.engine, &sql).await);
            if let Some(before) = &before {
                assert_eq!(*before, now, "{sql} with {threads} threads, batches of {batch_size}");
            }
            before = Some(now);
        }
    }
}

/// More distinct expressions than a sweep remembers at once.
#[tokio::test(flavor = "multi_thread")]
async fn points_of_a_long_random_sweep_are_backtests_bit_for_bit() {
    let bench = bench(120).await;
    let names = ["bb_period", "entry_z", "atr_period", "atr_multiplier", "risk_per_trade"];
    let sweep = "SELECT * FROM sweep('WALK', '1h', random(9000, bb_period => integer(5, 40), entry_z => uniform(0.3, 2.0), \
                 atr_period => integer(3, 30), atr_multiplier => uniform(0.5, 3.0), \
                 risk_per_trade => log_uniform(0.001, 0.1), seed => 5))";
    let swept = query(&bench.engine, sweep).await;
    assert_eq!(swept.rows, 9000);
    let place = |name: &str| swept.names.iter().position(|n| n == name).unwrap();
    let metrics = swept.names[place("total_return")..=place("periods_per_year")].to_vec();
    let traded = (0..swept.rows).filter(|&row| swept.number("trades", row) > Some(0.0)).count();
    assert!(traded > 4500, "{traded}");
    for row in (0..swept.rows).step_by(149) {
        let value = |name: &str| {
            let value = swept.number(name, row).unwrap();
            if name.ends_with("period") { format!("{}", value as i64) } else { format!("{value:?}") }
        };
        let arguments = names.map(|name| format!("{name} => {}", value(name))).join(", ");
        let one = query(&bench.engine, &format!("SELECT * FROM backtest('WALK', '1h', bb_atr({arguments}))")).await;
        assert_eq!(swept.bits(row, &metrics), one.bits(0, &metrics), "row {row}: {arguments}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pruned_and_ranked_sweeps_have_the_rows_of_the_whole_one() {
    let bench = bench(1500).await;
    let sweep = format!("SELECT * FROM sweep('WALK', '1h', {})", GRIDS[0].call);
    let whole = query(&bench.engine, &sweep).await;
    let everything = rows(&whole);

    let wanted: Vec<_> = (0..whole.rows)
        .filter(|&r| whole.number("bb_period", r) > Some(15.0) && whole.flag("trailing_stop", r))
        .map(|r| everything[r].clone())
        .collect();
    let pruned = query(&bench.engine, &format!("{sweep} WHERE bb_period > 15 AND trailing_stop")).await;
    assert_eq!(rows(&pruned), wanted);

    let wanted: Vec<_> =
        (0..whole.rows).filter(|&r| whole.number("trades", r) > Some(100.0)).map(|r| everything[r].clone()).collect();
    assert!(!wanted.is_empty() && wanted.len() < whole.rows, "{} of {}", wanted.len(), whole.rows);
    let filtered = query(&bench.engine, &format!("{sweep} WHERE trades > 100")).await;
    assert_eq!(rows(&filtered), wanted);

    for order in ["sharpe DESC", "max_drawdown DESC", "profit_factor ASC", "bb_period DESC, total_return ASC"] {
        let sorted = query(&bench.engine, &format!("{sweep} ORDER BY {order}, combo_id")).await;
        let first = query(&bench.engine, &format!("{sweep} ORDER BY {order}, combo_id LIMIT 9")).await;
        assert_eq!(rows(&first), rows(&sorted)[..9], "{order}");
        let mut all = rows(&sorted);
        all.sort();
        let mut expected = everything.clone();
        expected.sort();
        assert_eq!(all, expected, "{order}");
    }
    let limited = query(&bench.engine, &format!("{sweep} LIMIT 5")).await;
    assert_eq!(rows(&limited), everything[..5]);
    let narrow = query(&bench.engine, &format!("SELECT combo_id, sharpe, trades FROM ({sweep})")).await;
    let names = narrow.names.clone();
    let wide: Vec<_> = (0..whole.rows).map(|row| whole.bits(row, &names)).collect();
    assert_eq!(rows(&narrow), wide, "columns that nobody reads change nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_nobody_reads_stops() {
    let bench = bench(5000).await;
    let sql = "SELECT * FROM sweep('WALK', '1h', grid(bb_period => range(5, 105, 1), entry_z => linspace(0.5, 3.0, 100), \
               atr_multiplier => linspace(0.5, 5.0, 100), max_hold_bars => range(5, 105, 1)))";
    let frame = bench.engine.sql(sql).await.unwrap();
    let mut stream = frame.execute_stream().await.unwrap();
    for _ in 0..2 {
        assert!(stream.next().await.unwrap().unwrap().num_rows() > 0);
    }
    let progress = bench.engine.progress();
    let running = progress.snapshot().expect("a sweep of a hundred million points is not done");
    assert_eq!(running.total, 100_000_000);
    drop(stream);
    // The whole grid would take hours, so that a minute tells "stopped" from "goes on".
    for _ in 0..600 {
        if progress.snapshot().is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(progress.snapshot(), None, "the sweep goes on without a reader");
    let after = query(&bench.engine, "SELECT trades FROM backtest('WALK', '1h', bb_atr())").await;
    assert!(after.number("trades", 0) > Some(0.0));
}
