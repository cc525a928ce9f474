//! The `threadx` binary.

use std::process::ExitCode;

/// Keeps the memory of columns between statements; see the note in Cargo.toml.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    threadx::repl::app::main(std::env::args_os())
}
