//! Times one statement inside the process and prints one line of JSON, as the peers' side does: see `benches/peers`.
//!
//! `cargo bench --bench sql -- --workload W2 --size 10k --combos 10000 --bars 100000 --data DIR --threads 1 --runs 5
//! --results FILE.csv "SELECT ..."`. The first run is not counted: it brings the bars into memory. The rows are written to
//! the file after the timed runs, so that they can be compared.

use std::time::Instant;

use clap::Parser;
use threadx::{Engine, Result};

/// Keeps the memory of columns between statements; see the note in Cargo.toml.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Args {
    /// Name of the workload.
    #[arg(long)]
    workload: String,
    /// Size of the workload.
    #[arg(long)]
    size: String,
    /// Combinations that the statement runs.
    #[arg(long)]
    combos: usize,
    /// Bars of each.
    #[arg(long)]
    bars: usize,
    /// Directory of bars.
    #[arg(long)]
    data: String,
    /// Threads; 0 takes every core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Timed runs.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// File for the rows.
    #[arg(long)]
    results: Option<String>,
    /// Read the bars anew in every run.
    #[arg(long)]
    cold_bars: bool,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
    /// The statement.
    sql: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let engine = Engine::builder()
        .data_dir(&args.data)
        .setting("threadx.threads", args.threads.to_string())
        .setting("threadx.cache_bytes", if args.cold_bars { "0" } else { "4294967296" })
        .build()?;
    let mut seconds = vec![];
    let mut rows = 0;
    for run in 0..=args.runs {
        let start = Instant::now();
        let batches = engine.sql(&args.sql).await?.collect().await?;
        if run > 0 {
            seconds.push(start.elapsed().as_secs_f64());
        }
        rows = batches.iter().map(|batch| batch.num_rows()).sum();
    }
    if let Some(path) = &args.results {
        let quoted = path.replace('\'', "''");
        let copy = format!("COPY ({}) TO '{quoted}' STORED AS CSV OPTIONS ('format.has_header' 'true')", args.sql);
        engine.sql(&copy).await?.collect().await?;
    }
    let threads =
        if args.threads == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { args.threads };
    println!(
        "{{\"workload\": \"{}\", \"peer\": \"threadx\", \"version\": \"{}\", \"size\": \"{}\", \"combos\": {}, \"bars\": {}, \
         \"threads\": {threads}, \"seconds\": {seconds:?}, \"rows\": {rows}, \"peak_mib\": {:.0}, \"build\": \"{}\", \
         \"machine\": \"{}\", \"results\": \"{}\"}}",
        args.workload,
        env!("CARGO_PKG_VERSION"),
        args.size,
        args.combos,
        args.bars,
        peak_mib(),
        if cfg!(debug_assertions) { "development" } else { "optimised" },
        machine(),
        args.results.unwrap_or_default()
    );
    Ok(())
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    model.unwrap_or("unknown").trim_start_matches([' ', '\t', ':']).replace('"', "'")
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}
