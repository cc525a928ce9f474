//! Random series on times of their own, with the columns of a strategy, and the rules of an account over them.

use threadx_kernels::bits::Bits;
use threadx_kernels::sim::{
    Allocation, Bars, Fill, FinalClose, Flags, Intrabar, Member, Numbers, Options, PortfolioRules, Reentry, Signals,
    StopFill,
};

use crate::dice::Dice;

/// A series and what a strategy says about it.
#[derive(Clone)]
pub struct Series {
    pub ts: Vec<i64>,
    /// Open, high, low and close.
    pub prices: [Vec<f64>; 4],
    /// Enter long and short, exit long and short.
    pub flags: [Vec<bool>; 4],
    bits: [Bits; 4],
    /// Stop distance, target distance, size, rank and share; `NaN` = none.
    pub numbers: [Vec<f64>; 5],
    /// A target position instead of the flags.
    pub target: Option<Vec<f64>>,
}

/// Several series and the rules of their account.
#[derive(Clone)]
pub struct Market {
    pub series: Vec<Series>,
    pub options: Options,
    pub max_positions: usize,
    pub allocation: Allocation,
    pub rotate: bool,
    /// Whether prices jump so far that a position can lose more than its capital.
    pub is_wild: bool,
}

impl Series {
    fn new(n: usize, dice: &mut Dice, features: (bool, bool, bool)) -> Self {
        let mut ts: Vec<i64> = vec![];
        let skips = dice.pick(&[0.0, 0.0, 0.1, 0.6]);
        (0..n as i64).filter(|_| !dice.chance(skips)).for_each(|t| ts.push(t * 60_000_000));
        let (has_levels, is_target, is_wild) = features;
        let step = if is_wild { 0.3 } else { dice.pick(&[0.01, 0.05]) };
        let mut prices: [Vec<f64>; 4] = Default::default();
        let mut price = 100.0 * dice.between(0.5, 2.0);
        for _ in &ts {
            let gap = if is_wild && dice.chance(0.05) { dice.pick(&[0.4, 2.5]) } else { 1.0 };
            let open = price * gap * (1.0 + 0.3 * step * dice.between(-1.0, 1.0));
            let close = open * (1.0 + step * dice.between(-1.0, 1.0));
            let high = open.max(close) * (1.0 + step * 0.5 * dice.unit());
            let low = open.min(close) * (1.0 - step * 0.5 * dice.unit());
            prices.iter_mut().zip([open, high, low, close]).for_each(|(column, price)| column.push(price));
            price = close;
        }
        let often = dice.pick(&[0.02, 0.1, 0.5]);
        let flags = [often, often * 0.5, 0.15, 0.15].map(|p| ts.iter().map(|_| dice.chance(p)).collect::<Vec<bool>>());
        let mut column = |given: bool, low: f64, high: f64, missing: f64| -> Vec<f64> {
            let value = |dice: &mut Dice| match !given || dice.chance(missing) {
                true => f64::NAN,
                false => dice.between(low, high),
            };
            ts.iter().map(|_| value(dice)).collect()
        };
        let numbers = [
            column(has_levels, 1.0, 8.0, 0.3),
            column(has_levels, 1.0, 8.0, 0.3),
            column(true, 0.2, 1.0, 0.0),
            column(true, 0.0, 1.0, 0.1),
            column(true, 0.05, 0.6, 0.1),
        ];
        let target = is_target.then(|| ts.iter().map(|_| dice.pick(&[f64::NAN, f64::NAN, 0.0, 0.7, -0.4])).collect());
        Series { ts, prices, bits: flags.each_ref().map(|flags| Bits::from_bools(flags)), flags, numbers, target }
    }

    /// Without any wish to trade.
    pub fn silent(mut self) -> Self {
        self.flags = self.flags.map(|flags| vec![false; flags.len()]);
        self.bits = self.flags.each_ref().map(|flags| Bits::from_bools(flags));
        self.target = self.target.map(|target| vec![f64::NAN; target.len()]);
        self
    }

    fn cut(mut self, n: usize) -> Self {
        self.ts.truncate(n);
        self.prices.iter_mut().for_each(|column| column.truncate(n));
        self.flags.iter_mut().for_each(|column| column.truncate(n));
        self.bits = self.flags.each_ref().map(|flags| Bits::from_bools(flags));
        self.numbers.iter_mut().for_each(|column| column.truncate(n));
        self.target.iter_mut().for_each(|column| column.truncate(n));
        self
    }

    fn member(&self, options: &Options) -> Member<'_> {
        let [open, high, low, close] = &self.prices;
        let [enter_long, enter_short, exit_long, exit_short] = self.bits.each_ref().map(|b| Flags::Bits(b.as_slice()));
        let [stop, target, size, rank, share] = self.numbers.each_ref().map(|column| Numbers::Slice(column));
        let levels = Signals { stop_distance: stop, target_distance: target, size, ..Signals::default() };
        let signals = match &self.target {
            Some(position) => Signals { position: Numbers::Slice(position), ..levels },
            None => Signals { enter_long, enter_short, exit_long, exit_short, ..levels },
        };
        let bars = Bars { ts: &self.ts, open, high, low, close, ..Bars::default() };
        Member { bars, signals, rank, share, periods_per_year: options.periods_per_year }
    }
}

impl Market {
    pub fn new(n: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let count = dice.pick(&[1, 2, 3, 6]);
        let is_wild = dice.chance(0.2);
        let features = (dice.chance(0.6), dice.chance(0.25), is_wild);
        Market {
            series: (0..count).map(|_| Series::new(n, &mut dice, features)).collect(),
            options: Options {
                fill: dice.pick(&[Fill::NextOpen, Fill::NextOpen, Fill::Close]),
                stop_fill: dice.pick(&[StopFill::Intrabar, StopFill::Intrabar, StopFill::Close]),
                intrabar: dice.pick(&[Intrabar::StopFirst, Intrabar::TargetFirst]),
                fee_bps: dice.pick(&[0.0, 10.0, 90.0]),
                slippage_bps: dice.pick(&[0.0, 7.0]),
                reentry: dice.pick(&[Reentry::SameBar, Reentry::NextBar]),
                final_close: dice.pick(&[FinalClose::Close, FinalClose::None]),
                lot_size: dice.pick(&[0.0, 0.5]),
                periods_per_year: Some(365.0),
                ..Options::default()
            },
            max_positions: dice.pick(&[1, 2, 3]),
            allocation: dice.pick(&[Allocation::Equal, Allocation::InverseVolatility, Allocation::Fraction]),
            rotate: dice.chance(0.4),
            is_wild,
        }
    }

    pub fn rules(&self) -> PortfolioRules<'_> {
        let Market { options, max_positions, allocation, rotate, .. } = self;
        PortfolioRules { options, max_positions: *max_positions, allocation: *allocation, rotate: *rotate }
    }

    pub fn members(&self) -> Vec<Member<'_>> {
        self.series.iter().map(|series| series.member(&self.options)).collect()
    }

    /// What was known at a time.
    pub fn until(&self, time: i64) -> Self {
        let known = |series: &Series| series.clone().cut(series.ts.partition_point(|ts| *ts <= time));
        Market { series: self.series.iter().map(known).collect(), ..self.clone() }
    }
}
