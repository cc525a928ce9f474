//! A sweep with a checkpoint gives the rows of the same sweep without one, whatever stopped it before, and computes no
//! stored row again. Rows of anything else are never taken for its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

use datafusion::physical_plan::{ExecutionPlan, collect};
use futures::StreamExt;
use threadx::Engine;
use threadx::engine::result::{About, ResultName};

use super::bench::{Bar, Bench, random_bars};
use super::random::Random;
use super::table::Table;

/// Points of a unit: as many as a sweep computes at a time.
const UNIT: usize = 1024;

/// 1,200 points in four whole units and a part.
const CALL: &str = "grid(strategy => 'levels', every => range(2, 12, 1), stop => linspace(0.5, 2.0, 12), \
                    target => linspace(0.5, 3.0, 10))";
const POINTS: usize = 1200;

const LEVELS: &str = "(every INT DEFAULT 5, stop DOUBLE DEFAULT 1.0, target DOUBLE DEFAULT 1.0) COMMENT 'first' AS \
     WITH f AS (SELECT *, CAST(volume AS BIGINT) AS u, atr(high, low, close, 5) AS a FROM bars) \
     SELECT *, u % $every = 0 AS enter_long, u % $every = 1 AS enter_short, $stop * a AS stop_distance, \
     $target * a AS target_distance, 5.0 AS size, 3.0 AS leverage FROM f";

fn walk(seed: u64, bars: usize) -> Vec<Bar> {
    random_bars(&mut Random::new(seed), bars, 0.01, 0.002)
}

async fn bench() -> Bench {
    let bench = Bench::empty();
    bench.write("WALK", &walk(7, 800));
    run(&bench.engine, &format!("CREATE STRATEGY levels {LEVELS}")).await;
    bench
}

async fn run(engine: &Engine, sql: &str) -> Table {
    Table::query(engine, sql).await.unwrap_or_else(|e| panic!("{e}"))
}

fn sweep(call: &str, options: &str) -> String {
    format!("sweep('WALK', '1h', {call}{options}, checkpoint => 'kept')")
}

/// Counters of a query: points that were stored, points that were kept after pruning, simulations.
async fn counts(engine: &Engine, sql: &str) -> (usize, usize, usize) {
    let frame = engine.sql(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let context = Arc::new(frame.task_ctx());
    let plan = frame.create_physical_plan().await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    collect(Arc::clone(&plan), context).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let of = |name| sum(&plan, name);
    (of("combos_resumed"), of("combos_after_pruning"), of("simulations"))
}

fn sum(plan: &Arc<dyn ExecutionPlan>, name: &str) -> usize {
    let own = plan.metrics().and_then(|m| m.sum_by_name(name)).map_or(0, |v| v.as_usize());
    own + plan.children().into_iter().map(|child| sum(child, name)).sum::<usize>()
}

async fn resumed(engine: &Engine, call: &str, options: &str) -> usize {
    counts(engine, &format!("SELECT * FROM {}", sweep(call, options))).await.0
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    (0..table.rows).map(|row| table.bits(row, &table.names)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_computes_nothing_and_gives_the_same_rows() {
    let bench = bench().await;
    let plain = run(&bench.engine, &format!("SELECT * FROM sweep('WALK', '1h', {CALL})")).await;
    let sql = format!("SELECT * FROM {}", sweep(CALL, ""));
    let first = run(&bench.engine, &sql).await;
    assert_eq!(first.rows, POINTS);
    let (stored, kept, simulated) = counts(&bench.engine, &sql).await;
    assert_eq!((stored, kept, simulated), (POINTS, POINTS, 0));
    let second = run(&bench.engine, &sql).await;
    for table in [&first, &second] {
        assert_eq!(rows(table), rows(&plain));
    }
    // Another engine over the same directory, which is what another process has.
    let other = Engine::builder().data_dir(bench.dir()).build().unwrap();
    assert_eq!(rows(&run(&other, &sql).await), rows(&plain));
    // Sorting, limits, projections and conditions on metrics see the same rows.
    for rest in ["ORDER BY sharpe DESC, combo_id LIMIT 7", "WHERE trades > 100", "LIMIT 300", "ORDER BY combo_id DESC"]
    {
        let stored = run(&bench.engine, &format!("{sql} {rest}")).await;
        let fresh = run(&bench.engine, &format!("SELECT * FROM sweep('WALK', '1h', {CALL}) {rest}")).await;
        let (mut stored, mut fresh) = (rows(&stored), rows(&fresh));
        if rest.starts_with("WHERE") {
            // Several threads filter, and the batches that they are done with come in any order.
            stored.sort();
            fresh.sort();
        }
        assert!(!fresh.is_empty() && stored == fresh, "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_is_computed_from_what_was_kept_for_others() {
    let bench = bench().await;
    let select = |columns: &str| format!("SELECT {columns} FROM {}", sweep(CALL, ""));
    let resumed = async |columns: &str| counts(&bench.engine, &select(columns)).await.0;
    assert_eq!(resumed("count(*)").await, 0);
    assert!(!bench.dir().join("results").exists(), "nothing is simulated to count rows");
    assert_eq!(resumed("combo_id, sharpe").await, 0);
    assert_eq!(resumed("total_return, volatility").await, POINTS, "these need no more than sharpe");
    assert_eq!(resumed("max_drawdown").await, 0, "this one does");
    assert_eq!(resumed("*").await, 0);
    assert_eq!(resumed("max_drawdown").await, POINTS);
    assert_eq!(resumed("sharpe").await, POINTS);
    let list = run(&bench.engine, "SELECT stored, points, finished FROM results()").await;
    assert_eq!((list.number("stored", 0), list.number("points", 0)), (Some(POINTS as f64), Some(POINTS as f64)));
    assert!(list.flag("finished", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_a_number_computes_anew_and_what_does_not_is_found() {
    let bench = bench().await;
    let engine = &bench.engine;
    assert_eq!(resumed(engine, CALL, "").await, 0);
    for option in
        ["fee_bps => 3", "fill => 'close'", "since => '2020-01-05'", "risk_free => 0.02", "preset => 'threadx_py'"]
    {
        let option = format!(", {option}");
        assert_eq!(resumed(engine, CALL, &option).await, 0, "{option}");
        assert_eq!(resumed(engine, CALL, &option).await, POINTS, "{option}");
    }
    // A range that ends after the last bar is the whole series, and 10 basis points are the default.
    assert_eq!(resumed(engine, CALL, ", until => '2030-01-01', fee_bps => 10").await, POINTS);
    run(engine, "SET threadx.fee_bps = 4").await;
    assert_eq!(resumed(engine, CALL, "").await, 0, "a setting is an option");
    run(engine, "RESET threadx.fee_bps").await;
    run(engine, "SET threadx.threads = 1").await;
    assert_eq!(resumed(engine, CALL, "").await, POINTS, "threads change no number");

    // Another comment, default, search range or name of a strategy is the same strategy.
    let renamed = LEVELS.replace("'first'", "'second'").replace("INT DEFAULT 5", "INT DEFAULT 6 SEARCH (2, 4, 1)");
    run(engine, &format!("CREATE OR REPLACE STRATEGY levels {renamed}")).await;
    assert_eq!(resumed(engine, CALL, "").await, POINTS);
    run(engine, &format!("CREATE STRATEGY twin {LEVELS}")).await;
    assert_eq!(resumed(engine, &CALL.replace("levels", "twin"), "").await, POINTS);
    let changed = LEVELS.replace("close, 5)", "close, 6)");
    run(engine, &format!("CREATE OR REPLACE STRATEGY levels {changed}")).await;
    assert_eq!(resumed(engine, CALL, "").await, 0, "another body");
    run(engine, &format!("CREATE OR REPLACE STRATEGY levels {LEVELS}")).await;
    assert_eq!(resumed(engine, CALL, "").await, POINTS);

    // One price of one bar, one bar more, and the old bars under another name.
    bench.write("TWIN", &walk(7, 800));
    let mut bars = walk(7, 800);
    bars[400].high += 1e-9;
    bench.write("WALK", &bars);
    assert_eq!(resumed(engine, CALL, "").await, 0);
    bench.write("WALK", &walk(7, 801));
    assert_eq!(resumed(engine, CALL, "").await, 0);
    let twin = format!("SELECT * FROM {}", sweep(CALL, "").replace("WALK", "TWIN"));
    assert_eq!(counts(engine, &twin).await, (POINTS, POINTS, 0));
    let fresh = run(engine, &format!("SELECT * FROM sweep('TWIN', '1h', {CALL})")).await;
    assert_eq!(rows(&run(engine, &twin).await), rows(&fresh));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_grid_takes_the_units_that_are_the_same_and_no_others() {
    let bench = bench().await;
    let engine = &bench.engine;
    assert_eq!(resumed(engine, CALL, "").await, 0);
    // More values of the first parameter: the whole units at the front are the same, the last one was shorter.
    let longer = CALL.replace("range(2, 12, 1)", "range(2, 15, 1)");
    assert_eq!(resumed(engine, &longer, "").await, POINTS / UNIT * UNIT);
    // More values of the last one, or one value that differs in its last bit: every unit is another.
    assert_eq!(resumed(engine, &CALL.replace("3.0, 10)", "3.0, 11)"), "").await, 0);
    assert_eq!(resumed(engine, &CALL.replace("linspace(0.5, 2.0", "linspace(0.5000000000000001, 2.0"), "").await, 0);
    // A condition that thins the first unit leaves the last one as it was.
    let pruned = format!("SELECT * FROM {} WHERE every > 2", sweep(CALL, ""));
    assert_eq!(counts(engine, &pruned).await.0, POINTS % UNIT);
    for call in [CALL, &longer] {
        for condition in ["", "WHERE every > 2", "WHERE stop < 1.0 AND every <> 5"] {
            let fresh = run(engine, &format!("SELECT * FROM sweep('WALK', '1h', {call}) {condition}")).await;
            let stored = run(engine, &format!("SELECT * FROM {} {condition}", sweep(call, ""))).await;
            assert_eq!(rows(&stored), rows(&fresh), "{call} {condition}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_run_whole_are_kept_too_unless_they_read_something_else() {
    let bench = bench().await;
    let engine = &bench.engine;
    run(
        engine,
        "CREATE STRATEGY whole (every INT DEFAULT 5) AS SELECT b.*, CAST(b.volume AS BIGINT) % $every = 0 AS enter_long, \
         b.close < m.mean AS exit_long FROM bars b CROSS JOIN (SELECT avg(close) AS mean FROM bars) m",
    )
    .await;
    let call = "whole(every => range(2, 7, 1))";
    assert_eq!(resumed(engine, call, "").await, 0);
    assert_eq!(resumed(engine, call, "").await, 5);
    for (name, body, what) in [
        (
            "other",
            "SELECT b.*, b.close > o.close AS enter_long FROM bars b LEFT JOIN ohlcv o ON o.ts = b.ts AND o.symbol = 'WALK'",
            "reads the table `ohlcv`",
        ),
        (
            "nested",
            "SELECT *, close > (SELECT max(close) FROM bars('WALK', '1h')) AS enter_long FROM bars",
            "reads the table `bars('WALK', '1h')`",
        ),
    ] {
        bench.create(name, body).await;
        let error =
            Table::query(engine, &format!("SELECT * FROM {}", sweep(&format!("{name}()"), ""))).await.unwrap_err();
        let expected =
            format!("strategy `{name}`: a checkpoint keeps rows of strategies that depend on nothing but `bars`");
        assert!(error.starts_with(&expected) && error.contains(what), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_series_that_a_body_reads_is_part_of_what_its_rows_are_known_by() {
    let bench = bench().await;
    let engine = &bench.engine;
    bench.write("LEAD", &walk(8, 800));
    bench.write("NEXT", &walk(9, 800));
    let head =
        "(every INT DEFAULT 5, leader TEXT DEFAULT 'LEAD') AS SELECT b.*, CAST(b.volume AS BIGINT) % $every = 0 AND";
    for (name, rest) in [
        ("seen", "at_series($leader, close > sma(close, 3)) AS enter_long FROM bars AS b"),
        ("longer", "at_series($leader, '4h', close > sma(close, 3)) AS enter_long FROM bars AS b"),
        ("joined", "b.close > o.close AS enter_long FROM bars AS b LEFT JOIN bars('LEAD') AS o ON o.ts = b.ts"),
        (
            "asof",
            "b.close > o.open AS enter_long FROM bars AS b ASOF JOIN bars('LEAD') AS o MATCH_CONDITION (b.ts >= o.ts)",
        ),
    ] {
        run(engine, &format!("CREATE STRATEGY {name} {head} {rest}")).await;
        let call = format!("{name}(every => range(2, 7, 1))");
        bench.write("LEAD", &walk(8, 800));
        let count = async |call: &str| resumed(engine, call, "").await;
        assert_eq!((count(&call).await, count(&call).await), (0, 5), "{name}");
        let mut bars = walk(8, 800);
        bars[400].volume += 1;
        bench.write("LEAD", &bars);
        assert_eq!((count(&call).await, count(&call).await), (0, 5), "{name}: one volume of the other series");
        let fresh = run(engine, &format!("SELECT * FROM sweep('WALK', '1h', {call})")).await;
        assert_eq!(rows(&run(engine, &format!("SELECT * FROM {}", sweep(&call, ""))).await), rows(&fresh), "{name}");
        bench.write("LEAD", &walk(8, 800));
        assert_eq!(count(&call).await, 5, "{name}: the old bars");
    }
    // Points that read other series are other points, whatever the series are called.
    let of = |leaders: &str| format!("seen(leader => {leaders})");
    assert_eq!(resumed(engine, &of("['NEXT']"), "").await, 0);
    assert_eq!(resumed(engine, &of("['LEAD', 'NEXT']"), "").await, 0);
    bench.write("NEXT", &walk(10, 800));
    assert_eq!(resumed(engine, &of("['LEAD', 'NEXT']"), "").await, 0);
    assert_eq!(resumed(engine, &of("['LEAD', 'NEXT']"), "").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_and_a_reader_that_goes_away_keep_what_was_computed() {
    let bench = bench().await;
    let engine = &bench.engine;
    let sql = format!("SELECT * FROM {}", sweep(CALL, ""));
    let few = run(engine, &format!("{sql} LIMIT 5")).await;
    assert_eq!(few.rows, 5);
    let list = run(engine, "SELECT stored, finished FROM results()").await;
    assert_eq!((list.number("stored", 0), list.flag("finished", 0)), (Some(UNIT as f64), false));
    assert_eq!(resumed(engine, CALL, "").await, UNIT);
    run(engine, "DROP RESULT kept").await;

    // Two hundred thousand points would take minutes; two batches are read.
    let long = CALL.replace("linspace(0.5, 3.0, 10)", "linspace(0.5, 3.0, 2000)");
    let frame = engine.sql(&format!("SELECT * FROM {}", sweep(&long, ""))).await.unwrap();
    let mut stream = frame.execute_stream().await.unwrap();
    for _ in 0..2 {
        assert!(stream.next().await.unwrap().unwrap().num_rows() > 0);
    }
    drop(stream);
    // The next sweep waits until the other has let go of the result.
    let first = run(engine, &format!("SELECT * FROM {} LIMIT {}", sweep(&long, ""), 2 * UNIT)).await;
    assert_eq!(first.rows, 2 * UNIT);
    let fresh = run(engine, &format!("SELECT * FROM sweep('WALK', '1h', {long}) LIMIT {}", 2 * UNIT)).await;
    assert_eq!(rows(&first), rows(&fresh));
    let stored = async || run(engine, "SELECT stored FROM results()").await.number("stored", 0).unwrap();
    let before = stored().await;
    let again = run(engine, &format!("SELECT * FROM {} LIMIT {}", sweep(&long, ""), 2 * UNIT)).await;
    assert!(rows(&again) == rows(&first) && stored().await == before);
    let list = run(engine, "SELECT stored, points, finished FROM results()").await;
    assert!(list.number("stored", 0) >= Some(2.0 * UNIT as f64) && !list.flag("finished", 0));
    assert_eq!(list.number("points", 0), Some(240_000.0));
}

/// The program over a directory.
fn program(dir: &Path, sql: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threadx"));
    command.args(["--data", dir.to_str().unwrap(), "--format", "csv", "-c", sql]);
    command.env("THREADX_HISTORY", "").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn output(dir: &Path, sql: &str) -> String {
    let output = program(dir, sql).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_told_that_the_result_is_being_written() {
    let bench = bench().await;
    let name = ResultName::parse("kept").unwrap();
    let open = bench.engine.workspace().results.open(&name, About::default(), &|| false).unwrap();
    for sql in [format!("SELECT * FROM {}", sweep(CALL, "")), "DROP RESULT kept".to_string()] {
        let output = program(bench.dir(), &sql).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("another sweep is writing the result `kept`; wait for its end"), "{text}");
        assert_eq!(output.status.code(), Some(1));
    }
    assert_eq!(
        self::output(bench.dir(), "SELECT name, points, stored FROM results()"),
        "name,points,stored\nkept,0,0\n"
    );
    drop(open);
    assert_eq!(self::output(bench.dir(), "DROP RESULT kept"), "");
}

/// The bytes of the segments below a directory of bars, and their number.
fn segments(dir: &Path) -> (u64, u64) {
    let files = std::fs::read_dir(dir.join("results/kept")).into_iter().flatten().flatten();
    let sizes = files.filter(|f| f.path().extension().is_some_and(|e| e == "txr")).filter_map(|f| f.metadata().ok());
    sizes.fold((0, 0), |(bytes, files), metadata| (bytes + metadata.len(), files + 1))
}

/// Kills the process at the first moment at which `is_now` holds.
fn kill_when(mut child: Child, is_now: impl Fn() -> bool) -> ExitStatus {
    while !is_now() {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap()
}

fn copied(dir: &Path) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
            match path.is_dir() {
                true => copy(&path, &to.join(name)),
                false => std::fs::copy(&path, to.join(name)).map(drop).unwrap(),
            }
        }
    }
    let out = tempfile::tempdir().unwrap();
    copy(dir, out.path());
    out
}

/// One sweep is killed twenty times, each time further on, and then comes to its end.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_is_killed_twenty_times_gives_the_rows_of_one_that_was_not() {
    use std::os::unix::process::ExitStatusExt;
    const KILLS: u64 = 20;
    let bench = bench().await;
    let call = CALL.replace("linspace(0.5, 3.0, 10)", "linspace(0.5, 3.0, 250)");
    let select = format!("SELECT * FROM {}", sweep(&call, ""));
    let whole = copied(bench.dir());
    let expected = output(whole.path(), &select);
    assert_eq!(expected.lines().count(), 1 + 25 * POINTS);
    let (bytes, _) = segments(whole.path());

    let dir = bench.dir().to_path_buf();
    let result: PathBuf = dir.join("results/kept");
    let mut seen = vec![];
    for kill in 0..KILLS {
        let child = program(&dir, &select).stdout(Stdio::null()).spawn().unwrap();
        let before = segments(&dir);
        let status = kill_when(child, || match kill {
            0 => result.is_dir(),
            1 => result.join("manifest.toml").is_file(),
            2 => segments(&dir).1 > before.1,
            _ => segments(&dir).0 > before.0.max(bytes * (kill - 2) / (KILLS + 2)),
        });
        assert_eq!(status.signal(), Some(9), "the sweep ended before kill {kill}: {status}");
        seen.push(segments(&dir).0);
    }
    assert!(seen.is_sorted() && seen[3..].windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    println!("bytes at each kill: {seen:?} of {bytes}");

    let stored: usize = output(&dir, "SELECT stored FROM results()").lines().nth(1).unwrap().parse().unwrap();
    assert!(stored > 0 && stored < 25 * POINTS && stored.is_multiple_of(UNIT), "{stored}");
    let twin = copied(&dir);
    let other = Engine::builder().data_dir(twin.path()).build().unwrap();
    let (resumed, points, _) = counts(&other, &select).await;
    assert_eq!((resumed, points), (stored, 25 * POINTS));

    assert!(output(&dir, &select) == expected, "other rows after {KILLS} kills");
    let finished = output(&dir, "SELECT points, stored, finished FROM results()");
    assert_eq!(finished, format!("points,stored,finished\n{0},{0},true\n", 25 * POINTS));
    // No unit was written twice: beyond those of a sweep in one go there are only the headers of more files.
    let (total, files) = segments(&dir);
    assert_eq!(total - 16 * files, bytes - 16, "{files} files");
}
