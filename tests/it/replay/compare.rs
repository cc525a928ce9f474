//! The engine's rows beside the replay's.

use std::ops::Range;

use threadx::Engine;

use super::account::Account;
use super::metrics::{Round, Run};
use super::options::Options;
use super::record::Replay;
use super::table::Table;

/// The seeds of a run: `REPLAY_SEEDS=500..900` asks for others than the usual ones.
pub fn seeds(usual: Range<u64>) -> Range<u64> {
    let Ok(text) = std::env::var("REPLAY_SEEDS") else { return usual };
    let (first, end) = text.split_once("..").expect("REPLAY_SEEDS is FIRST..END");
    first.parse().unwrap()..end.parse().unwrap()
}

/// One run to compare.
#[derive(Debug, Clone)]
pub struct Case {
    pub series: String,
    pub strategy: String,
    pub options: Options,
}

impl Case {
    fn timeframe_us(&self) -> i64 {
        let minutes = [("'5m'", 5), ("'15m'", 15), ("'1h'", 60), ("'1d'", 1440)];
        let (_, minutes) = minutes.iter().find(|(name, _)| self.series.ends_with(name)).unwrap();
        minutes * 60_000_000
    }

    fn call(&self, function: &str, arguments: &str) -> String {
        let order = if function == "signals" || function == "equity" { " ORDER BY ts" } else { "" };
        format!("SELECT * FROM {function}({}, {}{arguments}){order}", self.series, self.strategy)
    }
}

/// What a comparison saw, to know afterwards that the cases were worth something.
#[derive(Debug, Default)]
pub struct Seen {
    pub runs: usize,
    pub trades: usize,
    pub refused: usize,
    pub ruined: usize,
    pub ambiguous_bars: usize,
    pub exit_reasons: std::collections::BTreeMap<String, usize>,
    pub order_reasons: std::collections::BTreeMap<String, usize>,
}

impl Seen {
    /// The rules that no case has met.
    pub fn unmet(&self) -> Vec<&'static str> {
        let exits = [
            "stop",
            "trailing_stop",
            "target",
            "liquidation",
            "signal",
            "armed_signal",
            "time",
            "end_of_data",
            "ruined",
        ];
        let orders = ["no_stop", "zero_qty", "below_min_notional"];
        let mut unmet: Vec<_> = exits.into_iter().filter(|reason| !self.exit_reasons.contains_key(*reason)).collect();
        unmet.extend(orders.into_iter().filter(|reason| !self.order_reasons.contains_key(*reason)));
        unmet.extend((self.ambiguous_bars == 0).then_some("ambiguous bars"));
        unmet
    }
}

/// Differences between the engine and the replay, as sentences.
struct Differences(Vec<String>);

impl Differences {
    fn number(&mut self, what: &str, engine: Option<f64>, replay: Option<f64>, scale: f64) {
        let same = match (engine, replay) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(scale),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.0.push(format!("{what}: engine {engine:?}, replay {replay:?}"));
        }
    }

    fn word(&mut self, what: &str, engine: &str, replay: &str) {
        if engine != replay {
            self.0.push(format!("{what}: engine {engine:?}, replay {replay:?}"));
        }
    }
}

/// Runs a case in the engine and in the replay and returns the differences, at most a few of each kind.
pub async fn differences(engine: &Engine, case: &Case, seen: &mut Seen) -> Vec<String> {
    compare(engine, case, seen).await.unwrap_or_else(|error| vec![error])
}

async fn compare(engine: &Engine, case: &Case, seen: &mut Seen) -> Result<Vec<String>, String> {
    let signals = Table::query(engine, &case.call("signals", &case.options.range())).await?;
    let replay = Account::replay(&signals, &case.options);
    // Thousands of fees without ruin: what is left has few digits, and they are not what this is about.
    if replay.equity.iter().any(|equity| (f64::from_bits(1)..1e-290).contains(equity)) {
        return Ok(vec![]);
    }
    let arguments = case.options.arguments();
    let trades = Table::query(engine, &case.call("trades", &arguments)).await?;
    let orders = Table::query(engine, &case.call("orders", &arguments)).await?;
    let equity = Table::query(engine, &case.call("equity", &arguments)).await?;
    let metrics = Table::query(engine, &case.call("backtest", &arguments)).await?;
    let mut found = Differences(vec![]);
    compare_trades(&signals, &trades, &replay, &mut found);
    compare_orders(&signals, &orders, &replay, &mut found);
    compare_equity(&equity, &replay, case.options.initial_capital, &mut found);
    compare_metrics(&trades, &orders, &equity, &metrics, case, &replay, &mut found);
    seen.runs += 1;
    seen.trades += replay.trades.len();
    seen.refused += replay.orders.iter().filter(|o| !o.filled).count();
    seen.ruined += usize::from(replay.ruined);
    seen.ambiguous_bars += replay.ambiguous_bars;
    for trade in &replay.trades {
        *seen.exit_reasons.entry(trade.reason.into()).or_default() += 1;
    }
    for order in replay.orders.iter().filter(|o| !o.filled) {
        *seen.order_reasons.entry(order.reason.into()).or_default() += 1;
    }
    Ok(found.0)
}

fn side(buy: bool) -> &'static str {
    if buy { "buy" } else { "sell" }
}

fn direction(long: bool) -> &'static str {
    if long { "long" } else { "short" }
}

fn compare_trades(bars: &Table, rows: &Table, replay: &Replay, found: &mut Differences) {
    found.number("number of trades", Some(rows.rows as f64), Some(replay.trades.len() as f64), 0.0);
    let ts = bars.times("ts");
    for (i, t) in replay.trades.iter().enumerate().take(rows.rows) {
        if found.0.len() > 12 {
            return;
        }
        let at = |what: &str| format!("trade {i} (bars {}-{}) {what}", t.entry_bar, t.exit_bar);
        let time = |name: &str| Some(rows.time(name, i) as f64);
        found.word(&at("direction"), rows.text("direction", i), direction(t.long));
        found.number(&at("entry_ts"), time("entry_ts"), Some(ts[t.entry_bar] as f64), 0.0);
        found.number(&at("exit_ts"), time("exit_ts"), Some(ts[t.exit_bar] as f64), 0.0);
        found.word(&at("exit_reason"), rows.text("exit_reason", i), t.reason);
        let notional = t.qty * t.entry_price;
        let r = t.risk.map(|risk| t.pnl / risk);
        let numbers = [
            ("entry_price", Some(t.entry_price), 0.0),
            ("exit_price", Some(t.exit_price), 0.0),
            ("qty", Some(t.qty), 0.0),
            ("notional", Some(notional), 0.0),
            ("gross_pnl", Some(t.gross_pnl), t.scale.max(notional)),
            ("fees", Some(t.fees), 0.0),
            ("pnl", Some(t.pnl), t.scale.max(notional)),
            ("return", Some(t.pnl / notional), 1.0_f64.max(t.scale / notional)),
            ("r_multiple", r, t.risk.map_or(0.0, |risk| t.scale.max(notional) / risk)),
            ("bars_held", Some((t.exit_bar - t.entry_bar) as f64), 0.0),
            ("mae", Some(t.mae), 1.0),
            ("mfe", Some(t.mfe), 1.0),
        ];
        for (name, value, scale) in numbers {
            found.number(&at(name), rows.number(name, i), value, scale);
        }
    }
}

fn compare_orders(bars: &Table, rows: &Table, replay: &Replay, found: &mut Differences) {
    found.number("number of orders", Some(rows.rows as f64), Some(replay.orders.len() as f64), 0.0);
    let ts = bars.times("ts");
    for (i, o) in replay.orders.iter().enumerate().take(rows.rows) {
        if found.0.len() > 24 {
            return;
        }
        let at = |what: &str| format!("order {i} (bar {}, {}) {what}", o.bar, o.reason);
        found.number(&at("ts"), Some(rows.time("ts", i) as f64), Some(ts[o.bar] as f64), 0.0);
        found.word(&at("side"), rows.text("side", i), side(o.buy));
        found.word(&at("direction"), rows.text("direction", i), direction(o.long));
        found.word(&at("status"), rows.text("status", i), if o.filled { "filled" } else { "rejected" });
        found.word(&at("reason"), rows.text("reason", i), o.reason);
        if o.filled {
            found.number(&at("price"), rows.number("price", i), Some(o.price), 0.0);
            found.number(&at("qty"), rows.number("qty", i), Some(o.qty), 0.0);
            found.number(&at("notional"), rows.number("notional", i), Some(o.qty * o.price), 0.0);
            found.number(&at("fee"), rows.number("fee", i), Some(o.fee), 0.0);
        }
    }
}

fn compare_equity(rows: &Table, replay: &Replay, capital: f64, found: &mut Differences) {
    found.number("rows of equity", Some(rows.rows as f64), Some(replay.equity.len() as f64), 0.0);
    let (mut peak, mut before, mut differing) = (capital, None, 0);
    for (t, &equity) in replay.equity.iter().enumerate().take(rows.rows) {
        let scale = peak;
        peak = peak.max(equity);
        let count = found.0.len();
        let ret = before.map(|before: f64| if before == 0.0 { 0.0 } else { equity / before - 1.0 });
        let held = replay.net_qty[t];
        let word = if held > 0.0 {
            "long"
        } else if held < 0.0 {
            "short"
        } else {
            ""
        };
        let at = |what: &str| format!("bar {t} {what}");
        found.number(&at("equity"), rows.number("equity", t), Some(equity), scale);
        found.number(&at("drawdown"), rows.number("drawdown", t), Some(equity / peak - 1.0), 1.0);
        // A return after a near ruin divides by almost nothing.
        let noise = before.map_or(0.0, |before: f64| scale / before.abs().max(f64::MIN_POSITIVE));
        found.number(&at("ret"), rows.number("ret", t), ret, noise.max(1.0));
        found.number(&at("net_qty"), rows.number("net_qty", t), Some(held), 0.0);
        found.word(&at("direction"), rows.text("direction", t), word);
        before = Some(equity);
        differing += usize::from(found.0.len() > count);
        if differing > 2 {
            return;
        }
    }
}

/// The metrics must follow from the engine's own equity and trades, and the money must add up.
fn compare_metrics(
    trades: &Table,
    orders: &Table,
    equity: &Table,
    metrics: &Table,
    case: &Case,
    replay: &Replay,
    found: &mut Differences,
) {
    let rounds: Vec<Round> = (0..trades.rows)
        .map(|i| Round {
            pnl: trades.number("pnl", i).unwrap_or(f64::NAN),
            fees: trades.number("fees", i).unwrap_or(f64::NAN),
            bars_held: trades.number("bars_held", i).unwrap_or(f64::NAN),
        })
        .collect();
    let filled = (0..orders.rows).filter(|&i| orders.text("status", i) == "filled");
    let fills: Vec<f64> = filled.filter_map(|i| orders.number("notional", i)).collect();
    let values = equity.numbers("equity");
    let closes = equity.numbers("close");
    let capital = case.options.initial_capital;
    let run = Run {
        ts: equity.times("ts"),
        equity: &values,
        close: &closes,
        rounds: &rounds,
        fills: &fills,
        busy: &replay.busy,
        initial_capital: capital,
        risk_free: case.options.risk_free,
        timeframe: case.timeframe_us(),
    };
    let money = ["final_equity", "net_profit", "expectancy", "avg_win", "avg_loss", "best_trade", "worst_trade"];
    let peak = values.iter().copied().fold(capital, f64::max);
    let known = run.all();
    let counted = ["rejected_orders", "ambiguous_bars", "ruined", "symbol", "timeframe", "strategy", "params"];
    // The replayed runs have none of these costs and no finer bars.
    let absent = ["funding", "borrow", "undetailed_bars"];
    for name in absent {
        found.number(&format!("metric {name}"), metrics.number(name, 0), Some(0.0), 0.0);
    }
    let counted = [&counted[..], &absent].concat();
    for name in metrics.names.iter().filter(|n| !counted.contains(&n.as_str())) {
        if !known.iter().any(|(known, _)| known == name) {
            found.0.push(format!("metric {name} is not replayed"));
        }
    }
    // A return is a difference from 1, so that its last digit is 1e-16 of one. Where all returns are tiny, a ratio of
    // them has no nine digits; it is annualised by the root of P, and the deviation is volatility over the same root.
    let volatility = metrics.number("volatility", 0).filter(|v| *v > 0.0);
    let noise = volatility.map_or(0.0, |v| 2e-16 * run.periods_per_year() / v / 1e-9);
    for (name, value) in known {
        let scale = match name {
            "sharpe" | "sortino" => noise.max(1.0),
            _ if money.contains(&name) => peak,
            _ => 1.0,
        };
        let reported = metrics.number(name, 0);
        found.number(&format!("metric {name}"), reported, value, scale);
    }
    let refused = (orders.rows - fills.len()) as f64;
    found.number("metric rejected_orders", metrics.number("rejected_orders", 0), Some(refused), 0.0);
    let ambiguous = replay.ambiguous_bars as f64;
    found.number("metric ambiguous_bars", metrics.number("ambiguous_bars", 0), Some(ambiguous), 0.0);
    let ruined = f64::from(u8::from(replay.ruined));
    found.number("metric ruined", metrics.number("ruined", 0), Some(ruined), 0.0);
    let sum: f64 = rounds.iter().map(|r| r.pnl).sum();
    let end = values.last().copied().unwrap_or(capital);
    found.number("sum of pnl against final equity - capital", Some(sum), Some(end - capital), peak);
}
