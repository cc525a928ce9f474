//! The engine below SQL.
//!
//! | room | what it does |
//! |---|---|
//! | [`store`], [`import`] | bars on disk |
//! | [`indicator`] | indicator signatures, markers and the SQL rewriter |
//! | [`strategy`] | strategies: definition, catalog, body |
//! | [`sweep`] | plans and runs backtests and sweeps |
//! | [`result`] | rows of sweeps on disk |
//! | [`audit`] | whether a strategy looks ahead |
//! | [`view`] | other bars, as the bars of a series see them |

pub mod audit;
pub mod bars;
pub mod config;
pub mod export;
mod expression;
mod fingerprint;
mod handover;
pub mod import;
pub mod indicator;
pub(crate) mod nested;
pub mod ohlcv;
pub mod order;
pub mod progress;
pub mod quality;
pub mod resample;
pub mod resample_exec;
pub mod result;
pub mod scalar;
pub mod script;
pub mod series;
pub mod source;
pub(crate) mod statement;
pub mod store;
pub mod strategy;
pub mod sweep;
pub mod synthetic;
pub mod threads;
pub mod timeframe;
pub mod view;
pub mod workspace;
