//! Shared primitives.
