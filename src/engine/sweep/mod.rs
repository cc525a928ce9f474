//! Backtests and sweeps: a strategy's plan is taken apart, each distinct part is evaluated once, and the simulator runs
//! every combination of parameters.
//!
//! | file | step |
//! |---|---|
//! | `grid`, `sampled` | the combinations |
//! | `template` | takes the body apart, or says why it must be run whole |
//! | `bind`, `bank` | distinct expressions and their values |
//! | `prepare` | the simulator's inputs for some combinations, by either path |
//! | `drive` | enumerates, prunes, simulates, streams |
//! | `output` | schemas and record batches of the results |
//! | `exec`, `table` | the DataFusion side |

mod bank;
mod bind;
mod drive;
mod dry_run;
mod exec;
mod grid;
mod options;
mod output;
mod prepare;
mod sampled;
mod spec;
mod table;
mod template;

pub use dry_run::dry_run;
pub use grid::{ParamGrid, SampleOptions};
pub use options::RunOptions;
pub use output::{OutputKind, Shape, output_schema};
pub use prepare::{Path, check_values};
pub use sampled::ParamLaw;
pub use spec::{GridSource, RunSpec, SeriesSource};
pub use table::RunTable;
