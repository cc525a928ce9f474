//! A second simulator, written from the contract and not from the kernel.
//!
//! It keeps an account as a broker would: cash, a quantity, an entry price and fees, all in quote currency, one bar
//! after the other. The engine computes relative to the equity at the entry, so that both agree only if both are right.
//!
//! Where the contract leaves room, the replay follows what the kernel documents:
//!
//! - Of two levels the nearer is the one that is reached first, also when a gap has left one of them behind.
//! - A stop on the winning side of the fill is none to `risk`, `trail_arm_r` and `r_multiple`, but it is hit at once.
//! - A strategy with sizing columns, none of which has a value, has no size: `zero_qty`.
//! - `trail_arm_r` counts the profit after the entry fee.
//! - A target that is watched at the close leaves by a market order and pays slippage.
//! - An exit that leaves nothing ruins the account at once. Ruin rejects an entry that waits for the next open, on the
//!   bar of the ruin; no other entry is decided.
//! - A loss beyond the equity is limited to the equity, and the pnl of that trade with it.
//! - Excursions see whole bars, except a bar that the position leaves at its open or inside it.

use super::options::Options;
use super::record::{Order, Replay, Trade};
use super::table::Table;

#[derive(Debug)]
struct Position {
    long: bool,
    bar: usize,
    price: f64,
    qty: f64,
    fee: f64,
    equity_before: f64,
    /// Distance of the initial stop, if it is on the losing side.
    initial_risk: Option<f64>,
    stop: Option<f64>,
    trailed: bool,
    target: Option<f64>,
    liquidation: Option<f64>,
    max_bars: Option<f64>,
    arm_r: Option<f64>,
    armed: bool,
    worst: f64,
    best: f64,
}

impl Position {
    /// A price as the position sees it: more is better.
    fn good(&self, price: f64) -> f64 {
        if self.long { price } else { -price }
    }

    fn is_at_or_beyond_stop(&self, price: f64, stop: f64) -> bool {
        self.good(price) <= self.good(stop)
    }

    fn is_at_or_beyond_target(&self, price: f64) -> bool {
        self.target.is_some_and(|target| self.good(price) >= self.good(target))
    }

    /// The level that ends the position first when the price moves against it, and the reason then given.
    fn protective_level(&self) -> Option<(f64, &'static str)> {
        let stop = self.stop.map(|s| (s, if self.trailed { "trailing_stop" } else { "stop" }));
        let liquidation = self.liquidation.map(|q| (q, "liquidation"));
        match (stop, liquidation) {
            (Some(s), Some(q)) => Some(if self.good(q.0) > self.good(s.0) { q } else { s }),
            (s, q) => s.or(q),
        }
    }

    fn see(&mut self, price: f64) {
        let gain = self.good(price) - self.good(self.price);
        self.worst = self.worst.min(gain);
        self.best = self.best.max(gain);
    }
}

/// An entry that was decided at a close: the direction and the bar whose columns it reads.
#[derive(Debug, Clone, Copy)]
struct Signal {
    long: bool,
    bar: usize,
}

/// The account while it runs over the bars.
pub struct Account<'a> {
    rows: &'a Table,
    options: &'a Options,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    cash: f64,
    position: Option<Position>,
    exit_due: Option<&'static str>,
    entry_due: Option<Signal>,
    result: Replay,
}

impl<'a> Account<'a> {
    /// Runs over the rows of `signals(...)`.
    pub fn replay(rows: &'a Table, options: &'a Options) -> Replay {
        let mut account = Account {
            rows,
            options,
            open: rows.numbers("open"),
            high: rows.numbers("high"),
            low: rows.numbers("low"),
            close: rows.numbers("close"),
            cash: options.initial_capital,
            position: None,
            exit_due: None,
            entry_due: None,
            result: Replay::default(),
        };
        for t in 0..rows.rows {
            account.bar(t);
        }
        account.result
    }

    fn bar(&mut self, t: usize) {
        let last = t + 1 == self.rows.rows;
        let mut busy = false;
        let mut left_inside = false;
        let mut exit_decided = false;
        if !self.result.ruined {
            // 1. Open.
            if let Some(reason) = self.exit_due.take() {
                self.leave(t, self.open[t], reason);
            }
            if let Some(signal) = self.entry_due.take() {
                self.enter(signal, t, self.open[t]);
            }
            busy = self.position.is_some();
            // 2. Inside the bar.
            if self.options.stop_fill == "intrabar"
                && let Some((price, reason)) = self.touched(t)
            {
                self.leave(t, price, reason);
                left_inside = true;
            }
            // 3. Close.
            if !last && self.position.is_some() {
                match self.exit_at_close(t) {
                    Some(reason) => {
                        exit_decided = true;
                        self.execute_exit(t, reason);
                    }
                    None => self.trail(t),
                }
            }
            // 4. Entry decision.
            let forbidden = self.options.reentry == "next_bar" && (exit_decided || left_inside);
            let may_enter = self.position.is_none() || exit_decided;
            if !last && !forbidden && may_enter && !self.result.ruined {
                self.decide_entry(t);
            }
            // After the last bar.
            if last && self.position.is_some() {
                self.see_bar(t);
                self.leave(t, self.close[t], "end_of_data");
            }
        }
        // 5. Mark.
        let mut equity = self.equity_at(self.close[t]);
        if equity <= 0.0 && !self.result.ruined {
            if self.position.is_some() {
                self.see_bar(t);
                self.leave(t, self.close[t], "ruined");
            }
            self.result.ruined = true;
            self.exit_due = None;
            if let Some(signal) = self.entry_due.take() {
                self.refuse(signal.long, t, f64::NAN, "no_equity");
            }
            self.cash = 0.0;
            equity = 0.0;
        }
        if self.position.is_some() {
            self.see_bar(t);
        }
        self.result.equity.push(equity);
        self.result.net_qty.push(self.position.as_ref().map_or(0.0, |p| if p.long { p.qty } else { -p.qty }));
        self.result.busy.push(busy);
    }

    fn equity_at(&self, price: f64) -> f64 {
        self.cash + self.position.as_ref().map_or(0.0, |p| p.good(price) * p.qty)
    }

    fn see_bar(&mut self, t: usize) {
        let fills_at_close = self.options.fill == "close";
        let (high, low) = (self.high[t], self.low[t]);
        if let Some(p) = &mut self.position
            && !(fills_at_close && p.bar == t)
        {
            p.see(high);
            p.see(low);
        }
    }

    /// Buying costs more and selling brings less by the slippage.
    fn slipped(&self, price: f64, buy: bool) -> f64 {
        let s = self.options.slippage();
        if buy { price * (1.0 + s) } else { price * (1.0 - s) }
    }

    fn column(&self, name: &str, bar: usize) -> Option<f64> {
        self.rows.number(name, bar)
    }

    fn flag(&self, name: &str, long: bool, bar: usize) -> bool {
        self.rows.flag(&sided(name, long), bar)
    }

    fn decide_entry(&mut self, t: usize) {
        let may = |long: bool| self.options.direction == "both" || (self.options.direction == "long") == long;
        let Some(long) = [true, false].into_iter().find(|&long| may(long) && self.flag("enter", long, t)) else {
            return;
        };
        let signal = Signal { long, bar: t };
        if self.options.fill == "close" {
            self.enter(signal, t, self.close[t]);
        } else {
            self.entry_due = Some(signal);
        }
    }

    fn execute_exit(&mut self, t: usize, reason: &'static str) {
        if self.options.fill == "close" {
            self.see_bar(t);
            self.leave(t, self.close[t], reason);
        } else {
            self.exit_due = Some(reason);
        }
    }

    fn enter(&mut self, signal: Signal, t: usize, price: f64) {
        let Signal { long, bar } = signal;
        let fill = self.slipped(price, long);
        let away = |distance: f64| if long { fill - distance } else { fill + distance };
        let [highest, lowest] = [f64::max, f64::min];
        let stops = [self.column("stop_distance", bar).map(away), self.column("stop_price", bar)];
        let stop = stops.into_iter().flatten().reduce(if long { highest } else { lowest });
        let targets = [self.column("target_distance", bar).map(|d| away(-d)), self.column("target_price", bar)];
        let target = targets.into_iter().flatten().reduce(if long { lowest } else { highest });
        let initial_risk = stop.map(|stop| if long { fill - stop } else { stop - fill }).filter(|risk| *risk > 0.0);
        let qty = match self.size(bar, fill, initial_risk) {
            Ok(qty) => qty,
            Err(reason) => return self.refuse(long, t, fill, reason),
        };
        let fee = qty * fill * self.options.fee();
        let equity_before = self.cash;
        self.cash -= fee + if long { qty * fill } else { -(qty * fill) };
        let waits = self.rows.has(&sided("trail_arm", long)) || self.column("trail_arm_r", bar).is_some();
        self.position = Some(Position {
            long,
            bar: t,
            price: fill,
            qty,
            fee,
            equity_before,
            initial_risk,
            stop,
            trailed: false,
            target,
            liquidation: self.liquidation(bar, long, fill, qty, equity_before),
            max_bars: self.column("max_bars", bar),
            arm_r: self.column("trail_arm_r", bar),
            armed: !waits,
            worst: 0.0,
            best: 0.0,
        });
        let order = Order { bar: t, buy: long, long, filled: true, qty, price: fill, fee, reason: "signal" };
        self.result.orders.push(order);
    }

    fn refuse(&mut self, long: bool, bar: usize, price: f64, reason: &'static str) {
        let order = Order { bar, buy: long, long, filled: false, qty: 0.0, price, fee: 0.0, reason };
        self.result.orders.push(order);
    }

    /// The quantity of an entry, or why it is refused.
    fn size(&self, bar: usize, fill: f64, initial_risk: Option<f64>) -> Result<f64, &'static str> {
        let equity = self.cash;
        if equity <= 0.0 {
            return Err("no_equity");
        }
        let mut notionals = vec![];
        if let Some(risk) = self.column("risk", bar) {
            let Some(distance) = initial_risk else { return Err("no_stop") };
            // Losing the distance on every unit loses this fraction of the equity.
            notionals.push(risk * equity / distance * fill);
        }
        notionals.extend(self.column("size", bar).map(|size| size * equity));
        notionals.extend(self.column("notional", bar));
        notionals.extend(self.column("qty", bar).map(|qty| qty * fill));
        if notionals.is_empty() {
            if ["risk", "size", "notional", "qty"].iter().any(|name| self.rows.has(name)) {
                return Err("zero_qty");
            }
            notionals.push(equity);
        }
        // Margin and fee fit into the equity.
        let leverage = self.column("leverage", bar).unwrap_or(1.0);
        notionals.push(equity / (1.0 / leverage + self.options.fee()));
        let mut qty = notionals.into_iter().fold(f64::INFINITY, f64::min) / fill;
        if self.options.lot_size > 0.0 {
            qty = (qty / self.options.lot_size + 1e-9).floor() * self.options.lot_size;
        }
        if qty <= 0.0 {
            Err("zero_qty")
        } else if qty * fill < self.options.min_notional {
            Err("below_min_notional")
        } else {
            Ok(qty)
        }
    }

    /// The price at which the equity is the maintenance margin of the notional.
    fn liquidation(&self, bar: usize, long: bool, fill: f64, qty: f64, equity: f64) -> Option<f64> {
        let margin = self.options.maintenance_margin;
        let cash = equity - qty * fill * self.options.fee();
        if long && self.column("leverage", bar).unwrap_or(1.0) <= 1.0 {
            return None;
        }
        // cash -+ qty * (fill - price) = margin * qty * price
        let level = if long {
            (qty * fill - cash) / (qty * (1.0 - margin))
        } else {
            (cash + qty * fill) / (qty * (1.0 + margin))
        };
        (level > 0.0).then_some(level)
    }

    /// The level that the bar touches, the price before slippage, and the reason.
    fn touched(&mut self, t: usize) -> Option<(f64, &'static str)> {
        let (open, high, low) = (self.open[t], self.high[t], self.low[t]);
        let p = self.position.as_ref()?;
        if self.options.fill == "close" && p.bar == t {
            return None;
        }
        let (adverse, favourable) = if p.long { (low, high) } else { (high, low) };
        let protective = p.protective_level();
        if let Some((level, reason)) = protective
            && p.is_at_or_beyond_stop(open, level)
        {
            return Some(self.seen(&[open], open, reason));
        }
        if p.is_at_or_beyond_target(open) {
            return Some(self.seen(&[open], open, "target"));
        }
        let stopped = protective.filter(|(level, _)| p.is_at_or_beyond_stop(adverse, *level));
        let target = p.target.filter(|_| p.is_at_or_beyond_target(favourable));
        match (stopped, target) {
            (Some((level, reason)), Some(target)) => {
                self.result.ambiguous_bars += 1;
                let stop_first = match self.options.intrabar {
                    "stop_first" => true,
                    "target_first" => false,
                    _ => (open - level).abs() <= (open - target).abs(),
                };
                Some(if stop_first {
                    self.seen(&[open, level], level, reason)
                } else {
                    self.seen(&[open, target], target, "target")
                })
            }
            (Some((level, reason)), None) => Some(self.seen(&[open, level], level, reason)),
            (None, Some(target)) => Some(self.seen(&[open, target], target, "target")),
            (None, None) => None,
        }
    }

    fn seen(&mut self, prices: &[f64], price: f64, reason: &'static str) -> (f64, &'static str) {
        if let Some(p) = &mut self.position {
            prices.iter().for_each(|&price| p.see(price));
        }
        (price, reason)
    }

    /// The first reason to leave that holds at the close.
    fn exit_at_close(&self, t: usize) -> Option<&'static str> {
        let p = self.position.as_ref()?;
        let close = self.close[t];
        if self.options.stop_fill == "close" {
            if let Some((level, reason)) = p.protective_level()
                && p.is_at_or_beyond_stop(close, level)
            {
                return Some(reason);
            }
            if p.is_at_or_beyond_target(close) {
                return Some("target");
            }
        }
        if self.flag("exit", p.long, t) {
            return Some("signal");
        }
        if p.armed && self.flag("exit_armed", p.long, t) {
            return Some("armed_signal");
        }
        (p.max_bars.is_some_and(|bars| (t - p.bar) as f64 >= bars)).then_some("time")
    }

    /// Arms the trail, then ratchets the stop.
    fn trail(&mut self, t: usize) {
        let close = self.close[t];
        let Some(p) = &self.position else { return };
        let long = p.long;
        let arm = self.flag("trail_arm", long, t);
        let distance = self.column("trail_distance", t);
        let level = self.column(&format!("trail_price_{}", if long { "long" } else { "short" }), t);
        let Some(p) = &mut self.position else { return };
        let profit = p.good(close) - p.good(p.price) - p.fee / p.qty;
        let reached = p.arm_r.zip(p.initial_risk).is_some_and(|(r, risk)| profit >= r * risk);
        p.armed |= arm || reached;
        if !p.armed {
            return;
        }
        let following = distance.map(|d| if long { close - d } else { close + d });
        for candidate in [following, level].into_iter().flatten() {
            if p.stop.is_none_or(|stop| p.good(candidate) > p.good(stop)) {
                p.stop = Some(candidate);
                p.trailed = true;
            }
        }
    }

    fn leave(&mut self, t: usize, price: f64, reason: &'static str) {
        let Some(mut p) = self.position.take() else { return };
        let buy = !p.long;
        let resting = reason == "target" && self.options.stop_fill == "intrabar";
        let fill = if resting { price } else { self.slipped(price, buy) };
        p.see(fill);
        let fee = p.qty * fill * self.options.fee();
        let gross_pnl = (p.good(fill) - p.good(p.price)) * p.qty;
        self.cash += p.good(fill) * p.qty - fee;
        let fees = p.fee + fee;
        let pnl = (gross_pnl - fees).max(-p.equity_before);
        self.cash = self.cash.max(0.0);
        self.result.ruined |= self.cash <= 0.0;
        self.result.orders.push(Order {
            bar: t,
            buy,
            long: p.long,
            filled: true,
            qty: p.qty,
            price: fill,
            fee,
            reason,
        });
        self.result.trades.push(Trade {
            long: p.long,
            entry_bar: p.bar,
            entry_price: p.price,
            exit_bar: t,
            exit_price: fill,
            qty: p.qty,
            gross_pnl: pnl + fees,
            fees,
            pnl,
            risk: p.initial_risk.map(|risk| risk * p.qty),
            mae: p.worst / p.price,
            mfe: p.best / p.price,
            reason,
            scale: p.equity_before,
        });
    }
}

fn sided(name: &str, long: bool) -> String {
    format!("{name}_{}", if long { "long" } else { "short" })
}
