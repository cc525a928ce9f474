//! A run as a table: filters on key columns prune it, columns that nobody reads are not computed.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, DFSchema, DataFusionError};
use datafusion::datasource::TableType;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_expr::create_physical_expr;
use datafusion::physical_plan::ExecutionPlan;

use super::drive::{Counts, Driver};
use super::exec::RunExec;
use super::market::FundingRates;
use super::prepare::checks_between;
use super::spec::RunSpec;
use crate::error::Error;

/// The relation of a run.
#[derive(Debug)]
pub struct RunTable {
    spec: Arc<RunSpec>,
    schema: SchemaRef,
}

impl RunTable {
    /// A run whose result has this schema.
    pub fn new(spec: RunSpec, schema: SchemaRef) -> Self {
        RunTable { spec: Arc::new(spec), schema }
    }

    /// What was asked.
    pub fn spec(&self) -> &Arc<RunSpec> {
        &self.spec
    }

    /// The same columns of another run.
    pub fn with_spec(&self, spec: RunSpec) -> Self {
        RunTable { spec: Arc::new(spec), schema: Arc::clone(&self.schema) }
    }

    fn is_prunable(&self, filter: &Expr) -> bool {
        let keys = self.spec.output.key_columns(&self.spec.strategy);
        !filter.is_volatile()
            && !filter.column_refs().is_empty()
            && filter.column_refs().iter().all(|column| keys.iter().any(|field| *field.name() == column.name))
    }
}

#[async_trait]
impl TableProvider for RunTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        Ok(filters
            .iter()
            .map(|filter| match self.is_prunable(filter) {
                true => TableProviderFilterPushDown::Exact,
                false => TableProviderFilterPushDown::Unsupported,
            })
            .collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let state = session
            .as_any()
            .downcast_ref::<SessionState>()
            .ok_or_else(|| Error::Internal("a run needs a SessionState".into()))?
            .clone();
        let keys = DFSchema::try_from(Schema::new(self.spec.output.key_columns(&self.spec.strategy)))?;
        let physical = filters
            .iter()
            .map(|filter| {
                create_physical_expr(
                    &unqualified(filter)?,
                    &keys,
                    &ExecutionProps::new(),
                    &PhysicalPlanningContext::default(),
                )
            })
            .collect::<Result<Vec<_>, _>>()?;
        let series = self.spec.series(&state).await?;
        let grid = self.spec.points(&state).await?;
        let funding = match &self.spec.options.funding {
            Some(plan) => Some(FundingRates::collect(plan, &state).await?),
            None => None,
        };
        let checks = checks_between(&grid.strategy_to_check(), &state)?;
        let driver = Driver {
            series,
            grid,
            spec: Arc::clone(&self.spec),
            schema: Arc::clone(&self.schema),
            projection: projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect()),
            filters: physical,
            checks,
            limit,
            funding,
            pool: Arc::clone(&state.runtime_env().memory_pool),
            state,
            counts: Arc::new(Counts::default()),
        };
        let shown = filters.iter().map(|f| unqualified(f).map(|f| f.to_string())).collect::<Result<Vec<_>, _>>()?;
        Ok(Arc::new(RunExec::new(driver, shown)?))
    }
}

fn unqualified(filter: &Expr) -> Result<Expr, DataFusionError> {
    filter
        .clone()
        .transform(|e| {
            Ok(match e {
                Expr::Column(column) => Transformed::yes(Expr::Column(Column::new_unqualified(column.name))),
                other => Transformed::no(other),
            })
        })
        .data()
}
