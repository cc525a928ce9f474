//! Random markets, strategies and options.
//!
//! Both sides compare floats, and they compute them on different ways. Numbers here are therefore either continuous, so that
//! two of them are never equal, or multiples of a quarter, on which arithmetic is exact and both sides see the same ties.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Bars, Detail, DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, Flags, Funding, Intrabar,
    LimitFill, Liquidation, Lots, Margin, Numbers, OnOpposite, Options, Rebalance, Reentry, Ruin, Signals, SlippageOn,
    StopFill, Unfilled,
};

use crate::dice::Dice;

/// What a world has beyond entries, exits, stops and sizes.
#[derive(Debug, Clone, Copy)]
pub struct Features {
    pub target_mode: bool,
    pub limits: bool,
    pub scale_out: bool,
    pub adds: bool,
    pub opposite: bool,
    pub fees: bool,
    pub ticks: bool,
    pub volume: bool,
    pub funding: bool,
    pub detail: bool,
    pub isolated: bool,
    /// Rules of other engines.
    pub foreign: bool,
}

impl Features {
    /// No more than a few at a time, so that each of them meets calm worlds too.
    fn random(dice: &mut Dice) -> Self {
        let p = dice.pick(&[0.0, 0.2, 0.5]);
        let target_mode = dice.chance(0.15);
        Features {
            target_mode,
            limits: !target_mode && dice.chance(p),
            scale_out: !target_mode && dice.chance(p),
            adds: !target_mode && dice.chance(p),
            opposite: !target_mode && dice.chance(p),
            fees: dice.chance(p),
            ticks: dice.chance(p),
            volume: dice.chance(p),
            funding: dice.chance(p),
            detail: dice.chance(p),
            isolated: dice.chance(p),
            foreign: dice.chance(p),
        }
    }
}

/// What a column should not have; an infinite leverage has no meaning at all.
const ABSURD: &[f64] = &[0.0, -1.0, f64::INFINITY, f64::NEG_INFINITY];

/// A column of a strategy.
enum Column {
    Flags(&'static str, Bits),
    Numbers(&'static str, Vec<f64>),
}

/// A random market with a strategy and options.
pub struct World {
    pub features: Features,
    pub options: Options,
    ts: Vec<i64>,
    /// Open, high, low and close.
    prices: [Vec<f64>; 4],
    volume: Vec<f64>,
    funding: [Vec<f64>; 2],
    /// Open, high and low of the finer bars, and where each bar's begin.
    finer: [Vec<f64>; 3],
    starts: Vec<u32>,
    columns: Vec<Column>,
    /// Whether prices are multiples of a quarter.
    is_coarse: bool,
    /// About how far a price goes in one bar, as a fraction.
    step: f64,
}

impl World {
    pub fn new(n: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let features = Features::random(&mut dice);
        let is_coarse = dice.chance(0.3);
        let options = options(&mut dice, features, is_coarse);
        let mut world = World {
            features,
            options,
            ts: (0..n as i64).map(|t| t * 60_000_000).collect(),
            prices: Default::default(),
            volume: vec![],
            funding: Default::default(),
            finer: Default::default(),
            starts: vec![0],
            columns: vec![],
            is_coarse,
            step: dice.pick(&[0.002, 0.01, 0.05, 0.15]),
        };
        world.draw_bars(&mut dice, n);
        world.draw_rest(&mut dice, n);
        world.draw_columns(&mut dice);
        world
    }

    fn grid(&self, price: f64) -> f64 {
        if self.is_coarse { ((price * 4.0).round() / 4.0).max(0.25) } else { price.max(0.01) }
    }

    /// A walk with gaps between 20 and 500, more or less. Each bar is made of a few finer ones; the finer ones of some bars get lost or are not the whole.
    fn draw_bars(&mut self, dice: &mut Dice, n: usize) {
        let gaps = dice.pick(&[0.0, 0.05, 0.5]);
        let mut price = 100.0;
        for _ in 0..n {
            if dice.chance(gaps) {
                price *= 1.0 + self.step * dice.between(-2.0, 2.0);
            }
            if !(20.0..500.0).contains(&price) {
                price *= if price < 20.0 { 1.0 + self.step } else { 1.0 - self.step };
            }
            let mut bar: Option<[f64; 4]> = None;
            let keeps = dice.chance(0.8);
            for _ in 0..3 {
                let open = self.grid(price);
                let close = self.grid(open * (1.0 + self.step * dice.between(-1.0, 1.0)));
                let high = self.grid(open.max(close) * (1.0 + self.step * 0.5 * dice.unit())).max(open).max(close);
                let low = self.grid(open.min(close) * (1.0 - self.step * 0.5 * dice.unit())).min(open).min(close);
                let [first, highest, lowest, _] = bar.unwrap_or([open, high, low, close]);
                bar = Some([first, highest.max(high), lowest.min(low), close]);
                if keeps && dice.chance(0.95) {
                    self.finer.iter_mut().zip([open, high, low]).for_each(|(column, price)| column.push(price));
                }
                price = close;
            }
            self.starts.push(self.finer[0].len() as u32);
            self.prices.iter_mut().zip(bar.unwrap()).for_each(|(column, price)| column.push(price));
        }
    }

    fn draw_rest(&mut self, dice: &mut Dice, n: usize) {
        if self.features.volume {
            let typical = self.options.initial_capital / 100.0;
            self.volume = (0..n).map(|_| dice.pick(&[0.0, 0.3, 1.0, 3.0, 100.0]) * typical * dice.unit()).collect();
        }
        if self.features.funding {
            let rates = |dice: &mut Dice| (0..n).map(|_| dice.pick(&[0.0, 0.0, 0.0, 0.00113, -0.00207])).collect();
            self.funding = [rates(dice), rates(dice)];
        }
    }

    fn flags(&mut self, dice: &mut Dice, name: &'static str, given: f64, often: &[f64]) {
        if dice.chance(given) {
            let p = dice.pick(often);
            let values: Vec<bool> = self.ts.iter().map(|_| dice.chance(p)).collect();
            self.columns.push(Column::Flags(name, Bits::from_bools(&values)));
        }
    }

    /// A number column made from the close; one constant per column or one number per bar, some of them missing.
    fn numbers(&mut self, dice: &mut Dice, name: &'static str, given: f64, value: &dyn Fn(&mut Dice, f64) -> f64) {
        if dice.chance(given) {
            let missing = dice.pick(&[0.0, 0.0, 0.1, 0.5]);
            let is_leverage = name == "leverage";
            let number = |close: &f64| match () {
                () if dice.chance(missing) => f64::NAN,
                () if dice.chance(0.003) => dice.pick(if is_leverage { &ABSURD[..2] } else { ABSURD }),
                () => value(dice, *close),
            };
            let values = self.prices[3].iter().map(number).collect();
            self.columns.push(Column::Numbers(name, values));
        }
    }

    fn draw_columns(&mut self, dice: &mut Dice) {
        let features = self.features;
        if features.target_mode {
            let steps: &'static [f64] = dice.pick(&[&[1.0, -0.5, 0.0, 0.37, 2.5], &[0.8, 0.4, 0.0], &[-0.9, 0.7, 0.2]]);
            let stays = dice.pick(&[0.0, 0.8, 0.95]);
            let last = std::cell::Cell::new(0.0);
            self.numbers(dice, "position", 1.0, &|dice, _| {
                if !dice.chance(stays) {
                    last.set(dice.pick(steps));
                }
                last.get()
            });
        } else {
            let (long, short) = dice.pick(&[(1.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]);
            self.flags(dice, "enter_long", long, &[0.03, 0.2, 0.6]);
            self.flags(dice, "enter_short", short, &[0.03, 0.2, 0.6]);
            self.flags(dice, "exit_long", 0.6, &[0.01, 0.05, 0.3]);
            self.flags(dice, "exit_short", 0.6, &[0.01, 0.05, 0.3]);
            self.flags(dice, "exit_armed_long", 0.2, &[0.05, 0.3]);
            self.flags(dice, "exit_armed_short", 0.2, &[0.05, 0.3]);
            self.numbers(dice, "max_bars", 0.3, &|dice, _| dice.between(-1.0, 60.0).round());
        }
        self.draw_levels(dice);
        self.draw_sizes(dice);
        self.draw_more(dice);
    }

    fn draw_levels(&mut self, dice: &mut Dice) {
        let reach = (self.step * dice.pick(&[1.0, 3.0, 8.0])).min(0.9);
        let coarse = self.is_coarse;
        let grid = move |price: f64| if coarse { (price * 4.0).round() / 4.0 } else { price };
        let distance = move |dice: &mut Dice, close: f64| grid(close * reach * dice.between(-0.02, 1.0));
        let price = move |dice: &mut Dice, close: f64| grid(close * (1.0 + reach * dice.between(-1.0, 1.0)));
        self.numbers(dice, "stop_distance", 0.6, &distance);
        self.numbers(dice, "stop_price", 0.2, &price);
        self.numbers(dice, "target_distance", 0.4, &distance);
        self.numbers(dice, "target_price", 0.2, &price);
        self.numbers(dice, "trail_distance", 0.3, &distance);
        self.numbers(dice, "trail_price_long", 0.15, &price);
        self.numbers(dice, "trail_price_short", 0.15, &price);
        self.flags(dice, "trail_arm_long", 0.2, &[0.05, 0.3]);
        self.flags(dice, "trail_arm_short", 0.2, &[0.05, 0.3]);
        self.numbers(dice, "trail_arm_r", 0.2, &|dice, _| dice.between(-0.5, 3.0));
        if self.features.adds {
            self.numbers(dice, "add_stop_distance", 0.3, &distance);
            self.numbers(dice, "add_stop_price", 0.2, &price);
        }
        if self.features.limits {
            self.numbers(dice, "entry_limit_price", 1.0, &move |dice, close| {
                grid(close * (1.0 + 0.3 * reach * dice.between(-1.0, 1.0)))
            });
            self.numbers(dice, "entry_limit_bars", 0.6, &|dice, _| dice.between(0.0, 6.0).floor());
        }
    }

    /// Without lots, positions that are added to stay clear of their cap: on it, what is free is a rounding error.
    fn draw_sizes(&mut self, dice: &mut Dice) {
        let money = self.options.initial_capital;
        let is_careful = self.options.lot_size == 0.0 && self.features.target_mode;
        if is_careful {
            let sizes = self.ts.iter().map(|_| dice.between(0.02, 0.2)).collect();
            self.columns.push(Column::Numbers("size", sizes));
        } else {
            let most = dice.pick(&[1.0, 2.0, 15.0]);
            self.numbers(dice, "size", 0.4, &|dice, _| dice.between(-0.05, most));
            self.numbers(dice, "leverage", 0.5, &|dice, _| dice.pick(&[0.5, 1.0, 3.0, 20.0]));
        }
        self.numbers(dice, "risk", 0.25, &|dice, _| dice.between(0.001, 0.1));
        self.numbers(dice, "notional", 0.15, &move |dice, _| money * dice.between(0.0, 2.0));
        self.numbers(dice, "qty", 0.15, &move |dice, _| money / 100.0 * dice.between(0.0, 2.0));
    }

    fn draw_more(&mut self, dice: &mut Dice) {
        if self.features.scale_out {
            self.flags(dice, "scale_out_long", 0.9, &[0.03, 0.2]);
            self.flags(dice, "scale_out_short", 0.9, &[0.03, 0.2]);
            self.numbers(dice, "scale_out_fraction", 1.0, &|dice, _| dice.between(-0.1, 1.1));
        }
        if self.features.adds {
            self.flags(dice, "add_long", 0.9, &[0.03, 0.2, 0.7]);
            self.flags(dice, "add_short", 0.9, &[0.03, 0.2, 0.7]);
            self.flags(dice, "add_again_long", 0.3, &[0.03, 0.2]);
            self.flags(dice, "add_again_short", 0.3, &[0.03, 0.2]);
            self.numbers(dice, "max_adds", 0.6, &|dice, _| dice.between(0.0, 4.0).floor());
        }
    }

    pub fn bars(&self) -> Bars<'_> {
        let [open, high, low, close] = &self.prices;
        let [finer_open, finer_high, finer_low] = &self.finer;
        let detail = Detail { open: finer_open, high: finer_high, low: finer_low, starts: &self.starts };
        let [at_open, inside] = &self.funding;
        Bars {
            ts: &self.ts,
            open,
            high,
            low,
            close,
            volume: &self.volume,
            funding: Funding { at_open, inside },
            detail: self.features.detail.then_some(detail),
        }
    }

    pub fn signals(&self) -> Signals<'_> {
        let mut signals = Signals::default();
        for column in &self.columns {
            assert!(match column {
                Column::Flags(name, bits) => signals.set_flags(name, Flags::Bits(bits.as_slice())),
                Column::Numbers(name, values) => signals.set_numbers(name, Numbers::Slice(values)),
            });
        }
        signals
    }
}

/// Costs and margins are such that no price makes exactly nothing of an account.
fn options(dice: &mut Dice, features: Features, is_coarse: bool) -> Options {
    let plain = Options {
        fill: dice.pick(&[Fill::NextOpen, Fill::Close]),
        stop_fill: dice.pick(&[StopFill::Intrabar, StopFill::Intrabar, StopFill::Close]),
        intrabar: dice.pick(&[Intrabar::StopFirst, Intrabar::TargetFirst, Intrabar::NearestOpen]),
        fee_bps: dice.pick(&[if features.target_mode { 3.0 } else { 0.0 }, 4.5, 10.0, 90.0, -3.0]),
        slippage_bps: dice.pick(&[0.0, 5.0, 33.0]),
        initial_capital: dice.pick(&[100.0, 10_000.0, 1e6]),
        direction: dice.pick(&[
            DirectionFilter::Both,
            DirectionFilter::Both,
            DirectionFilter::Long,
            DirectionFilter::Short,
        ]),
        reentry: dice.pick(&[Reentry::SameBar, Reentry::NextBar]),
        maintenance_margin: dice.pick(&[0.0071, 0.0213, 0.107]),
        periods_per_year: dice.pick(&[None, Some(365.0)]),
        ..Options::default()
    };
    let capital = plain.initial_capital;
    // Without lots, a target at a price that stays is approached in ever smaller steps, down to rounding.
    let is_whole = features.target_mode && is_coarse;
    let more = Options {
        lot_size: dice.pick(&[if is_whole { 0.0001 } else { 0.0 }, 0.0001, 0.01]) * capital / 100.0,
        min_notional: dice.pick(&[0.0, 0.0, 0.05]) * capital,
        lots: dice.pick(Lots::ALL),
        rebalance: dice.pick(&[Rebalance::OnChange, Rebalance::Every(1), Rebalance::Every(7)]),
        limit_fill: dice.pick(LimitFill::ALL),
        unfilled: dice.pick(Unfilled::ALL),
        ..plain
    };
    let more = if features.foreign { foreign(dice, features, more) } else { more };
    Options {
        maker_fee_bps: if features.fees {
            dice.pick(&[None, Some(1.0), Some(20.0), Some(-2.5), Some(-90.0)])
        } else {
            None
        },
        fee_per_unit: if features.fees { dice.pick(&[0.0, 0.02]) } else { 0.0 },
        fee_min: if features.fees { dice.pick(&[0.0, 0.001]) * capital } else { 0.0 },
        borrow_bps: if features.funding { dice.pick(&[0.0, 300.0]) } else { 0.0 },
        on_opposite: if features.opposite { dice.pick(OnOpposite::ALL) } else { OnOpposite::Ignore },
        tick_size: if features.ticks { if is_coarse { 0.25 } else { dice.pick(&[0.01, 0.5]) } } else { 0.0 },
        max_volume_share: if features.volume { dice.pick(&[0.3, 1.0]) } else { 0.0 },
        margin: if features.isolated { Margin::Isolated } else { Margin::Cross },
        ..more
    }
}

/// Rules of other engines.
fn foreign(dice: &mut Dice, features: Features, options: Options) -> Options {
    let capital = options.initial_capital;
    let fill = dice.pick(Fill::ALL);
    let final_close = dice.pick(FinalClose::ALL);
    Options {
        // Neither a limit order nor a rest has a place in the books of the bar before.
        fill: if features.limits || features.volume { options.fill } else { fill },
        // What was filled inside the last bar has no open to be closed at.
        final_close: match final_close {
            FinalClose::OrderPrice if features.limits || features.volume => FinalClose::None,
            other => other,
        },
        intrabar: dice.pick(Intrabar::ALL),
        reentry: dice.pick(Reentry::ALL),
        fee_fixed: dice.pick(&[0.0, 0.0007]) * capital,
        min_qty: dice.pick(&[0.0, 0.0007]) * capital,
        slippage_on: dice.pick(SlippageOn::ALL),
        entry_exit_conflict: dice.pick(EntryExitConflict::ALL),
        direction_conflict: dice.pick(DirectionConflict::ALL),
        ruin: dice.pick(Ruin::ALL),
        liquidation: dice.pick(Liquidation::ALL),
        ..options
    }
}
