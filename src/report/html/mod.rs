//! A report as one file of HTML, which needs nothing else: style, script and data are inside.

mod chart;
mod describe;
mod escape;
mod json;
mod page;

pub use chart::{drawn, is_fraction};
pub use describe::{describe, headline, notes};
pub use escape::escape;
pub use page::{link, page};
