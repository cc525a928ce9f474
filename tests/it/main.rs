//! The one integration binary.

<<<<<<< HEAD
mod data;
mod layers;
mod reference;
=======
mod cli;
mod data;
mod layers;
mod reference;
mod repl;
>>>>>>> repl
mod session;
mod slt;
mod support;
