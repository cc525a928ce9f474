//! The engine: bars, where they are kept and how they get there.

pub mod series;
pub mod timeframe;
