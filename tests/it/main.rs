//! The one integration binary.

mod layers;
mod reference;
mod session;
mod slt;
mod support;
