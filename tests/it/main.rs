//! The one integration binary.

mod data;
mod golden;
mod layers;
mod reference;
mod session;
mod slt;
mod support;
