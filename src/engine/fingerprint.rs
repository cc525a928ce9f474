//! The content hash of a series, by which results are found again.

use threadx_kernels::series::digest;

use super::series::Series;

/// Hash of the timeframe and of the bits of all times and numbers, 128 bits wide: equal content has an equal fingerprint
/// in every process and on every machine. The symbol is not part of it.
pub(super) fn fingerprint(series: &Series) -> u128 {
    let columns = [series.open(), series.high(), series.low(), series.close(), series.volume()];
    digest(series.timeframe().name(), series.ts(), &columns)
}
