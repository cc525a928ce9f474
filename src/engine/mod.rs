//! The engine: bars, where they are kept and how they get there.

pub mod resample;
pub mod series;
pub mod store;
pub mod timeframe;
