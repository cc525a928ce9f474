//! The prompt: what it completes and what its commands answer.

use threadx::Engine;
use threadx::repl::catalog::{Argument, Catalog, Function, Relation, Role, catalog};
use threadx::repl::command::COMMANDS;
use threadx::repl::complete::{complete, path_place};

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
        inner_settings: vec!["datafusion.execution.batch_size".into()],
        timeframes: ["15m", "1h", "1d"].map(str::to_string).to_vec(),
        contract: vec!["enter_long".into(), "exit_long".into()],
        topics: vec!["grids".into(), "strategies".into()],
        variables: vec!["sym".into(), "since".into()],
        result: ["ts", "close", "sharpe"].map(str::to_string).to_vec(),
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
    assert_eq!(
        offers("SELECT * FROM bars('BTC', '|"),
        ["15m'", "1h'", "1d'"],
        "the longer ones are made from the stored ones"
    );
    assert_eq!(offers("SELECT * FROM backtest(['BTC', 'E|"), ["ETH'"]);
    assert_eq!(offers("SELECT * FROM bars('ETH', '|"), ["1d'"]);
    assert_eq!(offers("SELECT * FROM bars(timeframe => '1|"), ["15m'", "1d'", "1h'"]);
    assert_eq!(offers("SELECT * FROM ohlcv WHERE symbol = '|"), ["BTC'", "ETH'"]);
    assert_eq!(offers("SELECT * FROM ohlcv WHERE timeframe IN ('1h', '|"), ["15m'", "1d'", "1h'"]);
    assert_eq!(offers("SELECT 'B|"), Vec::<String>::new());
}

#[test]
fn what_names_other_bars() {
    assert_eq!(offers("SELECT at_series('|"), ["BTC'", "ETH'"]);
    assert_eq!(offers("SELECT at_timeframe('2|"), ["2h'"]);
    assert_eq!(offers("SELECT close, at_series('BTC', '1|"), ["1m'", "15m'", "1h'", "12h'", "1d'", "1w'", "1M'"]);
    assert_eq!(offers("SELECT at_timeframe('4h', '|"), Vec::<String>::new());
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
        ["symbol", "sma(", "sum(", "search", "select", "set", "show", "stored", "strategies", "strategy"]
    );
    assert_eq!(offers("SELECT SE|"), ["SEARCH", "SELECT", "SET"]);
    assert_eq!(offers("SELECT v| FROM bars('BTC', '1h')"), ["volume", "values", "varchar", "view"]);
    assert_eq!(offers("DESCRIBE STRATEGY |"), ["bb_atr", "ema_cross"]);
    assert_eq!(offers("DROP RESULT |"), ["nightly", "\"run-2\""]);
    assert_eq!(offers("drop result n|"), ["nightly"]);
    assert_eq!(offers("SET threadx.fe|"), ["threadx.fee_bps"]);
    assert_eq!(offers("SET threadx.fill = |"), ["'next_open'", "'close'"]);
    assert_eq!(offers("SET threadx.fill = 'c|"), ["close'"]);
    assert_eq!(offers("SET d|"), ["datafusion.execution.batch_size"]);
    assert_eq!(offers("SHOW t|"), ["threadx.fee_bps", "threadx.fill", "tables"]);
    assert_eq!(offers("-- SEL|"), Vec::<String>::new());
}

#[test]
fn names_that_the_statement_itself_makes() {
    assert_eq!(offers("SELECT b.| FROM bars('BTC', '1h') AS b, ohlcv o"), ["ts", "close", "volume"]);
    assert_eq!(offers("SELECT o.s| FROM bars('BTC', '1h') AS b, ohlcv o"), ["symbol"]);
    assert_eq!(offers("WITH best AS (SELECT 1) SELECT * FROM be|"), ["best"]);
    assert_eq!(offers("SELECT :s|"), ["sym", "since"]);
    assert_eq!(offers("SELECT 1::s|").first().map(String::as_str), Some("symbol"));
    assert_eq!(offers("CREATE STRATEGY s (period INT DEFAULT 2, z DOUBLE DEFAULT 1) AS SELECT $|"), ["period", "z"]);
    assert_eq!(offers("CREATE STRATEGY s AS SELECT close > 1 AS en|"), ["enter_long"]);
}

#[test]
fn few_words_follow_some_words() {
    assert_eq!(offers("SELECT ts FROM ohlcv ORDER |"), ["BY"]);
    assert_eq!(offers("drop s|"), ["strategy"]);
    assert_eq!(offers("create or replace v|"), ["view"]);
    assert_eq!(offers("CREATE EXTERNAL TABLE t STORED AS |"), ["PARQUET", "CSV", "JSON", "ARROW"]);
}

#[test]
fn few_functions_are_listed_with_their_signatures() {
    let shown = complete("SELECT * FROM ba", 16, &small()).1;
    let shown: Vec<&str> = shown.iter().map(|candidate| candidate.display.as_str()).collect();
    assert_eq!(shown, ["bars(...)", "backtest(...)"]);
}

#[test]
fn paths_are_completed_where_paths_belong() {
    let place = |line: &str| {
        let catalog = Catalog { table_functions: vec![reader()], ..Catalog::default() };
        path_place(line, line.len(), &catalog).map(|place| (place.prefix.to_string(), place.start, place.in_text))
    };
    assert_eq!(place("\\i  sql/ex"), Some(("sql/ex".into(), 4, false)));
    assert_eq!(place("\\o "), Some(("".into(), 3, false)));
    assert_eq!(place("SELECT * FROM read_ohlcv('dat"), Some(("dat".into(), 26, true)));
    assert_eq!(place("COPY (SELECT 1) TO 'x"), Some(("x".into(), 20, true)));
    assert_eq!(place("SELECT * FROM read_ohlcv('a.csv', symbol => 'B"), None);
    assert_eq!(place("SELECT 'x"), None);
}

fn reader() -> Function {
    let args = vec![argument("path", &[], Role::Path), argument("symbol", &[], Role::Symbol)];
    Function { name: "read_ohlcv".into(), args, ..Function::default() }
}

#[test]
fn backslash_commands_and_their_arguments() {
    assert_eq!(offers("\\d|"), ["\\d", "\\demo", "\\df", "\\ds"]);
    assert_eq!(offers("\\d b|"), ["BTC", "bb_atr"]);
    assert_eq!(offers("help gr|"), ["grids", "grid"]);
    assert_eq!(offers("\\unset s|"), ["sym", "since"]);
    assert_eq!(offers("\\format m|"), ["markdown"]);
    assert_eq!(offers("\\ds e|"), ["ema_cross"]);
    assert_eq!(offers("\\timing |"), ["on", "off"]);
}

#[test]
fn words_of_plot_and_of_report() {
    assert_eq!(offers("\\plot h|"), ["heatmap", "histogram"]);
    assert_eq!(offers("\\plot line |"), ["x=", "y=", "value=", "color=", "title="]);
    assert_eq!(offers("\\plot line x=ts |"), ["y=", "value=", "color=", "title="]);
    assert_eq!(offers("\\plot x=|"), ["ts", "close", "sharpe"]);
    assert_eq!(offers("\\plot x=ts y=cl|"), ["close"]);
    assert_eq!(offers("\\plot y=close,|"), ["ts", "sharpe"]);
    assert_eq!(offers("\\plot title=|"), [""; 0]);
    assert_eq!(offers("\\plot line > c|"), [""; 0]);
    assert_eq!(offers("\\report t|"), ["tearsheet"]);
    let open = offers("\\report tearsheet |");
    assert!(open.len() > 1 && open.iter().all(|word| word.ends_with('=')), "{open:?}");
    let given = format!("\\report tearsheet {}1 |", open[0]);
    assert_eq!(offers(&given), open[1..]);
    assert_eq!(offers("\\report my.sql |"), [""; 0]);
    let place = |line: &str| path_place(line, line.len(), &small()).map(|place| place.prefix.to_string());
    let at = |text: &str| Some(text.to_string());
    assert_eq!(place("\\report t"), at("t"));
    assert_eq!(place("\\report t symbol=A"), None);
    assert_eq!(place("\\report t symbol=A > out/x"), at("out/x"));
    assert_eq!((place("\\plot line"), place("\\plot line > c")), (None, at("c")));
    assert_eq!((place("\\i a"), place("\\o b")), (at("a"), at("b")));
}

#[test]
fn no_position_is_a_fault() {
    let lines =
        ["SELECT '東京', f(a => [1, {'x': \"é", "\\d ü", "\\plot x=é > ü", "))]], =>", "$$ x", "/* é", "'", ":a::b"];
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
            "unset" => "x",
            "watch" => "0 1",
            _ => "",
        };
        let answer = typed(&format!("\\set x 1\nSELECT 1;\n\\{} {argument}\n", command.name));
        assert!(!answer.contains("unknown command"), "{}: {answer}", command.name);
        // There is no such file, no editor and no report.
        let fails = ["i", "e", "report"].contains(&command.name);
        assert_eq!(answer.contains("error["), fails, "{}: {answer}", command.name);
    }
}

#[test]
fn answers_of_commands() {
    assert_eq!(typed("\\format\n\\format csv\n\\format\n"), "format is table\nformat is csv\n");
    assert_eq!(
        typed("\\rows 5\n\\rows\n\\rows x\n"),
        "tables show 5 rows\nerror[T102]: \\rows takes a number above 0, `all` or `auto`, got `x`\n  at <stdin>:3: \\rows x\n"
    );
    assert_eq!(typed("\\history x\n"), "nothing was typed yet\n");
    assert_eq!(typed("SELECT 1 AS a;\n\\format csv\n\\watch 0 2\n").matches("a\n1\n").count(), 2);
    assert_eq!(typed("\\dff\n"), "error[T102]: unknown command `\\dff`; did you mean `\\df`?\n  at <stdin>:1: \\dff\n");
    assert!(typed("\\ds ema_cross\n").starts_with("ema_cross(...)\n  Crossing of two exponential moving averages\n"));
    assert!(
        typed("help sweep\n")
            .starts_with("sweep(symbol, timeframe, strategy, bounds => ..., checkpoint => ..., option => ...)\n")
    );
    assert_eq!(typed("\\x\nSELECT 1 AS a;\n"), "── row 1 ──\na  1\n");
    assert_eq!(typed("SELECT 1 AS a; quit; SELECT 2 AS b;"), "┌───┐\n│ a │\n├───┤\n│ 1 │\n└───┘\n");
}

#[test]
fn variables_of_statements_and_commands() {
    let script = "\\format csv\n\\set n 5\n\\set who 'it''s'\n\\set col close\n\
                  SELECT :n AS n, :'who' AS t, ':n' AS s, 1::INT AS i, ([7, 8, 9])[1:2] AS l FROM (SELECT 2 AS close) WHERE :\"col\" = 2;\n";
    assert_eq!(typed(script), "n,t,s,i,l\n5,it's,:n,1,\"[7,8]\"\n");
    assert_eq!(typed("\\set a 1\n\\set b x y\n\\set\n\\set a\n\\unset a\n\\set\n"), "a = 1\nb = x y\na = 1\nb = x y\n");
    assert_eq!(typed("\\set f csv\n\\format :f\n\\format\n"), "format is csv\n");
    let failure = |line: &str| typed(&format!("\\set symbol BTC\n{line}\n")).lines().next().unwrap().to_string();
    assert_eq!(failure("SELECT :symbl;"), "error[T102]: there is no variable `:symbl`; did you mean `:symbol`?");
    assert_eq!(failure("SELECT :x;"), "error[T102]: there is no variable `:x`; \\set x VALUE makes it");
    assert_eq!(failure("\\unset symbl"), "error[T101]: unknown variable `symbl`; did you mean `symbol`?");
}

#[test]
fn one_thing_is_described() {
    assert!(typed("\\format csv\n\\d ohlcv\n").starts_with("column_name,data_type,is_nullable\nsymbol,"));
    assert!(typed("\\d bb_atr\n").starts_with("bb_atr(...)\n"));
    assert!(typed("\\d rsi\n").starts_with("rsi(x, period => 14)\n"));
    let make = "INSERT INTO ohlcv SELECT 'ABC' AS symbol, '1h' AS timeframe, ts, open, high, low, close, volume \
                FROM synthetic_bars(24, '1h');\n";
    assert_eq!(
        typed(&format!("{make}\\format csv\n\\d abc\n")),
        "symbol,timeframe,rows,first_ts,last_ts\nABC,1h,24,2020-01-01T00:00:00Z,2020-01-01T23:00:00Z\n24 rows written\n"
    );
    assert!(
        typed("\\d ohlc\n").starts_with("error[T101]: unknown table, series or strategy `ohlc`; did you mean `ohlcv`?")
    );
}

#[test]
fn help_answers_from_the_registries() {
    for (topic, words) in [
        ("", "help NAME    the page of a function"),
        ("rsi", "Wilder's relative strength index."),
        ("sweep", "One row per series and grid point"),
        ("strategies", "CREATE STRATEGY dip_buyer"),
        ("BB_ATR", "bb_period"),
        ("fee_bps", "run option of backtest() and sweep()"),
        ("threadx.fee_bps", "SET threadx.fee_bps = value;"),
        ("\\\\timing", "\\timing [on|off]"),
    ] {
        let topic = topic.replace("\\\\", "\\");
        for asked in [format!("help {topic}\n"), format!("\\? {topic}\n")] {
            let answer = typed(&asked);
            assert!(answer.contains(words), "{asked}{answer}");
            assert!(!answer.contains('\u{1b}'), "no colour into a pipe: {asked}");
        }
    }
    assert!(typed("help strategis\n").starts_with("error[T102]: no help on `strategis`; did you mean `strategies`?"));
    assert!(typed("\\ds\n").contains("bb_period"), "the list of strategies shows their parameters");
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
