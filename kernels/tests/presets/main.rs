//! The presets against what the engines after which they are named gave for the same bars and signals.

mod desk;
mod market;
mod shipped;
mod table;
