//! The prompt: what it completes and what its commands answer.

use threadx::Engine;
use threadx::repl::catalog::{Argument, Catalog, Function, Relation, Role, catalog};
use threadx::repl::command::COMMANDS;
use threadx::repl::complete::complete;

fn argument(name: &str, values: &[&str], role: Role) -> Argument {
    let values = values.iter().map(ToString::to_string).collect();
    Argument { name: name.into(), values, role, ..Argument::default() }
}

/// A small catalog, so that every offer is known.
fn small() -> Catalog {
    let series = [
        argument("symbol", &[], Role::Symbol),
        argument("timeframe", &[], Role::Timeframe),
        argument("strategy", &[], Role::Strategy),
        argument("fill", &["'next_open'", "'close'"], Role::Other),
        argument("fee_bps", &[], Role::Other),
    ];
    let function = |name: &str, args: &[Argument], columns: &[&str]| Function {
        name: name.into(),
        signature: format!("{name}(...)"),
        args: args.to_vec(),
        columns: columns.iter().map(ToString::to_string).collect(),
    };
    let laws = vec!["uniform(".to_string(), "integer(".into()];
    let params = [
        Argument { laws, ..argument("bb_period", &["search", "range("], Role::Other) },
        argument("trailing_stop", &["true", "false"], Role::Other),
    ];
    Catalog {
        tables: vec![Relation { name: "ohlcv".into(), columns: vec!["close".into(), "symbol".into(), "ts".into()] }],
        table_functions: vec![
            function("bars", &series[..2], &["ts", "close", "volume"]),
            function("backtest", &series, &["sharpe"]),
        ],
        functions: vec![function("sma", &[], &[]), function("sum", &[], &[])],
        strategies: vec![
            function("bb_atr", &params, &[]),
            function("ema_cross", &[argument("fast", &[], Role::Other)], &[]),
        ],
        builders: vec!["grid".into(), "sobol".into()],
        samplers: vec!["sobol".into()],
        series: [("BTC", "15m"), ("BTC", "1h"), ("ETH", "1d")].map(|(s, t)| (s.to_string(), t.to_string())).to_vec(),
        results: vec!["nightly".into(), "\"run-2\"".into()],
        settings: vec!["threadx.fee_bps".into(), "threadx.fill".into()],
    }
}

/// The offers at `|`.
fn offers(line: &str) -> Vec<String> {
    let position = line.find('|').expect("a cursor");
    let line = line.replace('|', "");
    complete(&line, position, &small()).1.into_iter().map(|candidate| candidate.replacement).collect()
}

#[test]
fn relations_behind_from() {
    assert_eq!(offers("SELECT * FROM |"), ["ohlcv", "bars(", "backtest("]);
    assert_eq!(offers("SELECT * FROM ba|"), ["bars(", "backtest("]);
    assert_eq!(offers("INSERT INTO o|"), ["ohlcv"]);
}

#[test]
fn symbols_and_timeframes_in_quotes() {
    assert_eq!(offers("SELECT * FROM bars('|"), ["BTC'", "ETH'"]);
    assert_eq!(offers("SELECT * FROM bars('b|"), ["BTC'"]);
    assert_eq!(offers("SELECT * FROM bars('BTC', '|"), ["15m'", "1h'"]);
    assert_eq!(offers("SELECT * FROM backtest(['BTC', 'E|"), ["ETH'"]);
    assert_eq!(offers("SELECT * FROM bars(timeframe => '1|"), ["15m'", "1d'", "1h'"]);
    assert_eq!(offers("SELECT 'B|"), Vec::<String>::new());
}

#[test]
fn arguments_options_and_their_values() {
    assert_eq!(
        offers("FROM backtest('BTC', '1h', |"),
        ["bb_atr(", "ema_cross(", "grid(", "sobol(", "strategy => ", "fill => ", "fee_bps => "]
    );
    assert_eq!(offers("FROM backtest('BTC', '1h', bb_atr(), f|"), ["fill => ", "fee_bps => "]);
    assert_eq!(offers("FROM backtest('BTC', '1h', bb_atr(), fill => |"), ["'next_open'", "'close'"]);
    assert_eq!(offers("FROM backtest('BTC', '1h', bb_atr(), fill => 'c|"), ["close'"]);
    assert_eq!(
        offers("FROM backtest('BTC', '1h', bb_atr(), fill => 'close', |"),
        ["symbol => ", "timeframe => ", "strategy => ", "fee_bps => "]
    );
}

#[test]
fn parameters_of_strategies_and_grids() {
    assert_eq!(offers("FROM backtest('A', '1h', bb_atr(|"), ["bb_period => ", "trailing_stop => "]);
    assert_eq!(offers("FROM backtest('A', '1h', bb_atr(bb_period => 20, |"), ["trailing_stop => "]);
    assert_eq!(offers("FROM backtest('A', '1h', bb_atr(bb_period => |"), ["search", "range("]);
    assert_eq!(offers("FROM backtest('A', '1h', grid(bb|"), ["bb_period => "]);
    assert_eq!(offers("FROM backtest('A', '1h', grid(strategy => 'ema_cross', |"), ["fast => "]);
    assert_eq!(offers("FROM backtest('A', '1h', grid(strategy => '|"), ["bb_atr'", "ema_cross'"]);
}

#[test]
fn parameters_of_samplers_come_behind_the_number_of_points() {
    assert_eq!(offers("FROM backtest('A', '1h', sobol(|"), ["100, ", "1000, ", "10000, "]);
    assert_eq!(
        offers("FROM backtest('A', '1h', sobol(100, |"),
        ["bb_period => ", "trailing_stop => ", "strategy => ", "seed => "]
    );
    assert_eq!(
        offers("FROM backtest('A', '1h', sobol(100, bb_period => |"),
        ["search", "range(", "uniform(", "integer("]
    );
    let hinted = |line: &str| threadx::repl::hint::hint(line, line.len(), &small());
    assert_eq!(hinted("sobol(").as_deref(), Some("n, ...)"));
    assert_eq!(hinted("sobol(100, ").as_deref(), Some("...)"));
}

#[test]
fn words_columns_and_functions() {
    assert_eq!(
        offers("SELECT s|"),
        ["symbol", "sma(", "sum(", "search", "select", "set", "show", "strategies", "strategy"]
    );
    assert_eq!(offers("SELECT SE|"), ["SEARCH", "SELECT", "SET"]);
    assert_eq!(offers("SELECT v| FROM bars('BTC', '1h')"), ["volume", "values", "varchar", "view"]);
    assert_eq!(offers("DESCRIBE STRATEGY |"), ["bb_atr", "ema_cross"]);
    assert_eq!(offers("DROP RESULT |"), ["nightly", "\"run-2\""]);
    assert_eq!(offers("drop result n|"), ["nightly"]);
    assert_eq!(offers("SET threadx.fe|"), ["threadx.fee_bps"]);
    assert_eq!(offers("-- SEL|"), Vec::<String>::new());
}

#[test]
fn backslash_commands_and_their_arguments() {
    assert_eq!(offers("\\d|"), ["\\d", "\\df", "\\ds"]);
    assert_eq!(offers("\\format m|"), ["markdown"]);
    assert_eq!(offers("\\ds e|"), ["ema_cross"]);
    assert_eq!(offers("\\timing |"), ["on", "off"]);
}

#[test]
fn no_position_is_a_fault() {
    let lines = ["SELECT '東京', f(a => [1, {'x': \"é", "\\d ü", "))]], =>", "$$ x", "/* é", "'", ":a::b"];
    for line in lines {
        for position in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
            complete(line, position, &small());
            threadx::repl::hint::hint(line, position, &small());
            threadx::repl::highlight::highlight(&line[..position]);
        }
    }
}

#[tokio::test]
async fn the_catalog_of_a_session_knows_what_there_is() {
    let (engine, _dir) = crate::support::demo().await;
    let catalog = catalog(&engine).await;
    assert!(catalog.series.contains(&("DEMO".into(), "1h".into())), "{:?}", catalog.series);
    assert!(catalog.tables.iter().any(|table| table.name == "ohlcv" && table.columns.contains(&"ts".into())));
    let line = "SELECT * FROM sweep('DEMO', '1h', bb_atr(bb_p";
    let (start, found) = complete(line, line.len(), &catalog);
    assert_eq!((&line[start..], found[0].replacement.as_str()), ("bb_p", "bb_period => "));
}

/// Runs lines as a script and gives the standard output.
fn typed(script: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_threadx"));
    command.current_dir(dir.path()).env_remove("THREADX_DATA_DIR");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_command_runs() {
    for command in COMMANDS {
        let argument = match command.name {
            "i" => "nope.sql",
            _ => "",
        };
        let answer = typed(&format!("\\{} {argument}\n", command.name));
        assert!(!answer.contains("unknown command"), "{}: {answer}", command.name);
        // There is no such file, no result and no report.
        assert_eq!(
            answer.contains("error["),
            ["i", "plot", "report"].contains(&command.name),
            "{}: {answer}",
            command.name
        );
    }
}

#[test]
fn answers_of_commands() {
    assert_eq!(typed("\\format\n\\format csv\n\\format\n"), "format is table\nformat is csv\n");
    assert_eq!(
        typed("\\rows 5\n\\rows\n\\rows x\n"),
        "tables show 5 rows\nerror[T102]: \\rows takes a number above 0 or `all`, got `x`\n  at <stdin>:3: \\rows x\n"
    );
    assert_eq!(typed("\\set a 1\n\\set b x y\n\\set\n\\set a\n\\set\n"), "a = 1\nb = x y\nb = x y\n");
    assert_eq!(typed("\\dff\n"), "error[T102]: unknown command `\\dff`; did you mean `\\df`?\n  at <stdin>:1: \\dff\n");
    assert!(typed("\\ds ema_cross\n").starts_with("ema_cross(...)\n  Crossing of two exponential moving averages\n"));
    assert!(
        typed("help sweep\n").starts_with("sweep(symbol, timeframe, strategy, checkpoint => ..., option => ...)\n")
    );
    assert_eq!(typed("\\x\nSELECT 1 AS a;\n"), "── row 1 ──\na  1\n");
    assert_eq!(typed("SELECT 1 AS a; quit; SELECT 2 AS b;"), "┌───┐\n│ a │\n├───┤\n│ 1 │\n└───┘\n");
}

#[test]
fn output_and_include() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("inner.sql");
    let target = dir.path().join("out.csv");
    std::fs::write(&inner, "SELECT 1 AS a;\nSELECT 2 AS b;\n").unwrap();
    let answer =
        typed(&format!("\\o {}\n\\i {}\n\\o\n\\format csv\nSELECT 3 AS c;\n", target.display(), inner.display()));
    assert_eq!(answer, "c\n3\n");
    assert_eq!(std::fs::read_to_string(target).unwrap(), "a\n1\nb\n2\n");
}

#[test]
fn the_last_result_is_plotted() {
    assert_eq!(
        typed(
            "\\format csv\nSELECT column1 AS name, column2 AS n FROM (VALUES ('a', 2.0), ('b', -1.0));\n\\plot title='A & b'\n"
        ),
        format!(
            "name,n\na,2.0\nb,-1.0\nA & b\nn\na  2 │{}{}\nb -1 │{}\n",
            " ".repeat(31),
            "█".repeat(62),
            "█".repeat(31)
        )
    );
    let nothing = "error[T102]: there is no result yet; run a query first\n  at <stdin>:1: \\plot\n";
    assert_eq!(typed("\\plot\n"), nothing);
    let answer = typed("SELECT 1 AS a;\n\\plot x=b\n");
    assert!(answer.contains("error[T101]: unknown column `b` of the result; did you mean `a`?"), "{answer}");
    assert!(typed("\\plot ?\n").starts_with("\\plot draws the result of the last query."));
}

#[test]
fn a_plot_is_written_to_a_file_that_is_complete() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("a b.svg"), "old").unwrap();
    let bars = "SELECT ts, open, high, low, close, close > 100 AS enter_long FROM synthetic_bars(300, '1h', seed => 7)";
    let script = ["a b.svg", "c.png", "d.txt"].map(|name| format!("\\plot > {}\n", path(name).display())).concat();
    // The result goes to one file and the plots to others.
    let answer = typed(&format!("\\o {}\n{bars};\n{script}", path("bars.csv").display()));
    assert_eq!(answer, "");
    let svg = std::fs::read_to_string(path("a b.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("<desc>candles chart: 300 bars, from "), "{svg}");
    assert!(std::fs::read(path("c.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(path("d.txt")).unwrap().contains("▲ enter long "));
    assert_eq!(std::fs::read_to_string(path("bars.csv")).unwrap().lines().count(), 301);

    let answer = typed(&format!("SELECT 1 AS a;\n\\plot > {}\n", path("no/such.svg").display()));
    assert!(answer.contains("error[T301]: cannot write "), "{answer}");
    let answer = typed(&format!("SELECT 1 AS a;\n\\plot > {}\n", path("a.jpg").display()));
    assert!(answer.contains("error[T102]: \\plot writes files that end with .svg, .png or .txt, got `"), "{answer}");
}

#[tokio::test]
async fn an_empty_store_has_an_empty_catalog_of_series() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
    assert!(catalog(&engine).await.series.is_empty());
}
