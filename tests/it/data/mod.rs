//! The data layer on real files.

mod raw;

use std::path::PathBuf;

/// The shared test data, or none with a printed reason. `THREADX_SHARED_DATA` says where it is; else it is looked for
/// beside the repository.
pub(crate) fn shared(what: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let root = std::env::var_os("THREADX_SHARED_DATA").map_or(beside, PathBuf::from);
    let path = root.join(what);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no test data at {}", path.display());
    None
}
