//! Charts: what a result looks like.
//!
//! | file | what it does |
//! |---|---|
//! | [`model`] | what a chart shows, as plain vectors |
//! | [`choose`] | from the columns of a result to a chart |
//! | [`sample`] | long series in few points |

pub mod bins;
mod build;
pub mod choose;
pub mod model;
pub mod sample;
mod table;
pub mod terminal;
pub mod ticks;
