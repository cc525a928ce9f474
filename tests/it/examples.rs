//! Every example runs: those of the registries, of `sql/examples`, and of the README. Every registry entry has its SQL test.

use std::fs;

use threadx::Engine;
use threadx::engine::script;
use threadx::udf::grid_builder::GRID_BUILDERS;
use threadx::udf::scalar::SCALAR_FUNCTIONS;
use threadx::udf::table::TABLE_FUNCTIONS;
use threadx_kernels::indicator::INDICATORS;
use threadx_kernels::metric::METRICS;

use clap::CommandFactory;
use threadx::repl::args::Arguments;

use crate::slt::files_below;
use crate::support::{demo, repository};

/// Runs a query and gives the number of rows, or why it failed.
async fn rows(engine: &Engine, sql: &str) -> Result<usize, String> {
    let frame = engine.sql(sql).await.map_err(|e| e.to_string())?;
    let batches = frame.collect().await.map_err(|e| threadx::Error::from(e).to_string())?;
    Ok(batches.iter().map(|b| b.num_rows()).sum())
}

/// The registries with the examples of their entries.
fn examples() -> Vec<(&'static str, String, String)> {
    let mut all = vec![];
    all.extend(GRID_BUILDERS.iter().map(|b| ("grid", b.name.to_string(), b.example.to_string())));
    all.extend(INDICATORS.iter().map(|d| ("indicator", d.name.to_string(), d.example.to_string())));
    all.extend(METRICS.iter().map(|m| ("metric", m.name.to_string(), m.example.to_string())));
    all.extend(TABLE_FUNCTIONS.iter().map(|f| ("table", f.name.to_string(), f.example.to_string())));
    all.extend(SCALAR_FUNCTIONS.iter().map(|make| {
        let function = make();
        let example = function.documentation().and_then(|d| d.sql_example.clone()).unwrap_or_default();
        ("scalar", function.name().to_string(), example)
    }));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_of_the_registries_give_rows() {
    let (engine, data) = demo().await;
    let folder = data.path().join("downloads");
    fs::create_dir(&folder).unwrap();
    let klines = "ts,open,high,low,close,volume\n2023-01-01 00:00,1,2,1,2,10\n2023-01-01 01:00,2,3,2,3,10\n";
    fs::write(folder.join("BTCUSDT-1h-2023-01.csv"), klines).unwrap();
    let mut failures = vec![];
    for (room, name, sql) in examples() {
        let sql = sql.replace("BTCUSDT-1h-2023-01.zip", &format!("{}/BTCUSDT-1h-2023-01.csv", folder.display()));
        match rows(&engine, &sql).await {
            Ok(0) => failures.push(format!("{room} {name}: no rows\n{sql}")),
            Ok(_) => {}
            Err(error) => failures.push(format!("{room} {name}: {error}\n{sql}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn everything_has_its_sql_test() {
    let tests = repository().join("tests/slt");
    let mut wanted: Vec<String> = examples().iter().map(|(room, name, _)| format!("{room}/{name}.slt")).collect();
    let strategies = files_below(&repository().join("sql/strategies"), "sql");
    wanted.extend(strategies.iter().map(|f| format!("strategy/{}.slt", f.file_stem().unwrap().display())));
    let missing: Vec<&String> = wanted.iter().filter(|file| !tests.join(file).is_file()).collect();
    assert!(missing.is_empty(), "tests/slt has no {missing:?}");
    for room in ["grid", "indicator", "metric", "scalar", "strategy", "table"] {
        for file in files_below(&tests.join(room), "slt") {
            let name = format!("{room}/{}", file.file_name().unwrap().display());
            assert!(wanted.contains(&name), "tests/slt/{name} tests something that does not exist");
        }
    }
}

async fn runs(text: &str, source: &str) {
    let (engine, data) = demo().await;
    let text = text.replace("${DATA}", &data.path().display().to_string());
    for statement in script::split(&text) {
        if let Err(error) = rows(&engine, statement.text).await {
            panic!("{source}: {error}\n{}", statement.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn example_files_run() {
    for file in files_below(&repository().join("sql/examples"), "sql") {
        runs(&fs::read_to_string(&file).unwrap(), &file.display().to_string()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_of_the_readme_runs() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks: Vec<&str> =
        readme.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap_or(block)).collect();
    assert!(!blocks.is_empty(), "the README shows no SQL");
    runs(&blocks.join(";\n"), "README.md").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_of_the_help_runs() {
    let (engine, _data) = demo().await;
    let pages = ["", "strategies"].map(|topic| threadx::repl::help::page(&engine, topic).unwrap());
    let text: String = pages.concat();
    let blocks = text.split("\n\n").filter(|block| block.starts_with("  SELECT") || block.starts_with("  CREATE"));
    let statements: Vec<&str> = blocks.flat_map(script::split).map(|piece| piece.text).collect();
    assert_eq!(statements.len(), 5, "{statements:?}");
    for sql in statements {
        rows(&engine, sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }
}

#[test]
fn commands_of_the_readme_and_of_the_help_can_be_run() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap_or(block).to_string());
    let help = Arguments::command().get_after_help().unwrap().to_string();
    let lines: Vec<String> =
        blocks.chain([help]).flat_map(|block| block.lines().map(str::to_string).collect::<Vec<_>>()).collect();
    let mut seen = 0;
    for line in &lines {
        let line = line.trim().replace("cargo run -- ", "threadx ");
        if !line.starts_with("threadx") {
            continue;
        }
        // A comment ends a line of the shell, a wide gap one of the help.
        let line = line.split(" #").next().unwrap_or(&line).split("    ").next().unwrap_or(&line).to_string();
        let words = words(&line);
        if let Err(error) = Arguments::read(words.iter().map(Into::into)) {
            panic!("{line}: {error}");
        }
        seen += 1;
    }
    assert!(seen >= 8, "{seen} commands were found");
}

/// The words of a line of the shell; double quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    line.split('"').enumerate().fold(vec![], |mut words, (index, part)| {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_string)),
            _ => words.push(part.to_string()),
        }
        words
    })
}

#[test]
fn the_first_answer_of_the_readme_is_real() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let block = |fence: &str| {
        let text = readme.split(fence).nth(1).unwrap_or_else(|| panic!("the README has no {fence}"));
        text.split("```").next().unwrap().trim().to_string()
    };
    let data = tempfile::tempdir().unwrap();
    let make = "INSERT INTO ohlcv SELECT 'DEMO' AS symbol, '15m' AS timeframe, ts, open, high, low, close, volume \
                FROM synthetic_bars(20000, '15m', seed => 7)";
    let run = |sql: &str| {
        let program = env!("CARGO_BIN_EXE_threadx");
        let output =
            std::process::Command::new(program).arg("--data").arg(data.path()).args(["-c", sql]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_string()
    };
    run(make);
    assert_eq!(run(&block("```sql\n")), block("```text\n"));
}
