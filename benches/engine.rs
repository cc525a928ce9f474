//! One table of figures: import, scan, every indicator through SQL, backtests, sweeps and peak memory.
//!
//! `cargo bench` builds it fully optimised; `cargo bench --profile dev` reuses the development build. Each figure is the
//! median of several runs, with the fastest and the slowest beside it. Before any figure the results are checked: imported
//! rows are counted, a sweep must equal single backtests bit for bit, and one thread must equal all.

use std::time::Instant;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use threadx::engine::import::{ImportOptions, run};
use threadx::engine::timeframe::Timeframe;
use threadx::{Engine, Result};
use threadx_kernels::indicator::{INDICATORS, Indicator};

/// Keeps the memory of columns between statements; see the note in Cargo.toml.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bars of the large series.
const BARS: usize = 1_000_000;

/// Bars of the series that sweeps run on.
const SWEEP_BARS: usize = 219_167;

/// Runs per figure.
const RUNS: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let engine = Engine::builder().data_dir(dir.path()).build()?;
    println!("{}", machine());
    println!("{:<44} {:>14} {:>14} {:>14}  unit", "figure", "median", "fastest", "slowest");
    import(&engine, dir.path()).await?;
    let bars = format!(
        "INSERT INTO ohlcv SELECT 'SWEEP', '15m', ts, open, high, low, close, volume FROM synthetic_bars({SWEEP_BARS}, '15m', seed => 3)"
    );
    collect(&engine, &bars).await?;
    check_parity(&engine).await?;
    scan(&engine).await?;
    for def in INDICATORS {
        indicator(&engine, def).await?;
    }
    for strategy in ["bb_atr", "sma_cross", "rsi_reversion", "donchian_breakout", "buy_and_hold"] {
        let sql = format!("SELECT sharpe, trades FROM backtest('BENCH', '1m', {strategy}())");
        let times = measure(&engine, &sql).await?;
        report(&format!("backtest {strategy}, {BARS} bars"), &times, |s| s * 1e3, "ms");
    }
    let grids = [
        ("grid 10 x 3", "grid(bb_period => range(10, 60, 5), entry_z => [1.0, 1.5, 2.0])", 30.0),
        (
            "grid 10 x 5 x 20",
            "grid(bb_period => range(10, 60, 5), entry_z => linspace(1, 3, 5), max_hold_bars => range(10, 210, 10))",
            1000.0,
        ),
    ];
    for (name, grid, combos) in grids {
        let sql = format!("SELECT * FROM sweep('SWEEP', '15m', {grid}) ORDER BY sharpe DESC LIMIT 10");
        let times = measure(&engine, &sql).await?;
        report(&format!("sweep {name}, {SWEEP_BARS} bars"), &times, |s| combos / s, "combos/s");
    }
    println!("{:<44} {:>14.0} {:>14} {:>14}  MiB", "peak resident memory", peak_mib(), "", "");
    Ok(())
}

fn machine() -> String {
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or(" unknown")
        .trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let build = if cfg!(debug_assertions) { "development build" } else { "optimised build" };
    format!("{model}, {cores} cores, {build}, median of {RUNS} runs\n")
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

async fn collect(engine: &Engine, sql: &str) -> Result<Vec<datafusion::arrow::array::RecordBatch>> {
    Ok(engine.sql(sql).await?.collect().await?)
}

async fn measure(engine: &Engine, sql: &str) -> Result<Vec<f64>> {
    let mut times = vec![];
    for _ in 0..RUNS {
        let start = Instant::now();
        collect(engine, sql).await?;
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(times)
}

/// Prints a figure; `of` turns seconds into it.
fn report(name: &str, seconds: &[f64], of: impl Fn(f64) -> f64, unit: &str) {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (fastest, median, slowest) = (of(sorted[0]), of(sorted[sorted.len() / 2]), of(sorted[sorted.len() - 1]));
    println!("{name:<44} {median:>14.1} {fastest:>14.1} {slowest:>14.1}  {unit}");
}

async fn import(engine: &Engine, dir: &std::path::Path) -> Result<()> {
    let csv = dir.join("bench.csv");
    let rows = format!(
        "COPY (SELECT ts, open, high, low, close, volume FROM synthetic_bars({BARS}, '1m', seed => 1)) TO '{}' STORED AS CSV OPTIONS ('format.has_header' 'true')",
        csv.display()
    );
    collect(engine, &rows).await?;
    let mut times = vec![];
    for attempt in 0..RUNS {
        let symbol = if attempt == 0 { "BENCH".to_string() } else { format!("BENCH{attempt}") };
        let options = ImportOptions {
            files: vec![csv.clone()],
            symbol: Some(symbol.clone()),
            timeframe: Some(Timeframe::M1),
            ..ImportOptions::default()
        };
        let start = Instant::now();
        run(&options, &engine.workspace().store)?;
        times.push(start.elapsed().as_secs_f64());
        let count = collect(engine, &format!("SELECT count(*) FROM bars('{symbol}', '1m')")).await?;
        assert_eq!(count[0].column(0).as_primitive::<Int64Type>().value(0), BARS as i64, "rows were lost");
    }
    report("import of CSV", &times, |s| BARS as f64 / s, "rows/s");
    Ok(())
}

async fn scan(engine: &Engine) -> Result<()> {
    let times = measure(engine, "SELECT sum(close), sum(volume) FROM bars('BENCH', '1m')").await?;
    report("scan of bars(...)", &times, |s| BARS as f64 / s, "rows/s");
    Ok(())
}

async fn indicator(engine: &Engine, def: &Indicator) -> Result<()> {
    let column = |name: &str| match name {
        "high" | "low" | "close" | "volume" => name.to_string(),
        "condition" => "close > open".into(),
        "b" => "open".into(),
        _ => "close".into(),
    };
    let mut args: Vec<String> = def.inputs.iter().map(|i| column(i.name)).collect();
    args.extend(def.params.iter().take_while(|p| p.default_value().is_none()).map(|_| "5".to_string()));
    let field = if def.outputs.len() > 1 { format!(".{}", def.outputs[0].name) } else { String::new() };
    let sql = format!("SELECT count({}({}){field}) FROM bars('BENCH', '1m')", def.name, args.join(", "));
    let times = measure(engine, &sql).await?;
    report(&format!("{}()", def.name), &times, |s| s * 1e9 / BARS as f64, "ns/row");
    Ok(())
}

/// The same numbers from a sweep and from single backtests, on one thread and on all.
async fn check_parity(engine: &Engine) -> Result<()> {
    let grid = "grid(bb_period => [10, 30], entry_z => [1.0, 2.0])";
    let sweep = |threads: usize| async move {
        engine.sql(&format!("SET threadx.threads = {threads}")).await?;
        collect(engine, &format!("SELECT bb_period, entry_z, sharpe FROM sweep('SWEEP', '15m', {grid})")).await
    };
    let (all, one) = (sweep(0).await?, sweep(1).await?);
    assert_eq!(all, one, "threads change the result");
    engine.sql("SET threadx.threads = 0").await?;
    for batch in &all {
        for row in 0..batch.num_rows() {
            let period = batch.column(0).as_primitive::<Int64Type>().value(row);
            let entry_z = batch.column(1).as_primitive::<Float64Type>().value(row);
            let call = format!("bb_atr(bb_period => {period}, entry_z => {entry_z:?})");
            let single = collect(engine, &format!("SELECT sharpe FROM backtest('SWEEP', '15m', {call})")).await?;
            let (a, b) =
                (batch.column(2).as_primitive::<Float64Type>(), single[0].column(0).as_primitive::<Float64Type>());
            assert_eq!(a.value(row).to_bits(), b.value(0).to_bits(), "sweep and backtest differ for {call}");
        }
    }
    println!("{:<44} {:>14}", "sweep = backtest, 1 thread = all threads", "equal bits");
    Ok(())
}
