//! Charts as text for a terminal.

mod bars;
mod candles;
mod canvas;
mod frame;
mod heatmap;
mod render;
#[cfg(test)]
mod tests;
mod xy;

pub use render::{Look, render};
