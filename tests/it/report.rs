//! Reports: those that come with the engine, what a report file may hold and do, and what is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use threadx::Engine;
use threadx::engine::workspace::Access;
use threadx::report::content::{Part, Report, Shown, Table};
use threadx::report::run::{Job, run};
use threadx::report::target::Target;
use threadx::report::{html, markdown, shipped};

use crate::slt::files_below;
use crate::support::{demo, repository, shared_data};

fn job(text: &str, given: &[(&str, &str)]) -> Job {
    Job {
        name: "test.sql".into(),
        text: text.into(),
        given: given.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        folder: None,
        access: Access::ReadOnly,
        made: None,
    }
}

/// Line and text of what goes wrong.
async fn fault(engine: &Engine, text: &str) -> (usize, String) {
    let fault = run(engine, job(text, &[])).await.unwrap_err();
    (fault.line, fault.error.to_string())
}

async fn shipped_report(engine: &Engine, name: &str, given: &[(&str, &str)]) -> Report {
    let text = shipped::text(name).unwrap_or_else(|| panic!("no report {name}"));
    run(engine, job(text, given)).await.unwrap_or_else(|f| panic!("{name}:{}: {}\n{}", f.line, f.error, f.text))
}

/// Everything that is shown.
fn shown(report: &Report) -> impl Iterator<Item = &Shown> {
    report.parts.iter().flat_map(|part| match part {
        Part::Block(block) => block.shown.iter().collect(),
        _ => vec![],
    })
}

/// The key figures of a report by name, all blocks together.
fn figures(report: &Report) -> BTreeMap<String, String> {
    let all = shown(report).filter_map(|shown| match shown {
        Shown::Figures { figures, .. } => Some(figures),
        _ => None,
    });
    all.flatten().map(|(name, cell)| (name.clone(), cell.text.clone())).collect()
}

fn table<'a>(report: &'a Report, title: &str) -> &'a Table {
    let found = shown(report).find_map(|shown| match shown {
        Shown::Table(table) if table.title == title => Some(table),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no table `{title}`"))
}

fn charts(report: &Report) -> Vec<&'static str> {
    let charts = shown(report).filter_map(|shown| match shown {
        Shown::Chart(chart) => Some(chart.plot.kind().name()),
        _ => None,
    });
    charts.collect()
}

/// The texts of a table, row by row.
fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

/// The one number that a query gives.
async fn number(engine: &Engine, sql: &str) -> f64 {
    let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
    let values = cast(batches[0].column(0), &DataType::Float64).unwrap();
    values.as_primitive::<Float64Type>().value(0)
}

fn percent(value: f64) -> String {
    format!("{:.2}%", value * 100.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn shipped_reports_run_over_synthetic_bars_and_are_the_same_twice() {
    let (engine, _data) = demo().await;
    for name in shipped::names() {
        let report = shipped_report(&engine, name, &[]).await;
        let page = html::page(&report).unwrap();
        let text = markdown::text(&report).unwrap();
        assert!(!charts(&report).is_empty(), "{name} draws nothing");
        assert!(!report.origin.series.is_empty(), "{name} read no series");
        assert!(!report.checks.is_empty(), "{name} asserts nothing");
        let again = shipped_report(&engine, name, &[]).await;
        assert_eq!(page, html::page(&again).unwrap(), "{name}");
        assert_eq!(text, markdown::text(&again).unwrap(), "{name}");
        assert!(!text.contains("{symbol}") && !page.contains("{symbol}"), "{name} has an unfilled title");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tearsheet_tells_what_the_backtest_gives() {
    let (engine, _data) = demo().await;
    let report = shipped_report(&engine, "tearsheet", &[("fee_bps", "2"), ("symbol", "RISE")]).await;
    let run = "backtest('RISE', '1h', sma_cross(fast => 10, slow => 30), fee_bps => 2, slippage_bps => 5)";
    let figures = figures(&report);
    for metric in ["total_return", "max_drawdown", "win_rate", "volatility"] {
        let expected = number(&engine, &format!("SELECT {metric} FROM {run}")).await;
        assert_eq!(figures[metric], percent(expected), "{metric}");
    }
    let trades = number(&engine, &format!("SELECT trades FROM {run}")).await;
    assert_eq!(figures["trades"], format!("{trades}"));
    let against = table(&report, "");
    assert_eq!(cells(against).iter().map(|row| row[0]).collect::<Vec<_>>(), ["strategy", "buy and hold"]);
    let held = "SELECT total_return FROM backtest('RISE', '1h', buy_and_hold(), fee_bps => 2, slippage_bps => 5)";
    assert_eq!(cells(against)[1][1], percent(number(&engine, held).await));
    let kinds = ["line", "equity", "line", "candles", "heatmap", "bars", "histogram", "scatter", "scatter"];
    assert_eq!(charts(&report), kinds);
    assert_eq!(report.title, "sma_cross(fast => 10, slow => 30) on RISE 1h");
    assert_eq!(report.origin.series.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["RISE 1h"]);
    let deepest = number(&engine, &format!("SELECT max_drawdown FROM {run}")).await;
    assert_eq!(cells(table(&report, "The five deepest drawdowns"))[0][3], percent(deepest));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_report_ranks_and_explains() {
    let (engine, _data) = demo().await;
    let given = [("strategy", "sma_cross(fast => [4, 8], slow => [20, 40, 60])"), ("objective", "total_return")];
    let report = shipped_report(&engine, "sweep", &given).await;
    let figures = figures(&report);
    assert_eq!(figures["combinations"], "6");
    let sweep = "sweep('DEMO', '1h', sma_cross(fast => [4, 8], slow => [20, 40, 60]))";
    let best = number(&engine, &format!("SELECT max(total_return) FROM {sweep}")).await;
    assert_eq!(figures["best_total_return"], percent(best));
    let ranked = table(&report, "The best by total_return");
    assert_eq!((ranked.total, cells(ranked)[0][3]), (6, percent(best).as_str()));
    // The neighbours of a corner of two by three are three, of the middle five.
    let counts: Vec<String> =
        table(&report, "The best neighbourhoods").rows.iter().map(|row| row[4].text.clone()).collect();
    let of = |count: &str| counts.iter().filter(|text| *text == count).count();
    assert_eq!((of("3"), of("5")), (4, 2));
    assert_eq!(charts(&report).iter().filter(|kind| **kind == "heatmap").count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_holds_every_symbol() {
    let (engine, _data) = demo().await;
    let report = shipped_report(&engine, "overview", &[]).await;
    let series = table(&report, "");
    let names: Vec<&str> = cells(series).iter().map(|row| row[0]).collect();
    assert_eq!(names, ["DEMO", "RISE"]);
    let rise = number(&engine, "SELECT max_by_close / min_by_close - 1 FROM (SELECT last_value(close ORDER BY ts) AS max_by_close, first_value(close ORDER BY ts) AS min_by_close FROM bars('RISE', '1h'))").await;
    assert_eq!(cells(series)[1][6], percent(rise));
    let one = shipped_report(&engine, "overview", &[("symbols", "RISE")]).await;
    assert_eq!(cells(table(&one, "")).len(), 1);
    let none = run(&engine, job(shipped::text("overview").unwrap(), &[("symbols", "NONE")])).await.unwrap_err();
    assert!(none.error.to_string().contains("At least one symbol has bars of 1h"), "{}", none.error);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_quality_report_fails_below_a_score() {
    let (engine, data) = demo().await;
    let gap = "COPY (SELECT * FROM bars('DEMO', '1h') WHERE extract(hour FROM ts) <> 5) TO '{}/GAPS_1h.parquet' STORED AS PARQUET";
    engine.sql(&gap.replace("{}", &data.path().display().to_string())).await.unwrap().collect().await.unwrap();
    let report = shipped_report(&engine, "data_quality", &[]).await;
    assert_eq!(figures(&report)["series"], "3");
    let found = table(&report, "Checks with findings");
    let missing =
        number(&engine, "SELECT count FROM data_quality('GAPS', '1h') WHERE check_name = 'missing_bars'").await;
    let row = cells(found).into_iter().find(|row| row[0] == "GAPS" && row[2] == "missing_bars").unwrap();
    assert_eq!(row[3], format!("{missing}"));
    let text = shipped::text("data_quality").unwrap();
    let refused = run(&engine, job(text, &[("min_score", "0.999")])).await.unwrap_err();
    let message = refused.error.to_string();
    assert!(message.starts_with("1 assertion does not hold, and no report was written; line "), "{message}");
    assert!(message.ends_with(": Every check has a score of at least 0.999 (the query gave false)"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_comparison_runs_each_strategy() {
    let (engine, _data) = demo().await;
    let report = shipped_report(&engine, "comparison", &[("second", "ema_cross(fast => 3, slow => 9)")]).await;
    let rows = cells(table(&report, ""));
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>()[..4], ["first", "second", "third", "buy and hold"]);
    let second = "SELECT total_return FROM backtest('DEMO', '1h', ema_cross(fast => 3, slow => 9))";
    assert_eq!(rows[1][3], percent(number(&engine, second).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_correlation_report_is_one_with_the_query() {
    let (engine, _data) = demo().await;
    let given = [("timeframe", "1h"), ("threshold", "0")];
    let report = shipped_report(&engine, "rsi_correlation", &given).await;
    let expected = number(
        &engine,
        "SELECT corr(a.r, b.r) FROM (SELECT ts, rsi(close, 14) AS r FROM bars('DEMO', '1h')) AS a
         JOIN (SELECT ts, rsi(close, 14) AS r FROM bars('RISE', '1h')) AS b ON a.ts = b.ts WHERE a.r IS NOT NULL",
    )
    .await;
    let ranked = table(&report, "Symbols with an RSI correlation of at least 0, in absolute value");
    assert_eq!(cells(ranked)[0][1..3], ["RISE", &format!("{expected:.3}")]);
    // 600 bars less the 14 without an RSI.
    assert_eq!(cells(ranked)[0][4], "586");
    let strict = shipped_report(&engine, "rsi_correlation", &[("timeframe", "1h"), ("threshold", "1")]).await;
    assert_eq!(cells(table(&strict, "Symbols that were not ranked, and why")), [["RISE", "below the threshold"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walkthrough_shows_every_table_function() {
    let (engine, _data) = demo().await;
    let report = shipped_report(&engine, "walkthrough", &[]).await;
    let functions = table(&report, "Table functions");
    assert_eq!(functions.total as f64, number(&engine, "SELECT count(*) FROM table_functions()").await);
    assert!(table(&report, "What the planner does").rows.iter().flatten().any(|cell| cell.text.contains("sweep")));
}

#[tokio::test(flavor = "multi_thread")]
async fn shipped_reports_run_over_real_bars() {
    let Some(shared) = shared_data() else {
        println!("skipped: there is no market data beside the repository");
        return;
    };
    let engine = Engine::builder().data_dir(shared.join("ohlcv")).build().unwrap();
    let report = shipped_report(&engine, "tearsheet", &[("symbol", "BTCUSDT"), ("timeframe", "1d")]).await;
    assert_eq!(report.origin.series[0].name, "BTCUSDT 1d");
    let coins = "BTCUSDTPERP,ETHUSDTPERP,XRPUSDTPERP,BNBUSDTPERP,ADAUSDTPERP,DOGEUSDTPERP";
    let given = [("symbols", coins), ("reference", "BTCUSDTPERP"), ("threshold", "0.5")];
    let report = shipped_report(&engine, "rsi_correlation", &given).await;
    let ranked = table(&report, "Symbols with an RSI correlation of at least 0.5, in absolute value");
    assert_eq!(ranked.rows.len(), 5, "the large coins move together");
    shipped_report(&engine, "overview", &[("symbols", "BTCUSDTPERP,ETHUSDTPERP"), ("timeframe", "1d")]).await;
    shipped_report(&engine, "data_quality", &[("symbols", "BTCUSDT,QQQ")]).await;
    shipped_report(&engine, "comparison", &[("symbol", "SPY"), ("timeframe", "1d")]).await;
    shipped_report(&engine, "sweep", &[("symbol", "SPY"), ("timeframe", "1d")]).await;
    shipped_report(&engine, "walkthrough", &[("symbol", "BTCUSDTPERP"), ("timeframe", "4h")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_only_reads() {
    let (engine, data) = demo().await;
    let before = fs::read_dir(data.path()).unwrap().count();
    let locked = |what: &str| format!("{what} would change the data directory, which may only be read here");
    let bars =
        "SELECT 'NEW' AS symbol, '1h' AS timeframe, ts, open, high, low, close, volume FROM synthetic_bars(10, '1h')";
    let strategy = "CREATE STRATEGY mine (n INT DEFAULT 3) AS SELECT *, close > sma(close, $n) AS enter_long FROM bars";
    for (sql, expected) in [
        (format!("INSERT INTO ohlcv {bars}"), locked("an import of bars")),
        (strategy.to_string(), locked("a new strategy")),
        ("DROP STRATEGY bb_atr".into(), locked("DROP STRATEGY")),
        ("DROP RESULT nightly".into(), locked("DROP RESULT")),
        (
            "SELECT * FROM sweep('DEMO', '1h', grid(entry_z => [1.0, 2.0]), checkpoint => 'kept')".into(),
            locked("a sweep with a checkpoint"),
        ),
        (
            "CREATE EXTERNAL TABLE e (a INT) STORED AS PARQUET LOCATION '/tmp/x/'".into(),
            "a report has no CREATE EXTERNAL TABLE, which reaches files outside of the data directory".into(),
        ),
        (
            "COPY (SELECT 1) TO 'a.csv'".into(),
            "COPY writes a file beside the report, which needs a folder: use --out FOLDER/".into(),
        ),
        (
            "EXPLAIN ANALYZE COPY (SELECT 1) TO 'a.csv'".into(),
            "a report can COPY as a statement of its own, but not inside of EXPLAIN or PREPARE".into(),
        ),
        (
            "SET datafusion.runtime.temp_directory = '/tmp'".into(),
            "a report cannot SET datafusion.runtime, which is the machine's".into(),
        ),
        (
            "SELECT max(ts) < now() AS ok FROM bars('DEMO', '1h')".into(),
            "now() gives another report at every run; --stamp allows it, and tells when it was made".into(),
        ),
    ] {
        assert_eq!(fault(&engine, &format!("SELECT 1;\n{sql}")).await, (2, expected), "{sql}");
    }
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), before, "something was written");
    let mut allowed = job(&format!("INSERT INTO ohlcv {bars}"), &[]);
    allowed.access = Access::Full;
    run(&engine, allowed).await.unwrap();
    assert_eq!(number(&engine, "SELECT count(*) FROM bars('NEW', '1h')").await, 10.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_leaves_the_session_alone() {
    let (engine, _data) = demo().await;
    let text = "CREATE TABLE mine AS SELECT 1 AS a; SET threadx.fee_bps = 77; SELECT a FROM mine";
    let report = run(&engine, job(text, &[])).await.unwrap();
    assert_eq!(report.origin.settings, [("fee_bps".to_string(), "77".to_string())]);
    assert_eq!(engine.sql("SELECT * FROM mine").await.map(|_| ()).unwrap_err().code(), "T190");
    assert_eq!(
        number(&engine, "SELECT count(*) FROM settings() WHERE name = 'threadx.fee_bps' AND value IS NULL").await,
        1.0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_values_are_text() {
    let (engine, _data) = demo().await;
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>`[a](javascript:alert(1))|\n# x'--";
    let text = "-- @title About {name}
-- @param name TEXT DEFAULT 'x' The name
-- @section {name}
-- @text Text on {name}.
-- @figures {name}
-- @table {name}
-- @chart bars x=name y=n {name}
SELECT :'name' AS name, 1 AS n;
-- @chart line x=ts y=close color=name
SELECT ts, close, :'name' AS name FROM bars('DEMO', '1h') ORDER BY ts;";
    let report = run(&engine, job(text, &[("name", hostile)])).await.unwrap();
    let page = html::page(&report).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "a tag got through");
    assert_eq!(page.matches("</script>").count(), 3, "two charts and the script of the page");
    let text = markdown::text(&report).unwrap();
    let outside: Vec<&str> = outside_of_fences(&text);
    assert!(outside.iter().all(|line| !line.contains("<script") && !line.contains("<img")), "{outside:#?}");
    assert!(outside.iter().all(|line| !line.starts_with("# x") && !line.contains("`[a](")), "{outside:#?}");
}

/// The lines of a Markdown text that are in no code block, without their code spans.
fn outside_of_fences(text: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut lines = vec![];
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => lines.push(line),
            Some(open) if line == open => fence = None,
            Some(_) => {}
        }
    }
    lines.into_iter().filter(|line| !line.starts_with("- name: ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_stays_inside_of_the_folder() {
    let (engine, _data) = demo().await;
    let scratch = tempfile::tempdir().unwrap();
    let target = Target::parse(Path::new(&format!("{}/out/", scratch.path().display()))).unwrap();
    let make = async |text: &str| {
        let stage = target.stage().unwrap();
        let folder = stage.as_ref().map(|stage| stage.folder().to_path_buf());
        let report = run(&engine, Job { folder, ..job(text, &[]) }).await?;
        target.write(&report, stage).map_err(threadx::report::fault::Fault::from)
    };
    let copy = "COPY (SELECT ts, close FROM bars('DEMO', '1h') LIMIT 7) TO 'data/closes.csv'; SELECT 1";
    make(copy).await.unwrap();
    let out = scratch.path().join("out");
    assert_eq!(fs::read_to_string(out.join("data/closes.csv")).unwrap().lines().count(), 8);
    assert!(
        fs::read_to_string(out.join("index.html"))
            .unwrap()
            .contains("<a href=\"./data/closes.csv\">data/closes.csv</a>, 7 rows")
    );
    make("-- @chart line x=ts y=close\nSELECT ts, close FROM bars('DEMO', '1h') ORDER BY ts").await.unwrap();
    assert!(fs::read_to_string(out.join("chart-1.svg")).unwrap().starts_with("<svg"));
    assert!(fs::read_to_string(out.join("report.md")).unwrap().contains("](./chart-1.svg)"));
    assert!(out.join("data/closes.csv").exists(), "other files of the folder stay");
    for outside in ["../a.csv", "/tmp/threadx-a.csv", "file:///tmp/threadx-a.csv", "index.html"] {
        let error = make(&format!("COPY (SELECT 1) TO '{outside}' STORED AS CSV")).await.unwrap_err().error.to_string();
        assert!(error.starts_with("COPY writes into the folder of the report, and `"), "{error}");
    }
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1, "something was written beside the folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_bars_make_a_small_page() {
    let (engine, _data) = demo().await;
    let text = "-- @hidden
CREATE TABLE b AS SELECT * FROM synthetic_bars(300000, '1m', seed => 5);
-- @chart candles
SELECT ts, open, high, low, close FROM b ORDER BY ts;
-- @chart line x=ts y=close
SELECT ts, close FROM b ORDER BY ts;
-- @chart scatter x=volume y=close
SELECT volume, close FROM b ORDER BY ts;
-- @chart histogram y=close
SELECT close FROM b;
-- @table
SELECT * FROM b ORDER BY ts;
SELECT min(low) AS lowest, max(high) AS highest FROM b;";
    let report = run(&engine, job(text, &[])).await.unwrap();
    let page = html::page(&report).unwrap();
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    for sentence in [
        "Each candle is 250 bars, 300,000 in all: first open, highest high, lowest low, last close.",
        "of 300,000 points: of each of 700 parts of the axis the first, lowest, highest and last.",
        "The first 200 of 300,000 rows.",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
}

/// The program over a directory with the series DEMO, in a folder of its own.
fn program(arguments: &[&str], data: &Path, folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threadx"));
    command.current_dir(folder).env("THREADX_DATA_DIR", data).env("THREADX_HISTORY", "").stdin(Stdio::null());
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_reports_say_where_and_leave_the_older_page_alone() {
    let (_engine, data) = demo().await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("out.html"), "older").unwrap();
    let parameter = "-- @param n INT DEFAULT 1\n";
    for (text, set, expected) in [
        (
            "-- @title A\n-- @chrt line\nSELECT 1;",
            None,
            "error[T101]: unknown directive `@chrt`; did you mean `@chart`?\n  at r.sql:2: -- @chrt line\n",
        ),
        (
            "SELECT 1;\n\nSELECT\n  nothing FROM bars('DEMO', '1h');",
            None,
            "error[T190]: unknown column `nothing`; known: ",
        ),
        (
            "SELECT 1;\nSELEC 2;",
            None,
            "error[T190]: syntax error: Expected: an SQL statement, found: SELEC\n  at r.sql:2\n",
        ),
        (
            "-- @assert One is two\nSELECT 1 = 2;",
            None,
            "error[T201]: 1 assertion does not hold, and no report was written; line 1: One is two (the query gave false)\n  at r.sql:1: -- @assert One is two\n",
        ),
        (parameter, Some("m=1"), "error[T101]: unknown parameter `m` of r.sql; "),
        (parameter, Some("n=x"), "error[T102]: parameter `n` is a whole number, got `x`\n"),
        (
            "-- @param n INT\nSELECT :n;",
            None,
            "error[T102]: parameter `n` needs a value: --set n=...\n  at r.sql:1: -- @param n\n",
        ),
        (
            "-- @param n INT DEFAULT 1 CHECK (n > 0)\nSELECT :n;",
            Some("n=0"),
            "error[T102]: parameter `n` must satisfy `n > 0`, got 0\n  at r.sql:1: -- @param n\n",
        ),
        ("SELECT :m;", None, "error[T101]: unknown parameter `:m`\n  at r.sql:1: SELECT :m\n"),
        (
            "-- @chart line y=nope\nSELECT ts, close FROM bars('DEMO', '1h');",
            None,
            "error[T101]: unknown column `nope` of the result; ",
        ),
    ] {
        fs::write(folder.path().join("r.sql"), text).unwrap();
        let mut arguments = vec!["report", "r.sql", "--out", "out.html"];
        arguments.extend(set.iter().flat_map(|set| ["--set", set]));
        let (status, stdout, stderr) = program(&arguments, data.path(), folder.path());
        assert_eq!((status, stdout.as_str()), (1, ""), "{text}");
        assert!(stderr.starts_with(expected), "{text}\n{stderr}");
        assert_eq!(fs::read_to_string(folder.path().join("out.html")).unwrap(), "older");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something is left behind");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_a_report_a_script_and_a_command() {
    let (_engine, data) = demo().await;
    let folder = tempfile::tempdir().unwrap();
    let text = "-- @title T {symbol}\n-- @param symbol TEXT DEFAULT 'RISE'\n-- @param n INT DEFAULT 2\n\
                SELECT symbol, count(*) * :n AS twice FROM bars(:'symbol', '1h') GROUP BY symbol;\n";
    fs::write(folder.path().join("r.sql"), text).unwrap();
    let run = |arguments: &[&str]| program(arguments, data.path(), folder.path());
    let csv = |symbol: &str, count: u32| (0, format!("symbol,twice\n{symbol},{count}\n"), String::new());
    assert_eq!(run(&["-f", "r.sql", "--format", "csv"]), csv("RISE", 1200));
    assert_eq!(run(&["-c", "\\set n 3", "-f", "r.sql", "--format", "csv"]), csv("RISE", 1800));
    let (status, stdout, _) = run(&["report", "r.sql", "--set", "symbol=DEMO", "--set", "fee_bps=1"]);
    assert_eq!(status, 0);
    assert!(
        stdout.starts_with(
            "# T DEMO\n\n- symbol: `DEMO`\n- n: `2`\n\n| symbol | twice |\n| --- | ---: |\n| DEMO | 1,200 |\n"
        ),
        "{stdout}"
    );
    assert!(stdout.contains("- setting: fee_bps = `1`\n"), "{stdout}");
    assert_eq!(run(&["report", "r.sql", "--out", "a.html"]), (0, String::new(), "a.html is written\n".into()));
    let command = "\\report r.sql symbol=DEMO n='4' > 'b.html'";
    assert_eq!(run(&["-c", command]), (0, String::new(), "b.html is written\n".into()));
    let page = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(page("a.html").contains("<td class=\"number\" data-v=\"1200\">1,200</td>"));
    assert!(page("b.html").contains("<td class=\"number\" data-v=\"2400\">2,400</td>"));
    assert!(!page("a.html").contains("<dt>made</dt>"));
    assert_eq!(run(&["report", "r.sql", "--out", "c.html", "--stamp"]).0, 0);
    assert!(page("c.html").contains("<dt>made</dt>"));
    let (status, help, _) = run(&["help", "reports"]);
    assert_eq!(status, 0);
    assert!(help.contains("\n  @chart KIND [x=COLUMN]") && help.contains("\ntearsheet: "), "{help}");
    let (status, list, _) = run(&["report", "--list"]);
    assert_eq!(status, 0);
    assert!(list.contains("\ntearsheet: ") || list.starts_with("tearsheet: "), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn shipped_reports_run_as_scripts() {
    let (_engine, data) = demo().await;
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> =
        files_below(&repository().join("sql/reports"), "sql").iter().map(|f| f.display().to_string()).collect();
    let arguments: Vec<&str> = files.iter().flat_map(|file| ["-f", file.as_str()]).collect();
    let (status, stdout, stderr) = program(&arguments, data.path(), folder.path());
    assert_eq!(status, 0, "{stderr}");
    assert!(stdout.contains("sma_cross") && !stdout.contains(":'symbol'"));
}
