//! Reports: SQL files whose comments say how the results are shown.
//!
//! | file | what it does |
//! |---|---|
//! | [`directive`], [`parameter`], [`view`] | the report file |
//! | [`run`], [`guard`], [`assert`] | runs it |
//! | [`content`], [`format`] | what it shows |
//! | [`html`], [`markdown`], [`target`] | how, and where |
//! | [`shipped`] | the reports that come with the engine |

pub mod assert;
pub mod content;
pub mod directive;
pub mod fault;
pub mod format;
pub mod guard;
pub mod html;
pub mod markdown;
pub mod parameter;
pub mod prose;
pub mod run;
pub mod shipped;
pub mod target;
pub mod view;
