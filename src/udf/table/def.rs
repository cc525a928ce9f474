//! What a table function says about itself, and how it is called.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::common::config::ConfigOptions;
use datafusion::execution::session_state::SessionState;

use crate::engine::workspace::Workspace;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, Resolved};

/// One table function: its SQL signature, its documentation and its implementation.
pub struct TableFunction {
    /// SQL name.
    pub name: &'static str,
    /// One sentence for lists and help.
    pub summary: &'static str,
    /// What a reader needs beyond the summary: semantics, order of rows, cost.
    pub details: &'static str,
    /// Arguments in positional order; run options are added where `run_options` is set.
    pub args: &'static [ArgDef],
    /// Whether it takes every run option of the simulator as named arguments.
    pub run_options: bool,
    /// The columns of the result in words, one line.
    pub columns: &'static str,
    /// A query that the tests run.
    pub example: &'static str,
    /// The schema of the result. Arguments that are columns of a `LATERAL` join have no value yet.
    pub schema: fn(&Context, &Resolved) -> Result<SchemaRef>,
    /// The relation. Called while planning: no I/O here, that belongs into the provider's `scan`.
    pub plan: fn(&Context, &Resolved) -> Result<Arc<dyn TableProvider>>,
}

impl TableFunction {
    /// All arguments, run options included.
    pub fn all_args(&self) -> Vec<ArgDef> {
        let mut args = self.args.to_vec();
        if self.run_options {
            args.extend(crate::udf::run_options::RUN_OPTIONS.iter().copied());
        }
        args
    }

    /// The signature as it is shown to people, without the run options.
    pub fn signature(&self) -> String {
        let mut parts: Vec<String> = self
            .args
            .iter()
            .map(|arg| match arg.default {
                None => arg.name.to_string(),
                Some(_) => format!("{} => {}", arg.name, arg.default_sql().unwrap_or("...")),
            })
            .collect();
        if self.run_options {
            parts.push("option => ...".into());
        }
        format!("{}({})", self.name, parts.join(", "))
    }
}

/// What a table function may use while it is planned.
#[derive(Clone)]
pub struct Context {
    /// Store and strategies.
    pub workspace: Arc<Workspace>,
    /// The session's settings, `threadx.*` included.
    pub options: ConfigOptions,
    /// The session; weak, because it owns the planner that holds this.
    pub session: WeakState,
}

/// A session that may be gone.
pub type WeakState = std::sync::Weak<parking_lot::RwLock<SessionState>>;

impl Context {
    /// A copy of the session's state, for planning strategies.
    pub fn state(&self) -> Result<SessionState> {
        let state = self.session.upgrade().ok_or_else(|| Error::Internal("the session is gone".into()))?;
        let state = state.read().clone();
        Ok(state)
    }
}

/// A UTC timestamp in microseconds, the type of every `ts`.
pub fn timestamp_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// A schema from `(name, type, nullable)` rows.
pub fn schema_of(columns: &[(&str, DataType, bool)]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|(n, t, null)| Field::new(*n, t.clone(), *null)).collect::<Vec<_>>()))
}
