//! A write that fails or a process that dies at any step leaves the store as it was or as it should be.

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use threadx::engine::series::SeriesKey;
use threadx::engine::store::{Step, Store};

use super::hourly;

const DIR: &str = "THREADX_TEST_CRASH_DIR";
const AT: &str = "THREADX_TEST_CRASH_AT";

fn key(symbol: &str) -> SeriesKey {
    SeriesKey::parse(symbol, "1h").unwrap()
}

/// The change under test: two series at once, one of them with an older file to be removed.
fn change(store: &Store) -> threadx::Result<()> {
    store.import(vec![(key("A"), hourly(&[1.0, 7.0, 3.0])), (key("B"), hourly(&[5.0]))]).map(drop)
}

/// Whether the change has happened; panics if only half of it has.
fn has_changed(dir: &Path) -> bool {
    let store = Store::open(dir).unwrap();
    let a = store.load(&key("A")).unwrap().close().to_vec();
    let b = store.load(&key("B")).is_ok();
    match (&a[..], b) {
        ([1.0, 2.0], false) => false,
        ([1.0, 7.0, 3.0], true) => true,
        half => panic!("half of the change: {half:?}"),
    }
}

fn prepared() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path()).unwrap().import(vec![(key("A"), hourly(&[1.0, 2.0]))]).unwrap();
    dir
}

fn parquet_files(dir: &Path) -> usize {
    let dir = dir.join("ohlcv/symbol=A/timeframe=1h");
    std::fs::read_dir(dir).unwrap().count()
}

/// Changes the store and dies at step `at`.
fn change_and_die(dir: &std::ffi::OsStr, at: usize) {
    let steps = AtomicUsize::new(0);
    let store = Store::open(dir).unwrap().with_fault_hook(move |_| {
        if steps.fetch_add(1, Ordering::SeqCst) == at {
            std::process::abort();
        }
        Ok(())
    });
    change(&store).unwrap();
}

/// The test runs itself in a process of its own for each step, told by the environment which one kills it.
#[test]
fn a_process_killed_at_any_step_leaves_all_or_nothing() {
    if let (Some(dir), Ok(at)) = (std::env::var_os(DIR), std::env::var(AT)) {
        return change_and_die(&dir, at.parse().unwrap());
    }
    let mut outcomes = Vec::new();
    for at in 0.. {
        let dir = prepared();
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "data::crash::a_process_killed_at_any_step_leaves_all_or_nothing"])
            .env(DIR, dir.path())
            .env(AT, at.to_string())
            .output()
            .unwrap()
            .status;
        outcomes.push(has_changed(dir.path()));
        // Whatever happened, the next import works and leaves one file.
        change(&Store::open(dir.path()).unwrap()).unwrap();
        assert!(has_changed(dir.path()));
        assert_eq!(parquet_files(dir.path()), 1, "left-overs after step {at}");
        if status.success() {
            break;
        }
    }
    // Two files written, the journal; then two renames, one removal, the end; and a run without a fault.
    assert_eq!(outcomes, [false, false, false, true, true, true, true, true]);
}

#[test]
fn a_full_disk_changes_nothing_and_leaves_nothing_behind() {
    let dir = prepared();
    let store = Store::open(dir.path()).unwrap().with_fault_hook(|step| match step {
        Step::WriteFile | Step::WriteJournal => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    });
    let error = change(&store).unwrap_err().to_string();
    assert!(error.starts_with("cannot write ") && error.ends_with("the disk is full; nothing was changed"), "{error}");
    assert!(!has_changed(dir.path()));
    assert_eq!(parquet_files(dir.path()), 1);
    // The second file fails after the first was written.
    let count = AtomicUsize::new(0);
    let store = Store::open(dir.path()).unwrap().with_fault_hook(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        1 => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    });
    assert!(change(&store).is_err());
    assert!(!has_changed(dir.path()));
    assert_eq!(parquet_files(dir.path()), 1);
}

#[test]
fn an_error_after_the_point_of_no_return_is_finished_by_the_next_opener() {
    let dir = prepared();
    let store = Store::open(dir.path()).unwrap().with_fault_hook(|step| match step {
        Step::Apply => Err(io::ErrorKind::PermissionDenied.into()),
        _ => Ok(()),
    });
    assert!(change(&store).unwrap_err().to_string().contains("permission denied"));
    assert!(has_changed(dir.path()));
    assert_eq!(parquet_files(dir.path()), 1);
}

#[test]
fn a_damaged_journal_is_reported_and_not_guessed() {
    let dir = prepared();
    std::fs::write(dir.path().join(".threadx/journal"), "threadx journal 1\nrename\ta\tb\n").unwrap();
    let error = Store::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains("the journal of an interrupted import is damaged"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_store_without_rights_says_so_in_one_sentence() {
    use std::os::unix::fs::PermissionsExt;
    let dir = prepared();
    let locked = dir.path().join("ohlcv/symbol=A/timeframe=1h");
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o555)).unwrap();
    if std::fs::write(locked.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let error = change(&Store::open(dir.path()).unwrap()).unwrap_err().to_string();
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).unwrap();
    assert!(error.starts_with("cannot write ") && error.ends_with("permission denied"), "{error}");
    assert!(!has_changed(dir.path()));
}
