//! Several processes that import into one store at once lose nothing.

use std::process::{Command, Stdio};

use threadx::engine::series::SeriesKey;
use threadx::engine::store::Store;

/// Processes, each with its own hours of the same series and a series of its own.
const PROCESSES: i64 = 6;
const HOURS: i64 = 500;

/// First hour, seconds since 1970.
const START: i64 = 1_599_998_400;

#[test]
fn processes_that_import_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let children: Vec<_> = (0..PROCESSES)
        .flat_map(|process| {
            let file = dir.path().join(format!("part{process}.csv"));
            let rows: String = (0..HOURS)
                .map(|i| START + (process * HOURS + i) * 3600)
                .map(|ts| format!("{ts},100,101,99,100.5,{process}\n"))
                .collect();
            std::fs::write(&file, format!("ts,open,high,low,close,volume\n{rows}")).unwrap();
            ["SHARED".to_string(), format!("OWN{process}")].map(|symbol| {
                Command::new(env!("CARGO_BIN_EXE_threadx"))
                    .args(["--data", store.to_str().unwrap(), "import", file.to_str().unwrap()])
                    .args(["--symbol", &symbol, "--timeframe", "1h"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let store = Store::open(&store).unwrap();
    let shared = store.load(&SeriesKey::parse("SHARED", "1h").unwrap()).unwrap();
    assert_eq!(shared.len() as i64, PROCESSES * HOURS);
    assert!(shared.ts().windows(2).all(|w| w[1] - w[0] == 3_600_000_000));
    let by_process = |process: i64| shared.volume().iter().filter(|v| **v == process as f64).count() as i64;
    assert!((0..PROCESSES).all(|process| by_process(process) == HOURS));
    for process in 0..PROCESSES {
        assert_eq!(store.load(&SeriesKey::parse(&format!("OWN{process}"), "1h").unwrap()).unwrap().len() as i64, HOURS);
    }
}
