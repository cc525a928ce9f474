//! Laws of the simulator on random bars, columns and options.

#[path = "common/dice.rs"]
mod dice;

use dice::Dice;
use proptest::prelude::*;
use threadx_kernels::bits::Bits;
use threadx_kernels::metric::METRICS;
use threadx_kernels::sim::*;

enum FlagColumn {
    None,
    Const(bool),
    Bits(Bits),
}

enum NumberColumn {
    None,
    Const(f64),
    Slice(Vec<f64>),
}

/// A random market with random columns.
struct World {
    ts: Vec<i64>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    flags: Vec<(&'static str, FlagColumn)>,
    numbers: Vec<(&'static str, NumberColumn)>,
    options: Options,
}

impl World {
    fn random(seed: u64, n: usize) -> World {
        let mut draw = Dice(seed);
        let mut world = World {
            ts: (0..n as i64).map(|i| i * 900_000_000).collect(),
            open: vec![],
            high: vec![],
            low: vec![],
            close: vec![],
            flags: vec![],
            numbers: vec![],
            options: options(&mut draw),
        };
        world.draw_bars(&mut draw, n);
        let lively = draw.pick(&[0.01, 0.1, 0.5]);
        let plain = |name: &str| {
            !["add", "scale_out", "entry_limit", "position", "max_adds"].iter().any(|p| name.starts_with(p))
        };
        for column in CONTRACT.iter().filter(|column| plain(column.name)) {
            match column.kind {
                ColumnKind::Bool => world.flags.push((column.name, flag_column(&mut draw, n, column.name, lively))),
                _ => {
                    let column = (column.name, number_column(&mut draw, &world.close, column.name));
                    world.numbers.push(column);
                }
            }
        }
        world
    }

    fn draw_bars(&mut self, draw: &mut Dice, n: usize) {
        let wildness = draw.pick(&[0.002, 0.02, 0.3]);
        let gap = if draw.chance(0.5) { 0.0 } else { wildness };
        // Broken bars, whose open or close lies outside of their range, must not make the kernels differ.
        let broken = if draw.chance(0.1) { 0.2 } else { 0.0 };
        let mut price = 100.0;
        for _ in 0..n {
            let open: f64 = price * (1.0 + gap * draw.between(-1.0, 1.0));
            let close: f64 = open * (1.0 + wildness * draw.between(-1.0, 1.0));
            self.open.push(open);
            self.close.push(close);
            self.high.push(open.max(close) * (1.0 + wildness * draw.unit() * 0.5));
            self.low.push(open.min(close) * (1.0 - wildness * draw.unit() * 0.5));
            if draw.chance(broken) {
                let t = self.open.len() - 1;
                self.open[t] *= 1.0 + wildness * draw.between(-2.0, 2.0).max(-0.9 / wildness);
            }
            price = close;
        }
    }

    fn bars(&self, n: usize) -> Bars<'_> {
        Bars {
            ts: &self.ts[..n],
            open: &self.open[..n],
            high: &self.high[..n],
            low: &self.low[..n],
            close: &self.close[..n],
            ..Bars::default()
        }
    }

    fn signals(&self, n: usize) -> Signals<'_> {
        let mut signals = Signals::default();
        for (name, column) in &self.flags {
            let flags = match column {
                FlagColumn::None => Flags::None,
                FlagColumn::Const(value) => Flags::Const(*value),
                FlagColumn::Bits(bits) => Flags::Bits(bits.prefix(n)),
            };
            assert!(signals.set_flags(name, flags));
        }
        for (name, column) in &self.numbers {
            let numbers = match column {
                NumberColumn::None => Numbers::None,
                NumberColumn::Const(value) => Numbers::Const(*value),
                NumberColumn::Slice(values) => Numbers::Slice(&values[..n]),
            };
            assert!(signals.set_numbers(name, numbers));
        }
        signals
    }

    fn run(&self, n: usize, record: &mut Record) -> Summary {
        simulate(&self.bars(n), &self.signals(n), &self.options, Needs::ALL, record)
    }
}

fn options(draw: &mut Dice) -> Options {
    Options {
        fill: draw.pick(&[Fill::NextOpen, Fill::Close]),
        stop_fill: draw.pick(StopFill::ALL),
        intrabar: draw.pick(Intrabar::ALL),
        fee_bps: draw.pick(&[0.0, 4.5, 10.0, 100.0]),
        slippage_bps: draw.pick(&[0.0, 5.0, 50.0]),
        initial_capital: draw.pick(&[1.0, 10_000.0, 1e9]),
        direction: draw.pick(&[
            DirectionFilter::Both,
            DirectionFilter::Both,
            DirectionFilter::Long,
            DirectionFilter::Short,
        ]),
        reentry: draw.pick(&[Reentry::SameBar, Reentry::NextBar]),
        lot_size: draw.pick(&[0.0, 0.0, 0.001, 1.0]),
        min_notional: draw.pick(&[0.0, 0.0, 10.0]),
        maintenance_margin: draw.pick(&[0.0, 0.005, 0.1]),
        periods_per_year: draw.pick(&[None, Some(35_040.0)]),
        risk_free: draw.pick(&[0.0, 0.05, -0.01]),
        ..Options::default()
    }
}

fn flag_column(draw: &mut Dice, n: usize, name: &str, lively: f64) -> FlagColumn {
    let absent = if name.starts_with("enter") { 0.15 } else { 0.4 };
    if draw.chance(absent) {
        FlagColumn::None
    } else if draw.chance(0.1) {
        FlagColumn::Const(draw.chance(0.5))
    } else {
        let bits: Vec<bool> = (0..n).map(|_| draw.chance(lively)).collect();
        FlagColumn::Bits(Bits::from_bools(&bits))
    }
}

fn number_column(draw: &mut Dice, close: &[f64], name: &str) -> NumberColumn {
    if draw.chance(if name == "leverage" { 0.3 } else { 0.6 }) {
        return NumberColumn::None;
    }
    let reach = draw.pick(&[0.002, 0.02, 0.2]);
    let value = |draw: &mut Dice, price: f64| match name {
        "stop_distance" | "target_distance" | "trail_distance" => price * reach * draw.between(-0.02, 1.0),
        "stop_price" | "target_price" | "trail_price_long" | "trail_price_short" => {
            price * (1.0 + reach * draw.between(-1.0, 1.0))
        }
        "trail_arm_r" => draw.between(-0.5, 3.0),
        "max_bars" => draw.between(-1.0, 90.0).round(),
        "size" => draw.between(-0.05, 2.0),
        "risk" => draw.between(0.0, 0.1),
        "notional" => draw.between(0.0, 20_000.0),
        "qty" => draw.between(0.0, 200.0),
        "leverage" => draw.pick(&[0.5, 1.0, 3.0, 20.0, 200.0]),
        _ => unreachable!("a number column of the contract"),
    };
    if draw.chance(0.3) {
        return NumberColumn::Const(value(draw, 100.0));
    }
    let gaps = draw.pick(&[0.0, 0.05, 0.5]);
    NumberColumn::Slice(
        close.iter().map(|&price| if draw.chance(gaps) { f64::NAN } else { value(draw, price) }).collect(),
    )
}

fn close_to(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// `Debug` prints every bit of a float and tells `-0` from `0`, and a `NaN` equals itself.
    #[test]
    fn the_fast_kernel_gives_the_bits_of_the_reference(seed: u64, n in 0_usize..500, wanted in 0_u8..32) {
        let world = World::random(seed, n);
        let kept = |bit: u8| wanted & (1 << bit) != 0;
        let [moments, downside, drawdown, mean_equity, money, market] = [0, 1, 2, 3, 4, 5].map(kept);
        let needs = Needs { moments, downside, drawdown, mean_equity, money, market };
        let (bars, signals) = (world.bars(n), world.signals(n));
        let wants = Record { trades: Some(vec![]), orders: Some(vec![]), equity: None };
        let (mut fast, mut slow) = (wants.clone(), wants);
        let fast_summary = simulate(&bars, &signals, &world.options, needs, &mut fast);
        let slow_summary = simulate_reference(&bars, &signals, &world.options, needs, &mut slow);
        prop_assert_eq!(format!("{fast_summary:?}"), format!("{slow_summary:?}"));
        prop_assert_eq!(format!("{fast:?}"), format!("{slow:?}"));
        // What is written down changes no number.
        let bare = simulate(&bars, &signals, &world.options, needs, &mut Record::none());
        prop_assert_eq!(format!("{bare:?}"), format!("{slow_summary:?}"));
    }

    #[test]
    fn the_trades_add_up_to_the_account(seed: u64, n in 0_usize..300) {
        let world = World::random(seed, n);
        let mut record = Record { trades: Some(vec![]), orders: Some(vec![]), equity: None };
        let summary = world.run(n, &mut record);
        let (trades, orders) = (record.trades.unwrap(), record.orders.unwrap());
        let capital = world.options.initial_capital;
        let pnl: f64 = trades.iter().map(|trade| trade.pnl).sum();
        let moved: f64 = trades.iter().map(|trade| trade.pnl.abs()).sum();
        prop_assert!((pnl - (summary.final_equity - capital)).abs() <= 1e-9 * (capital + moved));
        prop_assert!(summary.final_equity >= 0.0);
        prop_assert_eq!(summary.ruined, summary.final_equity == 0.0);
        let filled = orders.iter().filter(|order| order.status == OrderStatus::Filled);
        prop_assert_eq!(filled.clone().count(), 2 * trades.len());
        prop_assert_eq!(orders.len() - filled.clone().count(), summary.rejected_orders);
        prop_assert!(close_to(filled.map(|order| order.fee).sum(), summary.fees, 1e-9));
        prop_assert!(orders.windows(2).all(|pair| pair[0].bar <= pair[1].bar));
        for trade in &trades {
            prop_assert!(trade.qty > 0.0 && trade.entry_bar <= trade.exit_bar && trade.exit_bar < n);
            prop_assert!(trade.mae <= 0.0 && trade.mfe >= 0.0);
            // Away from ruin, profit is the price difference times the quantity, less fees.
            let gross = trade.direction.sign() * (trade.exit_price - trade.entry_price) * trade.qty;
            if !summary.ruined {
                prop_assert!((trade.pnl - (gross - trade.fees)).abs() <= 1e-9 * (trade.notional + capital));
            }
        }
        prop_assert!(trades.windows(2).all(|pair| pair[0].exit_bar <= pair[1].entry_bar));
    }

    #[test]
    fn later_bars_change_no_closed_trade(seed: u64, n in 2_usize..300, part in 0.0..1.0) {
        let world = World::random(seed, n);
        let cut = 1 + ((n - 1) as f64 * part) as usize;
        let trades = |n: usize| {
            let mut record = Record { trades: Some(vec![]), ..Record::none() };
            world.run(n, &mut record);
            record.trades.unwrap()
        };
        let (whole, mut prefix) = (trades(n), trades(cut));
        // What happens at the close of the last bar is the end of the data, not a decision.
        let cut_off = |reason| matches!(reason, Reason::EndOfData | Reason::Ruined);
        if prefix.last().is_some_and(|trade| trade.exit_bar + 1 == cut && cut_off(trade.exit_reason)) {
            prefix.pop();
        }
        prop_assert!(prefix.len() <= whole.len());
        prop_assert_eq!(format!("{prefix:?}"), format!("{:?}", &whole[..prefix.len()]));
    }

    /// The sums of the summary against plain loops over the curve.
    #[test]
    fn the_summary_is_the_sum_of_the_curve(seed: u64, n in 1_usize..300) {
        let world = World::random(seed, n);
        let mut record = Record::all();
        let summary = world.run(n, &mut record);
        let curve = record.equity.unwrap();
        let capital = world.options.initial_capital;
        prop_assert_eq!(curve.equity.len(), n);
        prop_assert_eq!(curve.equity[n - 1], summary.final_equity);
        prop_assert!(curve.direction[n - 1].is_none() && curve.ret[0].is_nan());
        for t in 1..n {
            let (before, after, r) = (curve.equity[t - 1], curve.equity[t], curve.ret[t]);
            prop_assert!(before == 0.0 && r == 0.0 || close_to(r, after / before - 1.0, 1e-9), "bar {}", t);
        }
        let rf = world.options.risk_free_per_bar();
        let sum = |f: &dyn Fn(f64) -> f64| curve.ret[1..].iter().map(|&r| f(r)).sum::<f64>();
        prop_assert!(close_to(summary.sum_returns, sum(&|r| r), 1e-9));
        prop_assert!(close_to(summary.sum_squares, sum(&|r| r * r), 1e-9));
        prop_assert!(close_to(summary.sum_downside, sum(&|r| (r - rf).min(0.0).powi(2)), 1e-9));
        prop_assert!(close_to(summary.mean_equity, curve.equity.iter().sum::<f64>() / n as f64, 1e-9));
        let (mut peak, mut deepest, mut under, mut longest) = (capital, 0.0_f64, 0, 0);
        for &equity in &curve.equity {
            peak = equity.max(peak);
            deepest = deepest.min(equity / peak - 1.0);
            under = if equity < peak { under + 1 } else { 0 };
            longest = longest.max(under);
        }
        prop_assert_eq!(summary.max_drawdown, deepest);
        prop_assert_eq!(summary.max_drawdown_bars, longest);
    }

    #[test]
    fn no_metric_is_ever_infinite_or_not_a_number(seed: u64, n in 0_usize..100) {
        let world = World::random(seed, n);
        let summary = world.run(n, &mut Record::none());
        for metric in METRICS {
            if let Some(value) = metric.value(&summary) {
                prop_assert!(value.is_finite(), "{}", metric.name);
            }
        }
    }
}

/// The properties above are worth something only if the random worlds reach every ending.
#[test]
fn the_random_worlds_reach_every_reason() {
    let mut seen: Vec<&str> = Vec::new();
    let mut ambiguous = 0;
    for seed in 0..3000 {
        let world = World::random(seed, 300);
        let mut record = Record { orders: Some(vec![]), ..Record::none() };
        ambiguous += world.run(300, &mut record).ambiguous_bars;
        seen.extend(record.orders.unwrap().iter().map(|order| order.reason.name()));
        seen.sort_unstable();
        seen.dedup();
    }
    // Those of plain positions; the others are reached by the random worlds of the laws.
    assert_eq!(seen.len(), 13, "{seen:?}");
    assert!(ambiguous > 100);
}
