//! Plans the body of a strategy: a query over the virtual relation `bars` with typed parameters, checked against the
//! contract of the simulator.

use std::any::Any;
use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DataFusionError;
use datafusion::datasource::{TableType, provider_as_source};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Statement as PlanStatement};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::{
    DataType as SqlType, ExactNumberInfo, Ident, ObjectName, Query, Statement, TableFactor, TableFunctionArgs, Value,
    ValueWithSpan, VisitMut, VisitorMut,
};
use threadx_kernels::metric::METRICS;
use threadx_kernels::sim::{CONTRACT, ColumnKind, ContractColumn};

use super::definition::{ParamType, Strategy};
use super::steady::unsteady_plan;
use crate::engine::indicator::rewrite;
use crate::engine::nested::scan_of_call;
use crate::engine::order::in_time_order;
use crate::engine::series::Symbol;
use crate::engine::view::asof;
use crate::error::{Error, Result, nearest};

/// The name under which a rewritten body reads its bars, and with a symbol those of another series of the same length.
pub const BODY_RELATION: &str = "__bars";

/// A planned body: parameters are the typed placeholders `$1`, `$2`, ... in the order of declaration, indicator calls
/// without `OVER` are markers, and the bars come from one scan that [`is_body_scan`] knows.
#[derive(Debug, Clone)]
pub struct Body {
    /// The plan, neither analysed nor optimised.
    pub plan: LogicalPlan,
    /// The columns of the result.
    pub schema: SchemaRef,
}

/// The columns of the virtual relation `bars`.
pub fn body_schema() -> SchemaRef {
    let number = |name: &str| Field::new(name, DataType::Float64, false);
    let ts = Field::new("ts", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false);
    let fields = vec![ts, number("open"), number("high"), number("low"), number("close"), number("volume")];
    in_time_order(&Schema::new(fields), false)
}

/// The scan of the virtual relation `bars`, or of the bars of another symbol that are as long.
pub fn body_relation_plan(symbol: Option<Symbol>) -> Result<LogicalPlan> {
    let call = symbol.as_ref().map(|symbol| format!("bars('{symbol}')"));
    let source = provider_as_source(Arc::new(VirtualBars { symbol }));
    match call {
        Some(call) => scan_of_call("bars", call, source),
        None => Ok(LogicalPlanBuilder::scan("bars", source, None)?.build()?),
    }
}

/// The bars that a scan of a body reads: those of the series that the strategy is run on, or of another symbol; `None` if
/// it reads anything else.
pub fn bars_scanned(plan: &LogicalPlan) -> Option<Option<Symbol>> {
    let LogicalPlan::TableScan(scan) = plan else { return None };
    let provider = datafusion::datasource::source_as_provider(&scan.source).ok()?;
    (provider.as_ref() as &dyn Any).downcast_ref::<VirtualBars>().map(|bars| bars.symbol.clone())
}

/// Whether a scan reads the virtual relation `bars`.
pub fn is_body_scan(plan: &LogicalPlan) -> bool {
    bars_scanned(plan) == Some(None)
}

/// Stands for the bars of whatever series the strategy is run on, or of another symbol with that timeframe.
#[derive(Debug)]
struct VirtualBars {
    symbol: Option<Symbol>,
}

#[async_trait]
impl TableProvider for VirtualBars {
    fn schema(&self) -> SchemaRef {
        body_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        _: &dyn Session,
        _: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        Err(Error::Internal("the body of a strategy was run without a series".into()).into())
    }
}

/// The position of a parameter from its placeholder in a body: `$1` is 0.
pub fn placeholder_index(id: &str) -> Result<usize> {
    id.strip_prefix('$')
        .and_then(|digits| digits.parse::<usize>().ok())
        .and_then(|number| number.checked_sub(1))
        .ok_or_else(|| Error::argument(format!("`{id}` is no parameter here; write its value")))
}

/// Plans and checks the body of a strategy.
pub async fn plan_body(strategy: &Strategy, state: &SessionState) -> Result<Body> {
    let mut query = strategy.query.clone();
    prepare(strategy, &mut query)?;
    rewrite::query(&mut query)?;
    let statement = Statement::Prepare {
        name: Ident::new(format!("__{}", strategy.name)),
        data_types: strategy.params.iter().map(|p| sql_type(p.ty)).collect(),
        statement: Box::new(Statement::Query(Box::new(query))),
    };
    let statement = DfStatement::Statement(Box::new(statement));
    let planned = state.statement_to_plan(statement).await.map_err(|e| match Error::from(e) {
        inner @ Error::Strategy { .. } => inner,
        other => strategy.error(other.to_string()),
    })?;
    let LogicalPlan::Statement(PlanStatement::Prepare(prepared)) = planned else {
        return Err(Error::Internal("a strategy body was not planned as a query".into()));
    };
    let plan = prepared.input.as_ref().clone();
    if let Some(call) = unsteady_plan(&plan)? {
        return Err(strategy.error(format!(
            "a strategy must give the same signals every time, but its body calls {call}; the time of a bar is `ts`"
        )));
    }
    let schema: SchemaRef = Arc::clone(plan.schema().inner());
    check_contract(strategy, &schema)?;
    Ok(Body { plan, schema })
}

fn sql_type(ty: ParamType) -> SqlType {
    match ty {
        ParamType::Int => SqlType::BigInt(None),
        ParamType::Double => SqlType::Double(ExactNumberInfo::None),
        ParamType::Bool => SqlType::Boolean,
        ParamType::Text => SqlType::Varchar(None),
    }
}

/// Replaces `$name` by its position, and the relations `bars` and `bars('SYMBOL')` by virtual ones.
fn prepare(strategy: &Strategy, query: &mut Query) -> Result<()> {
    match VisitMut::visit(query, &mut Preparer { strategy, shadows: vec![] }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(*error),
    }
}

struct Preparer<'a> {
    strategy: &'a Strategy,
    /// For each query around the current place: whether one of its CTEs is called `bars`.
    shadows: Vec<bool>,
}

impl VisitorMut for Preparer<'_> {
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        let shadow = query
            .with
            .as_ref()
            .is_some_and(|with| with.cte_tables.iter().any(|cte| cte.alias.name.value.eq_ignore_ascii_case("bars")));
        self.shadows.push(shadow);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<Self::Break> {
        self.shadows.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        if let TableFactor::Table { name, args: Some(args), .. } = factor
            && name.to_string().eq_ignore_ascii_case("bars")
            && let [symbol] = args.args.as_slice()
            && asof::string(symbol).is_some()
        {
            *name = ObjectName::from(vec![Ident::new(BODY_RELATION)]);
        } else if let TableFactor::Table { name, args: args @ None, .. } = factor
            && name.to_string().eq_ignore_ascii_case("bars")
        {
            if self.shadows.contains(&true) {
                return ControlFlow::Break(Box::new(
                    self.strategy.error("a WITH query must not be called `bars`; that name is the series being tested"),
                ));
            }
            *name = ObjectName::from(vec![Ident::new(BODY_RELATION)]);
            *args = Some(TableFunctionArgs { args: vec![], settings: None });
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<Self::Break> {
        if let Value::Placeholder(text) = &value.value {
            match self.strategy.param(text.trim_start_matches('$')) {
                Ok((index, _)) => value.value = Value::Placeholder(format!("${}", index + 1)),
                Err(error) => return ControlFlow::Break(Box::new(error)),
            }
        }
        ControlFlow::Continue(())
    }
}

/// The contract column of this name.
pub fn contract_column(name: &str) -> Option<&'static ContractColumn> {
    CONTRACT.iter().find(|column| column.name == name)
}

/// The columns of `sweep(...)` that come before the parameters.
const SWEEP_COLUMNS: &[&str] = &["symbol", "timeframe", "combo_id"];

fn check_contract(strategy: &Strategy, schema: &Schema) -> Result<()> {
    let mut taken = SWEEP_COLUMNS.iter().copied().chain(METRICS.iter().map(|m| m.name));
    if let Some(name) = taken.find(|name| strategy.params.iter().any(|p| p.name == *name)) {
        return Err(strategy.error(format!("parameter `{name}` has the name of a column of sweep(); choose another")));
    }
    for field in schema.fields() {
        let name = field.name().as_str();
        let Some(column) = contract_column(name) else {
            if let Some(ours) = foreign_word(name) {
                return Err(strategy.error(format!(
                    "column `{name}` would have no effect; {ours}, and another name makes it a feature"
                )));
            }
            if looks_reserved(name) {
                let hint = match nearest(name, CONTRACT.iter().map(|c| c.name)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "names like this are reserved for the simulator; rename the column".to_string(),
                };
                return Err(strategy.error(format!("column `{name}` is not part of the contract; {hint}")));
            }
            continue;
        };
        let fits = match column.kind {
            ColumnKind::Bool => matches!(field.data_type(), DataType::Boolean | DataType::Null),
            ColumnKind::Number => field.data_type().is_numeric() || field.data_type() == &DataType::Null,
            ColumnKind::Int => field.data_type().is_integer() || field.data_type() == &DataType::Null,
        };
        if !fits {
            return Err(strategy.error(format!(
                "column `{name}` must be {}, but the query gives {}",
                column.kind.name(),
                field.data_type()
            )));
        }
    }
    check_together(strategy, &|name| schema.field_with_name(name).is_ok())
}

/// Which columns need each other, and which exclude each other.
fn check_together(strategy: &Strategy, has: &dyn Fn(&str) -> bool) -> Result<()> {
    let first = |names: &[&'static str]| names.iter().copied().find(|name| has(name));
    if has("position") {
        let excluded = [
            "enter_long",
            "enter_short",
            "exit_long",
            "exit_short",
            "exit_armed_long",
            "exit_armed_short",
            "entry_limit_price",
            "scale_out_long",
            "scale_out_short",
            "add_long",
            "add_short",
            "size",
            "risk",
            "notional",
            "qty",
        ];
        return match first(&excluded) {
            Some(name) => Err(strategy.error(format!(
                "columns `position` and `{name}` exclude each other: `position` is the fraction of equity to hold, entries, exits and sizes follow from it"
            ))),
            None => Ok(()),
        };
    }
    if !has("enter_long") && !has("enter_short") {
        return Err(
            strategy.error("the query has none of `enter_long`, `enter_short` and `position`, so it could never trade")
        );
    }
    let needs: [(&[&'static str], &str); 5] = [
        (&["scale_out_long", "scale_out_short"], "scale_out_fraction"),
        (&["add_again_long"], "add_long"),
        (&["add_again_short"], "add_short"),
        (&["entry_limit_bars"], "entry_limit_price"),
        (&["scale_out_fraction"], "scale_out_long"),
    ];
    for (names, needed) in needs {
        let is_met = has(needed) || (needed == "scale_out_long" && has("scale_out_short"));
        if let Some(name) = first(names).filter(|_| !is_met) {
            return Err(strategy
                .error(format!("column `{name}` has no effect without `{needed}`; add it, or leave `{name}` out")));
        }
    }
    Ok(())
}

/// What the contract has for a column that other engines know by this name.
fn foreign_word(name: &str) -> Option<&'static str> {
    const STOP: &str = "a stop is `stop_distance`, from the fill price, or `stop_price`";
    const TARGET: &str = "a target is `target_distance`, from the fill price, or `target_price`";
    const TRAIL: &str = "a trailing stop is `trail_distance`, `trail_price_long` or `trail_price_short`";
    const ENTRY: &str = "an entry is `enter_long` or `enter_short`";
    const EXIT: &str = "an exit is `exit_long` or `exit_short`";
    const SIZE: &str = "a size is `size`, `risk`, `notional` or `qty`";
    let by_start = [
        ("stop_loss", STOP),
        ("stoploss", STOP),
        ("take_profit", TARGET),
        ("takeprofit", TARGET),
        ("trailing_stop", TRAIL),
        ("long_entry", ENTRY),
        ("short_entry", ENTRY),
        ("long_exit", EXIT),
        ("short_exit", EXIT),
        ("position_size", SIZE),
    ];
    let whole = [
        ("entry", ENTRY),
        ("entries", ENTRY),
        ("buy", ENTRY),
        ("exit", EXIT),
        ("exits", EXIT),
        ("sell", EXIT),
        ("quantity", SIZE),
    ];
    let starts = by_start.iter().find(|(word, _)| name.starts_with(word));
    starts.or_else(|| whole.iter().find(|(word, _)| name == *word)).map(|(_, ours)| *ours)
}

/// Names that a reader would take for contract columns: their prefixes, and misspellings of them.
fn looks_reserved(name: &str) -> bool {
    const PREFIXES: &[&str] =
        &["enter_", "exit_", "trail_", "scale_out", "add_long", "add_short", "add_again", "add_stop", "entry_limit"];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        // The distance is at least the difference of the lengths, which costs nothing.
        || CONTRACT.iter().any(|c| {
            c.name.len() > 6
                && c.name.len().abs_diff(name.chars().count()) <= 2
                && strsim::damerau_levenshtein(c.name, name) <= 2
        })
}
