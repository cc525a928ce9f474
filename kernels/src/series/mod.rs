//! Whole series of bars, column by column: what must hold before anything is computed on them, their content hash, and
//! longer bars from shorter ones.
//!
//! These are the loops that touch every bar of every series that is loaded. They keep no branch in the common case, so that
//! they run at the speed of the memory.

mod check;
mod digest;
mod fold;

pub use check::{Columns, first_impossible, first_unordered};
pub use digest::digest;
pub use fold::{Folded, fold};
