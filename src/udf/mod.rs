//! What SQL can call.
//!
//! | file | what it does |
//! |---|---|
//! | [`window`] | every indicator of the registry as a window function |
//! | [`indicator_windows`] | the optimizer rule that gives indicators an operator of their own |
//! | [`equal_windows`] | the optimizer rule that leaves one of several equal window functions |
//! | [`stacked_windows`] | the optimizer rule that separates windows over the results of others |
//! | [`in_order`] | the analyzer rule that resolves indicators without `OVER` and calls on other bars |
//! | [`other_bars`] | expressions on other bars as window functions |
//! | [`aggregate`] | every metric of the registry as an aggregate |
//! | [`scalar`] | scalar functions, one file each |
//! | [`table`] | table functions, one file each |
//! | [`mod@reference`] | the generated reference, `sql/reference.md` |
//! | [`relation`] | named arguments, subquery arguments and `LATERAL` for table functions |
//! | [`args`] | the one argument resolver |
//! | [`run`], [`portfolio`] | what functions share that run a strategy |
//! | [`grid_builder`], [`strategy_args`], [`sampler_args`] | a strategy and the points of a sweep |

pub mod aggregate;
pub mod args;
pub mod equal_windows;
pub mod grid_builder;
pub mod in_order;
pub mod indicator_windows;
pub mod lateral;
mod long_range;
pub mod other_bars;
pub mod portfolio;
pub mod reference;
pub mod relation;
pub mod run;
pub mod run_options;
pub mod sampler_args;
pub mod scalar;
pub mod stacked_windows;
pub mod strategy_args;
pub mod table;
pub mod window;
