//! Stored results: rows of sweeps that are kept on disk as they are computed, so that a sweep that stopped goes on where it
//! was.
//!
//! What is stored is the summary of every simulation, not the metrics, and it is found again by content alone: the key of a
//! unit (some consecutive points of one series) is a hash of all that its numbers depend on. A changed grid, file, strategy
//! or option has other keys, so that it cannot meet rows of something else.
//!
//! | file | what it knows |
//! |---|---|
//! | `name` | what a result may be called |
//! | `key` | what the numbers of a unit depend on |
//! | `codec` | summaries as bytes |
//! | `segment` | one append-only file of units |
//! | `manifest` | what the latest sweep of a result was |
//! | `checkpoint` | the one writer of a result |
//! | `store` | all results: listing and removing them |
//! | `parse` | `DROP RESULT` |

mod checkpoint;
mod codec;
mod key;
mod manifest;
mod name;
mod parse;
mod segment;
mod store;

pub use checkpoint::Checkpoint;
pub use key::{SeriesId, UNIT_POINTS, UnitKey, body_id};
pub use manifest::About;
pub use name::ResultName;
pub use parse::{ResultStatement, parse_statement};
pub use store::{Results, StoredResult};
