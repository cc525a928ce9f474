//! Strategies: what one is, how it is written, where it is kept, and how its body is planned.

mod body;
mod catalog;
mod definition;
mod parse;
mod steady;

pub use body::{
    BODY_RELATION, Body, bars_scanned, body_relation_plan, body_schema, contract_column, is_body_scan,
    placeholder_index, plan_body,
};
pub use catalog::Catalog;
pub use definition::{ParamType, ParamValue, SearchRange, Strategy, StrategyParam};
pub use parse::{StrategyStatement, parse_statement};
pub use steady::{unsteady, unsteady_plan};
