//! Other bars, as the bars of a series see them: longer bars of the same series, bars of another series, or both.
//!
//! `at_timeframe('4h', rsi(close, 14))` and `at_series('BTCUSDT', close)` evaluate an expression on other bars and give each
//! bar the value of the last other bar that had closed when it closed.
//!
//! | file | what it does |
//! |---|---|
//! | `key` | names other bars |
//! | `marker` | the functions in SQL, which are never executed |
//! | `bars` | loads or makes the other bars and lines their values up |
//! | `asof` | `ASOF JOIN` of bars, written with them |

pub mod asof;
mod bars;
mod key;
mod marker;

pub use bars::{Others, SeenBars};
pub use key::{View, ViewArgs};
pub use marker::{AT_SERIES, AT_TIMEFRAME, ViewCall, ViewFunction, at_series, at_timeframe, is_view_name, view_call};
