//! The engine's runs, replayed: an independent simulator, written from the contract alone, has to find the same trades.

mod account;
mod aggregates;
mod bench;
mod bounds;
mod checkpoint;
mod compare;
mod drawn;
mod metrics;
mod options;
mod prefix;
mod random;
mod real;
mod record;
mod strategies;
mod sweeps;
mod synthetic;
mod table;
mod worked;
