//! The command `jinsheng`; everything is in the library part, so that tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(jinsheng_cli::run(std::env::args_os().collect()) as u8)
}
