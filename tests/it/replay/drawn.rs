//! Strategies, options and bars drawn at random: a sweep is still nothing but its backtests, for any number of threads and any
//! batch size.
//!
//! A few cases are part of the suite. `DRAWN=1000` draws more, `DRAWN_SEED` begins elsewhere; a failure names its case.

use threadx_kernels::sim::{CONTRACT, ColumnKind, OptionKind, RUN_OPTIONS};

use super::bench::{Bar, Bench, random_bars};
use super::random::Random;
use super::table::Table;

/// The parameters of every drawn strategy, and what a grid gives them.
const GRID: &str = "n => [2, 5, 13], x => [0.4, 1.7], up => [true, false]";
const POINTS: usize = 12;

/// A strategy as text.
struct Writer<'a>(&'a mut Random);

impl Writer<'_> {
    /// An expression of type DOUBLE: of the bars, of indicators over them, sometimes missing, infinite or not a number.
    fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return (*self.0.pick(&["open", "high", "low", "close", "volume", "$x", "close", "3.5"])).into();
        }
        let depth = depth - 1;
        match self.0.integer(0, 15) {
            0..=3 => {
                let of = self.0.pick(&["sma", "ema", "rsi", "highest", "lowest", "zscore", "wma", "mom"]);
                format!("{of}({}, {})", self.number(depth), self.period())
            }
            4 => format!("atr(high, low, close, {})", self.period()),
            5 => format!("previous({}, {})", self.number(depth), self.period()),
            6 => format!("({} + {})", self.number(depth), self.number(depth)),
            7 => format!("({} - {})", self.number(depth), self.number(depth)),
            8 => format!("({} * {})", self.number(depth), self.number(depth)),
            9 => format!("({} / {})", self.number(depth), self.number(depth)),
            10 => format!("CASE WHEN {} THEN {} END", self.condition(depth), self.number(depth)),
            11 => {
                format!(
                    "CASE WHEN {} THEN {} ELSE {} END",
                    self.condition(depth),
                    self.number(depth),
                    self.number(depth)
                )
            }
            12 => format!("NULLIF({}, {})", self.number(depth), self.number(0)),
            13 => format!("coalesce({}, {})", self.number(depth), self.number(0)),
            14 => format!("abs({})", self.number(depth)),
            _ => self.number(0),
        }
    }

    fn period(&mut self) -> String {
        (*self.0.pick(&["$n", "$n", "2", "3", "21"])).into()
    }

    fn condition(&mut self, depth: u32) -> String {
        let shallow = depth.saturating_sub(1);
        match self.0.integer(0, if depth == 0 { 4 } else { 11 }) {
            0 | 1 => format!("CAST(volume AS BIGINT) % {} = {}", self.0.pick(&["$n", "4", "7"]), self.0.integer(0, 2)),
            2 => format!("{} < {}", self.number(shallow), self.number(shallow)),
            3 => format!("{} >= {}", self.number(shallow), self.number(shallow)),
            4 => (*self.0.pick(&["$up", "NOT $up", "true", "false", "NULL", "close > open"])).into(),
            5 => format!("({} AND {})", self.condition(shallow), self.condition(shallow)),
            6 => format!("({} OR {})", self.condition(shallow), self.condition(shallow)),
            7 => format!("NOT ({})", self.condition(shallow)),
            8 => format!("{} IS NULL", self.number(shallow)),
            9 => format!("becomes_true({})", self.condition(shallow)),
            10 => format!("crosses_above({}, {})", self.number(shallow), self.number(shallow)),
            _ => format!("debounce({}, {})", self.condition(shallow), self.period()),
        }
    }

    /// A value for a column of the contract, mostly of a size that makes sense.
    fn column(&mut self, name: &str, kind: ColumnKind) -> String {
        if self.0.chance(0.1) {
            return match kind {
                ColumnKind::Bool => self.condition(2),
                ColumnKind::Number => self.number(2),
                ColumnKind::Int => format!("CAST(round({}) AS BIGINT)", self.number(1)),
            };
        }
        match (kind, name) {
            (_, "enter_long" | "enter_short") if self.0.chance(0.7) => {
                format!("CAST(volume AS BIGINT) % {} = {}", self.0.pick(&["$n", "11"]), self.0.integer(0, 1))
            }
            (ColumnKind::Bool, _) => self.condition(2),
            (ColumnKind::Int, _) => (*self.0.pick(&["$n", "4", "1"])).into(),
            (_, name) if name.ends_with("distance") => format!("$x * atr(high, low, close, {})", self.period()),
            (_, name) if name.contains("price") => format!("close * {}", self.0.pick(&["0.97", "1.02", "$x", "1.0"])),
            (_, "position") => {
                format!("CASE WHEN {} THEN $x ELSE {} END", self.condition(2), self.0.pick(&["0", "-1", "NULL"]))
            }
            (_, "risk") => (*self.0.pick(&["0.01", "0.02 * $x"])).into(),
            (_, "notional") => (*self.0.pick(&["2000.0", "close * $n"])).into(),
            (_, "leverage") => (*self.0.pick(&["3.0", "$x", "1.0"])).into(),
            _ => (*self.0.pick(&["0.5", "$x", "0.25 * $n"])).into(),
        }
    }

    fn strategy(&mut self) -> String {
        let is_target = self.0.chance(0.15);
        let mut columns = vec![];
        for column in CONTRACT {
            let chance = match column.name {
                "position" => f64::from(u8::from(is_target)),
                "enter_long" | "enter_short" if is_target => 0.0,
                "enter_long" => 1.0,
                "enter_short" => 0.8,
                _ if is_target && (column.name.starts_with("exit") || column.name.starts_with("add")) => 0.0,
                _ if is_target => 0.0,
                "exit_long" | "exit_short" | "stop_distance" => 0.6,
                name if ["add", "scale", "entry", "max_adds"].iter().any(|with| name.starts_with(with)) => 0.04,
                _ => 0.15,
            };
            if self.0.chance(chance) {
                columns.push(format!("{} AS {}", self.column(column.name, column.kind), column.name));
            }
        }
        format!(
            "CREATE OR REPLACE STRATEGY drawn (n INT DEFAULT 3, x DOUBLE DEFAULT 1.0, up BOOLEAN DEFAULT true) AS \
             SELECT *, {} FROM bars",
            columns.join(", ")
        )
    }

    fn options(&mut self) -> String {
        let mut text = String::new();
        for option in RUN_OPTIONS.iter().filter(|_| self.0.chance(0.08)).collect::<Vec<_>>() {
            let value = match option.kind {
                OptionKind::Word(words) => format!("'{}'", self.0.pick(words)),
                OptionKind::WordOrNumber { words, .. } if self.0.chance(0.5) => format!("'{}'", self.0.pick(words)),
                OptionKind::WordOrNumber { .. } => (*self.0.pick(&["1", "2", "7"])).into(),
                OptionKind::Number { .. } => (*self.0.pick(&["0.01", "0.25", "0.5"])).into(),
            };
            text += &format!(", {} => {value}", option.name);
        }
        text
    }
}

/// Series of all lengths, with jumps, without movement, and without volume.
fn bars(random: &mut Random) -> Vec<Bar> {
    let n = random.pick(&[1, 2, 3, 40, 300, 300, 500, 700, 900, 900]) as usize;
    let (volatility, gap) = random.pick(&[(0.01, 0.002), (0.08, 0.05), (0.0, 0.0), (0.3, 0.2)]);
    let mut bars = random_bars(random, n, volatility, gap);
    if random.chance(0.2) {
        bars.iter_mut().for_each(|bar| bar.volume = 0);
    }
    if random.chance(0.2) {
        let still = bars[0];
        bars.iter_mut().skip(n / 3).take(n / 3).for_each(|bar| *bar = still);
    }
    bars
}

/// Every cell of every row, or the words of the error.
async fn outcome(bench: &Bench, sql: &str) -> Result<Vec<Vec<String>>, String> {
    let table = Table::query(&bench.engine, sql).await.map_err(|e| e.lines().next().unwrap_or("").to_string())?;
    Ok((0..table.rows).map(|row| table.bits(row, &table.names)).collect())
}

/// The metrics that a strategy of this engine has, in order.
async fn metric_names(bench: &Bench) -> String {
    let table = Table::query(&bench.engine, "SELECT name FROM metrics() ORDER BY name").await.unwrap();
    (0..table.rows).map(|row| table.text("name", row).to_string()).collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn drawn_sweeps_are_their_backtests() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (cases, seed) = (number("DRAWN", 15), number("DRAWN_SEED", 1));
    let bench = Bench::empty();
    let (mut traded, mut refused) = (0, 0);
    for case in seed..seed + cases {
        let mut random = Random::new(case);
        bench.write("WALK", &bars(&mut random));
        let mut writer = Writer(&mut random);
        let (strategy, options) = (writer.strategy(), writer.options());
        let told = format!("case {case}: {strategy}\noptions: {options}");
        if let Err(error) = bench.engine.sql(&strategy).await {
            // Columns that have no effect without others are refused, whatever is in them.
            assert!(error.to_string().contains("has no effect without"), "{error}\n{told}");
            refused += 1;
            continue;
        }
        let metrics = metric_names(&bench).await;
        let sweep =
            format!("SELECT n, x, up, {metrics} FROM sweep('WALK', '1h', drawn({GRID}){options}) ORDER BY combo_id");
        let mut before = None;
        for (threads, batch_size) in [(1, 8192), (2, 8192), (5, 3)] {
            bench.engine.sql(&format!("SET threadx.threads = {threads}")).await.unwrap();
            bench.engine.sql(&format!("SET datafusion.execution.batch_size = {batch_size}")).await.unwrap();
            let now = outcome(&bench, &sweep).await;
            if let Some(before) = &before {
                assert_eq!(before, &now, "{threads} threads, batches of {batch_size}\n{told}");
            }
            before = Some(now);
        }
        let mut rows = vec![];
        let mut error = None;
        for (n, x, up) in [2, 5, 13]
            .iter()
            .flat_map(|n| [0.4, 1.7].map(|x| (n, x)))
            .flat_map(|(n, x)| [true, false].map(|up| (n, x, up)))
        {
            let backtest = format!(
                "SELECT CAST({n} AS BIGINT) AS n, {x} AS x, {up} AS up, {metrics} \
                 FROM backtest('WALK', '1h', drawn(n => {n}, x => {x}, up => {up}){options})"
            );
            match outcome(&bench, &backtest).await {
                Ok(mut row) => rows.append(&mut row),
                Err(why) => error = error.or(Some(why)),
            }
        }
        match (before.unwrap(), error) {
            (Ok(swept), None) => {
                assert_eq!(swept.len(), POINTS, "{told}");
                assert_eq!(swept, rows, "{told}");
                traded +=
                    usize::from(swept.iter().flatten().any(|cell| cell.starts_with("trades=") && !cell.contains("=0")));
            }
            (Err(why), Some(_)) => {
                println!("case {case} is refused: {why}");
                refused += 1;
            }
            (swept, error) => panic!("only one of them fails: {:?}, {error:?}\n{told}", swept.err()),
        }
    }
    println!("{cases} cases, {traded} with trades, {refused} refused");
    assert!(traded as u64 * 3 > cases, "only {traded} of {cases} trade");
    assert!(refused as u64 * 3 < cases, "{refused} of {cases} refused");
}
