//! The run options of the contract, with its defaults, as arguments of a query.

/// What a case may set; the words are those of SQL.
#[derive(Debug, Clone)]
pub struct Options {
    pub fill: &'static str,
    pub stop_fill: &'static str,
    pub intrabar: &'static str,
    pub fee_bps: f64,
    pub slippage_bps: f64,
    pub initial_capital: f64,
    pub direction: &'static str,
    pub reentry: &'static str,
    pub lot_size: f64,
    pub min_notional: f64,
    pub maintenance_margin: f64,
    pub risk_free: f64,
    pub since: Option<&'static str>,
    pub until: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fill: "next_open",
            stop_fill: "intrabar",
            intrabar: "stop_first",
            fee_bps: 10.0,
            slippage_bps: 5.0,
            initial_capital: 10_000.0,
            direction: "both",
            reentry: "same_bar",
            lot_size: 0.0,
            min_notional: 0.0,
            maintenance_margin: 0.005,
            risk_free: 0.0,
            since: None,
            until: None,
        }
    }
}

impl Options {
    /// The arguments of a table function: everything that differs from the default, so that defaults are tested too.
    pub fn arguments(&self) -> String {
        let default = Options::default();
        let mut text = String::new();
        let words = [
            ("fill", self.fill, default.fill),
            ("stop_fill", self.stop_fill, default.stop_fill),
            ("intrabar", self.intrabar, default.intrabar),
            ("direction", self.direction, default.direction),
            ("reentry", self.reentry, default.reentry),
        ];
        for (name, value, _) in words.iter().filter(|(_, value, default)| value != default) {
            text += &format!(", {name} => '{value}'");
        }
        let numbers = [
            ("fee_bps", self.fee_bps, default.fee_bps),
            ("slippage_bps", self.slippage_bps, default.slippage_bps),
            ("initial_capital", self.initial_capital, default.initial_capital),
            ("lot_size", self.lot_size, default.lot_size),
            ("min_notional", self.min_notional, default.min_notional),
            ("maintenance_margin", self.maintenance_margin, default.maintenance_margin),
            ("risk_free", self.risk_free, default.risk_free),
        ];
        for (name, value, _) in numbers.iter().filter(|(_, value, default)| value != default) {
            text += &format!(", {name} => {value}");
        }
        for (name, value) in [("since", self.since), ("until", self.until)] {
            if let Some(value) = value {
                text += &format!(", {name} => '{value}'");
            }
        }
        text
    }

    /// The arguments that `signals(...)` shares.
    pub fn range(&self) -> String {
        Options { since: self.since, until: self.until, ..Options::default() }.arguments()
    }

    pub fn fee(&self) -> f64 {
        self.fee_bps * 1e-4
    }

    pub fn slippage(&self) -> f64 {
        self.slippage_bps * 1e-4
    }
}
