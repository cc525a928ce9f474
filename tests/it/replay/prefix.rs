//! No look-ahead: what a strategy says on the first bars does not depend on the bars after them, bit for bit.

use super::bench::{Bench, random_bars};
use super::random::Random;
use super::strategies::{body, built_in};
use super::table::Table;

const CUTS: &[usize] = &[1, 2, 40, 255, 900];

#[tokio::test(flavor = "multi_thread")]
async fn signals_of_a_prefix_are_the_prefix_of_the_signals() {
    let bench = Bench::empty();
    let mut random = Random::new(99);
    let bars = random_bars(&mut random, 1400, 0.02, 0.003);
    bench.write("WHOLE", &bars);
    for &cut in CUTS {
        bench.write(&format!("CUT{cut}"), &bars[..cut]);
    }
    let listed = Table::query(&bench.engine, "SELECT name FROM strategies()").await.unwrap();
    let mut calls: Vec<String> = (0..listed.rows).map(|row| format!("{}()", listed.text("name", row))).collect();
    assert!(calls.len() >= 6, "{calls:?}");
    calls.extend((0..10).map(|_| built_in(&mut random)));
    for i in 0..6 {
        bench.create(&format!("drawn_{i}"), &body(&mut random, "CAST(volume AS BIGINT)")).await;
        calls.push(format!("drawn_{i}()"));
    }
    let mut failures = vec![];
    for call in &calls {
        let signals =
            |symbol: &str| format!("SELECT * EXCLUDE (symbol) FROM signals('{symbol}', '1h', {call}) ORDER BY ts");
        let whole = match Table::query(&bench.engine, &signals("WHOLE")).await {
            Ok(whole) => whole,
            Err(error) => {
                failures.push(error);
                continue;
            }
        };
        for &cut in CUTS {
            let part = Table::query(&bench.engine, &signals(&format!("CUT{cut}"))).await.unwrap();
            assert_eq!((part.rows, &part.names), (cut, &whole.names), "{call}");
            let differing = (0..cut).find(|&row| part.bits(row, &part.names) != whole.bits(row, &whole.names));
            if let Some(row) = differing {
                let (part, whole) = (part.bits(row, &part.names), whole.bits(row, &whole.names));
                let cells: Vec<_> = part.iter().zip(&whole).filter(|(a, b)| a != b).collect();
                failures.push(format!("{call}: row {row} of {cut}: {cells:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A body that looks at longer bars and at another series, in each of the ways there are.
fn with_other_bars(leader: &str) -> String {
    format!(
        "WITH f AS (SELECT ts, at_timeframe('4h', rsi(close, 3)) AS strength, at_timeframe('1d', close - low) AS day, \
         at_timeframe('4h', bollinger(close, 5, 2.0).upper) AS upper, at_series('{leader}', sma(close, 4)) AS lead, \
         at_series('{leader}', '1d', crosses_above(close, sma(close, 3))) AS turn, at_timeframe('1h', close) AS own, \
         open, high, low, close, volume FROM bars) \
         SELECT f.*, strength < 40 AND f.close > lead AS enter_long, turn OR f.close > upper AS exit_long",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_on_other_bars_does_not_change_when_later_bars_come() {
    let bench = Bench::empty();
    let mut random = Random::new(5);
    let (bars, lead) = (random_bars(&mut random, 1400, 0.02, 0.003), random_bars(&mut random, 1400, 0.02, 0.003));
    let symbols = |cut: usize| (format!("CUT{cut}"), format!("LEAD{cut}"));
    for &cut in CUTS.iter().chain(&[bars.len()]) {
        let (symbol, leader) = symbols(cut);
        bench.write(&symbol, &bars[..cut]);
        bench.write(&leader, &lead[..cut]);
        let body = with_other_bars(&leader);
        bench.create(&format!("columns_{cut}"), &format!("{body} FROM f")).await;
        let joined = format!(
            "{body}, o.close AS joined, p.open AS asof FROM f LEFT JOIN bars('{leader}') AS o ON o.ts = f.ts \
             LEFT JOIN (SELECT b.ts, l.open FROM bars AS b ASOF JOIN bars('{leader}') AS l \
             MATCH_CONDITION (b.ts >= l.ts)) AS p ON p.ts = f.ts"
        );
        bench.create(&format!("whole_{cut}"), &joined).await;
    }
    for way in ["columns", "whole"] {
        let signals = async |cut: usize| {
            let call = format!("signals('{}', '1h', {way}_{cut}())", symbols(cut).0);
            Table::query(&bench.engine, &format!("SELECT * EXCLUDE (symbol) FROM {call} ORDER BY ts")).await.unwrap()
        };
        let whole = signals(bars.len()).await;
        for &cut in CUTS {
            let part = signals(cut).await;
            assert_eq!((part.rows, &part.names), (cut, &whole.names), "{way}");
            for row in 0..cut {
                assert_eq!(part.bits(row, &part.names), whole.bits(row, &whole.names), "{way}, row {row} of {cut}");
            }
        }
        let known = |name: &str| whole.numbers(name).iter().filter(|v| !v.is_nan()).count();
        assert_eq!(
            (known("strength"), known("day"), known("lead"), known("own")),
            (1400 - 15, 1400 - 23, 1400 - 3, 1400)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trading_range_cuts_the_signals_and_does_not_change_them() {
    let bench = Bench::empty();
    let mut random = Random::new(17);
    bench.write("WHOLE", &random_bars(&mut random, 800, 0.02, 0.003));
    let hour = |n: i64| (1_577_836_800 + 3600 * n) * 1_000_000;
    for _ in 0..6 {
        let call = built_in(&mut random);
        let whole =
            Table::query(&bench.engine, &format!("SELECT * FROM signals('WHOLE', '1h', {call})")).await.unwrap();
        // 2020-01-05 is hour 96, 2020-01-20 07:30 lies inside hour 463: half-open, so that hour is the last one.
        let range = "since => '2020-01-05', until => '2020-01-20 07:30:00'";
        let part = Table::query(&bench.engine, &format!("SELECT * FROM signals('WHOLE', '1h', {call}, {range})"))
            .await
            .unwrap();
        assert_eq!((part.time("ts", 0), part.time("ts", part.rows - 1)), (hour(96), hour(463)), "{call}");
        for row in 0..part.rows {
            assert_eq!(part.bits(row, &part.names), whole.bits(row + 96, &whole.names), "{call}");
        }
    }
}
