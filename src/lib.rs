//! ThreadX.
