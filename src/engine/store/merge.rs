//! Bars of several files as one series.

use std::path::Path;

use datafusion::arrow::array::RecordBatch;
use threadx_kernels::series::first_unordered;

use super::catalog::StoredFile;
use crate::engine::series::{Bar, Bars, times};
use crate::engine::timeframe::format_ts;
use crate::error::{Error, Result};

/// The bars of files that overlap, each sorted: better tiers win.
///
/// # Errors
/// Two files of equal rank that hold different bars for the same time.
pub(super) fn merge_files(parts: &[(&StoredFile, RecordBatch)]) -> Result<Bars> {
    let mut parts =
        parts.iter().map(|(file, batch)| Ok((*file, Bars::from_batch(batch)?))).collect::<Result<Vec<_>>>()?;
    parts.sort_by_key(|(file, bars)| (file.tier, bars.ts.first().copied()));
    let mut out = Bars::default();
    for group in parts.chunk_by(|a, b| a.0.tier == b.0.tier) {
        let mut tier = Bars::default();
        for (file, bars) in group {
            tier = merge(&tier, bars, |ours, theirs| {
                if ours.same_values(theirs) {
                    return Ok(*ours);
                }
                let text = format!(
                    "its bar of {} differs from that of another file of the same series; remove one of the two files",
                    format_ts(ours.ts)
                );
                Err(Error::data(&file.path, text))
            })?;
        }
        out = merge(&out, &tier, |better, _| Ok(*better))?;
    }
    Ok(out)
}

/// Two series in strictly increasing time order as one; `choose` decides where both have a bar.
pub(crate) fn merge(left: &Bars, right: &Bars, mut choose: impl FnMut(&Bar, &Bar) -> Result<Bar>) -> Result<Bars> {
    let mut out = Bars::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        let (a, b) = (left.get(i), right.get(j));
        match a.ts.cmp(&b.ts) {
            std::cmp::Ordering::Less => (out.push(a), i += 1).1,
            std::cmp::Ordering::Greater => (out.push(b), j += 1).1,
            std::cmp::Ordering::Equal => (out.push(choose(&a, &b)?), i += 1, j += 1).2,
        }
    }
    (i..left.len()).for_each(|i| out.push(left.get(i)));
    (j..right.len()).for_each(|j| out.push(right.get(j)));
    Ok(out)
}

/// Bars in strictly increasing time order. Repeated equal bars become one.
pub(super) fn sorted(path: &Path, batch: RecordBatch) -> Result<RecordBatch> {
    if first_unordered(times(&batch)?).is_none() {
        return Ok(batch);
    }
    let bars = Bars::from_batch(&batch)?;
    let mut order: Vec<usize> = (0..bars.len()).collect();
    order.sort_by_key(|&i| bars.ts[i]);
    let mut out = Bars::with_capacity(bars.len());
    for i in order {
        let bar = bars.get(i);
        match out.len().checked_sub(1).map(|last| out.get(last)) {
            Some(last) if last.ts == bar.ts && last.same_values(&bar) => {}
            Some(last) if last.ts == bar.ts => {
                let text =
                    format!("two different bars for {}: close {} and {}", format_ts(bar.ts), last.close, bar.close);
                return Err(Error::data(path, text));
            }
            _ => out.push(bar),
        }
    }
    out.into_batch()
}
