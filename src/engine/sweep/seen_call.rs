//! One call of `at_timeframe` or `at_series` in a query, evaluated as a sweep evaluates it.

use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::common::config::ConfigOptions;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, UnboundedMemoryPool};
use datafusion::logical_expr::expr::ScalarFunction;

use super::bank::Bank;
use super::bind::Binder;
use super::template::{Template, take_call_apart};
use crate::engine::series::Series;
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// A call over the columns of bars, taken apart.
#[derive(Debug, Clone)]
pub struct SeenCall {
    template: Arc<Template>,
    options: Arc<ConfigOptions>,
    others: Others,
}

impl SeenCall {
    /// The call, whose columns are those of bars; `others` is where bars of other series come from.
    ///
    /// # Errors
    /// An expression that cannot be evaluated on other bars, with the reason.
    pub fn new(call: &ScalarFunction, options: Arc<ConfigOptions>, others: Others) -> Result<Self> {
        Ok(SeenCall { template: Arc::new(take_call_apart(call)?), options, others })
    }

    /// Its value at each bar of a series.
    ///
    /// # Errors
    /// Other bars that do not exist, or arguments that do not fit.
    pub fn evaluate(&self, series: Arc<Series>) -> Result<ArrayRef> {
        let [(_, node)] = self.template.columns.as_slice() else {
            return Err(Error::Internal("a call with more than one value".into()));
        };
        let mut binder = Binder::new(Arc::clone(&self.template), Arc::clone(&self.options));
        let id = binder.bind(*node, &[])?;
        let pool: Arc<dyn MemoryPool> = Arc::new(UnboundedMemoryPool::default());
        let reservation = MemoryConsumer::new("other bars").register(&pool);
        let rows = series.len();
        let bank = Bank::new((series, 0..rows, self.others.clone()), reservation, usize::MAX, Arc::default());
        Ok(bank.value(binder.bound(), id, &mut bank.scratch())?.into_array(rows)?)
    }
}
