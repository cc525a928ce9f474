//! How orders are filled and what they cost: the run options and the named presets.

use super::record::Direction;

/// Defines an option word list: the enum, its words, parsing and naming.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[doc = $meaning:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Their words.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// What they mean, one sentence each.
            pub const MEANINGS: &'static [&'static str] = &[$(concat!($($meaning),+),)+];

            /// The value of a word, in upper or lower case; `None` if there is no such word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(word))
            }

            /// The lower-case word of SQL.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}
pub(super) use words;

words! {
    /// When a decision taken at a close is executed.
    Fill {
        /// At the next bar's open.
        NextOpen = "next_open",
        /// At the same close.
        Close = "close",
        /// At the same close, but in the books of the next bar: the close is marked before it.
        PrevClose = "prev_close",
    }
}

words! {
    /// Where stops and targets are watched.
    StopFill {
        /// Inside the bar, with gaps filled at the open.
        Intrabar = "intrabar",
        /// At the close only; the exit is then an ordinary market order.
        Close = "close",
    }
}

words! {
    /// Which level was reached first when one bar touched both the stop and the target.
    Intrabar {
        /// The stop.
        StopFirst = "stop_first",
        /// The target.
        TargetFirst = "target_first",
        /// The level nearer to the open; the stop if they are equally far.
        NearestOpen = "nearest_open",
        /// The stop, even if the bar opens beyond the target.
        StopAlways = "stop_always",
    }
}

words! {
    /// Which entries are taken.
    DirectionFilter {
        /// Long and short.
        Both = "both",
        /// Only long.
        Long = "long",
        /// Only short.
        Short = "short",
    }
}

words! {
    /// When a position may be entered after an exit.
    Reentry {
        /// On the bar of the exit.
        SameBar = "same_bar",
        /// Not on a bar at whose close an exit was decided or inside which one happened.
        NextBar = "next_bar",
        /// Not on a bar inside which a stop or target was hit.
        NotAfterStop = "not_after_stop",
    }
}

words! {
    /// What an entry signal against the open position does.
    OnOpposite {
        /// Nothing.
        Ignore = "ignore",
        /// It closes the position.
        Close = "close",
        /// It closes the position and opens the opposite one.
        Reverse = "reverse",
    }
}

words! {
    /// Which fills pay slippage.
    SlippageOn {
        /// All but limit orders: entries, exits and stops.
        MarketAndStop = "market_and_stop",
        /// All but stops and limit orders.
        Market = "market",
        /// Entries and adds.
        Entry = "entry",
        /// All but limit entries: targets, too.
        All = "all",
    }
}

words! {
    /// What the sizes of entries mean, and what they have to fit into.
    SizeBasis {
        /// Fractions of the equity as notional; margin and fee fit into the equity.
        Notional = "notional",
        /// Fractions of the equity that are spent, fee included, as in vectorbt.
        Cash = "cash",
        /// Whole lots that a fraction of equity times leverage buys, fee included, as in backtesting.py.
        BuyingPower = "buying_power",
    }
}

words! {
    /// What becomes of an entry that is larger than the equity allows.
    OverBudget {
        /// It is cut to what fits.
        Clip = "clip",
        /// It is cut if long; a short entry in `qty` or `notional` is not.
        ClipLong = "clip_long",
        /// It is rejected.
        Reject = "reject",
    }
}

words! {
    /// What counts when a bar has the enter and the exit column of one direction.
    EntryExitConflict {
        /// Both.
        Both = "both",
        /// Neither.
        Ignore = "ignore",
        /// The enter column.
        Entry = "entry",
        /// The exit column.
        Exit = "exit",
    }
}

words! {
    /// What counts when a bar has the enter columns of both directions.
    DirectionConflict {
        /// The long one.
        Long = "long",
        /// The short one.
        Short = "short",
        /// Neither.
        Ignore = "ignore",
    }
}

words! {
    /// What becomes of a position that is open after the last bar.
    FinalClose {
        /// It is closed at the last close, with costs.
        Close = "close",
        /// It is closed at the price that an order of the last bar has.
        OrderPrice = "order_price",
        /// It stays open, marked at the last close.
        None = "none",
    }
}

words! {
    /// What happens when no equity is left at a close.
    Ruin {
        /// Everything is closed, and nothing is traded any more.
        Stop = "stop",
        /// The run goes on, and the equity may be negative.
        Ignore = "ignore",
    }
}

words! {
    /// Whether positions are liquidated at the maintenance margin.
    Liquidation {
        /// Leveraged and short ones are.
        On = "on",
        /// None is.
        Off = "off",
    }
}

words! {
    /// When the limit price of a waiting entry counts as reached inside a bar.
    LimitFill {
        /// When a price equals it.
        Touch = "touch",
        /// When a price goes beyond it.
        Through = "through",
    }
}

words! {
    /// What becomes of the part of an entry that `max_volume_share` leaves unfilled. What an exit leaves is always carried.
    Unfilled {
        /// It is tried again at the next opens.
        Carry = "carry",
        /// It is cancelled.
        Cancel = "cancel",
    }
}

words! {
    /// What a leveraged position can lose before it is liquidated.
    Margin {
        /// The whole equity stands behind it.
        Cross = "cross",
        /// Its own margin, notional / leverage, stands behind it.
        Isolated = "isolated",
    }
}

words! {
    /// How a position that was added to is written down.
    Lots {
        /// As one trade at the average entry price.
        Averaged = "averaged",
        /// As one trade per fill.
        Separate = "separate",
    }
}

impl LimitFill {
    /// Whether a price is as good as a limit price, `d` being the sign of the direction that enters.
    pub(super) fn reaches(self, d: f64, price: f64, limit: f64) -> bool {
        match self {
            LimitFill::Touch => d * price <= d * limit,
            LimitFill::Through => d * price < d * limit,
        }
    }
}

/// When a target position is traded towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebalance {
    /// When the column `position` takes another value.
    OnChange,
    /// On every n-th bar of the range, the first one included; 1 = every bar.
    Every(u32),
}

/// The smallest fee in basis points: what an exchange pays for a fill at most.
pub(super) const LARGEST_REBATE: f64 = -100.0;

/// The options of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// When decisions are executed.
    pub fill: Fill,
    /// Where stops and targets are watched.
    pub stop_fill: StopFill,
    /// Which level comes first inside an ambiguous bar.
    pub intrabar: Intrabar,
    /// Fee per fill in basis points of its notional, `-100 <= fee_bps < 10000`; a negative one is a rebate.
    pub fee_bps: f64,
    /// Adverse price offset of market orders and stops in basis points, `0 <= slippage_bps < 10000`.
    pub slippage_bps: f64,
    /// Money at the start in quote currency, positive.
    pub initial_capital: f64,
    /// Fee per fill of a limit order (a target, a limit entry) in basis points, in the range of `fee_bps`; `None` = `fee_bps`.
    pub maker_fee_bps: Option<f64>,
    /// Fee per unit of quantity, added to the fee in basis points.
    pub fee_per_unit: f64,
    /// Fee per fill, quote currency, added to the others.
    pub fee_fixed: f64,
    /// Smallest fee of a fill, quote currency.
    pub fee_min: f64,
    /// Which fills pay slippage.
    pub slippage_on: SlippageOn,
    /// What borrowing costs a short position, basis points of its notional per year of bars.
    pub borrow_bps: f64,
    /// Which entries are taken.
    pub direction: DirectionFilter,
    /// What an entry signal against the open position does.
    pub on_opposite: OnOpposite,
    /// What counts when enter and exit columns of one direction meet.
    pub entry_exit_conflict: EntryExitConflict,
    /// What counts when enter columns of both directions meet.
    pub direction_conflict: DirectionConflict,
    /// When a target position is traded towards.
    pub rebalance: Rebalance,
    /// When a limit entry counts as reached.
    pub limit_fill: LimitFill,
    /// When a position may be entered after an exit.
    pub reentry: Reentry,
    /// What sizes mean.
    pub size_basis: SizeBasis,
    /// What becomes of an entry that is too large.
    pub over_budget: OverBudget,
    /// Quantities are rounded down to multiples of this; 0 = no rounding.
    pub lot_size: f64,
    /// Entries with less quantity than this are rejected; 0 = none is.
    pub min_qty: f64,
    /// Fill prices are multiples of this, rounded against the trader; 0 = no rounding.
    pub tick_size: f64,
    /// Entries with less notional than this are rejected; 0 = none is.
    pub min_notional: f64,
    /// Fills of one bar take at most this part of its volume; 0 = no limit.
    pub max_volume_share: f64,
    /// What becomes of the part of an entry that `max_volume_share` leaves unfilled.
    pub unfilled: Unfilled,
    /// What stands behind a leveraged position.
    pub margin: Margin,
    /// Whether positions are liquidated.
    pub liquidation: Liquidation,
    /// What happens when no equity is left.
    pub ruin: Ruin,
    /// What becomes of a position that is open after the last bar.
    pub final_close: FinalClose,
    /// How a position that was added to is written down.
    pub lots: Lots,
    /// Equity / notional at which a short or leveraged position is liquidated, `0 <= maintenance_margin < 1`.
    pub maintenance_margin: f64,
    /// Bars per year used to annualise, positive; `None` leaves annualised metrics undefined.
    /// The simulator knows no calendar, so the caller resolves `auto` with [`periods_per_year`](super::periods_per_year).
    pub periods_per_year: Option<f64>,
    /// Risk-free return, annual fraction; spread evenly over the bars of a year.
    pub risk_free: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fill: Fill::NextOpen,
            stop_fill: StopFill::Intrabar,
            intrabar: Intrabar::StopFirst,
            fee_bps: 10.0,
            slippage_bps: 5.0,
            initial_capital: 10_000.0,
            maker_fee_bps: None,
            fee_per_unit: 0.0,
            fee_fixed: 0.0,
            fee_min: 0.0,
            slippage_on: SlippageOn::MarketAndStop,
            borrow_bps: 0.0,
            direction: DirectionFilter::Both,
            on_opposite: OnOpposite::Ignore,
            entry_exit_conflict: EntryExitConflict::Both,
            direction_conflict: DirectionConflict::Long,
            rebalance: Rebalance::OnChange,
            limit_fill: LimitFill::Touch,
            reentry: Reentry::SameBar,
            size_basis: SizeBasis::Notional,
            over_budget: OverBudget::Clip,
            lot_size: 0.0,
            min_qty: 0.0,
            tick_size: 0.0,
            min_notional: 0.0,
            max_volume_share: 0.0,
            unfilled: Unfilled::Carry,
            margin: Margin::Cross,
            liquidation: Liquidation::On,
            ruin: Ruin::Stop,
            final_close: FinalClose::Close,
            lots: Lots::Averaged,
            maintenance_margin: 0.005,
            periods_per_year: None,
            risk_free: 0.0,
        }
    }
}

impl Options {
    /// Checks every range. The error is one sentence that names the option, its value and what is allowed.
    pub fn check(&self) -> Result<(), String> {
        let bps = |name: &str, least: f64, value: f64| match (least..10_000.0).contains(&value) {
            true => Ok(()),
            false => Err(format!("`{name}` must be at least {least} and below 10000, got {value}")),
        };
        let not_negative = |name: &str, value: f64| match value.is_finite() && value >= 0.0 {
            true => Ok(()),
            false => Err(format!("`{name}` must be a finite number of at least 0, got {value}")),
        };
        let positive = |name: &str, value: f64| match value.is_finite() && value > 0.0 {
            true => Ok(()),
            false => Err(format!("`{name}` must be a finite number above 0, got {value}")),
        };
        bps("fee_bps", LARGEST_REBATE, self.fee_bps)?;
        bps("slippage_bps", 0.0, self.slippage_bps)?;
        bps("maker_fee_bps", LARGEST_REBATE, self.maker_fee_bps.unwrap_or(0.0))?;
        positive("initial_capital", self.initial_capital)?;
        not_negative("fee_per_unit", self.fee_per_unit)?;
        not_negative("fee_fixed", self.fee_fixed)?;
        not_negative("fee_min", self.fee_min)?;
        not_negative("min_qty", self.min_qty)?;
        not_negative("borrow_bps", self.borrow_bps)?;
        not_negative("lot_size", self.lot_size)?;
        not_negative("tick_size", self.tick_size)?;
        not_negative("min_notional", self.min_notional)?;
        if !(0.0..=1.0).contains(&self.max_volume_share) {
            return Err(format!("`max_volume_share` must be between 0 and 1, got {}", self.max_volume_share));
        }
        if self.rebalance == Rebalance::Every(0) {
            return Err("`rebalance` must be 'on_change', 'every_bar' or a number of bars of at least 1, got 0".into());
        }
        if !(0.0..1.0).contains(&self.maintenance_margin) {
            return Err(format!(
                "`maintenance_margin` must be at least 0 and below 1, got {}",
                self.maintenance_margin
            ));
        }
        if let Some(periods) = self.periods_per_year {
            positive("periods_per_year", periods)?;
        }
        if !(self.risk_free.is_finite() && self.risk_free > -1.0) {
            return Err(format!("`risk_free` must be a finite fraction above -1, got {}", self.risk_free));
        }
        Ok(())
    }

    /// Fee per fill as a fraction of notional.
    pub fn fee(&self) -> f64 {
        self.fee_bps * 1e-4
    }

    /// Adverse price offset as a fraction of price.
    pub fn slippage(&self) -> f64 {
        self.slippage_bps * 1e-4
    }

    /// Whether the last bar is a bar like any other, at whose close orders are decided and filled.
    pub(super) fn is_open_end(&self) -> bool {
        self.fill == Fill::Close && self.final_close == FinalClose::None
    }

    /// Fee of a limit order as a fraction of notional.
    pub(super) fn maker_fee(&self) -> f64 {
        self.maker_fee_bps.unwrap_or(self.fee_bps) * 1e-4
    }

    /// Whether a fee is the same fraction of every notional.
    pub(super) fn has_plain_fees(&self) -> bool {
        self.maker_fee_bps.is_none_or(|bps| bps == self.fee_bps)
            && [self.fee_per_unit, self.fee_fixed, self.fee_min] == [0.0; 3]
    }

    /// Fee of a fill in quote currency.
    pub(super) fn fee_of(&self, qty: f64, price: f64, is_limit: bool) -> f64 {
        let rate = if is_limit { self.maker_fee() } else { self.fee() };
        let fee = rate * (qty * price) + self.fee_per_unit * qty + self.fee_fixed;
        if self.fee_min > 0.0 { fee.max(self.fee_min) } else { fee }
    }

    /// What borrowing costs per bar, as a fraction of notional; 0 while the bars per year are unknown.
    pub(super) fn borrow_per_bar(&self) -> f64 {
        self.periods_per_year.map_or(0.0, |periods| self.borrow_bps * 1e-4 / periods)
    }

    /// Fill price of a market order that opens (`closes = false`) or closes a position: moved against the trader.
    #[inline(always)]
    pub(super) fn slipped(&self, price: f64, direction: Direction, closes: bool) -> f64 {
        let buys = (direction == Direction::Long) != closes;
        let slipped = if buys { price * (1.0 + self.slippage()) } else { price * (1.0 - self.slippage()) };
        self.on_tick(slipped, buys)
    }

    /// A price on a tick, the next one above (`up`) or below.
    #[inline(always)]
    pub(super) fn on_tick(&self, price: f64, up: bool) -> f64 {
        on_tick(price, self.tick_size, up)
    }

    /// Risk-free return per bar: the annual fraction divided by the bars per year, 0 while that number is unknown.
    pub fn risk_free_per_bar(&self) -> f64 {
        self.periods_per_year.map_or(0.0, |periods| self.risk_free / periods)
    }
}

/// A price as a multiple of the tick size, 0 = no rounding: the next one above (`up`) or below. A price within a billionth of a
/// tick of a multiple is that multiple.
#[inline(always)]
pub(super) fn on_tick(price: f64, tick_size: f64, up: bool) -> f64 {
    if tick_size == 0.0 || !price.is_finite() {
        return price;
    }
    let ticks = price / tick_size;
    (if up { (ticks - 1e-9).ceil() } else { (ticks + 1e-9).floor() }) * tick_size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_parse_in_any_case_and_name_themselves() {
        assert_eq!(Fill::parse("NEXT_OPEN"), Some(Fill::NextOpen));
        assert_eq!(Intrabar::parse("nearest_open"), Some(Intrabar::NearestOpen));
        assert_eq!(StopFill::parse("never"), None);
        for value in Intrabar::ALL {
            assert_eq!(Intrabar::parse(value.name()), Some(*value));
        }
    }

    #[test]
    fn ticks_round_to_the_asked_side_and_leave_multiples_alone() {
        let options = Options { tick_size: 0.25, ..Options::default() };
        assert_eq!([options.on_tick(1.3, true), options.on_tick(1.3, false)], [1.5, 1.25]);
        let options = Options { tick_size: 0.1, ..Options::default() };
        assert_eq!([options.on_tick(0.1 * 3.0, true), options.on_tick(0.1 * 3.0, false)], [0.1 * 3.0; 2]);
        assert_eq!(options.on_tick(f64::NEG_INFINITY, true), f64::NEG_INFINITY);
        assert_eq!(Options::default().on_tick(1.3, true), 1.3);
    }

    #[test]
    fn a_fee_has_a_rate_a_part_per_unit_and_a_floor() {
        let options = Options { fee_bps: 10.0, maker_fee_bps: Some(2.0), fee_per_unit: 0.5, ..Options::default() };
        assert_eq!(options.fee_of(4.0, 250.0, false), 1.0 + 2.0);
        assert_eq!(options.fee_of(4.0, 250.0, true), 0.2 + 2.0);
        let rebate = Options { maker_fee_bps: Some(-2.0), ..options };
        assert_eq!(rebate.fee_of(4.0, 250.0, true), -0.2 + 2.0);
        let options = Options { fee_min: 5.0, ..options };
        assert_eq!(options.fee_of(4.0, 250.0, false), 5.0);
        assert!(!options.has_plain_fees() && Options::default().has_plain_fees());
    }

    #[test]
    fn nonsense_is_refused_with_the_name_of_the_option() {
        let refuse = |change: fn(&mut Options), name: &str| {
            let mut options = Options::default();
            change(&mut options);
            let error = options.check().unwrap_err();
            assert!(error.contains(name), "{error}");
        };
        refuse(|o| o.fee_bps = -100.5, "fee_bps");
        refuse(|o| o.fee_bps = f64::NAN, "fee_bps");
        refuse(|o| o.slippage_bps = 10_000.0, "slippage_bps");
        refuse(|o| o.initial_capital = 0.0, "initial_capital");
        refuse(|o| o.initial_capital = f64::INFINITY, "initial_capital");
        refuse(|o| o.lot_size = f64::NAN, "lot_size");
        refuse(|o| o.min_notional = -1.0, "min_notional");
        refuse(|o| o.maintenance_margin = 1.0, "maintenance_margin");
        refuse(|o| o.periods_per_year = Some(0.0), "periods_per_year");
        refuse(|o| o.maker_fee_bps = Some(-101.0), "maker_fee_bps");
        refuse(|o| o.slippage_bps = -1.0, "slippage_bps");
        refuse(|o| o.fee_min = f64::INFINITY, "fee_min");
        refuse(|o| o.tick_size = -1.0, "tick_size");
        refuse(|o| o.max_volume_share = 1.5, "max_volume_share");
        refuse(|o| o.rebalance = Rebalance::Every(0), "rebalance");
        refuse(|o| o.risk_free = f64::NAN, "risk_free");
    }
}
