//! ThreadX: an embedded SQL engine for trading research.

pub mod engine;
pub mod error;
