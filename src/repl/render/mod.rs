//! Record batches as text or bytes, one file per format. Nothing here does I/O: a renderer fills a buffer.

mod arrow;
mod cell;
mod csv;
mod format;
mod json;
mod layout;
mod markdown;
mod number;
mod parquet;
mod plan;
mod table;
mod vertical;

pub use cell::type_name;
pub use format::{Format, Renderer, Style};
pub use number::{grouped, plural};
