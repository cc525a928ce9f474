//! The trade simulator: one strategy's columns on one series of bars, or on many that share one account.

mod account;
mod alone;
mod broker;
mod calendar;
mod calm;
mod capital;
mod chain;
mod contract;
mod course;
mod desk;
mod entries;
mod event;
mod holding;
mod ledger;
mod options;
mod outcome;
mod portfolio;
mod position;
mod presets;
mod record;
mod run_option;
mod scalar;
mod sets;
mod shared;
mod sizing;
mod stretch;
mod summary;
mod sums;
mod target;
mod walk;
mod watch;

pub use calendar::{Spacing, periods_per_year};
pub use contract::{Bars, CONTRACT, ColumnKind, ContractColumn, Detail, Flags, Funding, Numbers, Read, Signals};
pub use event::{simulate, stepped_because};
pub use options::{
    DirectionConflict, DirectionFilter, EntryExitConflict, Fill, FinalClose, Intrabar, LimitFill, Liquidation, Lots,
    Margin, OnOpposite, Options, OverBudget, Rebalance, Reentry, Ruin, SizeBasis, SlippageOn, StopFill, Unfilled,
};
pub use portfolio::{Allocation, Member, PortfolioRecord, PortfolioRules, simulate_portfolio, union_of_times};
pub use presets::{PRESETS, Preset, preset};
pub use record::{Curve, Direction, Order, OrderStatus, Reason, Record, Side, Trade};
pub use run_option::{OptionKind, OptionValue, RUN_OPTIONS, RunOption};
pub use scalar::simulate_reference;
pub use shared::{Group, OutcomeCache, not_shared_because, simulate_groups};
pub use summary::{Needs, Summary};
