//! Settings under `threadx.`: what `SET threadx.fee_bps = 10` changes.
//!
//! A run option that is not set here and not given as an argument has the default of the simulator's contract. The order of
//! precedence is: argument, preset given as an argument, setting, preset given as a setting, default.

use datafusion::common::config::ConfigExtension;
use datafusion::common::extensions_options;

extensions_options! {
    /// The settings of ThreadX, one field each.
    pub struct Settings {
        /// Threads that sweeps compute on; 0 takes every core.
        pub threads: usize, default = 0
        /// When orders fill: `next_open` or `close`.
        pub fill: Option<String>, default = None
        /// Where stops and targets fill: `intrabar` or `close`.
        pub stop_fill: Option<String>, default = None
        /// Which level is reached first in a bar that touches stop and target: `stop_first`, `target_first`, `nearest_open`.
        pub intrabar: Option<String>, default = None
        /// Fee per fill, in basis points of notional.
        pub fee_bps: Option<f64>, default = None
        /// Slippage per fill, in basis points of price.
        pub slippage_bps: Option<f64>, default = None
        /// Money at the start, in quote currency.
        pub initial_capital: Option<f64>, default = None
        /// Which directions may be entered: `both`, `long` or `short`.
        pub direction: Option<String>, default = None
        /// Whether a position may be entered on the bar of an exit: `same_bar` or `next_bar`.
        pub reentry: Option<String>, default = None
        /// Quantities are rounded down to a multiple of this; 0 allows any.
        pub lot_size: Option<f64>, default = None
        /// Orders below this notional are rejected.
        pub min_notional: Option<f64>, default = None
        /// Equity at which a leveraged or short position is liquidated, as a fraction of its notional.
        pub maintenance_margin: Option<f64>, default = None
        /// Bars per year for annualised metrics: `auto` or a number.
        pub periods_per_year: Option<String>, default = None
        /// Annual risk-free return, a fraction.
        pub risk_free: Option<f64>, default = None
        /// Named set of run options: `default` or `threadx_py`.
        pub preset: Option<String>, default = None
        /// Memory that evaluated strategy columns of one sweep may take, in bytes.
        pub bank_bytes: usize, default = 2147483648
        /// Whether statements that run long show their progress on a terminal.
        pub progress: bool, default = true
    }
}

impl ConfigExtension for Settings {
    const PREFIX: &'static str = "threadx";
}
