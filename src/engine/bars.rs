//! `bars(...)`: series out of the store, in time order, resampled where they are not stored.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::series::SeriesKey;
use super::source::{Source, labelled, labelled_schema};
use super::store::Store;
use crate::error::Result;

/// The bars of one series or several, with their symbol and timeframe.
#[derive(Debug)]
pub struct BarsSource {
    store: Store,
    keys: Vec<SeriesKey>,
    since: Option<i64>,
    until: Option<i64>,
}

impl BarsSource {
    /// Bars that open in `[since, until)`, microseconds since 1970 UTC. The series come one after another, in the order
    /// of their names as text.
    pub fn new(store: Store, mut keys: Vec<SeriesKey>, since: Option<i64>, until: Option<i64>) -> Self {
        keys.sort_by(|a, b| (a.symbol.as_str(), a.timeframe.name()).cmp(&(b.symbol.as_str(), b.timeframe.name())));
        keys.dedup();
        Self { store, keys, since, until }
    }
}

impl Source for BarsSource {
    fn name(&self) -> &'static str {
        "BarsExec"
    }

    fn describe(&self) -> String {
        let describe = |key: &SeriesKey| match self.store.source_of(key) {
            Ok(from) if from != key.timeframe => format!("{key} resampled from {from} (complete buckets only)"),
            Ok(_) => key.to_string(),
            Err(error) => format!("{key} ({error})"),
        };
        let mut text = self.keys.iter().take(8).map(describe).collect::<Vec<_>>().join(", ");
        if self.keys.len() > 8 {
            text += &format!(" and {} more", self.keys.len() - 8);
        }
        for (name, bound) in [("since", self.since), ("until", self.until)] {
            if let Some(ts) = bound {
                text += &format!(", {name}={}", super::timeframe::format_ts(ts));
            }
        }
        text
    }

    fn schema(&self) -> SchemaRef {
        labelled_schema()
    }

    fn order(&self) -> &'static [&'static str] {
        if self.keys.len() == 1 { &["ts"] } else { &["symbol", "timeframe", "ts"] }
    }

    fn constants(&self) -> &'static [&'static str] {
        let one_symbol = self.keys.windows(2).all(|w| w[0].symbol == w[1].symbol);
        let one_timeframe = self.keys.windows(2).all(|w| w[0].timeframe == w[1].timeframe);
        match (one_symbol, one_timeframe) {
            (true, true) => &["symbol", "timeframe"],
            (true, false) => &["symbol"],
            (false, true) => &["timeframe"],
            (false, false) => &[],
        }
    }

    fn check(&self) -> Result<()> {
        self.keys.iter().try_for_each(|key| self.store.source_of(key).map(drop))
    }

    fn run(&self, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        for key in &self.keys {
            let series = self.store.load(key)?.between(self.since, self.until);
            if !emit(labelled(key, series.batch())?) {
                break;
            }
        }
        Ok(())
    }
}
