//! The simulator against a second one that was written from the text of its contract alone.
//!
//! The second one keeps an account as an exchange does: cash, lots and fees in money, all bars in one plain loop. It shares
//! no formula with the kernels, which account for a position relative to the equity at its entry. Both get the same random
//! worlds and must do the same in them: order by order, trade by trade, bar by bar.

mod account;
#[path = "../common/dice.rs"]
mod dice;
mod orders;
mod trader;
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use threadx_kernels::sim::{
    Curve, Needs, Order, OrderStatus, Reason, Record, Summary, Trade, simulate, simulate_reference,
};

use account::Deal;
use trader::Trader;
use world::World;

/// What the simulator under test gave.
struct Run {
    summary: Summary,
    trades: Vec<Trade>,
    orders: Vec<Order>,
    curve: Curve,
}

fn run(world: &World) -> Run {
    let (bars, signals) = (world.bars(), world.signals());
    world.options.check().unwrap();
    let mut record = Record::all();
    let summary = simulate_reference(&bars, &signals, &world.options, Needs::ALL, &mut record);
    let Record { trades, orders, equity } = record;
    Run { summary, trades: trades.unwrap(), orders: orders.unwrap(), curve: equity.unwrap() }
}

/// Equal up to rounding at this scale; missing numbers are equal too.
fn near(got: f64, expected: f64, scale: f64) -> bool {
    got == expected || (got - expected).abs() <= 1e-9 * scale || (got.is_nan() && expected.is_nan())
}

/// `money` is what went through the account.
fn same_order(got: &Order, expected: &Order, money: f64) -> bool {
    let of = |o: &Order| (o.bar, o.side, o.direction, o.status, o.reason);
    let units = if expected.price > 0.0 { money / expected.price } else { expected.qty };
    // A quantity that no margin is free for has a sign only by rounding.
    let is_nothing = |o: &Order| o.reason == Reason::ZeroQty && (o.qty.is_nan() || o.qty <= 1e-9 * units);
    of(got) == of(expected)
        && near(got.price, expected.price, expected.price)
        && (near(got.qty, expected.qty, units) || (is_nothing(got) && is_nothing(expected)))
        && near(got.fee, expected.fee, money)
}

fn same_trade(got: &Trade, expected: &Deal, money: f64) -> bool {
    let price = expected.prices.0.max(expected.prices.1);
    (got.position_id, got.direction) == (expected.position_id, expected.direction)
        && (got.entry_bar, got.exit_bar) == expected.bars
        && (got.entry_reason, got.exit_reason) == expected.reasons
        && near(got.entry_price, expected.prices.0, price)
        && near(got.exit_price, expected.prices.1, price)
        && near(got.qty, expected.qty, money / price)
        && near(got.fees, expected.fees, money)
        && near(got.pnl, expected.pnl, money)
        && near(got.gross_pnl, expected.pnl + expected.fees, money)
}

/// The first pair of rows that are not the same, with the rows before it.
fn first_difference<A: std::fmt::Debug, B: std::fmt::Debug>(
    got: &[A],
    expected: &[B],
    same: impl Fn(&A, &B) -> bool,
) -> Option<String> {
    let count = got.len().max(expected.len());
    let i = (0..count).find(|&i| !got.get(i).zip(expected.get(i)).is_some_and(|(a, b)| same(a, b)))?;
    let before: String = got[i.saturating_sub(3)..i].iter().map(|row| format!("  {row:?}\n")).collect();
    Some(format!("row {i}: got\n  {:?}\nexpected\n  {:?}\nafter\n{before}", got.get(i), expected.get(i)))
}

/// Where the two do not do the same, if anywhere; worlds in which rounding decides about ruin are passed over.
fn difference(world: &World) -> Option<String> {
    let Run { summary, trades, orders, curve } = run(world);
    let (bars, signals) = (world.bars(), world.signals());
    let expected = Trader::run(&bars, &signals, &world.options);
    let account = &expected.account;
    if account.is_on_edge {
        return None;
    }
    let filled = account.orders.iter().filter(|order| order.status == OrderStatus::Filled);
    let money = world.options.initial_capital + filled.map(|order| order.notional).sum::<f64>();

    let by_order = first_difference(&orders, &account.orders, |a, b| same_order(a, b, money));
    let by_trade = || first_difference(&trades, &account.deals, |a, b| same_trade(a, b, money));
    let by_equity = || first_difference(&curve.equity, &expected.equity, |a, b| near(*a, *b, money));
    let by_qty = || first_difference(&curve.net_qty, &expected.net_qty, |a, b| near(*a, *b, money / 10.0));
    let rejected = account.orders.iter().filter(|order| order.status == OrderStatus::Rejected).count();
    let counts = [
        (summary.ambiguous_bars, expected.ambiguous),
        (summary.undetailed_bars, expected.undetailed),
        (summary.rejected_orders, rejected),
        (summary.bars_in_market, expected.bars_in_market),
        (usize::from(summary.ruined), usize::from(account.is_ruined)),
    ];
    let sums = [
        (summary.final_equity, expected.equity.last().copied().unwrap_or(world.options.initial_capital)),
        (summary.traded_notional, money - world.options.initial_capital),
        (summary.fees, account.fees),
        (summary.funding, account.funding),
        (summary.borrow, account.borrow),
    ];
    let by_summary = || {
        let is_same = counts.iter().all(|(got, expected)| got == expected)
            && sums.iter().all(|(got, expected)| near(*got, *expected, money));
        (!is_same).then(|| format!("got and expected: {counts:?}, {sums:?}"))
    };
    by_order.or_else(by_trade).or_else(by_equity).or_else(by_qty).or_else(by_summary)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn both_do_the_same(n in 0_usize..250, seed: u64) {
        let world = World::new(n, seed);
        let difference = difference(&world);
        prop_assert!(difference.is_none(), "{}\n{:?}\n{:?}", difference.unwrap(), world.features, world.options);
    }

    /// The kernel that skips bars gives the bits of the one that does not.
    #[test]
    fn skipping_changes_nothing(n in 0_usize..400, seed: u64) {
        let world = World::new(n, seed);
        let Run { summary, trades, orders, .. } = run(&world);
        let mut record = Record { equity: None, ..Record::all() };
        let fast = simulate(&world.bars(), &world.signals(), &world.options, Needs::ALL, &mut record);
        // The shortest digits that read back as the same number, and `-0.0`: equal texts are equal bits.
        let texts = [format!("{fast:?}"), format!("{summary:?}")];
        prop_assert_eq!(&texts[0], &texts[1], "{:?}\n{:?}", world.features, world.options);
        let texts = [format!("{record:?}"), format!("{:?}", Record { trades: Some(trades), orders: Some(orders), equity: None })];
        prop_assert_eq!(&texts[0], &texts[1], "{:?}\n{:?}", world.features, world.options);
    }
}

/// What happens to orders in portfolios and under rules of other engines.
const ELSEWHERE: &[Reason] =
    &[Reason::OverBudget, Reason::Rotated, Reason::NoSlot, Reason::NoCapital, Reason::NoAllocation];

/// The comparison is worth something: each thing that can happen to an order happens in some of the worlds.
#[test]
fn the_worlds_reach_every_rule() {
    let mut seen = BTreeSet::new();
    for seed in 0..1500 {
        let Run { summary, trades, orders, .. } = run(&World::new(200, seed));
        seen.extend(orders.iter().map(|order| order.reason.name()));
        seen.extend(orders.iter().map(|order| order.status.name()));
        seen.extend(trades.iter().map(|trade| trade.exit_reason.name()));
        let mut see = |is_seen: bool, name| is_seen.then(|| seen.insert(name));
        see(summary.ambiguous_bars > 0, "ambiguous");
        see(summary.undetailed_bars > 0, "undetailed");
        see(summary.ruined, "ruined at the end");
        see(summary.funding != 0.0, "funding");
        see(summary.borrow > 0.0, "borrow");
        let is_partial = |pair: &[Trade]| pair[0].position_id == pair[1].position_id;
        see(trades.windows(2).any(|pair| is_partial(pair) && pair[0].exit_bar < pair[1].exit_bar), "partial exit");
        see(trades.windows(2).any(|pair| is_partial(pair) && pair[0].entry_bar < pair[1].entry_bar), "separate lots");
        let added = |trade: &Trade| matches!(trade.entry_reason, Reason::Add | Reason::Rebalance);
        see(trades.iter().any(added), "lot of an add");
    }
    let more = [
        "ambiguous",
        "undetailed",
        "ruined at the end",
        "funding",
        "borrow",
        "partial exit",
        "separate lots",
        "lot of an add",
    ];
    // No world has a size that is more than rounded down, and no other series.
    let reasons = Reason::ALL.iter().filter(|reason| !ELSEWHERE.contains(reason)).map(|reason| reason.name());
    for name in reasons.chain(OrderStatus::ALL.iter().map(|status| status.name())).chain(more) {
        assert!(seen.contains(name), "{name} is never reached");
    }
}
