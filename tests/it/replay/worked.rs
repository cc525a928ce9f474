//! Examples small enough to check by hand, one per rule of a bar. Bars are `open, high, low, close`; the volume is the
//! number of the bar, so that a strategy can name bars. No fees and no slippage unless the example is about them.

use super::bench::{Bar, Bench};
use super::table::Table;

type Prices = (f64, f64, f64, f64);

struct Example {
    rule: &'static str,
    bars: &'static [Prices],
    columns: &'static str,
    options: &'static str,
    /// Entry bar and price, exit bar and price, reason.
    trades: &'static [(usize, f64, usize, f64, &'static str)],
}

const CALM: Prices = (100.0, 101.0, 99.0, 100.0);

const EXAMPLES: &[Example] = &[
    Example {
        rule: "a decision at a close fills at the next open, an open position closes at the last close",
        bars: &[CALM, (102.0, 103.0, 101.0, 101.0), (101.0, 104.0, 101.0, 103.0)],
        columns: "volume = 0 AS enter_long",
        options: "",
        trades: &[(1, 102.0, 2, 103.0, "end_of_data")],
    },
    Example {
        rule: "nothing is decided in the last bar",
        bars: &[CALM, CALM, CALM],
        columns: "volume = 2 AS enter_long",
        options: ", fill => 'close'",
        trades: &[],
    },
    Example {
        rule: "a stop inside the bar fills at its level, also on the bar of the entry",
        bars: &[CALM, (100.0, 100.5, 94.0, 99.0), CALM],
        columns: "volume = 0 AS enter_long, 5.0 AS stop_distance",
        options: "",
        trades: &[(1, 100.0, 1, 95.0, "stop")],
    },
    Example {
        rule: "a gap through the stop fills at the open",
        bars: &[CALM, CALM, (90.0, 92.0, 89.0, 91.0), CALM],
        columns: "volume = 0 AS enter_long, 5.0 AS stop_distance",
        options: "",
        trades: &[(1, 100.0, 2, 90.0, "stop")],
    },
    Example {
        rule: "a gap through the target fills at the open, without slippage",
        bars: &[CALM, CALM, (90.0, 92.0, 89.0, 91.0), CALM],
        columns: "volume = 0 AS enter_short, 5.0 AS target_distance",
        options: ", slippage_bps => 100",
        trades: &[(1, 99.0, 2, 90.0, "target")],
    },
    Example {
        rule: "a bar that touches both levels: the stop by default",
        bars: &[CALM, CALM, (101.0, 104.0, 96.0, 100.0), CALM],
        columns: "volume = 0 AS enter_long, 3.0 AS stop_distance, 4.0 AS target_distance",
        options: "",
        trades: &[(1, 100.0, 2, 97.0, "stop")],
    },
    Example {
        rule: "a bar that touches both levels: the target if it is nearer to the open",
        bars: &[CALM, CALM, (101.0, 104.0, 96.0, 100.0), CALM],
        columns: "volume = 0 AS enter_long, 3.0 AS stop_distance, 4.0 AS target_distance",
        options: ", intrabar => 'nearest_open'",
        trades: &[(1, 100.0, 2, 104.0, "target")],
    },
    Example {
        rule: "an entry at a close is first tested on the next bar",
        bars: &[CALM, (100.0, 100.5, 80.0, 99.0), (99.0, 99.0, 93.0, 98.0), CALM],
        columns: "volume = 1 AS enter_long, 5.0 AS stop_distance",
        options: ", fill => 'close'",
        trades: &[(1, 99.0, 2, 94.0, "stop")],
    },
    Example {
        // 100, then 110 - 5 = 105 at the close of bar 2, which the low of bar 2 was below already.
        rule: "a ratcheted stop is first tested on the next bar",
        bars: &[CALM, CALM, (101.0, 111.0, 101.0, 110.0), (109.0, 109.0, 104.0, 104.5), CALM],
        columns: "volume = 0 AS enter_long, 5.0 AS trail_distance",
        options: "",
        trades: &[(1, 100.0, 3, 105.0, "trailing_stop")],
    },
    Example {
        rule: "the reverse entry of the bar of an exit fills at the same open",
        bars: &[CALM, CALM, CALM, (104.0, 105.0, 103.0, 103.0), (103.0, 103.0, 99.0, 99.0)],
        columns: "volume = 0 AS enter_long, volume = 2 AS exit_long, volume = 2 AS enter_short",
        options: "",
        trades: &[(1, 100.0, 3, 104.0, "signal"), (3, 104.0, 4, 99.0, "end_of_data")],
    },
    Example {
        rule: "reentry on the next bar only: the level is seen again one bar later",
        bars: &[CALM, CALM, (100.0, 100.0, 94.0, 99.0), (99.0, 100.0, 98.0, 98.5), (98.0, 99.0, 97.0, 98.0)],
        columns: "true AS enter_long, 5.0 AS stop_distance",
        options: ", reentry => 'next_bar'",
        trades: &[(1, 100.0, 2, 95.0, "stop"), (4, 98.0, 4, 98.0, "end_of_data")],
    },
    Example {
        rule: "max_bars counts from the bar of the entry",
        bars: &[CALM, CALM, CALM, CALM, (106.0, 106.0, 105.0, 105.0), CALM],
        columns: "volume = 0 AS enter_long, 2 AS max_bars",
        options: "",
        trades: &[(1, 100.0, 4, 106.0, "time")],
    },
    Example {
        // Bar 1 opens at 100, its close arms nothing; bar 2 closes 6 above, twice the risk of 3; bar 3 may leave.
        rule: "an armed exit counts only if the trail was armed before the bar",
        bars: &[
            CALM,
            CALM,
            (101.0, 106.0, 101.0, 106.0),
            (106.0, 107.0, 105.0, 106.0),
            (108.0, 108.0, 107.0, 107.0),
            CALM,
        ],
        columns: "volume = 0 AS enter_long, 3.0 AS stop_distance, 2.0 AS trail_arm_r, true AS exit_armed_long",
        options: "",
        trades: &[(1, 100.0, 4, 108.0, "armed_signal")],
    },
    Example {
        // Four times the equity at 100: with nothing of its own left at 75, and 0.5 % of the notional at 75 / 0.995.
        rule: "a leveraged position is liquidated where the equity is the maintenance margin",
        bars: &[CALM, CALM, (100.0, 100.0, 70.0, 99.0), CALM],
        columns: "volume = 0 AS enter_long, 4.0 AS size, 4.0 AS leverage",
        options: "",
        trades: &[(1, 100.0, 2, 75.0 / 0.995, "liquidation")],
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn worked_examples() {
    let bench = Bench::empty();
    for (i, example) in EXAMPLES.iter().enumerate() {
        let bars = example.bars.iter().zip(0..);
        let bars: Vec<Bar> =
            bars.map(|(&(open, high, low, close), volume)| Bar { open, high, low, close, volume }).collect();
        bench.write(&format!("W{i}"), &bars);
        bench.create(&format!("worked_{i}"), &format!("SELECT *, {} FROM bars", example.columns)).await;
        let costs = if example.options.contains("slippage") { "" } else { ", slippage_bps => 0" };
        let run = format!("('W{i}', '1h', worked_{i}(), fee_bps => 0{costs}{})", example.options);
        let ts = Table::query(&bench.engine, &format!("SELECT ts FROM bars('W{i}', '1h')")).await.unwrap();
        let trades = Table::query(&bench.engine, &format!("SELECT * FROM trades{run}")).await.unwrap();
        let bar = |time: i64| ts.times("ts").iter().position(|ts| *ts == time).unwrap();
        let found: Vec<_> = (0..trades.rows)
            .map(|t| {
                let price = |name: &str| (trades.number(name, t).unwrap() * 1e9).round() / 1e9;
                let (entry, exit) = (bar(trades.time("entry_ts", t)), bar(trades.time("exit_ts", t)));
                (entry, price("entry_price"), exit, price("exit_price"), trades.text("exit_reason", t).to_string())
            })
            .collect();
        let expected: Vec<_> =
            example.trades.iter().map(|t| (t.0, t.1, t.2, (t.3 * 1e9).round() / 1e9, t.4.to_string())).collect();
        assert_eq!(found, expected, "{}", example.rule);
    }
}
