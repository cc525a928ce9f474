//! `at_series('SYMBOL', expression)`: an expression on the bars of another series.

pub(super) use crate::engine::view::at_series as udf;
