//! The trade simulator: one strategy's columns on one series of bars.

mod account;
mod calendar;
mod contract;
mod entries;
mod event;
mod ledger;
mod options;
mod outcome;
mod position;
mod quick;
mod record;
mod scalar;
mod shared;
mod sizing;
mod summary;
mod sums;
mod watch;

pub use calendar::{Spacing, periods_per_year};
pub use contract::{Bars, CONTRACT, ColumnKind, ContractColumn, Flags, Numbers, Read, Signals};
pub use event::simulate;
pub use options::{DirectionFilter, Fill, Intrabar, Options, PRESETS, Preset, Reentry, StopFill, preset};
pub use record::{Curve, Direction, Order, OrderStatus, Reason, Record, Side, Trade};
pub use scalar::simulate_reference;
pub use shared::{Group, OutcomeCache, not_shared_because, simulate_groups};
pub use summary::{Needs, Summary};
