//! The engine's runs, replayed: an independent simulator, written from the contract alone, has to find the same trades.

mod account;
mod bench;
mod compare;
mod metrics;
mod options;
mod random;
mod real;
mod strategies;
mod synthetic;
mod table;
