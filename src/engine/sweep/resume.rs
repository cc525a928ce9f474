//! Sweeps that keep their rows: what is stored is read, the rest is computed and stored.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use threadx_kernels::sim::{Needs, Summary};

use super::drive::{Driver, Sink};
use crate::engine::result::{About, Checkpoint, SeriesId, UNIT_POINTS};
use crate::engine::strategy::ParamValue;
use crate::error::{Error, Result};

impl Driver {
    /// Opens the result that the sweep names; `None` if it names none, or if no metric is read and nothing is computed.
    pub(super) fn open_checkpoint(&self, sink: &dyn Sink) -> Result<Option<Checkpoint>> {
        match &self.spec.checkpoint {
            Some(spec) if self.wants_metrics() => {
                if let Some(variant) = self.variants().first() {
                    return Err(Error::argument(format!(
                        "a checkpoint keeps the sums of each run, but with convention '{}' `{}` needs the account at every bar; \
                         leave out the checkpoint, the convention or the metric",
                        self.spec.options.convention.name, variant.metric
                    )));
                }
                let results = &self.spec.results;
                results.open(&spec.name, self.about(), &|| sink.is_closed()).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn about(&self) -> About {
        let unique = |names: Vec<String>| {
            let mut unique: Vec<String> = vec![];
            names.into_iter().for_each(|name| {
                if !unique.contains(&name) {
                    unique.push(name);
                }
            });
            unique
        };
        let run = &self.spec.options;
        About {
            strategy: self.spec.strategy.name.clone(),
            grid: self.grid.varied().join(", "),
            symbols: unique(self.series.iter().map(|key| key.symbol.to_string()).collect()),
            timeframes: unique(self.series.iter().map(|key| key.timeframe.to_string()).collect()),
            options: run.describe(),
            points: self.total(),
        }
    }
}

/// Gives the fingerprints of the other series that points read.
pub type Fingerprints<'a> = &'a dyn Fn(&[Vec<ParamValue>]) -> Result<Vec<u128>>;

/// The stored units of one series in one run.
pub struct Units<'a> {
    /// Where they are.
    pub checkpoint: &'a Checkpoint,
    /// What they have in common.
    pub id: SeriesId,
    /// What the wanted metrics need.
    pub needs: Needs,
    /// Counts points that were not computed because they were stored.
    pub resumed: &'a AtomicUsize,
}

impl Units<'_> {
    /// One summary per point: units that are stored are read, `compute` gives those of the other ranges of points, which are
    /// stored then. `others` gives the fingerprints of the other series that points read.
    pub fn summaries(
        &self,
        (points, others): (&[Vec<ParamValue>], Fingerprints),
        mut compute: impl FnMut(Range<usize>) -> Result<Vec<Summary>>,
        sink: &dyn Sink,
    ) -> Result<Vec<Summary>> {
        let mut all = Vec::with_capacity(points.len());
        for start in (0..points.len()).step_by(UNIT_POINTS) {
            let range = start..points.len().min(start + UNIT_POINTS);
            let points = &points[range.clone()];
            let key = self.id.unit(points, &others(points)?);
            match self.checkpoint.find(key, self.needs)?.filter(|found| found.len() == points.len()) {
                Some(found) => {
                    self.resumed.fetch_add(found.len(), Ordering::Relaxed);
                    sink.advance(found.len() as u64);
                    all.extend(found);
                }
                None => {
                    let computed = compute(range)?;
                    self.checkpoint.append(key, &computed)?;
                    all.extend(computed);
                }
            }
        }
        Ok(all)
    }
}
