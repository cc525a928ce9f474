//! The program from outside: formats, streams, files and exit statuses, compared to the byte.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use datafusion::arrow::ipc::reader::{FileReader, StreamReader};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReader;

/// Two rows with a number, a text, a time and a NULL.
const ROWS: &str =
    "SELECT * FROM (VALUES (1.5, 'a', TIMESTAMP '2020-01-01 00:15:00'), (42283.58, NULL, NULL)) t(x, t, ts)";

/// The program over an empty directory.
fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threadx"));
    command.current_dir(dir).env_remove("THREADX_DATA_DIR").env("THREADX_HISTORY", "").stdin(Stdio::null());
    command
}

/// Runs with arguments; gives status, standard output and standard error.
fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    read(program(dir).args(arguments).output().unwrap())
}

fn run_in_scratch(arguments: &[&str]) -> (i32, String, String) {
    run(tempfile::tempdir().unwrap().path(), arguments)
}

/// Runs with a script on the standard input.
fn pipe(dir: &Path, arguments: &[&str], script: &str) -> (i32, String, String) {
    let mut command = program(dir);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    read(child.wait_with_output().unwrap())
}

fn read(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn done(stdout: &str) -> (i32, String, String) {
    (0, stdout.to_string(), String::new())
}

#[test]
fn a_table_by_default() {
    assert_eq!(
        run_in_scratch(&["-c", ROWS]),
        done(
            "\
┌──────────┬──────┬─────────────────────┐
│        x │ t    │ ts                  │
├──────────┼──────┼─────────────────────┤
│     1.50 │ a    │ 2020-01-01 00:15:00 │
│ 42283.58 │ NULL │ NULL                │
└──────────┴──────┴─────────────────────┘
"
        )
    );
}

#[test]
fn text_formats() {
    let with = |format| run_in_scratch(&["--format", format, "-c", ROWS]);
    assert_eq!(with("csv"), done("x,t,ts\n1.5,a,2020-01-01T00:15:00\n42283.58,,\n"));
    assert_eq!(
        with("ndjson"),
        done("{\"x\":1.5,\"t\":\"a\",\"ts\":\"2020-01-01T00:15:00\"}\n{\"x\":42283.58,\"t\":null,\"ts\":null}\n")
    );
    assert_eq!(
        with("json"),
        done(
            "[\n{\"x\":1.5,\"t\":\"a\",\"ts\":\"2020-01-01T00:15:00\"},\n{\"x\":42283.58,\"t\":null,\"ts\":null}\n]\n"
        )
    );
    assert_eq!(
        with("markdown"),
        done(
            "\
|        x | t    | ts                  |
| -------: | ---- | ------------------- |
|     1.50 | a    | 2020-01-01 00:15:00 |
| 42283.58 | NULL | NULL                |
"
        )
    );
    assert_eq!(
        with("vertical"),
        done("── row 1 ──\nx   1.5\nt   a\nts  2020-01-01 00:15:00\n── row 2 ──\nx   42283.58\nt   NULL\nts  NULL\n")
    );
}

#[test]
fn an_empty_result_keeps_its_header() {
    let with = |format| run_in_scratch(&["--format", format, "-c", "SELECT 1 AS a, 'x' AS b WHERE false"]);
    assert_eq!(with("csv"), done("a,b\n"));
    assert_eq!(with("json"), done("[]\n"));
    assert_eq!(with("table"), done("┌───┬───┐\n│ a │ b │\n├───┼───┤\n└───┴───┘\n"));
    assert_eq!(with("vertical"), done("no rows; columns: a, b\n"));
}

#[test]
fn an_unquoted_percent_of_a_float_is_exact_in_csv() {
    let (_, stdout, _) = run_in_scratch(&["--format", "csv", "-c", "SELECT 0.1::DOUBLE + 0.2::DOUBLE AS x"]);
    assert_eq!(stdout, "x\n0.30000000000000004\n");
}

#[test]
fn commands_and_files_run_in_the_order_given() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("b.sql"), "-- second\nSELECT 2 AS n;\n").unwrap();
    let arguments = ["--format", "csv", "-c", "SELECT 1 AS n", "-f", "b.sql", "-c", "SELECT 3 AS n; SELECT 4 AS n"];
    assert_eq!(run(dir.path(), &arguments), done("n\n1\nn\n2\nn\n3\nn\n4\n"));
}

#[test]
fn a_script_comes_from_the_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let script = "\\set n 5\n\\format csv\nSELECT :n AS n, ':n' AS t,\n  1::INT AS i;\n";
    assert_eq!(pipe(dir.path(), &[], script), done("n,t,i\n5,:n,1\n"));
    assert_eq!(pipe(dir.path(), &["-f", "-", "--format", "csv"], "SELECT 1 AS a"), done("a\n1\n"));
}

#[test]
fn a_script_stops_at_its_first_error_and_names_the_place() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("a.sql"),
        "SELECT 1 AS a;\n\n-- here\nSELECT b\nFROM (SELECT 1 AS bb);\nSELECT 3 AS c;\n",
    )
    .unwrap();
    assert_eq!(
        run(dir.path(), &["--format", "csv", "-f", "a.sql"]),
        (
            1,
            "a\n1\n".to_string(),
            "error[T190]: unknown column `b`; did you mean `bb`?\n  at a.sql:4: SELECT b FROM (SELECT 1 AS bb)\n"
                .to_string()
        )
    );
}

#[test]
fn a_syntax_error_is_marked() {
    let (status, stdout, stderr) = run_in_scratch(&["-c", "SELECT *\nFORM t"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert_eq!(stderr, "error[T190]: syntax error: Expected: end of statement, found: FORM\n  2 | FORM t\n    | ^\n");
}

#[test]
fn a_missing_file_is_named() {
    let (status, _, stderr) = run_in_scratch(&["-f", "nope.sql"]);
    assert_eq!((status, stderr.as_str()), (1, "error[T301]: cannot read nope.sql: no such file or directory\n"));
}

#[test]
fn wrong_usage_is_status_2() {
    let (status, stdout, stderr) = run_in_scratch(&["--format", "jsn", "-c", "SELECT 1"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("unknown format `jsn`; did you mean `json`?"), "{stderr}");
    let (status, _, stderr) = run_in_scratch(&["SELECT 1"]);
    assert_eq!(status, 2);
    assert!(stderr.ends_with("write it behind -c: threadx -c \"SELECT 1\"\n"), "{stderr}");
}

#[test]
fn help_and_version_go_to_the_standard_output() {
    let (status, help, stderr) = run_in_scratch(&["--help"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(help.contains("Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."));
    assert_eq!(help, run_in_scratch(&["help"]).1);
    assert!(help.lines().all(|line| line.chars().count() <= 120), "{help}");
    assert_eq!(run_in_scratch(&["--version"]), done(&format!("threadx {}\n", env!("CARGO_PKG_VERSION"))));
    let (status, page, _) = run_in_scratch(&["help", "bb_atr"]);
    assert!(status == 0 && page.starts_with("bb_atr(...)\n"), "{page}");
}

#[test]
fn settings_are_checked() {
    let value = "SELECT value FROM settings() WHERE name = 'threadx.fee_bps'";
    assert_eq!(run_in_scratch(&["--set", "fee_bps=7.5", "--format", "csv", "-c", value]), done("value\n7.5\n"));
    let (status, _, stderr) = run_in_scratch(&["--set", "fee_bp=7.5", "-c", value]);
    assert_eq!(
        (status, stderr.as_str()),
        (1, "error[T101]: unknown setting `threadx.fee_bp`; did you mean `threadx.fee_bps`?\n")
    );
    let (status, _, stderr) = run_in_scratch(&["--set", "fee_bps=x", "-c", value]);
    assert_eq!((status, stderr.as_str()), (1, "error[T102]: `x` is no value for the setting `threadx.fee_bps`\n"));
    let (status, _, stderr) = run_in_scratch(&["-c", "SET threadx.fee_bp = 3"]);
    assert_eq!(
        (status, stderr.as_str()),
        (1, "error[T101]: unknown setting `threadx.fee_bp`; did you mean `threadx.fee_bps`?\n")
    );
}

#[test]
fn counts_of_rows_written_go_to_the_standard_error() {
    let copy = "COPY (SELECT 1 AS a UNION ALL SELECT 2) TO 'a.csv'";
    assert_eq!(run_in_scratch(&["-c", copy]), (0, String::new(), "2 rows written\n".to_string()));
    assert_eq!(run_in_scratch(&["-c", "CREATE VIEW v AS SELECT 1"]), done(""));
}

#[test]
fn an_output_file_appears_only_if_everything_succeeds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    let read = || std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(run(dir.path(), &["-o", "a.csv", "-c", "SELECT 1 AS a"]), done(""));
    assert_eq!(read(), "a\n1\n", "the extension names the format");
    let (status, ..) = run(dir.path(), &["-o", "a.csv", "-c", "SELECT 2 AS a; SELECT nope"]);
    assert_eq!((status, read().as_str()), (1, "a\n1\n"), "the old file stays");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
    let (status, _, stderr) = run(dir.path(), &["-o", "no/such/a.csv", "-c", "SELECT 1"]);
    assert_eq!((status, stderr.as_str()), (1, "error[T301]: cannot write no/such/a.csv: no such file or directory\n"));
}

#[test]
fn parquet_and_arrow_files_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let sql = "SELECT value AS n FROM range(0, 50000)";
    assert_eq!(run(dir.path(), &["-o", "a.parquet", "-c", sql]), done(""));
    let file = std::fs::File::open(dir.path().join("a.parquet")).unwrap();
    let rows: usize =
        ParquetRecordBatchReader::try_new(file, 8192).unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 50_000);
    assert_eq!(run(dir.path(), &["-o", "a.arrow", "-c", sql]), done(""));
    let file = std::fs::File::open(dir.path().join("a.arrow")).unwrap();
    let rows: usize = FileReader::try_new(file, None).unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 50_000);
    let stream = program(dir.path()).args(["--format", "arrow", "-c", sql]).output().unwrap().stdout;
    let rows: usize =
        StreamReader::try_new(stream.as_slice(), None).unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 50_000);
}

/// The rows and column names of a file that `COPY` wrote, by a reader that knows nothing of this program.
fn copied(path: &Path) -> (usize, Vec<String>) {
    let names = |schema: &datafusion::arrow::datatypes::Schema| -> Vec<String> {
        schema.fields().iter().map(|field| field.name().clone()).collect()
    };
    let text = || std::fs::read_to_string(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "parquet" => {
            let file = std::fs::File::open(path).unwrap();
            let batches: Vec<_> = ParquetRecordBatchReader::try_new(file, 8192).unwrap().map(Result::unwrap).collect();
            (batches.iter().map(|batch| batch.num_rows()).sum(), names(&batches[0].schema()))
        }
        "arrow" | "feather" => {
            let reader = FileReader::try_new(std::fs::File::open(path).unwrap(), None).unwrap();
            let names = names(&reader.schema());
            (reader.map(|batch| batch.unwrap().num_rows()).sum(), names)
        }
        "csv" => {
            let mut reader = csv::Reader::from_path(path).unwrap();
            let names = reader.headers().unwrap().iter().map(str::to_string).collect();
            (reader.records().map(Result::unwrap).count(), names)
        }
        _ => {
            let rows: Vec<serde_json::Value> = text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            (rows.len(), rows[0].as_object().unwrap().keys().cloned().collect())
        }
    }
}

#[test]
fn copy_writes_every_format_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    for extension in ["parquet", "csv", "json", "ndjson", "jsonl", "arrow", "feather"] {
        let name = format!("a.{extension}");
        let sql = format!("COPY (SELECT value AS n, value / 7.0 AS x FROM range(0, 20000)) TO '{name}'");
        assert_eq!(run(dir.path(), &["-c", &sql]), (0, String::new(), "20,000 rows written\n".into()), "{name}");
        assert_eq!(copied(&dir.path().join(&name)), (20_000, vec!["n".to_string(), "x".into()]), "{name}");
    }
}

#[test]
fn a_copy_that_cannot_be_written_leaves_the_old_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.csv"), "old").unwrap();
    let failure = |sql: &str| run(dir.path(), &["-c", sql]).2;
    assert_eq!(
        failure("COPY (SELECT bollinger(close, 5) AS b FROM synthetic_bars(9, '1h')) TO 'a.csv'"),
        "error[T102]: CSV has no place for the column `b`, which holds several values; select its parts, such as \
         `b.upper`, or write Parquet, JSON or Arrow\n"
    );
    assert_eq!(std::fs::read_to_string(dir.path().join("a.csv")).unwrap(), "old");
    assert_eq!(
        failure("COPY (SELECT 1) TO 'a.parqet'"),
        "error[T190]: unknown file format `parqet`; did you mean `parquet`?\n"
    );
    assert_eq!(
        failure("COPY (SELECT 1) TO 's3://bucket/a.csv'"),
        "error[T102]: cannot reach s3://bucket/: only files of this machine are read and written\n"
    );
}

#[test]
fn a_binary_file_refuses_a_second_result() {
    let dir = tempfile::tempdir().unwrap();
    let (status, _, stderr) = run(dir.path(), &["-o", "a.parquet", "-c", "SELECT 1 AS a; SELECT 2 AS a"]);
    assert_eq!(status, 1);
    assert!(stderr.starts_with("error[T102]: one parquet file holds one result, and this is the second"), "{stderr}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = program(dir.path());
    command.args(["--format", "csv", "-c", "SELECT * FROM range(0, 100000000)"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let (status, _, stderr) = read(child.wait_with_output().unwrap());
    assert_eq!((status, stderr.as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_with_status_130() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = program(dir.path());
    command.args(["-o", "a.csv", "-c", "SELECT 1 AS a", "-c"]);
    command.arg("SELECT count(*) FROM range(0, 4000000000) a WHERE value % 7 = 3");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (status, _, stderr) = read(child.wait_with_output().unwrap());
    assert_eq!((status, stderr.as_str()), (130, "cancelled\n"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "no file is left behind");
}

#[test]
fn import_reports_what_it_did() {
    let dir = tempfile::tempdir().unwrap();
    let bars = "ts,open,high,low,close,volume\n\
                2020-01-01 00:00:00,1,2,0.5,1.5,10\n2020-01-01 00:15:00,1.5,1,2,1.5,10\n2020-01-01 00:30:00,1.5,2,1,1.5,10\n\
                2020-01-01 00:45:00,1.5,2,1,1.5,10\n2020-01-01 01:00:00,1.5,2,1,1.5,10\n";
    std::fs::write(dir.path().join("x.csv"), bars).unwrap();
    let arguments = ["import", "x.csv", "--symbol", "abc", "--timeframe", "15m", "--data", "d"];
    let (status, stdout, stderr) = run(dir.path(), &arguments);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("error[T201]: x.csv: line 3: "), "{stderr}");
    let (status, stdout, _) =
        run(dir.path(), &[&arguments[..], &["--on-error", "skip", "--rejects", "r.csv"]].concat());
    assert_eq!(status, 0);
    assert!(stdout.starts_with("ABC 15m: 5 rows read, 4 inserted, 0 replaced, 0 unchanged, 1 skipped"), "{stdout}");
    assert!(std::fs::read_to_string(dir.path().join("r.csv")).unwrap().contains("ohlc_violation"));
    let count = "SELECT count(*) AS n FROM ohlcv";
    assert_eq!(run(dir.path(), &["--data", "d", "--format", "csv", "-c", count]), done("n\n4\n"));
}

#[test]
fn the_demo_shows_a_ranking_and_a_curve() {
    let dir = tempfile::tempdir().unwrap();
    let (status, stdout, stderr) = run(dir.path(), &["demo", "--data", "d"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(stdout.contains("20,000 bars written"), "{stdout}");
    assert!(stdout.contains("│ bb_period │ entry_z │"), "{stdout}");
    assert!(stdout.contains("FROM equity('DEMO', '15m', bb_atr(bb_period => "), "{stdout}");
    assert!(stdout.contains("┤"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "no colour into a pipe");
    assert_eq!(run(dir.path(), &["demo", "--data", "d"]).0, 0, "it may be repeated");
}
