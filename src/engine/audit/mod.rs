//! Whether a strategy looks ahead: does any of its values at a bar depend on later bars?
//!
//! | file | step |
//! |---|---|
//! | `finding` | what in a plan may look ahead, in words |
//! | `lineage`, `window`, `text` | reads the plan of a body: which column gets which finding |
//! | `as_of` | a plan over tables as they were known at a time |
//! | `truncation` | evaluates the body on shortened series and compares bits |
//! | `account` | the same for the account of a portfolio |
//! | `profile` | how far ahead a leak looks, and how long a clean column warms up |
//! | `report`, `source` | one verdict per column, as rows |
//! | `parse` | `EXPLAIN AUDIT` |
//! | `longer_bars` | the one leak that is refused before anything runs |

mod account;
mod as_of;
mod finding;
mod lineage;
mod longer_bars;
mod parse;
mod profile;
mod report;
mod source;
mod truncation;
mod window;

pub use longer_bars::refuse_early_joins;
pub use parse::parse_statement;
pub use report::audit_schema;
pub use source::{AuditSource, Audited, DEFAULT_CUTS, MAX_CUTS, MIN_CUTS, audits_in};
