//! `bars(...)`: series out of the store, in time order, resampled where they are not stored.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DataFusionError;
use datafusion::datasource::TableType;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;

use super::order::in_time_order;
use super::series::SeriesKey;
use super::source::{Demand, Source, SourceExec, labelled, labelled_schema};
use super::store::Store;
use super::sweep::SeriesSource;
use super::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Bars of series that a subquery names; it runs when the query is planned.
#[derive(Debug)]
pub struct BarsQuery {
    /// The store.
    pub store: Store,
    /// Symbols.
    pub symbols: SeriesSource,
    /// Timeframes.
    pub timeframes: SeriesSource,
    /// Open time from which on bars are given, microseconds UTC.
    pub since: Option<i64>,
    /// Open time before which bars are given.
    pub until: Option<i64>,
}

#[async_trait]
impl TableProvider for BarsQuery {
    fn schema(&self) -> SchemaRef {
        in_time_order(&labelled_schema(), true)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let state = session
            .as_any()
            .downcast_ref::<SessionState>()
            .ok_or_else(|| Error::Internal("bars() with a subquery needs a SessionState".into()))?;
        let symbols = self.symbols.names(state, "bars", "symbol").await?;
        let timeframes = self.timeframes.names(state, "bars", "timeframe").await?;
        let mut keys = vec![];
        for symbol in &symbols {
            for timeframe in &timeframes {
                keys.push(SeriesKey::parse(symbol, timeframe)?);
            }
        }
        let source = BarsSource::new(self.store.clone(), keys, self.since, self.until);
        source.check()?;
        Ok(Arc::new(SourceExec::new(Arc::new(source), self.schema(), projection.cloned(), limit)?))
    }
}

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

    fn as_of(&self, time: i64) -> Option<Arc<dyn Source>> {
        Some(Arc::new(Self { store: self.store.as_of(time), keys: self.keys.clone(), ..*self }))
    }

    fn timeframes(&self) -> Vec<Timeframe> {
        self.keys.iter().map(|key| key.timeframe).collect()
    }

    fn check(&self) -> Result<()> {
        self.keys.iter().try_for_each(|key| self.store.source_of(key).map(drop))
    }

    fn run(&self, _: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        for key in &self.keys {
            let series = self.store.load(key)?.between(self.since, self.until);
            for piece in labelled(key, series.batch()) {
                if !emit(piece?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
