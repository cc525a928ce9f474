//! One account over many series: what must hold whatever the market, the strategy and the options are, and a second account
//! that was written from the text of the rules alone.

#[path = "../common/dice.rs"]
mod dice;
mod market;
#[path = "../common/reduced.rs"]
mod reduced;
mod reference;
#[path = "../sim_ledger/world.rs"]
mod world;

use proptest::prelude::*;
use threadx_kernels::sim::{
    Allocation, Curve, Member, Needs, Numbers, Order, PortfolioRecord, PortfolioRules, Reason, Record, Summary, Trade,
    simulate_portfolio, simulate_reference, union_of_times,
};

use market::Market;
use reduced::reduced;
use reference::{Deal, Event, Fund};
use world::World;

/// What a run gave.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    times: Vec<i64>,
    summary: Summary,
    trades: Vec<(u32, Trade)>,
    orders: Vec<(u32, Order)>,
    curve: Curve,
    positions: Vec<u32>,
    free: Vec<f64>,
}

fn run(members: &[Member], rules: &PortfolioRules) -> Run {
    let series: Vec<&[i64]> = members.iter().map(|member| member.bars.ts).collect();
    let times = union_of_times(&series);
    let mut record = PortfolioRecord::new(Record::all());
    let summary = simulate_portfolio(members, &times, (rules, Needs::ALL), &mut record, &|| true).unwrap();
    let PortfolioRecord { record: Record { trades, orders, equity }, trade_members, order_members, positions, free } =
        record;
    Run {
        times,
        summary,
        trades: trade_members.into_iter().zip(trades.unwrap()).collect(),
        orders: order_members.into_iter().zip(orders.unwrap()).collect(),
        curve: equity.unwrap(),
        positions,
        free,
    }
}

fn run_market(market: &Market) -> Run {
    run(&market.members(), &market.rules())
}

/// Equal text is equal bits, missing numbers included.
fn text(value: &(impl std::fmt::Debug + ?Sized)) -> String {
    format!("{value:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever an order may do on one series: one member with one slot gives the bits of the reference.
    #[test]
    fn one_member_is_one_series(n in 0_usize..250, seed: u64, allocation in 0..2_usize) {
        let world = World::new(n, seed);
        let (bars, signals, options) = (world.bars(), world.signals(), world.options);
        let mut record = Record::all();
        let summary = simulate_reference(&bars, &signals, &options, Needs::ALL, &mut record);
        let allocation = [Allocation::Equal, Allocation::InverseVolatility][allocation];
        let rules = PortfolioRules { options: &options, max_positions: 1, allocation, rotate: seed.is_multiple_of(2) };
        let share = Numbers::Const(0.037);
        let member = Member { bars, signals, rank: Numbers::None, share, periods_per_year: options.periods_per_year };
        let got = run(&[member], &rules);
        let Record { trades, orders, equity } = record;
        let curve = equity.unwrap();
        prop_assert_eq!(text(&got.orders.iter().map(|(_, order)| order).collect::<Vec<_>>()), text(&orders.unwrap()));
        prop_assert_eq!(text(&got.trades.iter().map(|(_, trade)| trade).collect::<Vec<_>>()), text(&trades.unwrap()));
        prop_assert_eq!(text(&got.curve.equity), text(&curve.equity));
        prop_assert_eq!(text(&got.curve.drawdown), text(&curve.drawdown));
        prop_assert_eq!(text(&got.curve.ret), text(&curve.ret));
        prop_assert_eq!(text(&got.summary), text(&summary));
        let held: Vec<u32> = curve.direction.iter().map(|direction| u32::from(direction.is_some())).collect();
        prop_assert_eq!(got.positions, held);
    }

    /// Another account, which shares nothing with the kernels, does the same: order by order, trade by trade, time by time.
    #[test]
    fn both_accounts_do_the_same(n in 0_usize..150, seed: u64) {
        let market = Market::new(n, seed);
        // What is left of a ruined account is written down elsewhere.
        if run_market(&market).summary.ruined {
            return Ok(());
        }
        let difference = difference(&market);
        prop_assert!(difference.is_none(), "{}\n{:?}", difference.unwrap(), market.rules());
    }

    /// A member that never wants to trade changes nothing but what buying and holding all of them would have given.
    #[test]
    fn a_silent_member_changes_nothing(n in 1_usize..150, seed: u64, place: prop::sample::Index) {
        let market = Market::new(n, seed);
        let place = place.index(market.series.len() + 1);
        let silent = market.series[0].clone().silent();
        let before = run_market(&market);
        let mut more = market.clone();
        more.series.insert(place, silent);
        let mut after = run_market(&more);
        let without = |(member, _): &(u32, Trade)| *member as usize != place;
        prop_assert!(after.trades.iter().all(without));
        let shift = |member: &mut u32| *member -= u32::from(*member as usize > place);
        after.trades.iter_mut().for_each(|(member, _)| shift(member));
        after.orders.iter_mut().for_each(|(member, _)| shift(member));
        let Summary { market_return, sum_market, sum_market_squares, sum_products, .. } = before.summary;
        after.summary = Summary { market_return, sum_market, sum_market_squares, sum_products, ..after.summary };
        prop_assert_eq!(text(&after), text(&before));
    }

    /// What is known at a time does not change when later bars come.
    #[test]
    fn later_bars_change_nothing_earlier(n in 2_usize..150, seed: u64, cut: prop::sample::Index) {
        let market = Market::new(n, seed);
        let whole = run_market(&market);
        if whole.times.is_empty() {
            return Ok(());
        }
        // The last time of a run is its end: nothing is decided there.
        let last = cut.index(whole.times.len());
        let known = run_market(&market.until(whole.times[last]));
        prop_assert_eq!(text(&known.curve.equity[..last]), text(&whole.curve.equity[..last]));
        prop_assert_eq!(text(&known.positions[..last]), text(&whole.positions[..last]));
        let time = |market: &Market, member: u32, bar: usize| market.series[member as usize].ts[bar];
        let early = |run: &Run| {
            let is_early = |(member, trade): &&(u32, Trade)| time(&market, *member, trade.exit_bar) < whole.times[last];
            run.trades.iter().filter(is_early).filter(|(_, trade)| !is_at_the_end(trade)).map(text).collect::<Vec<_>>()
        };
        prop_assert_eq!(early(&known), early(&whole));
    }

    /// The profits are all that the account gains, and nobody is given what another one has.
    #[test]
    fn the_books_balance(n in 1_usize..200, seed: u64) {
        let market = Market::new(n, seed);
        let Run { summary, trades, curve, positions, free, .. } = run_market(&market);
        let money = curve.equity.iter().fold(market.options.initial_capital, |most, equity| most.max(*equity));
        let pnl: f64 = trades.iter().map(|(_, trade)| trade.pnl).sum();
        let initial = market.options.initial_capital;
        prop_assert!((initial + pnl - summary.final_equity).abs() <= 1e-9 * money, "{pnl} {}", summary.final_equity);
        prop_assert_eq!(trades.len(), summary.trades);
        prop_assert!(positions.iter().all(|&positions| positions as usize <= market.max_positions));
        prop_assert!(market.is_wild || free.iter().all(|free| *free >= -1e-9 * money));
        let flat = positions.iter().zip(&free).zip(&curve.equity).filter(|((positions, _), _)| **positions == 0);
        flat.for_each(|((_, free), equity)| assert_eq!(free, equity));
        // Each return is the step of the equity.
        for (t, pair) in curve.equity.windows(2).enumerate() {
            prop_assert!((pair[0] * (1.0 + curve.ret[t + 1]) - pair[1]).abs() <= 1e-9 * money);
        }
        let sum: f64 = curve.ret.iter().skip(1).sum();
        let size: f64 = 1.0 + curve.ret.iter().skip(1).map(|r| r.abs() + r * r).sum::<f64>();
        prop_assert!((sum - summary.sum_returns).abs() <= 1e-9 * size);
        let squares: f64 = curve.ret.iter().skip(1).map(|r| r * r).sum();
        prop_assert!((squares - summary.sum_squares).abs() <= 1e-9 * size);
        // Without a bar there is no mean.
        let mean = curve.equity.iter().sum::<f64>() / curve.equity.len() as f64;
        prop_assert!(curve.equity.is_empty() || (mean - summary.mean_equity).abs() <= 1e-9 * money);
    }

    /// What is kept does not change a bit of it, and what is not kept is not there.
    #[test]
    fn what_is_not_kept_changes_nothing_else(n in 0_usize..150, seed: u64, kept in 0_u8..64) {
        let market = Market::new(n, seed);
        let is_kept = |bit: u8| kept & 1 << bit != 0;
        let needs = Needs {
            moments: is_kept(0),
            downside: is_kept(1),
            drawdown: is_kept(2),
            mean_equity: is_kept(3),
            market: is_kept(4),
            money: is_kept(5),
        };
        let all = run_market(&market);
        let (members, rules) = (market.members(), market.rules());
        let mut record = PortfolioRecord::new(Record::none());
        let part = simulate_portfolio(&members, &all.times, (&rules, needs), &mut record, &|| true).unwrap();
        prop_assert_eq!(text(&part), text(&reduced(&all.summary, needs)));
    }

    /// A run that is not wanted any more ends at that time.
    #[test]
    fn a_run_that_is_not_wanted_ends(n in 1_usize..100, seed: u64, stop: prop::sample::Index) {
        let market = Market::new(n, seed);
        let (members, rules) = (market.members(), market.rules());
        let series: Vec<&[i64]> = members.iter().map(|member| member.bars.ts).collect();
        let times = union_of_times(&series);
        if times.is_empty() {
            return Ok(());
        }
        let (stop, asked) = (stop.index(times.len()), std::cell::Cell::new(0));
        let goes_on = || asked.replace(asked.get() + 1) < stop;
        let mut record = PortfolioRecord::new(Record::all());
        // The market is not wanted, so that only times are asked for.
        let summary = simulate_portfolio(&members, &times, (&rules, Needs::MONEY), &mut record, &goes_on);
        prop_assert_eq!(text(&summary), "None");
        prop_assert_eq!(asked.get(), stop + 1);
        prop_assert_eq!(record.record.equity.unwrap().equity.len(), stop);
    }

    /// Whose name comes first decides only between equal ranks; here no two are equal, and none is missing.
    #[test]
    fn the_order_of_members_is_the_order_of_ties(n in 1_usize..150, seed: u64) {
        let mut market = Market::new(n, seed);
        for (k, series) in market.series.iter_mut().enumerate() {
            let rank = &mut series.numbers[3];
            *rank = rank.iter().enumerate().map(|(t, _)| ((t * 37 + k * 11) % 101) as f64 + k as f64 / 100.0).collect();
        }
        let forward = run_market(&market);
        let count = market.series.len() as u32;
        market.series.reverse();
        let mut backward = run_market(&market);
        backward.orders.iter_mut().for_each(|(member, _)| *member = count - 1 - *member);
        let key = |orders: &[(u32, Order)]| {
            let row = |(member, order): &(u32, Order)| {
                let qty = if order.qty.is_nan() { -1.0 } else { order.qty };
                (*member, order.bar, order.reason, order.status, (qty * 1e6).round() as i64)
            };
            let mut rows: Vec<String> = orders.iter().map(|order| text(&row(order))).collect();
            rows.sort();
            rows
        };
        let money = forward.curve.equity.iter().fold(market.options.initial_capital, |most, equity| most.max(*equity));
        if market.options.lot_size == 0.0 && !market.is_wild {
            prop_assert_eq!(key(&backward.orders), key(&forward.orders));
            prop_assert!((backward.summary.final_equity - forward.summary.final_equity).abs() <= 1e-9 * money);
        }
    }
}

/// Where the account differs from the second one, if anywhere.
fn difference(market: &Market) -> Option<String> {
    let got = run_market(market);
    let Fund { events, deals, equity, .. } = Fund::run(market, &got.times);
    let event = |(member, order): &(u32, Order)| -> Event {
        (*member as usize, order.bar, order.direction, order.status, order.reason)
    };
    let got_events: Vec<Event> = got.orders.iter().map(event).collect();
    if let Some(i) = (0..events.len().max(got_events.len())).find(|&i| events.get(i) != got_events.get(i)) {
        return Some(format!("order {i}: got {:?}, expected {:?}", got_events.get(i), events.get(i)));
    }
    let closed = got.trades.iter().filter(|(_, trade)| trade.exit_reason != Reason::Open);
    let money = equity.iter().fold(market.options.initial_capital, |most, equity| most.max(*equity));
    let is_same = |(member, trade): &(u32, Trade), deal: &Deal| {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * money;
        (*member as usize, trade.entry_bar, trade.exit_bar) == (deal.0, deal.1, deal.2)
            && near(trade.qty * trade.entry_price, deal.3 * trade.entry_price)
            && near(trade.pnl, deal.4)
    };
    let closed: Vec<_> = closed.collect();
    if closed.len() != deals.len() {
        return Some(format!("{} trades, expected {}", closed.len(), deals.len()));
    }
    if let Some((trade, deal)) = closed.iter().zip(&deals).find(|(trade, deal)| !is_same(trade, deal)) {
        return Some(format!("got {trade:?}, expected {deal:?}"));
    }
    let unequal = got.curve.equity.iter().zip(&equity).position(|(a, b)| (a - b).abs() > 1e-9 * money);
    unequal.map(|t| format!("equity {t}: got {}, expected {}", got.curve.equity[t], equity[t]))
}

fn is_at_the_end(trade: &Trade) -> bool {
    matches!(trade.exit_reason, Reason::EndOfData | Reason::Open)
}

/// The comparison is worth something: what a portfolio does to orders happens in some of the markets.
#[test]
fn the_markets_reach_every_rule() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..400 {
        let run = run_market(&Market::new(120, seed));
        for (_, order) in &run.orders {
            *seen.entry((order.reason.name(), order.status.name())).or_insert(0) += 1;
        }
    }
    let expected = [
        ("rotated", "filled"),
        ("no_slot", "rejected"),
        ("no_capital", "rejected"),
        ("no_allocation", "rejected"),
        ("end_of_data", "cancelled"),
        ("end_of_data", "filled"),
        ("stop", "filled"),
        ("target", "filled"),
        ("rebalance", "filled"),
        ("liquidation", "filled"),
    ];
    for what in expected {
        assert!(seen.get(&what).is_some_and(|count| *count >= 10), "{what:?} is rare: {seen:?}");
    }
}
