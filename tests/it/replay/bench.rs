//! An engine over a directory of its own: bars made here, or copies of shared files.

use std::path::PathBuf;

use tempfile::TempDir;
use threadx::Engine;

use super::random::Random;

/// An engine and the directory that it reads; user strategies are written there and nowhere else.
pub struct Bench {
    pub engine: Engine,
    dir: TempDir,
}

/// One bar in microseconds and quote currency.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    /// A random integer, from which strategies draw their columns.
    pub volume: i64,
}

impl Bench {
    pub fn empty() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
        Bench { engine, dir }
    }

    /// Copies of shared series; `None`, and a line that says so, where there are none.
    pub fn with_shared(series: &[&str]) -> Option<Bench> {
        let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ohlcv");
        let bench = Bench::empty();
        for name in series {
            let file = format!("{name}.parquet");
            if let Err(error) = std::fs::copy(shared.join(&file), bench.dir.path().join(&file)) {
                println!("skipped: {} is not there ({error})", shared.join(&file).display());
                return None;
            }
        }
        Some(bench)
    }

    /// The directory that the engine reads.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Writes an hourly series from 2020-01-01 on.
    pub fn write(&self, symbol: &str, bars: &[Bar]) {
        let mut text = String::from("ts,open,high,low,close,volume\n");
        for (i, b) in bars.iter().enumerate() {
            let ts = 1_577_836_800 + 3600 * i as i64;
            text += &format!("{ts},{:?},{:?},{:?},{:?},{}\n", b.open, b.high, b.low, b.close, b.volume);
        }
        std::fs::write(self.dir.path().join(format!("{symbol}_1h.csv")), text).unwrap();
    }

    /// Makes a strategy without parameters.
    pub async fn create(&self, name: &str, body: &str) {
        let sql = format!("CREATE OR REPLACE STRATEGY {name} () AS {body}");
        self.engine.sql(&sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    }
}

/// A random walk whose opens jump away from the last close.
pub fn random_bars(random: &mut Random, n: usize, volatility: f64, gap: f64) -> Vec<Bar> {
    let mut close = 100.0_f64;
    let step = |random: &mut Random, size: f64| (size * (random.unit() + random.unit() + random.unit() - 1.5)).exp();
    (0..n)
        .map(|_| {
            let jump = if random.chance(0.2) { step(random, 4.0 * gap) } else { step(random, gap) };
            let open = close * jump;
            close = open * step(random, volatility);
            // Flat bars and bars without wicks exist too.
            let wick = if random.chance(0.1) { 0.0 } else { volatility };
            let high = open.max(close) * (wick * random.unit()).exp();
            let low = open.min(close) * (-wick * random.unit()).exp();
            Bar { open, high, low, close, volume: random.integer(0, 1_000_000) }
        })
        .collect()
}
