//! The one integration binary.

mod data;
mod replay;
mod session;
