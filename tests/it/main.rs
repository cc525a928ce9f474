//! The one integration binary.

mod data;
mod layers;
mod reference;
mod replay;
mod session;
mod slt;
mod support;
