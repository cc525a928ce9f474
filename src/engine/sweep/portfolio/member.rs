//! The series of a portfolio: bars, columns, ranks and shares.

use std::ops::Range;
use std::sync::Arc;

use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use threadx_kernels::indicator::find;
use threadx_kernels::sim::{Allocation, Bars, Member, Numbers};

use super::spec::PortfolioSpec;
use crate::engine::series::{Series, SeriesKey};
use crate::engine::store::Store;
use crate::engine::strategy::ParamValue;
use crate::engine::sweep::bank::Bank;
use crate::engine::sweep::bind::Binder;
use crate::engine::sweep::market::{FundingRates, Market};
use crate::engine::sweep::prepare::{Path, Prepared, Preparer, Runtime};
use crate::engine::sweep::signal::SignalColumn;
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// A series with all that the simulator reads.
pub struct Loaded {
    /// Its bars.
    pub series: Arc<Series>,
    /// The trading range.
    pub rows: Range<usize>,
    /// The columns of the strategy.
    pub prepared: Prepared,
    market: Market,
    /// The deviation of the returns up to each bar of the trading range, if positions are sized by it.
    volatility: Vec<f64>,
    periods_per_year: f64,
    _memory: Option<MemoryReservation>,
}

impl Loaded {
    /// Loads a series and evaluates the strategy on it. Blocks, and must not be called on a thread of the async runtime.
    pub fn open(
        spec: &PortfolioSpec,
        key: &SeriesKey,
        point: &[ParamValue],
        (runtime, funding): (&Runtime, Option<&FundingRates>),
        is_closed: &(dyn Fn() -> bool + Sync),
    ) -> Result<Self> {
        if is_closed() {
            return Err(Error::Cancelled);
        }
        let run = &spec.run;
        let series = run.store.load(key)?;
        let rows = run.options.rows(&series)?;
        let pool = &runtime.state.runtime_env().memory_pool;
        let memory = MemoryConsumer::new(format!("bars of {key}")).register(pool);
        memory.try_grow(series.batch().get_array_memory_size())?;
        let columns = MemoryConsumer::new(format!("columns of {key}")).register(pool);
        let others = Others::Store(run.store.clone());
        let source = (Arc::clone(&series), rows.clone(), others);
        let bank = Bank::new(source, columns, run.options.bank_bytes, Arc::default());
        let mut binder = match run.path.as_ref() {
            Path::Columns(template) => {
                Some(Binder::new(Arc::clone(template), Arc::clone(runtime.state.config_options())))
            }
            Path::Whole { .. } => None,
        };
        let preparer = Preparer::new(&run.path, &bank, runtime.clone(), rows.clone());
        let prepared = preparer.with_features(spec.features()).prepare(&mut binder, point, is_closed)?;
        let kept = prepared.columns.iter().map(|(_, column)| column).chain(&prepared.features);
        memory.try_grow(kept.map(|column| column.bytes()).sum())?;
        let loaded = Self::of(spec, (series, rows), prepared, (&run.store, funding))?;
        Ok(Loaded { _memory: Some(memory), ..loaded })
    }

    /// A series whose columns are known, with its trading range.
    pub fn of(
        spec: &PortfolioSpec,
        (series, rows): (Arc<Series>, Range<usize>),
        prepared: Prepared,
        (store, funding): (&Store, Option<&FundingRates>),
    ) -> Result<Self> {
        let options = &spec.run.options;
        let volatility = match spec.allocation {
            Allocation::InverseVolatility => volatility(series.close(), spec.volatility_bars, &rows)?,
            _ => vec![],
        };
        let market = Market::new(store, (&series, &rows), options.detail, funding)?;
        let periods_per_year = options.periods_per_year(&series.ts()[rows.clone()], series.timeframe());
        Ok(Loaded { series, rows, prepared, market, volatility, periods_per_year, _memory: None })
    }

    /// The same with so many bars per year, for the cost of borrowing.
    pub fn with_periods_per_year(self, periods_per_year: f64) -> Self {
        Loaded { periods_per_year, ..self }
    }

    /// Bars per year.
    pub fn periods_per_year(&self) -> f64 {
        self.periods_per_year
    }

    /// The times of the trading range.
    pub fn ts(&self) -> &[i64] {
        &self.series.ts()[self.rows.clone()]
    }

    /// The bars of the trading range.
    fn bars(&self) -> Bars<'_> {
        self.market.bars(&self.series, &self.rows)
    }

    /// As the simulator reads it.
    pub fn member(&self, spec: &PortfolioSpec) -> Member<'_> {
        let mut features = self.prepared.features.iter();
        let mut feature = |name: &Option<String>| match name {
            Some(_) => features.next().map_or(Numbers::None, |column: &Arc<SignalColumn>| column.numbers()),
            None => Numbers::None,
        };
        let rank = feature(&spec.rank_by);
        let share = match spec.allocation {
            Allocation::InverseVolatility => Numbers::Slice(&self.volatility),
            _ => feature(&spec.share_by),
        };
        let periods_per_year = Some(self.periods_per_year);
        Member { bars: self.bars(), signals: self.prepared.signals(), rank, share, periods_per_year }
    }
}

/// The sample deviation of the last `bars` returns from close to close, for each bar in `rows`. Bars before the trading range
/// count.
fn volatility(closes: &[f64], bars: usize, rows: &Range<usize>) -> Result<Vec<f64>> {
    let def = find("rolling_stddev").ok_or_else(|| Error::Internal("no indicator `rolling_stddev`".into()))?;
    let returns: Vec<f64> = closes.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    let deviations = def.evaluate(&[&returns], &[bars as f64, 1.0, 1.0]).map_err(|e| Error::Internal(e.to_string()))?;
    let deviations = deviations.first().map_or(&[][..], Vec::as_slice);
    // The first bar has no return.
    let at = |bar: usize| bar.checked_sub(1).and_then(|place| deviations.get(place)).copied().unwrap_or(f64::NAN);
    Ok(rows.clone().map(at).collect())
}
