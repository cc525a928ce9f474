//! ThreadX: an embedded SQL engine for trading research.
//!
//! Indicators, backtests and parameter sweeps are SQL functions over Parquet bars. [`Engine`] is the way in;
//! [`register_all`] adds the functions to any other DataFusion context.

pub mod chart;
pub mod engine;
pub mod error;
pub mod repl;
pub mod report;
pub mod session;
pub mod udf;

pub use error::{Error, Result};
pub use session::{Engine, EngineBuilder, register, register_all};

/// Compiles the Rust of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
