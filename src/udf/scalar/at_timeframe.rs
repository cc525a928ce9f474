//! `at_timeframe('4h', expression)`: an expression on longer bars of the same series.

pub(super) use crate::engine::view::at_timeframe as udf;
