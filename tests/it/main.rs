//! The one integration binary.

<<<<<<< HEAD
mod data;
=======
mod layers;
mod reference;
>>>>>>> docs
mod session;
mod slt;
mod support;
