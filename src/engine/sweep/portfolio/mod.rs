//! One account over many series: the series are evaluated side by side, then traded together.

mod member;
mod output;
mod source;
mod spec;

pub use member::Loaded;
pub use output::{PortfolioOutput, portfolio_schema};
pub use source::PortfolioSource;
pub use spec::PortfolioSpec;
