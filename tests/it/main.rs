//! The one integration binary.

mod data;
mod session;
