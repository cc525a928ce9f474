//! Every file of `raw/dirty/`: the fault that its manifest names is found, refused or repaired, and never hidden.

use std::collections::BTreeMap;

use threadx::engine::import::{ImportOptions, OnError, ReadSeries, read, run};
use threadx::engine::quality::assess;
use threadx::engine::series::Bar;
use threadx::engine::store::Store;
use threadx::engine::timeframe::Timeframe;

use super::{golden, rows, shared};

fn options(file: &str, on_error: OnError) -> Option<ImportOptions> {
    let mut options = ImportOptions::new([shared("raw/dirty")?.join(file)]);
    options.symbol = Some("X".into());
    options.on_error = on_error;
    Some(options)
}

fn strict(file: &str) -> Result<ReadSeries, String> {
    read(&options(file, OnError::Fail).unwrap()).map(|mut all| all.remove(0)).map_err(|e| e.to_string())
}

fn lenient(file: &str) -> (Vec<Bar>, BTreeMap<&'static str, u64>) {
    let mut all = read(&options(file, OnError::Skip).unwrap()).unwrap();
    let series = all.remove(0);
    (series.bars.iter().collect(), series.report.skipped.iter().map(|(r, n)| (r.name(), *n)).collect())
}

/// The 240 bars that all files were made from.
fn base() -> Option<Vec<Bar>> {
    let start = 1_685_577_600_000_000;
    let series = golden("BTCUSDT", "1h")?.between(Some(start), Some(start + 240 * 3_600_000_000));
    Some(rows(&series))
}

fn without(bars: &[Bar], gone: &[usize]) -> Vec<Bar> {
    bars.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, b)| *b).collect()
}

#[test]
fn harmless_notations_give_the_very_bars() {
    let Some(base) = base() else { return };
    for file in [
        "clean",
        "mixed_epoch_units",
        "epoch_seconds",
        "bom_crlf",
        "no_header",
        "semicolon_decimal_comma",
        "iso_no_zone",
        "iso_offset",
        "thousands_quoted",
        "reordered_columns",
    ] {
        let read = strict(&format!("{file}.csv")).unwrap();
        assert!(read.bars.iter().eq(base.iter().copied()), "{file}");
        assert_eq!((read.report.duplicates, read.report.unsorted, read.key.timeframe), (0, 0, Timeframe::H1), "{file}");
    }
}

#[test]
fn repeated_and_unsorted_rows_are_put_right_and_counted() {
    let Some(base) = base() else { return };
    let repeated = strict("dup_identical.csv").unwrap();
    assert!(repeated.bars.iter().eq(base.iter().copied()));
    assert_eq!((repeated.report.rows_read, repeated.report.duplicates), (243, 3));
    let unsorted = strict("unsorted.csv").unwrap();
    assert!(unsorted.bars.iter().eq(base.iter().copied()));
    // Row 21 after 20 was swapped, and the 60 bars from 60 on come after the ten later ones.
    assert_eq!(unsorted.report.unsorted, 61);
}

#[test]
fn conflicting_rows_stop_the_import_and_the_last_one_wins_when_skipping() {
    let Some(base) = base() else { return };
    let error = strict("dup_conflicting.csv").unwrap_err();
    assert!(
        error.contains("line 52: line 53 has the same time 2023-06-03 02:00:00 and other numbers (3 bad rows"),
        "{error}"
    );
    let (bars, skipped) = lenient("dup_conflicting.csv");
    assert_eq!(skipped, BTreeMap::from([("conflicting_duplicate", 3)]));
    let changed: Vec<usize> = (0..240).filter(|&i| bars[i] != base[i]).collect();
    assert_eq!((bars.len(), changed), (240, vec![50, 51, 200]));
    assert!(changed_volume(&bars, &base, 50) && changed_volume(&bars, &base, 200));
}

fn changed_volume(bars: &[Bar], base: &[Bar], i: usize) -> bool {
    bars[i].volume == base[i].volume / 2.0
}

#[test]
fn impossible_bars_are_named_and_counted_by_reason() {
    let Some(base) = base() else { return };
    let error = strict("ohlc_violations.csv").unwrap_err();
    assert!(error.contains("line 32: high and low do not enclose the bar: open 27152.6, high 27021.06"), "{error}");
    assert!(error.contains("5 bad rows in all: 2 ohlc_violation, 2 non_positive_price, 1 negative_volume"), "{error}");
    let (bars, skipped) = lenient("ohlc_violations.csv");
    assert_eq!(skipped, BTreeMap::from([("negative_volume", 1), ("non_positive_price", 2), ("ohlc_violation", 2)]));
    assert_eq!(without(&bars, &[30]), without(&base, &[30, 31, 32, 33, 34, 35]));
    // A high a hundred times too high is possible, so the import takes it; the quality report shows it.
    assert_eq!(bars[30].high, 2_710_420.0);
    let bars: threadx::engine::series::Bars = bars.into_iter().collect();
    let spike = assess(&bars, Timeframe::H1).into_iter().find(|c| c.name == "outlier_ranges").unwrap();
    assert_eq!((spike.count, spike.first_ts), (1, Some(base[34].ts)));
}

#[test]
fn bad_cells_are_named_and_counted_by_reason() {
    let Some(base) = base() else { return };
    let error = strict("bad_cells.csv").unwrap_err();
    assert!(error.contains("bad_cells.csv: line 42: close is missing (8 bad rows in all"), "{error}");
    let (bars, skipped) = lenient("bad_cells.csv");
    let expected = [("missing_value", 3), ("not_a_number", 1), ("not_finite", 2), ("wrong_field_count", 2)];
    assert_eq!(skipped, BTreeMap::from(expected));
    assert_eq!(bars, without(&base, &[40, 41, 42, 43, 44, 45, 46, 47]));
}

#[test]
fn times_off_the_grid_are_refused() {
    let Some(base) = base() else { return };
    let error = strict("off_grid.csv").unwrap_err();
    assert!(error.contains("line 17: 2023-06-01 15:00:00.137 is not on the 1h grid (3 bad rows"), "{error}");
    let (bars, skipped) = lenient("off_grid.csv");
    assert_eq!((bars, skipped), (without(&base, &[15, 16, 90]), BTreeMap::from([("off_grid", 3)])));
}

#[test]
fn a_cut_file_is_noticed() {
    let Some(base) = base() else { return };
    let error = strict("truncated_tail.csv").unwrap_err();
    assert!(error.contains("line 241: the file is cut off here: 5 of 6 fields and no end of line"), "{error}");
    let (bars, skipped) = lenient("truncated_tail.csv");
    assert_eq!((bars, skipped), (without(&base, &[239]), BTreeMap::from([("truncated", 1)])));
    assert!(strict("empty.csv").unwrap_err().contains("holds no bars: there are no rows of data"));
}

#[test]
fn gaps_are_kept_and_reported_by_the_quality_checks() {
    let Some(base) = base() else { return };
    let read = strict("gaps.csv").unwrap();
    let gone: Vec<usize> = [5].into_iter().chain(70..82).chain([150, 152, 154]).chain(200..231).collect();
    assert!(read.bars.iter().eq(without(&base, &gone)));
    let checks = assess(&read.bars, Timeframe::H1);
    let count = |name| checks.iter().find(|c| c.name == name).map(|c| c.count).unwrap();
    assert_eq!((count("gaps"), count("missing_bars")), (6, 47));
}

#[test]
fn bars_of_two_timeframes_in_one_file_are_refused() {
    let Some(base) = base() else { return };
    let error = strict("wrong_interval_mix.csv").unwrap_err();
    assert!(
        error.contains("line 102: part of 35 bars that lie 4h apart, not 1h: bars of another timeframe?"),
        "{error}"
    );
    let (bars, skipped) = lenient("wrong_interval_mix.csv");
    assert_eq!((bars, skipped), (base[..100].to_vec(), BTreeMap::from([("mixed_interval", 35)])));
}

/// A failed import changes nothing, and the rejected rows of a lenient one are all in the file.
#[test]
fn rejected_rows_are_written_to_a_file() {
    let Some(mut options) = options("bad_cells.csv", OnError::Fail) else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path().join("store")).unwrap();
    assert!(run(&options, &store).is_err());
    assert!(!dir.path().join("store").exists());
    options.rejects = Some(dir.path().join("rejects.csv"));
    assert!(run(&options, &store).unwrap_err().to_string().contains("needs `--on-error skip`"));
    options.on_error = OnError::Skip;
    let report = run(&options, &store).unwrap();
    assert_eq!((report.rows_read(), report.inserted(), report.rejected()), (240, 232, 8));
    let text = std::fs::read_to_string(dir.path().join("rejects.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 9);
    assert!(
        lines[1].ends_with(
            "bad_cells.csv,42,missing_value,close is missing,1685721600000,27095.93,27120.02,27032.93,,1402.81796"
        ),
        "{}",
        lines[1]
    );
    assert!(
        lines[8].contains(",49,wrong_field_count,\"7 fields, the other rows have 6\",") && lines[8].ends_with(",extra"),
        "{}",
        lines[8]
    );
    let shown = report.to_string();
    assert!(shown.contains("X 1h: 240 rows read, 232 inserted, 0 replaced, 0 unchanged, 8 skipped"), "{shown}");
}
