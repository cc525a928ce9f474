//! Charts: what a result looks like.
//!
//! | file | what it does |
//! |---|---|
//! | [`model`] | what a chart shows, as plain vectors |
//! | [`choose`], `table`, `points`, `build`, `candles` | from the columns of a result to a chart |
//! | [`sample`], [`bins`], [`ticks`] | long series in few points, counts, axes |
//! | [`terminal`] | a chart as text |
//! | `picture`, [`svg`], [`png`] | a chart as shapes on a page, and the page as a file |

pub mod bins;
mod build;
mod candles;
pub mod choose;
mod headline;
pub mod model;
mod picture;
pub mod png;
mod points;
pub mod sample;
pub mod svg;
mod table;
pub mod terminal;
pub mod ticks;
