//! The kernel that skips bars against the one that does not, where there is much to skip: long positions, rare signals, and one
//! or two rules beyond plain positions at a time.

#[path = "common/dice.rs"]
mod dice;

use std::collections::BTreeMap;

use dice::Dice;
use proptest::prelude::*;
use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, Flags, Funding, Group, Lots, Margin,
    Needs, Numbers, OnOpposite, Options, OutcomeCache, Rebalance, Record, Reentry, Ruin, Signals, StopFill, Summary,
    simulate, simulate_groups, simulate_reference, stepped_because,
};

/// What a world may have beyond plain positions.
const RULES: &[&str] = &[
    "parts",
    "adds",
    "target",
    "rebalance",
    "limit",
    "opposite",
    "conflict",
    "prev_close",
    "reentry",
    "ruin",
    "open_end",
    "volume",
    "borrow",
    "funding",
];

/// A market with calm stretches, a strategy that rarely does anything, and options.
struct World {
    rules: Vec<&'static str>,
    /// Open, high, low, close and volume.
    market: [Vec<f64>; 5],
    ts: Vec<i64>,
    /// Rates due at opens and inside bars.
    funding: [Vec<f64>; 2],
    flags: BTreeMap<&'static str, Bits>,
    numbers: BTreeMap<&'static str, Vec<f64>>,
    constants: BTreeMap<&'static str, f64>,
    options: Options,
}

impl World {
    fn new(n: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let count = dice.pick(&[1, 1, 2, 3]);
        let mut world = World {
            rules: (0..count).map(|_| dice.pick(RULES)).collect(),
            market: Default::default(),
            ts: (0..n as i64).map(|t| t * 60_000_000).collect(),
            funding: Default::default(),
            flags: BTreeMap::new(),
            numbers: BTreeMap::new(),
            constants: BTreeMap::new(),
            options: Options {
                fill: dice.pick(&[Fill::NextOpen, Fill::Close]),
                stop_fill: dice.pick(StopFill::ALL),
                direction: dice.pick(DirectionFilter::ALL),
                margin: dice.pick(Margin::ALL),
                tick_size: dice.pick(&[0.0, 0.0, 0.05]),
                periods_per_year: Some(35_040.0),
                risk_free: dice.pick(&[0.0, 0.03]),
                ..Options::default()
            },
        };
        world.draw_market(&mut dice, n);
        world.draw_columns(&mut dice);
        for rule in world.rules.clone() {
            world.add(rule, &mut dice);
        }
        world
    }

    fn draw_market(&mut self, dice: &mut Dice, n: usize) {
        let step = dice.pick(&[0.0005, 0.003, 0.02]);
        let mut price = 100.0;
        for _ in 0..n {
            let open = price;
            let close = f64::max(open * (1.0 + step * dice.between(-1.0, 1.0)), 1.0);
            let high = open.max(close) * (1.0 + step * dice.unit());
            let low = open.min(close) * (1.0 - step * dice.unit());
            let volume = dice.pick(&[0.0, 50.0, 1e4, 1e6]);
            self.market.iter_mut().zip([open, high, low, close, volume]).for_each(|(column, x)| column.push(x));
            price = close;
        }
    }

    /// A condition that is seldom true, or a level that changes seldom.
    fn flag(&mut self, name: &'static str, dice: &mut Dice) {
        let n = self.ts.len();
        let p = dice.pick(&[0.001, 0.01, 0.05]);
        let is_level = dice.chance(0.3);
        let mut now = false;
        let values: Vec<bool> = (0..n)
            .map(|_| {
                let drawn = dice.chance(p);
                now = if is_level { now ^ drawn } else { drawn };
                now
            })
            .collect();
        self.flags.insert(name, Bits::from_bools(&values));
    }

    /// A number per bar or one for all, now and then none.
    fn number(&mut self, name: &'static str, dice: &mut Dice, value: impl Fn(&mut Dice, f64) -> f64) {
        if dice.chance(0.5) {
            self.constants.insert(name, value(dice, 100.0));
            return;
        }
        let missing = dice.pick(&[0.0, 0.2]);
        let close = &self.market[3];
        let values = close.iter().map(|c| if dice.chance(missing) { f64::NAN } else { value(dice, *c) }).collect();
        self.numbers.insert(name, values);
    }

    fn draw_columns(&mut self, dice: &mut Dice) {
        self.flag("enter_long", dice);
        self.flag("enter_short", dice);
        for name in ["exit_long", "exit_short", "exit_armed_long", "trail_arm_short"] {
            if dice.chance(0.3) {
                self.flag(name, dice);
            }
        }
        let reach = dice.pick(&[0.02, 0.1, 0.5]);
        for name in ["stop_distance", "target_distance", "trail_distance"] {
            if dice.chance(0.3) {
                self.number(name, dice, |dice, close| close * reach * dice.between(0.2, 1.0));
            }
        }
        if dice.chance(0.2) {
            self.number("trail_arm_r", dice, |dice, _| dice.between(0.0, 2.0));
        }
        if dice.chance(0.2) {
            self.number("max_bars", dice, |dice, _| dice.between(0.0, 400.0).floor());
        }
        if dice.chance(0.6) {
            self.number("size", dice, |dice, _| dice.between(0.05, 0.5));
        }
        if dice.chance(0.2) {
            self.number("leverage", dice, |dice, _| dice.pick(&[1.0, 3.0, 20.0]));
        }
    }

    fn add(&mut self, rule: &str, dice: &mut Dice) {
        match rule {
            "parts" => {
                self.flag("scale_out_long", dice);
                self.flag("scale_out_short", dice);
                self.number("scale_out_fraction", dice, |dice, _| dice.between(-0.1, 1.05));
            }
            "adds" => {
                self.flag("add_long", dice);
                self.flag("add_short", dice);
                if dice.chance(0.4) {
                    self.flag("add_again_long", dice);
                }
                if dice.chance(0.4) {
                    self.number("add_stop_distance", dice, |dice, close| close * dice.between(0.01, 0.3));
                }
                if dice.chance(0.7) {
                    self.number("max_adds", dice, |dice, _| dice.between(0.0, 5.0).floor());
                }
                self.options.lots = dice.pick(Lots::ALL);
            }
            "target" => self.draw_target(dice),
            "rebalance" => {
                self.draw_target(dice);
                self.options.rebalance = dice.pick(&[Rebalance::Every(1), Rebalance::Every(7), Rebalance::Every(90)]);
            }
            "limit" => {
                self.number("entry_limit_price", dice, |dice, close| close * dice.between(0.97, 1.03));
                self.number("entry_limit_bars", dice, |dice, _| dice.between(0.0, 200.0).floor());
            }
            "opposite" => self.options.on_opposite = dice.pick(OnOpposite::ALL),
            "conflict" => {
                self.options.entry_exit_conflict = dice.pick(EntryExitConflict::ALL);
                self.options.direction_conflict = dice.pick(DirectionConflict::ALL);
            }
            "prev_close" => self.options.fill = Fill::PrevClose,
            "reentry" => self.options.reentry = dice.pick(Reentry::ALL),
            "ruin" => {
                self.options.ruin = dice.pick(Ruin::ALL);
                self.constants.insert("leverage", 30.0);
                self.constants.insert("size", 25.0);
            }
            "open_end" => self.options.final_close = dice.pick(FinalClose::ALL),
            "volume" => self.options.max_volume_share = dice.pick(&[0.01, 1.0]),
            "borrow" => self.options.borrow_bps = dice.pick(&[300.0, 1e6]),
            "funding" => {
                let every = dice.pick(&[3, 8, 32, 200]);
                let rates = |dice: &mut Dice| {
                    let rate = |t: usize| if t.is_multiple_of(every) { dice.between(-0.001, 0.002) } else { 0.0 };
                    (0..self.ts.len()).map(rate).collect()
                };
                self.funding = [rates(dice), rates(dice)];
            }
            other => panic!("no rule {other}"),
        }
    }

    /// A target that stays for a while.
    fn draw_target(&mut self, dice: &mut Dice) {
        let values: &[f64] = dice.pick(&[&[1.0, -1.0, 0.0], &[0.5, 0.25, 0.0, -0.0], &[1.0, -1.0, f64::NAN]]);
        let p = dice.pick(&[0.002, 0.02, 0.2]);
        let mut now = 0.0;
        let target = (0..self.ts.len()).map(|_| {
            now = if dice.chance(p) { dice.pick(values) } else { now };
            now
        });
        self.numbers.insert("position", target.collect());
    }

    fn bars(&self) -> Bars<'_> {
        let [open, high, low, close, volume] = &self.market;
        let [at_open, inside] = &self.funding;
        let funding = Funding { at_open, inside };
        Bars { ts: &self.ts, open, high, low, close, volume, funding, detail: None }
    }

    fn signals(&self) -> Signals<'_> {
        let mut signals = Signals::default();
        for (name, bits) in &self.flags {
            assert!(signals.set_flags(name, Flags::Bits(bits.as_slice())));
        }
        for (name, value) in &self.constants {
            assert!(signals.set_numbers(name, Numbers::Const(*value)));
        }
        for (name, values) in &self.numbers {
            assert!(signals.set_numbers(name, Numbers::Slice(values)));
        }
        signals
    }
}

fn text(value: &impl std::fmt::Debug) -> String {
    // The shortest digits that read back as the same number, and `-0.0`: equal texts are equal bits.
    format!("{value:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Skipping changes no bit of the sums, the trades and the orders, whatever is kept.
    #[test]
    fn skipping_changes_nothing(n in 0_usize..1500, seed: u64) {
        let world = World::new(n, seed);
        let (bars, signals, options) = (world.bars(), world.signals(), &world.options);
        prop_assert_eq!(options.check(), Ok(()));
        for needs in [Needs::NONE, Needs::MOMENTS, Needs::DRAWDOWN, Needs::TURNOVER, Needs::ALL] {
            let mut slow = Record { equity: None, ..Record::all() };
            let mut fast = slow.clone();
            let expected = simulate_reference(&bars, &signals, options, needs, &mut slow);
            let got = simulate(&bars, &signals, options, needs, &mut fast);
            prop_assert_eq!(text(&got), text(&expected), "{:?}\n{:?}", world.rules, options);
            prop_assert_eq!(text(&fast), text(&slow), "{:?}\n{:?}", world.rules, options);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Sets of entries that have most of their positions in common give the bits of a run each; over several tiles of bars.
    #[test]
    fn what_sets_share_changes_nothing(n in 0_usize..9000, seed: u64) {
        let world = World::new(n, seed);
        let (bars, exits, options) = (world.bars(), world.signals(), &world.options);
        let mut dice = Dice(!seed);
        let thinned = |dice: &mut Dice, flags: Flags, kept: f64| {
            Bits::from_bools(&(0..n).map(|t| flags.at(t) && dice.chance(kept)).collect::<Vec<_>>())
        };
        let sets: Vec<[Bits; 2]> = [1.0, 1.0, 0.95, 0.7]
            .iter()
            .map(|kept| [exits.enter_long, exits.enter_short].map(|flags| thinned(&mut dice, flags, *kept)))
            .collect();
        let entries: Vec<_> =
            sets.iter().map(|[long, short]| (Flags::Bits(long.as_slice()), Flags::Bits(short.as_slice()))).collect();
        for needs in [Needs::NONE, Needs::ALL] {
            let groups = [Group { exits, entries: entries.clone() }];
            let got = simulate_groups(&bars, &groups, (options, needs), &mut OutcomeCache::default(), &|| true).unwrap();
            for ((enter_long, enter_short), got) in entries.iter().zip(&got[0]) {
                let signals = Signals { enter_long: *enter_long, enter_short: *enter_short, ..exits };
                let expected = simulate_reference(&bars, &signals, options, needs, &mut Record::none());
                prop_assert_eq!(text(got), text(&expected), "{:?}\n{:?}", world.rules, options);
            }
        }
    }
}

/// The worlds are worth something: with each rule there are fills of many positions, and positions that are held for long.
#[test]
fn the_worlds_trade_by_every_rule_and_hold_on() {
    let mut seen: BTreeMap<&str, Summary> = BTreeMap::new();
    for seed in 0..600 {
        let world = World::new(1000, seed);
        let run = simulate(&world.bars(), &world.signals(), &world.options, Needs::NONE, &mut Record::none());
        for rule in world.rules {
            let sum = seen.entry(rule).or_insert(Summary { trades: 0, sum_bars_held: 0, ..run });
            sum.trades += run.trades;
            sum.sum_bars_held += run.sum_bars_held;
        }
    }
    for rule in RULES {
        let Summary { trades, sum_bars_held, .. } = seen[rule];
        assert!(trades > 100 && sum_bars_held > 10 * trades, "{rule}: {trades} trades, {sum_bars_held} bars");
    }
}

/// A run that looks at every bar says why.
#[test]
fn what_is_looked_at_on_every_bar_has_a_reason() {
    let target = Signals { position: Numbers::Const(0.5), ..Signals::default() };
    let because = |signals: &Signals, options: Options| stepped_because(signals, &options);
    let every = |bars| Options { rebalance: Rebalance::Every(bars), ..Options::default() };
    assert_eq!(because(&target, Options::default()), None);
    assert_eq!(because(&target, every(2)), None);
    assert!(because(&target, every(1)).unwrap().contains("`position`"));
    assert_eq!(because(&Signals::default(), every(1)), None);
    let borrow = |direction| Options { borrow_bps: 30.0, direction, ..Options::default() };
    assert!(because(&Signals::default(), borrow(DirectionFilter::Both)).unwrap().contains("`borrow_bps`"));
    assert_eq!(because(&Signals::default(), borrow(DirectionFilter::Long)), None);
}
