//! The command `jinsheng`; everything is in the library part, so that tests can reach it.

use std::process::ExitCode;

/// Plans and their columns are many short-lived blocks, which the system's allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(jinsheng_cli::run(std::env::args_os().collect()) as u8)
}
