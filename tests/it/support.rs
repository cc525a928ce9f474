//! What several tests need: the repository, the market data beside it, and an engine with bars.

use std::path::{Path, PathBuf};

use threadx::Engine;

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The market data beside the repository, if it is there.
pub fn shared_data() -> Option<PathBuf> {
    let path = repository().join("../shared/data");
    path.join("ohlcv").is_dir().then_some(path)
}

/// An engine over a fresh directory that holds the series DEMO, and the directory that must outlive it.
pub async fn demo() -> (Engine, tempfile::TempDir) {
    let scratch = tempfile::tempdir().unwrap();
    let engine = Engine::builder().data_dir(scratch.path()).build().unwrap();
    crate::slt::run_part(&engine, scratch.path(), "include/demo.slt.part").await;
    (engine, scratch)
}
