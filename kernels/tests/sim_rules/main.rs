//! Every rule of the simulator on bars made by hand, with results worked out by hand.

mod account;
mod close;
mod desk;
mod fills;
mod inside;
mod size;
mod trail;
