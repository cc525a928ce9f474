//! What holds for every run of the simulator, whatever the bars, the columns and the options.

#[path = "common/reduced.rs"]
mod reduced;

use proptest::prelude::*;
use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, CONTRACT, ColumnKind, Curve, Detail, Direction, DirectionConflict, DirectionFilter, EntryExitConflict, Fill,
    FinalClose, Flags, Funding, Group, Intrabar, LimitFill, Liquidation, Lots, Margin, Needs, Numbers, OnOpposite,
    Options, Order, OrderStatus, OutcomeCache, OverBudget, Reason, Rebalance, Record, Reentry, Side, Signals,
    SizeBasis, SlippageOn, StopFill, Summary, Trade, Unfilled, simulate, simulate_groups, simulate_reference,
};

use reduced::reduced;

/// The columns beyond plain positions.
const MORE: &[&str] = &[
    "position",
    "entry_limit_price",
    "entry_limit_bars",
    "scale_out_long",
    "scale_out_short",
    "scale_out_fraction",
    "add_long",
    "add_short",
    "add_again_long",
    "add_again_short",
    "max_adds",
    "add_stop_distance",
    "add_stop_price",
];

/// A reproducible stream of numbers.
struct Dice(u64);

impl Dice {
    /// In `0..1`.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.next() < p
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.next() * from.len() as f64) as usize]
    }
}

/// A column with its values.
#[derive(Clone)]
enum Column {
    Flags(&'static str, Option<Bits>, bool),
    Numbers(&'static str, Option<Vec<f64>>, f64),
}

/// A random market, strategy and set of options.
struct World {
    ts: Vec<i64>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
    /// Rates due at opens and inside bars; empty in most worlds.
    funding: [Vec<f64>; 2],
    /// Open, high and low of finer bars, and where those of each bar begin; empty in most worlds.
    finer: [Vec<f64>; 3],
    starts: Vec<u32>,
    columns: Vec<Column>,
    options: Options,
}

impl World {
    /// A world of plain positions: one entry and one exit each.
    fn plain(n: usize, seed: u64) -> Self {
        World::new(n, seed, true)
    }

    /// Any world; half of them are plain.
    fn any(n: usize, seed: u64) -> Self {
        World::new(n, seed, seed.is_multiple_of(2))
    }

    fn new(n: usize, seed: u64, is_plain: bool) -> Self {
        let mut dice = Dice(seed);
        for _ in 0..4 {
            dice.next();
        }
        let mut world = World {
            ts: vec![],
            open: vec![],
            high: vec![],
            low: vec![],
            close: vec![],
            volume: vec![],
            funding: [vec![], vec![]],
            finer: Default::default(),
            starts: vec![],
            columns: vec![],
            options: options(&mut dice),
        };
        world.add_bars(&mut dice, n);
        if dice.chance(0.3) {
            world.add_detail(&mut dice);
        }
        if is_plain {
            world.add_columns(&mut dice, |name| !MORE.contains(&name));
        } else {
            world.add_columns(&mut dice, |_| true);
            world.add_more(&mut dice, n);
        }
        world
    }

    /// What goes beyond plain positions in the options and the market.
    fn add_more(&mut self, dice: &mut Dice, n: usize) {
        self.options = Options {
            fill: dice.pick(Fill::ALL),
            reentry: dice.pick(Reentry::ALL),
            maker_fee_bps: dice.pick(&[None, None, Some(0.0), Some(20.0), Some(-3.0)]),
            fee_per_unit: dice.pick(&[0.0, 0.0, 0.02]),
            fee_min: dice.pick(&[0.0, 0.0, 0.5]),
            borrow_bps: dice.pick(&[0.0, 0.0, 300.0]),
            fee_fixed: dice.pick(&[0.0, 0.0, 0.3]),
            slippage_on: dice.pick(SlippageOn::ALL),
            on_opposite: dice.pick(OnOpposite::ALL),
            entry_exit_conflict: dice.pick(EntryExitConflict::ALL),
            direction_conflict: dice.pick(DirectionConflict::ALL),
            size_basis: dice.pick(&[SizeBasis::Notional, SizeBasis::Notional, SizeBasis::Cash, SizeBasis::BuyingPower]),
            over_budget: dice.pick(OverBudget::ALL),
            min_qty: dice.pick(&[0.0, 0.0, 0.1]),
            liquidation: dice.pick(Liquidation::ALL),
            final_close: dice.pick(FinalClose::ALL),
            rebalance: dice.pick(&[Rebalance::OnChange, Rebalance::Every(1), Rebalance::Every(7)]),
            limit_fill: dice.pick(LimitFill::ALL),
            tick_size: dice.pick(&[0.0, 0.0, 0.01, 0.25]),
            max_volume_share: dice.pick(&[0.0, 0.0, 0.1, 1.0]),
            unfilled: dice.pick(Unfilled::ALL),
            margin: dice.pick(Margin::ALL),
            lots: dice.pick(Lots::ALL),
            ..self.options
        };
        self.volume = (0..n).map(|_| dice.pick(&[0.0, 1.0, 50.0, 1000.0, 1e12])).collect();
        if dice.chance(0.3) {
            let mut rates = || (0..n).map(|_| dice.pick(&[0.0, 0.0, 0.0, 0.001, -0.002])).collect();
            self.funding = [rates(), rates()];
        }
    }

    /// A walk with gaps; every fifth price is on a coarse grid, so that levels are hit exactly.
    fn add_bars(&mut self, dice: &mut Dice, n: usize) {
        let step = dice.pick(&[0.002, 0.01, 0.05, 0.2]);
        let gaps = dice.pick(&[0.0, 0.05, 0.5]);
        let coarse = dice.chance(0.2);
        let round = |price: f64| if coarse { price.round().max(1.0) } else { price.max(0.01) };
        let mut price = 100.0;
        for t in 0..n {
            if dice.chance(gaps) {
                price *= 1.0 + (dice.next() - 0.5) * 4.0 * step;
            }
            let open = round(price);
            let close = round(open * (1.0 + (dice.next() - 0.5) * 2.0 * step));
            self.ts.push(t as i64 * 60_000_000);
            self.open.push(open);
            self.high.push(round(open.max(close) * (1.0 + dice.next() * step)).max(open.max(close)));
            self.low.push(round(open.min(close) * (1.0 - dice.next() * step)).min(open.min(close)));
            self.close.push(close);
            price = close;
        }
    }

    /// Finer bars inside each bar: all of it, parts that leave out its ends, or none.
    fn add_detail(&mut self, dice: &mut Dice) {
        self.starts.push(0);
        for t in 0..self.close.len() {
            let (low, high) = (self.low[t], self.high[t]);
            let reach = dice.pick(&[1.0, 1.0, 0.5]);
            for part in 0..dice.pick(&[0, 1, 3, 3]) {
                let between = |dice: &mut Dice| low + (high - low) * reach * dice.next();
                let open = if part == 0 { self.open[t] } else { between(dice) };
                let (one, other) = (between(dice), between(dice));
                let highest = if dice.chance(0.4 * reach) { high } else { open.max(one).max(other) };
                let lowest = if dice.chance(0.4) { low } else { open.min(one).min(other) };
                self.finer.iter_mut().zip([open, highest, lowest]).for_each(|(column, price)| column.push(price));
            }
            self.starts.push(self.finer[0].len() as u32);
        }
    }

    fn add_columns(&mut self, dice: &mut Dice, wanted: impl Fn(&str) -> bool) {
        for column in CONTRACT.iter().filter(|column| wanted(column.name)) {
            let is_entry = column.name.starts_with("enter");
            let probability = match column.name {
                "position" => 0.1,
                "entry_limit_price" => 0.2,
                _ if is_entry => 0.9,
                _ => 0.4,
            };
            if !dice.chance(probability) {
                continue;
            }
            let constant = dice.chance(0.3);
            let random = match column.kind {
                ColumnKind::Bool => {
                    let p = dice.pick(&[0.003, 0.03, 0.3, 0.7]);
                    let bits: Vec<bool> = (0..self.close.len()).map(|_| dice.chance(p)).collect();
                    let bits = Bits::from_bools(&bits);
                    Column::Flags(column.name, (!constant).then_some(bits), dice.chance(0.6))
                }
                ColumnKind::Number | ColumnKind::Int => {
                    let missing = dice.pick(&[0.0, 0.1, 0.8]);
                    let scale = dice.pick(&[0.01, 0.05, 0.2]);
                    let values = (0..self.close.len())
                        .map(|t| {
                            if dice.chance(missing) { f64::NAN } else { value(dice, column.name, self.close[t], scale) }
                        })
                        .collect();
                    let one = value(dice, column.name, 100.0, scale);
                    Column::Numbers(column.name, (!constant).then_some(values), one)
                }
            };
            self.columns.push(random);
        }
    }

    /// The first `n` bars.
    fn bars(&self, n: usize) -> Bars<'_> {
        let [finer_open, finer_high, finer_low] = &self.finer;
        Bars {
            ts: &self.ts[..n],
            open: &self.open[..n],
            high: &self.high[..n],
            low: &self.low[..n],
            close: &self.close[..n],
            volume: self.volume.get(..n).unwrap_or(&[]),
            funding: Funding {
                at_open: self.funding[0].get(..n).unwrap_or(&[]),
                inside: self.funding[1].get(..n).unwrap_or(&[]),
            },
            detail: self.starts.get(..=n).map(|starts| Detail {
                open: finer_open,
                high: finer_high,
                low: finer_low,
                starts,
            }),
        }
    }

    /// The columns on the first `n` bars.
    fn signals(&self, n: usize) -> Signals<'_> {
        let mut signals = Signals::default();
        for column in &self.columns {
            assert!(match column {
                Column::Flags(name, Some(bits), _) => signals.set_flags(name, Flags::Bits(bits.prefix(n))),
                Column::Flags(name, None, constant) => signals.set_flags(name, Flags::Const(*constant)),
                Column::Numbers(name, Some(values), _) => signals.set_numbers(name, Numbers::Slice(&values[..n])),
                Column::Numbers(name, None, constant) => signals.set_numbers(name, Numbers::Const(*constant)),
            });
        }
        signals
    }

    /// The reference on the first `n` bars, with everything kept and written down.
    fn reference(&self, n: usize) -> Run {
        let mut record = Record::all();
        let summary = simulate_reference(&self.bars(n), &self.signals(n), &self.options, Needs::ALL, &mut record);
        Run { summary, trades: record.trades.unwrap(), orders: record.orders.unwrap(), curve: record.equity.unwrap() }
    }
}

struct Run {
    summary: Summary,
    trades: Vec<Trade>,
    orders: Vec<Order>,
    curve: Curve,
}

fn options(dice: &mut Dice) -> Options {
    let options = Options {
        fill: dice.pick(&[Fill::NextOpen, Fill::Close]),
        stop_fill: dice.pick(StopFill::ALL),
        intrabar: dice.pick(Intrabar::ALL),
        fee_bps: dice.pick(&[0.0, 4.5, 10.0, 100.0, -2.5, -100.0]),
        slippage_bps: dice.pick(&[0.0, 5.0, 100.0]),
        initial_capital: dice.pick(&[1.0, 10_000.0, 1e9]),
        direction: dice.pick(&[
            DirectionFilter::Both,
            DirectionFilter::Both,
            DirectionFilter::Long,
            DirectionFilter::Short,
        ]),
        reentry: dice.pick(&[Reentry::SameBar, Reentry::NextBar]),
        lot_size: dice.pick(&[0.0, 0.0, 0.001, 1.0]),
        min_notional: dice.pick(&[0.0, 0.0, 10.0]),
        maintenance_margin: dice.pick(&[0.0, 0.005, 0.3]),
        periods_per_year: dice.pick(&[None, Some(35_040.0), Some(12.0)]),
        risk_free: dice.pick(&[0.0, 0.03, -0.02]),
        ..Options::default()
    };
    options.check().unwrap();
    options
}

/// A plausible, and now and then an absurd, value of a number column.
fn value(dice: &mut Dice, name: &str, price: f64, scale: f64) -> f64 {
    if dice.chance(0.01) {
        return dice.pick(&[0.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, 1e-300, 1e300]);
    }
    let u = dice.next();
    match name {
        "stop_price" | "target_price" | "trail_price_long" | "trail_price_short" => {
            (price * (1.0 + (u - 0.5) * 4.0 * scale)).round()
        }
        "stop_distance" | "target_distance" | "trail_distance" => price * scale * u,
        "trail_arm_r" => u * 3.0,
        "max_bars" => (u * u * 200.0).floor(),
        "size" => u * 3.0,
        "risk" => u * scale,
        "notional" => u * 20_000.0,
        "qty" => u * 200.0,
        "leverage" => dice.pick(&[0.5, 1.0, 3.0, 20.0]),
        "position" => (u * 5.0).floor() / 2.0 - 1.0,
        "scale_out_fraction" => u * 1.2,
        "max_adds" => (u * 4.0).floor(),
        "entry_limit_bars" => (u * 6.0).floor(),
        "add_stop_distance" => price * scale * u,
        "entry_limit_price" | "add_stop_price" => (price * (1.0 + (u - 0.5) * 2.0 * scale)).round(),
        _ => panic!("no values for {name}"),
    }
}

fn text(value: &impl std::fmt::Debug) -> String {
    // The shortest digits that read back as the same number, and `-0.0`: equal texts are equal bits.
    format!("{value:?}")
}

fn all_needs() -> impl Iterator<Item = Needs> {
    (0..64).map(|i| Needs {
        moments: i & 1 != 0,
        downside: i & 2 != 0,
        drawdown: i & 4 != 0,
        mean_equity: i & 8 != 0,
        money: i & 16 != 0,
        market: i & 32 != 0,
    })
}

fn close_to(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.abs().max(b.abs())
}

/// Whether the exit of a trade was filled at the open of its bar after a decision at the close before.
fn left_at_open(trade: &Trade, options: &Options) -> bool {
    let decided = match trade.exit_reason {
        Reason::Signal | Reason::ArmedSignal | Reason::Time => true,
        Reason::Stop | Reason::TrailingStop | Reason::Target | Reason::Liquidation => {
            options.stop_fill == StopFill::Close
        }
        _ => false,
    };
    decided && options.fill == Fill::NextOpen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// The fast kernel gives the bits of the reference, whatever is kept; and what is kept changes nothing else.
    #[test]
    fn fast_and_reference_are_the_same(n in 0_usize..700, seed: u64) {
        let world = World::any(n, seed);
        let full = world.reference(n);
        let (bars, signals) = (world.bars(n), world.signals(n));
        for needs in all_needs() {
            let expected = text(&reduced(&full.summary, needs));
            let slow = simulate_reference(&bars, &signals, &world.options, needs, &mut Record::none());
            prop_assert_eq!(&text(&slow), &expected);
            let mut record = Record { equity: None, ..Record::all() };
            let fast = simulate(&bars, &signals, &world.options, needs, &mut record);
            prop_assert_eq!(&text(&fast), &expected);
            prop_assert_eq!(text(&record.trades.unwrap()), text(&full.trades));
            prop_assert_eq!(text(&record.orders.unwrap()), text(&full.orders));
            let bare = simulate(&bars, &signals, &world.options, needs, &mut Record::none());
            prop_assert_eq!(&text(&bare), &expected);
        }
        let mut record = Record::all();
        let fast = simulate(&bars, &signals, &world.options, Needs::ALL, &mut record);
        prop_assert_eq!(text(&fast), text(&full.summary));
        prop_assert_eq!(text(&record.equity.unwrap()), text(&full.curve));
    }

    /// Entries that share the outcomes of their exits give the bits of the reference, in any order and with a used cache.
    #[test]
    fn shared_outcomes_and_reference_are_the_same(n in 0_usize..500, seed: u64) {
        let (world, mut cache) = (World::any(n, seed), OutcomeCache::default());
        let (bars, signals) = (world.bars(n), world.signals(n));
        let mut dice = Dice(seed ^ 0x5EED);
        let entries: Vec<[Bits; 2]> = (0..4)
            .map(|_| {
                let p = dice.pick(&[0.01, 0.1, 0.6]);
                [(); 2].map(|()| Bits::from_bools(&(0..n).map(|_| dice.chance(p)).collect::<Vec<_>>()))
            })
            .collect();
        for needs in all_needs() {
            let own = (signals.enter_long, signals.enter_short);
            let sets = entries.iter().map(|[long, short]| (Flags::Bits(long.as_slice()), Flags::Bits(short.as_slice())));
            let sets: Vec<_> = sets.chain([own]).collect();
            let without = Signals { trail_distance: Numbers::None, trail_arm_r: Numbers::None, ..signals };
            // The same levels, left later or earlier.
            let longer = Signals { max_bars: Numbers::None, exit_long: signals.exit_short, ..signals };
            let shorter = Signals { max_bars: Numbers::Const(3.0), ..signals };
            let groups = [(signals, 5), (without, 5), (longer, 2), (shorter, 2)]
                .map(|(exits, count)| Group { exits, entries: sets[..count].to_vec() });
            let fast = simulate_groups(&bars, &groups, (&world.options, needs), &mut cache, &|| true).unwrap();
            for (group, fast) in groups.iter().zip(fast) {
                for ((enter_long, enter_short), fast) in group.entries.iter().zip(fast) {
                    let signals = Signals { enter_long: *enter_long, enter_short: *enter_short, ..group.exits };
                    let slow = simulate_reference(&bars, &signals, &world.options, needs, &mut Record::none());
                    prop_assert_eq!(text(&fast), text(&slow));
                }
            }
        }
    }

    /// A run without a bar that touches both levels is the same whatever is assumed about the inside of bars.
    #[test]
    fn without_an_ambiguous_bar_no_rule_for_the_inside_matters(n in 0_usize..500, seed: u64) {
        let mut world = World::any(n, seed);
        let rules = [Intrabar::StopFirst, Intrabar::TargetFirst, Intrabar::NearestOpen];
        let runs = rules.map(|intrabar| {
            world.options.intrabar = intrabar;
            world.reference(n)
        });
        let shown = |run: &Run| [text(&run.summary), text(&run.trades), text(&run.orders), text(&run.curve)];
        if runs.iter().any(|run| run.summary.ambiguous_bars == 0) {
            prop_assert_eq!(shown(&runs[1]), shown(&runs[0]));
            prop_assert_eq!(shown(&runs[2]), shown(&runs[0]));
        }
    }

    /// No trade that was over before the cut depends on a bar after it, and neither does the curve before the cut.
    #[test]
    fn later_bars_change_nothing(n in 2_usize..300, seed: u64, part in 0.0..1.0) {
        let world = World::any(n, seed);
        let cut = 1 + (part * (n - 1) as f64) as usize;
        let (full, prefix) = (world.reference(n), world.reference(cut));
        // The last bar of the prefix decides nothing and closes what is open.
        let over = |run: &Run| {
            let ended = |t: &&Trade| t.exit_bar + 1 < cut && t.exit_reason != Reason::EndOfData;
            run.trades.iter().filter(ended).copied().collect::<Vec<_>>()
        };
        prop_assert_eq!(text(&over(&prefix)), text(&over(&full)));
        let sent = |run: &Run| {
            let ended = |o: &&Order| o.bar + 1 < cut && o.reason != Reason::EndOfData;
            run.orders.iter().filter(ended).copied().collect::<Vec<_>>()
        };
        prop_assert_eq!(text(&sent(&prefix)), text(&sent(&full)));
        prop_assert_eq!(text(&&prefix.curve.equity[..cut - 1]), text(&&full.curve.equity[..cut - 1]));
        prop_assert_eq!(text(&&prefix.curve.ret[..cut - 1]), text(&&full.curve.ret[..cut - 1]));
    }

    /// A cash account that books the orders one by one comes to the same equity.
    #[test]
    fn the_orders_add_up_to_the_equity(n in 0_usize..300, seed: u64) {
        let world = World::plain(n, seed);
        let Run { summary, trades, orders, curve } = world.reference(n);
        let capital = world.options.initial_capital;
        let turned: f64 = orders.iter().filter(|o| o.status == OrderStatus::Filled).map(|o| o.notional).sum();
        let scale = capital + turned;
        let mut cash = capital;
        let mut held = 0.0;
        let mut next = orders.iter().peekable();
        for t in 0..n {
            while let Some(order) = next.next_if(|order| order.bar == t) {
                if order.status == OrderStatus::Rejected {
                    prop_assert_eq!(order.fee, 0.0);
                    continue;
                }
                let d = if order.side == Side::Buy { 1.0 } else { -1.0 };
                prop_assert!(order.qty > 0.0 && close_to(order.qty * order.price, order.notional, 0.0));
                prop_assert!(close_to(order.fee, order.notional * world.options.fee(), 0.0));
                cash -= d * order.notional + order.fee;
                // One position at a time: an order that closes leaves nothing.
                held = if (d > 0.0) == (order.direction == Direction::Long) { d * order.qty } else { 0.0 };
            }
            if curve.equity[t] == 0.0 {
                break;
            }
            prop_assert_eq!(curve.net_qty[t], held);
            prop_assert!(close_to(curve.equity[t], cash + held * world.close[t], scale), "bar {}", t);
        }
        prop_assert!(close_to(summary.traded_notional, turned, capital));
        let fees: f64 = orders.iter().map(|o| o.fee).sum();
        prop_assert!(close_to(summary.fees, fees, capital));
        let rejected = orders.iter().filter(|o| o.status == OrderStatus::Rejected).count();
        prop_assert_eq!(summary.rejected_orders, rejected);
        prop_assert_eq!(orders.len(), rejected + 2 * trades.len());
    }

    /// A cash account that books any orders one by one, and what holding costs, comes to the same equity and position.
    #[test]
    fn any_orders_add_up_to_the_equity(n in 1_usize..300, seed: u64) {
        let world = World::any(n, seed);
        let Run { summary, orders, curve, trades } = world.reference(n);
        let filled = || orders.iter().filter(|o| o.status == OrderStatus::Filled);
        let turned: f64 = filled().map(|o| o.notional).sum();
        let scale = world.options.initial_capital + turned;
        let (mut cash, mut held) = (world.options.initial_capital, 0.0);
        let mut next = filled().peekable();
        // Payments may add up to nothing.
        let has_holding_cost = !world.funding[0].is_empty() || world.options.borrow_bps > 0.0;
        // Its orders are written down at the bar of their price, which is marked before they are filled.
        let is_late = world.options.fill == Fill::PrevClose;
        for t in 0..n {
            while let Some(order) = next.next_if(|order| order.bar == t) {
                let d = if order.side == Side::Buy { 1.0 } else { -1.0 };
                cash -= d * order.notional + order.fee;
                held += d * order.qty;
            }
            if curve.equity[t] == 0.0 {
                break;
            }
            if is_late {
                continue;
            }
            prop_assert!(close_to(curve.net_qty[t], held, turned / world.close[t]), "bar {}", t);
            if !has_holding_cost {
                prop_assert!(close_to(curve.equity[t], cash + held * world.close[t], scale), "bar {}", t);
            }
        }
        if !summary.ruined {
            let end = cash + held * world.close[n - 1] - summary.funding - summary.borrow;
            prop_assert!(close_to(summary.final_equity, end, scale));
            prop_assert!(close_to(summary.sum_pnl, summary.final_equity - world.options.initial_capital, scale));
        }
        let fees: f64 = orders.iter().map(|o| o.fee).sum();
        prop_assert!(close_to(summary.fees, fees, scale));
        prop_assert!(close_to(summary.traded_notional, turned, scale));
        prop_assert_eq!(summary.rejected_orders, orders.iter().filter(|o| o.status == OrderStatus::Rejected).count());
        let pnl: f64 = trades.iter().map(|t| t.pnl).sum();
        prop_assert!(close_to(summary.sum_pnl, pnl, scale));
        prop_assert!(trades.iter().all(|t| close_to(t.gross_pnl, t.pnl + t.fees, scale)));
    }

    /// The trades explain the change of the equity, and the summary is their sum.
    #[test]
    fn the_trades_add_up_to_the_equity(n in 0_usize..300, seed: u64) {
        let world = World::plain(n, seed);
        let Run { summary, trades, curve, .. } = world.reference(n);
        let scale = summary.initial_capital + trades.iter().map(|t| t.pnl.abs()).sum::<f64>();
        prop_assert!(close_to(summary.sum_pnl, summary.final_equity - summary.initial_capital, scale));
        prop_assert_eq!(summary.trades, trades.len());
        prop_assert_eq!(summary.wins, trades.iter().filter(|t| t.pnl > 0.0).count());
        prop_assert_eq!(summary.sum_pnl, trades.iter().fold(0.0, |sum, t| sum + t.pnl));
        prop_assert_eq!(summary.gross_profit, trades.iter().filter(|t| t.pnl > 0.0).fold(0.0, |sum, t| sum + t.pnl));
        prop_assert_eq!(summary.gross_loss, trades.iter().filter(|t| t.pnl <= 0.0).fold(0.0, |sum, t| sum + t.pnl));
        prop_assert_eq!(summary.sum_bars_held, trades.iter().map(|t| t.bars_held).sum::<usize>());
        prop_assert_eq!(summary.ruined, n > 0 && curve.equity[n - 1] == 0.0);

        let mut inside = vec![false; n];
        for (i, t) in trades.iter().enumerate() {
            prop_assert_eq!((t.trade_id, t.position_id), (i as u64 + 1, i as u64 + 1));
            prop_assert_eq!(t.bars_held, t.exit_bar - t.entry_bar);
            prop_assert!(t.mae <= 0.0 && t.mfe >= 0.0 && (t.fees >= 0.0) == (world.options.fee_bps >= 0.0));
            prop_assert!(i == 0 || trades[i - 1].exit_bar <= t.entry_bar);
            let first = t.entry_bar + usize::from(world.options.fill == Fill::Close);
            let end = t.exit_bar + usize::from(!left_at_open(t, &world.options));
            for bar in inside.iter_mut().take(end).skip(first) {
                *bar = true;
            }
        }
        prop_assert_eq!(summary.bars_in_market, inside.iter().filter(|&&inside| inside).count());
    }

    /// Every fill is at a price that its bar had, moved by the slippage against the trader.
    #[test]
    fn every_fill_is_at_a_price_of_its_bar(n in 0_usize..300, seed: u64) {
        let world = World::plain(n, seed);
        let run = world.reference(n);
        let s = world.options.slippage();
        let within = |price: f64, bar: usize| {
            price >= world.low[bar] * (1.0 - 1e-12) && price <= world.high[bar] * (1.0 + 1e-12)
        };
        for t in &run.trades {
            let d = t.direction.sign();
            let market = match world.options.fill {
                Fill::NextOpen => world.open[t.entry_bar],
                Fill::Close | Fill::PrevClose => world.close[t.entry_bar],
            };
            prop_assert_eq!(t.entry_price, market * (1.0 + d * s));
            let limit = t.exit_reason == Reason::Target && world.options.stop_fill == StopFill::Intrabar;
            let before_slippage = if limit { t.exit_price } else { t.exit_price / (1.0 - d * s) };
            prop_assert!(within(before_slippage, t.exit_bar), "{:?}", t);
            if left_at_open(t, &world.options) {
                prop_assert_eq!(t.exit_price, world.open[t.exit_bar] * (1.0 - d * s));
            }
        }
    }

    /// The summary is what the curve shows.
    #[test]
    fn the_summary_fits_the_curve(n in 1_usize..300, seed: u64) {
        let world = World::any(n, seed);
        let Run { summary, curve, .. } = world.reference(n);
        prop_assert_eq!(summary.final_equity, curve.equity[n - 1]);
        prop_assert_eq!(summary.max_drawdown, curve.drawdown.iter().copied().fold(0.0, f64::min));
        let mut under = (0, 0);
        let mut peak = summary.initial_capital;
        for t in 0..n {
            let equity = curve.equity[t];
            prop_assert!(equity >= 0.0);
            peak = peak.max(equity);
            prop_assert_eq!(curve.drawdown[t], equity / peak - 1.0);
            under.0 = if equity < peak { under.0 + 1 } else { 0 };
            under.1 = under.0.max(under.1);
            if t == 0 {
                prop_assert!(curve.ret[0].is_nan());
            } else if curve.equity[t - 1] > 0.0 {
                prop_assert!(close_to(curve.ret[t], equity / curve.equity[t - 1] - 1.0, 1.0 + curve.ret[t].abs()));
            } else {
                prop_assert_eq!(curve.ret[t], 0.0);
            }
        }
        prop_assert_eq!(summary.max_drawdown_bars, under.1);
        let total: f64 = curve.equity.iter().sum();
        prop_assert!(close_to(summary.mean_equity, total / n as f64, 0.0));
        let market: Vec<f64> = world.close.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
        prop_assert!(close_to(summary.sum_market, market.iter().sum(), n as f64));
        prop_assert!(close_to(summary.sum_market_squares, market.iter().map(|m| m * m).sum(), 0.0));
        let products = market.iter().zip(&curve.ret[1..]).map(|(m, r)| m * r);
        let size: f64 = products.clone().map(f64::abs).sum();
        prop_assert!(close_to(summary.sum_products, products.sum(), size));
    }

    /// The sums of returns are taken in the one written order: interior bars of a position in eight lanes by bar index,
    /// after its first bar and before its last one; bars with the edges of several positions by themselves; flat bars by
    /// their number.
    #[test]
    fn sums_are_taken_in_the_written_order(n in 0_usize..700, seed: u64) {
        let world = World::plain(n, seed);
        let Run { summary, trades, curve, .. } = world.reference(n);
        let rf = world.options.risk_free_per_bar();
        let terms = |r: f64| [r, r * r, (r - rf).min(0.0) * (r - rf).min(0.0)];
        let add = |to: &mut [f64; 3], terms: [f64; 3]| to.iter_mut().zip(terms).for_each(|(to, term)| *to += term);
        let (mut totals, mut own) = ([0.0; 3], [0.0; 3]);
        let mut lanes = [[0.0; 8]; 3];
        let mut flat = 0;
        for t in 0..n {
            let ends = trades.iter().any(|trade| trade.exit_bar == t);
            if ends {
                add(&mut own, lanes.map(|l| ((l[0] + l[1]) + (l[2] + l[3])) + ((l[4] + l[5]) + (l[6] + l[7]))));
                lanes = [[0.0; 8]; 3];
            }
            let terms = if t == 0 { [0.0; 3] } else { terms(curve.ret[t]) };
            if ends || trades.iter().any(|trade| trade.entry_bar == t) {
                let there = trades.iter().filter(|trade| trade.entry_bar <= t && t <= trade.exit_bar).count();
                if there == 1 {
                    add(&mut own, terms);
                }
                if there > 1 || ends {
                    add(&mut totals, std::mem::take(&mut own));
                }
                if there > 1 {
                    add(&mut totals, terms);
                }
            } else if t == 0 {
                continue;
            } else if trades.iter().any(|trade| trade.entry_bar < t && t < trade.exit_bar) {
                for (lane, term) in lanes.iter_mut().zip(terms) {
                    lane[t % 8] += term;
                }
            } else {
                prop_assert_eq!(curve.ret[t], 0.0);
                flat += 1;
            }
        }
        totals[2] += f64::from(flat) * terms(0.0)[2];
        prop_assert_eq!(text(&totals), text(&[summary.sum_returns, summary.sum_squares, summary.sum_downside]));
    }
}

/// The random worlds are worth something: each thing that can happen does happen in some of them.
#[test]
fn the_random_worlds_reach_every_rule() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..800_u64 {
        let run = World::any(300, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)).reference(300);
        for order in &run.orders {
            seen.insert(order.reason.name());
        }
        for trade in &run.trades {
            seen.insert(trade.exit_reason.name());
            seen.insert(if trade.bars_held > 130 { "long_hold" } else { "hold" });
        }
        let counts = [(run.summary.ambiguous_bars, "ambiguous"), (run.summary.undetailed_bars, "undetailed")];
        seen.extend(counts.iter().filter(|(count, _)| *count > 0).map(|(_, name)| *name));
    }
    let of_portfolios = [Reason::Rotated, Reason::NoSlot, Reason::NoCapital, Reason::NoAllocation];
    let reasons = Reason::ALL.iter().filter(|reason| !of_portfolios.contains(reason)).map(|reason| reason.name());
    for reason in reasons.chain(["long_hold", "ambiguous", "undetailed"]) {
        assert!(seen.contains(reason), "{reason} is never reached");
    }
}
