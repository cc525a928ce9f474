//! The trade simulator: one strategy's columns on one series of bars.

mod calendar;
mod contract;
mod options;
mod record;
mod scalar;
mod summary;

pub use calendar::{Spacing, periods_per_year};
pub use contract::{Bars, CONTRACT, ColumnKind, ContractColumn, Flags, Numbers, Read, Signals};
pub use options::{DirectionFilter, Fill, Intrabar, Options, PRESETS, Preset, Reentry, StopFill, preset};
pub use record::{Curve, Direction, Order, OrderStatus, Reason, Record, Side, Trade};
pub use scalar::simulate;
pub use summary::{Needs, Summary};
