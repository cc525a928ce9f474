//! Runs a new strategy once on a short made-up series, so that what only shows when it runs is an error of `CREATE STRATEGY`.

use std::sync::Arc;

use datafusion::execution::session_state::SessionState;

use super::evaluate::evaluate;
use super::prepare::{Path, Runtime, check_param, checks_between};
use crate::engine::series::{Bar, Bars, Series, SeriesKey};
use crate::engine::strategy::{Body, ParamValue, Strategy};
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// Bars of the made-up series: more than the warm-up of common periods.
const BARS: i64 = 300;

/// Checks the defaults and the search ranges against the conditions, and evaluates the body with the defaults.
///
/// Blocks, and must not be called on a thread of the async runtime.
pub fn dry_run(strategy: &Strategy, body: Body, state: &SessionState) -> Result<()> {
    let defaults: Vec<ParamValue> = strategy.params.iter().map(|p| p.default.clone()).collect();
    // Each range by itself: the grid of all of them may have more points than can be counted.
    for (index, param) in strategy.params.iter().enumerate() {
        let mut values = vec![param.default.clone()];
        if param.search.is_some() {
            values.extend(param.search_values(&strategy.name)?);
        }
        check_param(strategy, index, &values, state)?;
    }
    checks_between(strategy, state)?;
    let path = Path::choose(body, strategy)?;
    let runtime = Runtime {
        state: state.clone(),
        handle: tokio::runtime::Handle::current(),
        pool: crate::engine::threads::pool(0)?,
    };
    evaluate(&path, (&Arc::new(made_up()?), &Others::MadeUp), &defaults, &runtime)
        .map_err(|e| match e {
            Error::Strategy { .. } => e,
            other => strategy.error(other.to_string()),
        })
        .map(|_| ())
}

fn made_up() -> Result<Series> {
    let mut bars = Bars::with_capacity(BARS as usize);
    for i in 0..BARS {
        // A price that moves up and down by whole steps; its values do not matter.
        let close = 100.0 + ((i * 7) % 23) as f64;
        let open = 100.0 + (((i - 1) * 7).rem_euclid(23)) as f64;
        bars.push(Bar {
            ts: i * 3_600_000_000,
            open,
            high: open.max(close) + 1.0,
            low: open.min(close) - 1.0,
            close,
            volume: 1.0,
        });
    }
    Series::try_new(SeriesKey::parse("DRYRUN", "1h")?, bars.into_batch()?, None)
}
