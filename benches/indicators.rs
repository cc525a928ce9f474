//! Runs statements and kernels one at a time as they are asked for, so that `benches/peers/indicators.py` can take turns
//! with other libraries.
//!
//! `cargo bench --bench indicators -- --data DIR --symbol GEN10M --timeframe 1m --threads 1` reads lines of a word and
//! its object: `sql` and a statement, or `kernel` and the name of an indicator. Each is run once and answered by one line of JSON:
//! seconds, and those that the processor worked. An error ends it.

use std::fs;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Instant;

use clap::Parser;
use threadx::engine::indicator::find;
use threadx::engine::series::{Series, SeriesKey};
use threadx::error::Error;
use threadx::{Engine, Result};
use threadx_kernels::indicator::Input;

/// Keeps the memory of columns between statements; see the note in Cargo.toml.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The most bytes of series that are kept.
const CACHE_BYTES: &str = "4294967296";

/// Value of a parameter without a default.
const FALLBACK: f64 = 14.0;

#[derive(Parser)]
struct Args {
    /// Directory of bars.
    #[arg(long)]
    data: String,
    /// The series that kernels run over.
    #[arg(long)]
    symbol: String,
    /// Its timeframe.
    #[arg(long)]
    timeframe: String,
    /// Threads of statements; kernels have one.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let engine = Engine::builder()
        .data_dir(&args.data)
        .setting("threadx.threads", args.threads.to_string())
        .setting("threadx.cache_bytes", CACHE_BYTES)
        .setting("datafusion.execution.target_partitions", args.threads.to_string())
        .build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(args.threads)
        .enable_all()
        .build()
        .map_err(|e| Error::Internal(format!("no threads: {e}")))?;
    let series = engine.workspace().store.load(&SeriesKey::parse(&args.symbol, &args.timeframe)?)?;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|e| Error::Internal(format!("no more lines: {e}")))?;
        let (before, start) = (cpu_seconds(), Instant::now());
        match line.split_once(' ') {
            Some(("sql", statement)) => {
                black_box(runtime.block_on(async { Ok::<_, Error>(engine.sql(statement).await?.collect().await?) })?);
            }
            Some(("kernel", call)) => kernel(call, &series)?,
            _ => return Err(Error::argument(format!("`{line}` is neither sql nor kernel"))),
        }
        let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - before);
        println!("{{\"seconds\": {seconds}, \"cpu_seconds\": {cpu}}}");
        let _ = io::stdout().flush();
    }
    Ok(())
}

/// The batch form over the whole series with default parameters, output columns included.
fn kernel(name: &str, series: &Series) -> Result<()> {
    let def = find(name).ok_or_else(|| Error::argument(format!("no indicator `{name}`")))?;
    let column = |input: &Input| match input.name {
        "open" => series.open(),
        "high" => series.high(),
        "low" => series.low(),
        "volume" => series.volume(),
        _ => series.close(),
    };
    let inputs: Vec<&[f64]> = def.inputs.iter().map(column).collect();
    let mut outputs = vec![Vec::new(); def.outputs.len()];
    (def.compute)(&inputs, &def.default_params(FALLBACK), &mut outputs);
    black_box(outputs);
    Ok(())
}

/// What all threads that live have worked so far.
fn cpu_seconds() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}
