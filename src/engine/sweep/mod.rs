//! Backtests and sweeps: a strategy's plan is taken apart, each distinct part is evaluated once, and the simulator runs
//! every combination of parameters.
//!
//! | file | step |
//! |---|---|
//! | `grid`, `sampled` | the combinations |
//! | `template` | takes the body apart, or says why it must be run whole |
//! | `specialize`, `bind` | distinct expressions: each node for the values of its parameters |
//! | `formula` | which of them the kernels evaluate themselves |
//! | `plan` | groups of points that share their exits |
//! | `planned` | bodies that are kept for the next statement |
//! | `bank`, `signal` | values of the expressions, as the simulator reads them |
//! | `prepare` | the simulator's inputs for some combinations, by either path |
//! | `drive`, `series_run` | enumerates, prunes, simulates, streams |
//! | `bounds`, `rules` | the same run with other assumptions about the inside of bars |
//! | `resume` | rows that are stored are not computed again |
//! | `evaluate`, `dry_run` | one combination on one series, without a simulation |
//! | `story` | what `EXPLAIN` tells |
//! | `seen_call` | an expression on other bars in a query, by the same means |
//! | `output` | schemas and record batches of the results |
//! | `exec`, `table` | the DataFusion side |
//! | `portfolio` | one account over many series |

mod bank;
mod bind;
mod bounds;
mod drive;
mod dry_run;
mod estimate;
mod evaluate;
mod exec;
mod formula;
mod grid;
mod market;
mod options;
mod output;
mod plan;
mod planned;
mod portfolio;
mod prepare;
mod resume;
mod rules;
mod sampled;
mod seen_call;
mod series_run;
mod signal;
mod spec;
mod specialize;
mod story;
mod table;
mod template;

pub use dry_run::dry_run;
pub use evaluate::{Evaluated, evaluate, evaluate_leniently};
pub use grid::{ParamGrid, SampleOptions};
pub use market::FundingRates;
pub use options::RunOptions;
pub use output::{OutputKind, Shape, output_schema, params_text};
pub use planned::{Planned, PlannedBodies};
pub use portfolio::{Loaded, PortfolioOutput, PortfolioSource, PortfolioSpec, portfolio_schema};
pub use prepare::{Path, Prepared, Runtime, check_point, check_values, with_values};
pub use sampled::ParamLaw;
pub use seen_call::SeenCall;
pub use spec::{CheckpointSpec, GridSource, RunSpec, SeriesSource};
pub use table::RunTable;
