//! Charts as shapes on a page, which SVG and PNG both draw.

mod bars;
mod candles;
mod describe;
mod draw;
pub(super) mod font;
mod frame;
mod heatmap;
pub(super) mod palette;
pub(super) mod scene;
mod xy;

pub(super) use draw::scene;
