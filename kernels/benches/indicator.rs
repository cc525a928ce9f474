//! What every indicator of the registry costs per bar, as CSV: `name,aliases,params,ns_per_bar,fastest_ns,reused_ns`.
//!
//! `cargo bench -p threadx-kernels --bench indicator -- [bars] [name ...]`; 1,000,000 bars and all names otherwise. The
//! figures are the median and the fastest of several runs of the batch form with default parameters (mandatory ones are
//! 14), new output columns included, on one thread and with the allocator of the program; on a busy machine the fastest one
//! is the better guide. The last figure is the fastest run into columns that are there already.
//! `benches/peers/kernels.py` takes turns with TA-Lib instead.

use std::hint::black_box;
use std::time::Instant;

use threadx_kernels::indicator::{INDICATORS, Indicator, Input, Kind};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs per figure at least, after one that is not counted.
const RUNS: usize = 7;

/// Time per figure at least, so that short series are run often.
const SECONDS: f64 = 0.05;

/// Value of a parameter without a default.
const FALLBACK: f64 = 14.0;

fn main() {
    // Cargo passes options of its own harness along.
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let count = args.first().and_then(|arg| arg.parse().ok());
    if count.is_some() {
        args.remove(0);
    }
    let bars = Bars::generate(count.unwrap_or(1_000_000));
    println!("name,aliases,params,ns_per_bar,fastest_ns,reused_ns");
    for def in INDICATORS.iter().filter(|def| args.is_empty() || args.iter().any(|name| name == def.name)) {
        let params = def.default_params(FALLBACK);
        let names = def.params.iter().map(|param| param.name).zip(params.values());
        let params: Vec<String> = names.map(|(name, value)| format!("{name}={value}")).collect();
        let [median, fastest, reused] = nanoseconds(def, &bars);
        let (aliases, params) = (def.aliases.join(" "), params.join(" "));
        println!("{},{aliases},{params},{median:.3},{fastest:.3},{reused:.3}", def.name);
    }
}

/// Median and fastest time per bar, and the fastest one into columns of a run before.
fn nanoseconds(def: &Indicator, bars: &Bars) -> [f64; 3] {
    let inputs: Vec<&[f64]> = def.inputs.iter().map(|input| bars.column(input)).collect();
    let params = def.default_params(FALLBACK);
    let compute = |outputs: &mut [Vec<f64>]| {
        (def.compute)(black_box(&inputs), &params, outputs);
        black_box(outputs);
    };
    let new_columns = || vec![Vec::new(); def.outputs.len()];
    let mut columns = new_columns();
    compute(&mut columns);
    let (new, reused) = (times(|| compute(&mut new_columns())), times(|| compute(&mut columns)));
    [new[new.len() / 2], new[0], reused[0]].map(|seconds| seconds * 1e9 / bars.close.len() as f64)
}

/// Times of several runs in seconds, the fastest first.
fn times(mut run: impl FnMut()) -> Vec<f64> {
    let mut times = Vec::new();
    while times.len() < RUNS || times.iter().sum::<f64>() < SECONDS {
        let start = Instant::now();
        run();
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    times
}

/// One series with everything that an input can ask for.
struct Bars {
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
    other: Vec<f64>,
    periods: Vec<f64>,
    condition: Vec<f64>,
    time: Vec<f64>,
}

impl Bars {
    /// A seeded random walk of hourly bars.
    fn generate(count: usize) -> Self {
        let mut state = 42_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let empty = || Vec::with_capacity(count);
        let mut bars = Bars {
            open: empty(),
            high: empty(),
            low: empty(),
            close: empty(),
            volume: empty(),
            other: empty(),
            periods: empty(),
            condition: empty(),
            time: empty(),
        };
        let mut price = 100.0;
        for i in 0..count {
            let open: f64 = price;
            price *= 1.0 + 0.01 * (uniform() - 0.5);
            bars.open.push(open);
            bars.high.push(open.max(price) * (1.0 + 0.002 * uniform()));
            bars.low.push(open.min(price) * (1.0 - 0.002 * uniform()));
            bars.close.push(price);
            bars.volume.push(1000.0 + 4000.0 * uniform());
            bars.other.push(price * (1.0 + 0.02 * (uniform() - 0.5)));
            bars.periods.push((2.0 + 28.0 * uniform()).floor());
            bars.condition.push(f64::from(u8::from(uniform() < 0.3)));
            bars.time.push(i as f64 * 3600e6);
        }
        bars
    }

    fn column(&self, input: &Input) -> &[f64] {
        match (input.kind, input.name) {
            (Kind::Bool, _) => &self.condition,
            (Kind::Time, _) => &self.time,
            (_, "open") => &self.open,
            (_, "high") => &self.high,
            (_, "low") => &self.low,
            (_, "volume") => &self.volume,
            (_, "periods") => &self.periods,
            // The second series of a pair.
            (_, "b" | "y" | "market" | "other" | "benchmark") => &self.other,
            _ => &self.close,
        }
    }
}
