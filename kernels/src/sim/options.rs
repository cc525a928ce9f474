//! How orders are filled and what they cost: the run options and the named presets.

use super::record::Direction;

/// Defines an option word list: the enum, its words, parsing and naming.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

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
    }
}

/// The options of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// When decisions are executed.
    pub fill: Fill,
    /// Where stops and targets are watched.
    pub stop_fill: StopFill,
    /// Which level comes first inside an ambiguous bar.
    pub intrabar: Intrabar,
    /// Fee per fill in basis points of its notional, `0 <= fee_bps < 10000`.
    pub fee_bps: f64,
    /// Adverse price offset of market orders and stops in basis points, `0 <= slippage_bps < 10000`.
    pub slippage_bps: f64,
    /// Money at the start in quote currency, positive.
    pub initial_capital: f64,
    /// Which entries are taken.
    pub direction: DirectionFilter,
    /// When a position may be entered after an exit.
    pub reentry: Reentry,
    /// Quantities are rounded down to multiples of this; 0 = no rounding.
    pub lot_size: f64,
    /// Entries with less notional than this are rejected; 0 = none is.
    pub min_notional: f64,
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
            direction: DirectionFilter::Both,
            reentry: Reentry::SameBar,
            lot_size: 0.0,
            min_notional: 0.0,
            maintenance_margin: 0.005,
            periods_per_year: None,
            risk_free: 0.0,
        }
    }
}

impl Options {
    /// Checks every range. The error is one sentence that names the option, its value and what is allowed.
    pub fn check(&self) -> Result<(), String> {
        let bps = |name: &str, value: f64| match (0.0..10_000.0).contains(&value) {
            true => Ok(()),
            false => Err(format!("`{name}` must be at least 0 and below 10000, got {value}")),
        };
        let not_negative = |name: &str, value: f64| match value.is_finite() && value >= 0.0 {
            true => Ok(()),
            false => Err(format!("`{name}` must be a finite number of at least 0, got {value}")),
        };
        let positive = |name: &str, value: f64| match value.is_finite() && value > 0.0 {
            true => Ok(()),
            false => Err(format!("`{name}` must be a finite number above 0, got {value}")),
        };
        bps("fee_bps", self.fee_bps)?;
        bps("slippage_bps", self.slippage_bps)?;
        positive("initial_capital", self.initial_capital)?;
        not_negative("lot_size", self.lot_size)?;
        not_negative("min_notional", self.min_notional)?;
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

    /// Fill price of a market order that opens (`closes = false`) or closes a position: moved against the trader.
    pub(super) fn slipped(&self, price: f64, direction: Direction, closes: bool) -> f64 {
        let buys = (direction == Direction::Long) != closes;
        if buys { price * (1.0 + self.slippage()) } else { price * (1.0 - self.slippage()) }
    }

    /// Risk-free return per bar: the annual fraction divided by the bars per year, 0 while that number is unknown.
    pub fn risk_free_per_bar(&self) -> f64 {
        self.periods_per_year.map_or(0.0, |periods| self.risk_free / periods)
    }
}

/// A named set of options. An option given by the user wins over the preset.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Name in SQL.
    pub name: &'static str,
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// What the preset sets: option name and SQL literal, for documentation.
    pub sets: &'static [(&'static str, &'static str)],
    /// Applies the preset.
    pub apply: fn(&mut Options),
}

/// Every preset, sorted by name.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "default",
        summary: "Honest fills: next open, stops inside the bar, fees and slippage.",
        sets: &[],
        apply: |_| {},
    },
    Preset {
        name: "threadx_py",
        summary: "The rules that the Python ThreadX meant: everything at the close, a fee and no slippage.",
        sets: &[("fill", "'close'"), ("stop_fill", "'close'"), ("fee_bps", "4.5"), ("slippage_bps", "0")],
        apply: |options| {
            options.fill = Fill::Close;
            options.stop_fill = StopFill::Close;
            options.fee_bps = 4.5;
            options.slippage_bps = 0.0;
        },
    },
];

/// The preset of a name, in upper or lower case; `None` if there is no such preset.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name))
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
    fn the_defaults_and_every_preset_pass_the_check() {
        for preset in PRESETS {
            let mut options = Options::default();
            (preset.apply)(&mut options);
            assert_eq!(options.check(), Ok(()), "{}", preset.name);
        }
        assert!(PRESETS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(preset("THREADX_PY").is_some() && preset("nope").is_none());
    }

    #[test]
    fn nonsense_is_refused_with_the_name_of_the_option() {
        let refuse = |change: fn(&mut Options), name: &str| {
            let mut options = Options::default();
            change(&mut options);
            let error = options.check().unwrap_err();
            assert!(error.contains(name), "{error}");
        };
        refuse(|o| o.fee_bps = -1.0, "fee_bps");
        refuse(|o| o.fee_bps = f64::NAN, "fee_bps");
        refuse(|o| o.slippage_bps = 10_000.0, "slippage_bps");
        refuse(|o| o.initial_capital = 0.0, "initial_capital");
        refuse(|o| o.initial_capital = f64::INFINITY, "initial_capital");
        refuse(|o| o.lot_size = f64::NAN, "lot_size");
        refuse(|o| o.min_notional = -1.0, "min_notional");
        refuse(|o| o.maintenance_margin = 1.0, "maintenance_margin");
        refuse(|o| o.periods_per_year = Some(0.0), "periods_per_year");
        refuse(|o| o.risk_free = f64::NAN, "risk_free");
    }
}
