//! The one integration binary.

mod session;
mod slt;
mod support;
