//! Settings under `threadx.`: what `SET threadx.fee_bps = 10` changes, and where their first values come from.
//!
//! A later source wins: the file `threadx.toml` in the working directory, the environment (`THREADX_FEE_BPS=10`), the program
//! that builds the engine, and `SET`.
//!
//! A run option that is not set here and not given as an argument has the default of the simulator's contract. The order of
//! precedence is: argument, preset given as an argument, setting, preset given as a setting, default.

use std::path::Path;

use datafusion::common::config::{ConfigExtension, ExtensionOptions};
use datafusion::common::extensions_options;

use crate::error::{Error, Result, nearest};

/// The settings file that is read from the working directory.
pub const FILE: &str = "threadx.toml";

/// What environment variables of settings start with.
const VARIABLE: &str = "THREADX_";

extensions_options! {
    /// The settings of ThreadX, one field each.
    pub struct Settings {
        /// Threads that sweeps and indicators compute on; 0 takes every core.
        pub threads: usize, default = 0
        /// When orders fill: `next_open`, `close` or `prev_close`.
        pub fill: Option<String>, default = None
        /// Where stops and targets fill: `intrabar` or `close`.
        pub stop_fill: Option<String>, default = None
        /// Which level is reached first in a bar that touches stop and target: `stop_first`,
        /// `target_first`, `nearest_open` or `stop_always`.
        pub intrabar: Option<String>, default = None
        /// Fee per fill, in basis points of notional.
        pub fee_bps: Option<f64>, default = None
        /// Fee per fill of a limit order, in basis points; `same` as `fee_bps`.
        pub maker_fee_bps: Option<String>, default = None
        /// Fee per unit of quantity, on top of the fee in basis points.
        pub fee_per_unit: Option<f64>, default = None
        /// Fee per fill, in quote currency, on top of the others.
        pub fee_fixed: Option<f64>, default = None
        /// Smallest fee of a fill, in quote currency.
        pub fee_min: Option<f64>, default = None
        /// Cost of a short position per year, in basis points of notional.
        pub borrow_bps: Option<f64>, default = None
        /// Slippage per fill, in basis points of price.
        pub slippage_bps: Option<f64>, default = None
        /// Which fills pay slippage: `market_and_stop`, `market`, `entry` or `all`.
        pub slippage_on: Option<String>, default = None
        /// Money at the start, in quote currency.
        pub initial_capital: Option<f64>, default = None
        /// Which directions may be entered: `both`, `long` or `short`.
        pub direction: Option<String>, default = None
        /// What an entry signal against the open position does: `ignore`, `close` or `reverse`.
        pub on_opposite: Option<String>, default = None
        /// What counts when a bar enters and exits one direction.
        pub entry_exit_conflict: Option<String>, default = None
        /// What counts when a bar enters both directions.
        pub direction_conflict: Option<String>, default = None
        /// When a target position is traded towards: `on_change`, `every_bar` or a number of bars.
        pub rebalance: Option<String>, default = None
        /// When a limit entry counts as reached: `touch` or `through`.
        pub limit_fill: Option<String>, default = None
        /// Whether a position may be entered on the bar of an exit: `same_bar`, `next_bar` or `not_after_stop`.
        pub reentry: Option<String>, default = None
        /// Quantities are rounded down to a multiple of this; 0 allows any.
        pub lot_size: Option<f64>, default = None
        /// Prices are rounded to a multiple of this, against the trader; 0 allows any.
        pub tick_size: Option<f64>, default = None
        /// Fills of a bar take at most this part of its volume; 0 is no limit.
        pub max_volume_share: Option<f64>, default = None
        /// What becomes of the part of an entry that found too little volume: `carry` or `cancel`.
        pub unfilled: Option<String>, default = None
        /// What stands behind a leveraged position: `cross` or `isolated`.
        pub margin: Option<String>, default = None
        /// How a position that was added to is written down: `averaged` or `separate`.
        pub lots: Option<String>, default = None
        /// Orders below this notional are rejected.
        pub min_notional: Option<f64>, default = None
        /// Orders below this quantity are rejected.
        pub min_qty: Option<f64>, default = None
        /// What sizes are fractions of, and what they have to fit into.
        pub size_basis: Option<String>, default = None
        /// What becomes of an entry that is larger than the equity allows.
        pub over_budget: Option<String>, default = None
        /// Whether leveraged and short positions are liquidated.
        pub liquidation: Option<String>, default = None
        /// What happens when no equity is left at a close.
        pub ruin: Option<String>, default = None
        /// What becomes of a position that is open after the last bar.
        pub final_close: Option<String>, default = None
        /// Equity at which a leveraged or short position is liquidated, as a fraction of its notional.
        pub maintenance_margin: Option<f64>, default = None
        /// Bars per year for annualised metrics: `auto` or a number.
        pub periods_per_year: Option<String>, default = None
        /// Annual risk-free return, a fraction.
        pub risk_free: Option<f64>, default = None
        /// Named set of run options: the names are those of `preset =>`.
        pub preset: Option<String>, default = None
        /// Whose definitions of the metrics count: `default` or the name of another tool.
        pub convention: Option<String>, default = None
        /// Memory that evaluated strategy columns of one sweep may take, in bytes.
        pub bank_bytes: usize, default = 2147483648
        /// Memory for series kept for later statements, in bytes: at most a quarter of a memory limit; 0 keeps none.
        pub cache_bytes: usize, default = 1073741824
        /// Whether statements that run long show their progress on a terminal.
        pub progress: bool, default = true
    }
}

impl ConfigExtension for Settings {
    const PREFIX: &'static str = "threadx";
}

/// The names of the settings, without the prefix.
pub fn names() -> Vec<String> {
    Settings::default().entries().into_iter().map(|entry| entry.key).collect()
}

/// The settings of a file, as names with `threadx.` and values as text; nothing if there is no such file.
///
/// A file holds one `name = value` per line, without the prefix. An unknown name is an error.
pub fn from_file(path: &Path) -> Result<Vec<(String, String)>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(e) => return Err(Error::io("read", path, e)),
    };
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::data(path, e.message().to_string()))?;
    let known = names();
    table
        .into_iter()
        .map(|(name, value)| {
            if !known.contains(&name) {
                let place = format!("the file {}", path.display());
                return Err(Error::unknown("setting", &name, place, known.iter().map(String::as_str)));
            }
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => value.to_string(),
                _ => return Err(Error::data(path, format!("`{name}` must be a string, a number, true or false"))),
            };
            Ok((format!("{}.{name}", Settings::PREFIX), value))
        })
        .collect()
}

/// The settings among environment variables. A variable that is nearly the name of one is an error, because it was meant;
/// others with the prefix belong to somebody else.
pub fn from_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Vec<(String, String)>> {
    let known = names();
    let mut found = vec![];
    for (variable, value) in variables {
        let Some(name) = variable.strip_prefix(VARIABLE).map(str::to_lowercase) else { continue };
        if known.contains(&name) {
            found.push((format!("{}.{name}", Settings::PREFIX), value));
        } else if let Some(near) = nearest(&name, known.iter().map(String::as_str)) {
            return Err(Error::argument(format!(
                "unknown environment variable `{variable}`; did you mean `{VARIABLE}{}`?",
                near.to_uppercase()
            )));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<Vec<(String, String)>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        std::fs::write(&path, text).unwrap();
        from_file(&path)
    }

    #[test]
    fn a_file_gives_settings_and_refuses_other_names() {
        let found = file("fee_bps = 4.5\nfill = 'close' # at the close\n").unwrap();
        assert_eq!(
            found,
            [("threadx.fee_bps".to_string(), "4.5".to_string()), ("threadx.fill".to_string(), "close".to_string())]
        );
        let error = file("fee_bp = 1").unwrap_err().to_string();
        assert!(
            error.starts_with("unknown setting `fee_bp` of the file ") && error.ends_with("mean `fee_bps`?"),
            "{error}"
        );
        assert!(file("fee_bps = [1]").unwrap_err().to_string().ends_with("must be a string, a number, true or false"));
        assert_eq!(from_file(Path::new("no/such/file.toml")).unwrap(), []);
    }

    #[test]
    fn the_environment_gives_settings_and_refuses_near_misses() {
        let read = |name: &str| from_environment([(name.to_string(), "7".to_string())].into_iter());
        assert_eq!(read("THREADX_FEE_BPS").unwrap(), [("threadx.fee_bps".to_string(), "7".to_string())]);
        assert_eq!(read("THREADX_SOMETHING_ELSE_ENTIRELY").unwrap(), []);
        assert_eq!(read("FEE_BPS").unwrap(), []);
        let error = read("THREADX_FEE_BP").unwrap_err().to_string();
        assert_eq!(error, "unknown environment variable `THREADX_FEE_BP`; did you mean `THREADX_FEE_BPS`?");
    }
}
