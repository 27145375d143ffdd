//! Ctrl-C: the first asks the work to stop and clean up, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::failure::{CliError, Exit};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen. Without it, Ctrl-C ends the process at once, which leaves nothing half-added either.
pub fn listen() {
    // A second listener in one process is refused; the first one serves.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            #[expect(
                clippy::disallowed_methods,
                reason = "the work did not stop when asked; all writes are atomic"
            )]
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    });
}

/// True when the user wants to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Fails when the user wants to stop.
///
/// # Errors
/// [`CliError::Interrupted`].
pub fn check() -> Result<(), CliError> {
    if asked() {
        Err(CliError::Interrupted)
    } else {
        Ok(())
    }
}

/// Resolves when the user wants to stop.
pub async fn wait() {
    while !asked() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
