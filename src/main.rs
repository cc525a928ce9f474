//! The `threadx` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    threadx::repl::app::main(std::env::args_os())
}
