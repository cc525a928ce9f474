//! Planned bodies that are kept for the next statement: planning one takes longer than running a small backtest.

use std::sync::{Arc, Mutex};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::execution::session_state::SessionState;

use super::prepare::Path;
use super::specialize::lock;
use crate::engine::strategy::{Body, Strategy};
use crate::error::Result;

/// Most bodies that are kept.
const MOST: usize = 64;

/// How a body is evaluated, and the columns of its query.
#[derive(Debug, Clone)]
pub struct Planned {
    /// How it is evaluated.
    pub path: Arc<Path>,
    /// The columns of its query.
    pub columns: SchemaRef,
}

/// Bodies that were planned lately; the one that was planned first goes first.
#[derive(Debug, Default)]
pub struct PlannedBodies {
    kept: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    source: String,
    options: Arc<ConfigOptions>,
    planned: Planned,
}

impl PlannedBodies {
    /// The body of a strategy, planned by `plan` unless it is here. Only a body that was taken apart is kept: it reads bars and
    /// nothing else, so that its plan depends on its text and the settings alone.
    ///
    /// # Errors
    /// Those of `plan`, and of [`Path::choose`].
    pub fn get(
        &self,
        strategy: &Strategy,
        state: &SessionState,
        plan: impl FnOnce() -> Result<Body>,
    ) -> Result<Planned> {
        let options = state.config_options();
        let is_it = |kept: &&Kept| Arc::ptr_eq(&kept.options, options) && kept.source == strategy.source;
        if let Some(kept) = lock(&self.kept).iter().find(is_it) {
            return Ok(kept.planned.clone());
        }
        let body = plan()?;
        let columns = Arc::clone(&body.schema);
        let planned = Planned { path: Arc::new(Path::choose(body, strategy)?), columns };
        if matches!(planned.path.as_ref(), Path::Columns(_)) {
            let mut kept = lock(&self.kept);
            if kept.len() >= MOST {
                kept.remove(0);
            }
            let (source, options) = (strategy.source.clone(), Arc::clone(options));
            kept.push(Kept { source, options, planned: planned.clone() });
        }
        Ok(planned)
    }
}
