//! Made-up bars for demonstrations, tests and benchmarks: stochastic volatility, jumps and volume.
//!
//! The same arguments give the same bits on every machine. Random numbers come from a counter and a seed alone, and only
//! additions, multiplications, divisions and comparisons of doubles are used, which are exact by IEEE 754; the
//! exponential is computed here for that reason.

use super::series::{Bar, Bars, mix};
use super::timeframe::{DAY_US, Timeframe, days_from_civil, format_ts};
use crate::error::{Error, Result};

/// Most bars that can be asked for.
pub const MAX_BARS: i64 = 100_000_000;
/// The seed when none is given.
pub const DEFAULT_SEED: u64 = 42;
/// The symbol when none is given.
pub const DEFAULT_SYMBOL: &str = "SYNTHETIC";
/// The price of the first open when none is given.
pub const DEFAULT_PRICE: f64 = 100.0;

/// Standard deviation of log returns over a year.
const YEARLY_VOLATILITY: f64 = 0.6;
/// How much of the logarithm of the volatility is left after a bar.
const VOLATILITY_MEMORY: f64 = 0.98;
/// Standard deviation of the change of that logarithm per bar; with the memory its level has one of 0.4.
const VOLATILITY_NOISE: f64 = 0.08;
/// One bar in so many jumps.
const JUMP_EVERY: u64 = 500;
/// Size of a jump in standard deviations of a usual bar.
const JUMP_SIZE: f64 = 6.0;

/// What bars to make.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticOptions {
    /// Number of bars.
    pub n: usize,
    /// Their length.
    pub timeframe: Timeframe,
    /// Chooses the random numbers.
    pub seed: u64,
    /// Open time of the first bar, microseconds since 1970 UTC; must lie on the grid.
    pub start: i64,
    /// First open.
    pub price: f64,
}

impl SyntheticOptions {
    /// `n` bars from 2020-01-01 on.
    pub fn new(n: usize, timeframe: Timeframe) -> Self {
        let start = timeframe.bucket_start(days_from_civil(2020, 1, 6) * DAY_US);
        let start = if timeframe == Timeframe::W1 { start } else { days_from_civil(2020, 1, 1) * DAY_US };
        Self { n, timeframe, seed: DEFAULT_SEED, start, price: DEFAULT_PRICE }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// Too many bars, a start off the grid, a price that is not a usual number, or an end beyond the calendar.
    pub fn check(&self) -> Result<()> {
        let &SyntheticOptions { n, timeframe, start, price, .. } = self;
        if n as u64 > MAX_BARS as u64 {
            return Err(Error::argument(format!("synthetic bars: n must be from 0 to {MAX_BARS}, got {n}")));
        }
        if timeframe.bucket_start(start) != start {
            return Err(Error::argument(format!(
                "synthetic bars: start {} is not on the {timeframe} grid; the nearest before it is {}",
                format_ts(start),
                format_ts(timeframe.bucket_start(start))
            )));
        }
        if !(1e-6..=1e9).contains(&price) {
            return Err(Error::argument(format!(
                "synthetic bars: price must be from 0.000001 to 1000000000, got {price}"
            )));
        }
        let end = (n as i64).checked_mul(timeframe.duration_us()).and_then(|span| start.checked_add(span));
        if end.is_none_or(|end| end > days_from_civil(9999, 1, 1) * DAY_US)
            || start < days_from_civil(1800, 1, 1) * DAY_US
        {
            return Err(Error::argument(format!(
                "synthetic bars: {n} {timeframe} bars from {} leave the years 1800 to 9999",
                format_ts(start)
            )));
        }
        Ok(())
    }
}

/// Makes bars. Fewer bars of the same arguments are the first of more.
///
/// # Errors
/// All errors of [`SyntheticOptions::check`].
pub fn synthetic_bars(options: &SyntheticOptions) -> Result<Bars> {
    options.check()?;
    Ok(make(options))
}

fn make(options: &SyntheticOptions) -> Bars {
    let &SyntheticOptions { n, timeframe, seed, start, price } = options;
    let usual = YEARLY_VOLATILITY / timeframe.bars_per_year().sqrt();
    let scale = price_scale(price);
    let (mut ts, mut last, mut log_volatility) = (start, price, 0.0);
    let mut bars = Bars::with_capacity(n);
    for i in 0..n as u64 {
        let mut random = Random { key: mix(seed ^ 0x5eed_0fba_5eed_0fba), counter: i << 8 };
        log_volatility = VOLATILITY_MEMORY * log_volatility + VOLATILITY_NOISE * random.normal();
        let volatility = usual * exp(log_volatility);
        let jump = if random.next().is_multiple_of(JUMP_EVERY) { JUMP_SIZE * usual * random.normal() } else { 0.0 };
        let change = (volatility * random.normal() + jump).clamp(-0.7, 0.7);
        let round = |p: f64| (p * scale).round().max(1.0) / scale;
        let open = round(last * exp(0.05 * volatility * random.normal()));
        let close = round(last * exp(change));
        let high = round(open.max(close) * exp(0.5 * volatility * random.normal().abs())).max(open).max(close);
        let low = round(open.min(close) * exp(-0.5 * volatility * random.normal().abs())).min(open).min(close);
        let activity = exp(0.5 * random.normal() + (change.abs() / usual).min(8.0) * 0.25);
        bars.push(Bar { ts, open, high, low, close, volume: (1_000_000.0 * activity).round() / 1000.0 });
        (ts, last) = (timeframe.next(ts), close);
    }
    bars
}

/// Prices are rounded to the decimal place that leaves seven digits of the first price.
fn price_scale(price: f64) -> f64 {
    let mut scale = 1.0;
    while scale * price < 1_000_000.0 {
        scale *= 10.0;
    }
    scale
}

/// Random numbers of one bar: a hash of key and counter, so that any bar can be made on its own.
struct Random {
    key: u64,
    counter: u64,
}

impl Random {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        mix(self.key ^ mix(self.counter))
    }

    /// Uniform in [0, 1) in steps of 2^-53.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Nearly normal with mean 0 and variance 1: the sum of twelve uniform numbers less 6, within -6 and 6.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// `e^x` for small `x` from basic operations alone.
fn exp(x: f64) -> f64 {
    // e^x = (e^(x/64))^64; the series converges to the last bits for |x / 64| below 0.2.
    let r = x / 64.0;
    let mut sum = 1.0;
    for k in (1..=14).rev() {
        sum = 1.0 + r * sum / f64::from(k);
    }
    for _ in 0..6 {
        sum *= sum;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::series::fingerprint;

    #[test]
    fn bars_are_valid_and_reproducible() {
        for timeframe in Timeframe::ALL {
            let bars = synthetic_bars(&SyntheticOptions::new(2_000, timeframe)).unwrap();
            assert_eq!(bars.first_unordered(), None);
            assert!(bars.iter().all(|b| b.fault().is_none() && timeframe.bucket_start(b.ts) == b.ts));
            let fewer = synthetic_bars(&SyntheticOptions::new(100, timeframe)).unwrap();
            assert!(fewer.iter().eq(bars.iter().take(100)));
        }
        let hash = |seed| {
            let b = synthetic_bars(&SyntheticOptions { seed, ..SyntheticOptions::new(1_000, Timeframe::M15) }).unwrap();
            fingerprint(&b.ts, [&b.open, &b.high, &b.low, &b.close, &b.volume])
        };
        assert_ne!(hash(1), hash(2));
        // Pinned: other bits would change every published example.
        assert_eq!(hash(42), 12_902_022_283_869_293_258);
    }

    #[test]
    fn the_spread_of_returns_is_as_asked() {
        let bars = synthetic_bars(&SyntheticOptions::new(100_000, Timeframe::H1)).unwrap();
        let returns: Vec<f64> = bars.close.windows(2).map(|w| (w[1] / w[0]).ln()).collect();
        let variance = returns.iter().map(|r| r * r).sum::<f64>() / returns.len() as f64;
        let yearly = (variance * Timeframe::H1.bars_per_year()).sqrt();
        assert!((0.6..0.85).contains(&yearly), "{yearly}");
        let fourth = returns.iter().map(|r| r.powi(4)).sum::<f64>() / returns.len() as f64;
        assert!(fourth / variance.powi(2) > 4.0, "no fat tails");
    }

    #[test]
    fn exp_agrees_with_the_library() {
        for i in -80..=80 {
            let x = f64::from(i) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "{x}");
        }
    }

    #[test]
    fn ranges_are_checked() {
        let day = SyntheticOptions::new(1, Timeframe::D1);
        assert!(synthetic_bars(&SyntheticOptions { start: day.start + 1, ..day.clone() }).is_err());
        assert!(synthetic_bars(&SyntheticOptions { price: 0.0, ..day.clone() }).is_err());
        assert!(synthetic_bars(&SyntheticOptions { price: f64::NAN, ..day.clone() }).is_err());
        assert!(synthetic_bars(&SyntheticOptions { n: usize::MAX, ..day.clone() }).is_err());
        assert!(synthetic_bars(&SyntheticOptions { n: 90_000_000, timeframe: Timeframe::Month1, ..day }).is_err());
    }
}
