//! On real series, built-in and user strategies with random parameters and options: the engine and the replay agree on
//! every trade, order, bar of equity and metric.

use std::ops::Range;

use super::bench::Bench;
use super::compare::{Case, Seen, differences, seeds};
use super::options::Options;
use super::random::Random;
use super::strategies::{body, built_in, options};

const SEEDS: Range<u64> = 0..48;

/// Series and trading ranges.
const RANGES: &[(&str, &str, Option<&str>, Option<&str>)] = &[
    ("BTCUSD", "1h", Some("2018-11-01"), Some("2019-03-15 12:00:00")),
    ("BTCUSD", "1h", None, Some("2013-06-01")),
    ("BTCUSD", "15m", Some("2019-09-01"), Some("2019-11-05T07:30:00Z")),
    ("BTCUSDT", "1d", None, None),
    ("SPY", "1d", None, None),
    ("SPY", "1d", Some("2007-06-15"), Some("2010-01-01")),
    ("EURUSD-ASK", "1h", None, None),
    ("TRXBTC", "5m", None, None),
    ("GOOG", "1d", Some("2005-01-01"), None),
];

const FILES: &[&str] = &["BTCUSD_1h", "BTCUSD_15m", "BTCUSDT_1d", "SPY_1d", "EURUSD-ASK_1h", "TRXBTC_5m", "GOOG_1d"];

/// Strategies as a user would write them.
const WRITTEN: &[(&str, &str)] = &[
    (
        // A volatility stop below the entry bar, two targets, a trail along the channel that starts at 1 R.
        "channel_rider",
        "WITH f AS (SELECT *, atr(high, low, close, 14) AS a, previous(highest(high, 20)) AS upper,
                           lowest(low, 10) AS floor_10, highest(high, 10) AS ceiling_10 FROM bars)
         SELECT *, close > upper AS enter_long, low - 0.5 * a AS stop_price, 2.5 * a AS stop_distance,
                6.0 * a AS target_distance, close + 8.0 * a AS target_price, floor_10 AS trail_price_long,
                ceiling_10 AS trail_price_short, 1.0 AS trail_arm_r, 0.02 AS risk, 60 AS max_bars FROM f",
    ),
    (
        // Both directions, leave by a signal that counts only once the trail is armed.
        "armed_reverter",
        "WITH f AS (SELECT *, zscore(close, 30) AS z, atr(high, low, close, 10) AS a FROM bars)
         SELECT *, z < -1.5 AS enter_long, z > 1.5 AS enter_short, z > 0 AS trail_arm_long, z < 0 AS trail_arm_short,
                z < 0.3 AS exit_armed_long, z > -0.3 AS exit_armed_short, 1.2 * a AS trail_distance,
                3.0 * a AS stop_distance, 0.8 AS size, 5000.0 AS notional, 3.0 AS leverage FROM f",
    ),
    (
        // Always in the market with borrowed money and no stop: liquidations and gaps.
        "borrower",
        "WITH f AS (SELECT *, ema(close, 12) AS fast, ema(close, 40) AS slow FROM bars)
         SELECT *, fast > slow AS enter_long, fast < slow AS enter_short, fast < slow AS exit_long,
                fast > slow AS exit_short, 12.0 AS size, 12.0 AS leverage FROM f",
    ),
    (
        // Levels that are missing on many bars, a quantity in units.
        "holes",
        "WITH f AS (SELECT *, rsi(close, 7) AS r, atr(high, low, close, 7) AS a FROM bars)
         SELECT *, r < 35 AS enter_long, r > 65 AS enter_short, CASE WHEN r < 25 OR r > 70 THEN a END AS stop_distance,
                CASE WHEN r < 30 THEN 2 * a END AS target_distance, CASE WHEN close > open THEN 3 * a END AS trail_distance,
                CASE WHEN r > 40 THEN 12 END AS max_bars, CASE WHEN r < 40 THEN 0.5 ELSE 1.5 END AS qty,
                CASE WHEN r > 20 THEN 0.9 END AS size FROM f",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_agrees_with_the_replay_on_real_series() {
    let Some(bench) = Bench::with_shared(FILES) else { return };
    for (name, body) in WRITTEN {
        bench.create(name, body).await;
    }
    let mut seen = Seen::default();
    let mut failures = vec![];
    for seed in seeds(SEEDS) {
        let mut random = Random::new(1_000 + seed);
        let (symbol, timeframe, since, until) = random.pick(RANGES);
        let strategy = match seed % 3 {
            0 => built_in(&mut random),
            1 => format!("{}()", random.pick(WRITTEN).0),
            _ => {
                let name = format!("drawn_{seed}");
                bench.create(&name, &body(&mut random, "CAST(close * 1000003 AS BIGINT)")).await;
                format!("{name}()")
            }
        };
        // Every fourth case runs with the defaults.
        let base = if random.chance(0.25) { Options::default() } else { options(&mut random) };
        let case =
            Case { series: format!("'{symbol}', '{timeframe}'"), strategy, options: Options { since, until, ..base } };
        let found = differences(&bench.engine, &case, &mut seen).await;
        if !found.is_empty() {
            failures.push(format!("seed {seed} {case:?}\n  {}", found.join("\n  ")));
        }
    }
    println!("{seen:#?}");
    assert!(failures.is_empty(), "{} of {} cases differ\n{}", failures.len(), seen.runs, failures.join("\n\n"));
}
