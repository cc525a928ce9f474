//! Ctrl-C, heard by a thread of its own: a statement that computes without a pause may hold every thread of the runtime, and
//! then nothing in the runtime hears a signal.

use std::sync::OnceLock;
use std::thread;

use tokio::sync::watch;

use crate::error::{Error, Result};

/// Counts the signals.
static HEARD: OnceLock<watch::Receiver<u64>> = OnceLock::new();

/// Begins to listen. From here on Ctrl-C does not end the program by itself.
pub fn listen() {
    HEARD.get_or_init(|| {
        let (sender, receiver) = watch::channel(0);
        // Without the thread nobody counts, and whoever waits is told.
        let _ = thread::Builder::new().name("threadx-ctrl-c".into()).spawn(move || count(&sender));
        receiver
    });
}

fn count(heard: &watch::Sender<u64>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    runtime.block_on(async {
        while tokio::signal::ctrl_c().await.is_ok() {
            heard.send_modify(|signals| *signals += 1);
        }
    });
}

/// Waits for the next Ctrl-C.
///
/// # Errors
/// A system that does not tell of it.
pub async fn interrupted() -> Result<()> {
    listen();
    let unheard = || Error::Internal("Ctrl-C cannot be watched on this system".into());
    let mut heard = HEARD.get().cloned().ok_or_else(unheard)?;
    heard.mark_unchanged();
    heard.changed().await.map_err(|_| unheard())
}
