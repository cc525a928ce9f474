//! Plans our table functions: named arguments at any depth, subquery and table-function arguments, and `LATERAL`.
//!
//! DataFusion's own path takes positional constants only, and drops the names of `LATERAL` arguments in silence, so every
//! call of ours is planned here.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use datafusion::common::{DFSchema, DataFusionError, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::planner::{PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, Extension, LogicalPlan};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::sqlparser::ast::{
    Expr as SqlExpr, FunctionArg, FunctionArgExpr, FunctionArgOperator, FunctionArguments, ObjectName, TableAlias,
    TableFactor,
};

use crate::engine::config::Settings;
use crate::engine::indicator::{rewrite, without_markers};
use crate::engine::nested::scan_of_call;
use crate::engine::series::Symbol;
use crate::engine::strategy::{BODY_RELATION, body_relation_plan};
use crate::engine::view::asof;
use crate::engine::workspace::Workspace;
use crate::error::{Error, Result};
use crate::udf::args::{Arg, Call, resolve};
use crate::udf::grid_builder::grid_builder;
use crate::udf::lateral::Lateral;
use crate::udf::long_range::check_ranges;
use crate::udf::table::{Context, TABLE_FUNCTIONS, TableFunction, WeakState};

/// Table functions that DataFusion brings.
const DATAFUSION_FUNCTIONS: &[&str] = &["generate_series", "range"];

/// The planner hook; register it with `SessionContext::register_relation_planner`.
#[derive(Debug)]
pub struct TableFunctionPlanner {
    workspace: Arc<Workspace>,
    session: WeakState,
}

/// The call whose arguments are planned.
#[derive(Clone, Copy)]
struct Site<'a> {
    function: &'a str,
    /// Whether columns of the relations before it may stand in its arguments.
    lateral: bool,
}

impl TableFunctionPlanner {
    /// Plans calls against this workspace, in this session.
    pub fn new(workspace: Arc<Workspace>, session: WeakState) -> Self {
        TableFunctionPlanner { workspace, session }
    }
}

impl RelationPlanner for TableFunctionPlanner {
    fn plan_relation(
        &self,
        relation: TableFactor,
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning, DataFusionError> {
        match relation {
            TableFactor::Table { ref name, ref alias, args: Some(ref args), .. } => {
                let Some(name) = single_name(name, ctx) else { return original(relation) };
                if name == BODY_RELATION {
                    let symbol = args.args.first().and_then(asof::string).map(|symbol| Symbol::parse(&symbol));
                    let plan = body_relation_plan(symbol.transpose()?)?;
                    return planned(plan, alias.clone());
                }
                let Some(def) = find(&name) else {
                    if DATAFUSION_FUNCTIONS.contains(&name.as_str())
                        && let Some(plan) = plan_foreign(&name, &args.args, ctx)?
                    {
                        return planned(plan, alias.clone());
                    }
                    if let Some(error) = self.no_table(&name) {
                        return Err(error.into());
                    }
                    if ctx.context_provider().get_table_function_source(&name, vec![]).is_err()
                        && let Some(near) = crate::error::nearest(&name, TABLE_FUNCTIONS.iter().map(|f| f.name))
                    {
                        return Err(Error::argument(format!(
                            "unknown table function `{name}`; did you mean `{near}`?"
                        ))
                        .into());
                    }
                    return original(relation);
                };
                let plan = self.plan_call(def, &args.args, ctx)?;
                planned(plan, alias.clone())
            }
            TableFactor::Function { lateral: true, ref name, ref args, ref alias, .. } => {
                let name = single_name(name, ctx);
                if let Some(error) = name.as_ref().and_then(|name| self.no_table(name)) {
                    return Err(error.into());
                }
                let Some(def) = name.and_then(|name| find(&name)) else { return original(relation) };
                let alias = alias.clone();
                let plan = self.plan_lateral(def, args, alias.as_ref(), ctx)?;
                planned(plan, alias)
            }
            other => original(other),
        }
    }
}

fn original(relation: TableFactor) -> Result<RelationPlanning, DataFusionError> {
    Ok(RelationPlanning::Original(Box::new(relation)))
}

fn planned(plan: LogicalPlan, alias: Option<TableAlias>) -> Result<RelationPlanning, DataFusionError> {
    Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))))
}

fn find(name: &str) -> Option<&'static TableFunction> {
    TABLE_FUNCTIONS.iter().copied().find(|def| def.name == name)
}

/// A call of a table function of DataFusion, which names the scans of all its calls alike; `None` where it has to tell what is
/// wrong.
fn plan_foreign(
    name: &str,
    args: &[FunctionArg],
    ctx: &mut dyn RelationPlannerContext,
) -> Result<Option<LogicalPlan>, DataFusionError> {
    let mut values = vec![];
    for arg in args {
        let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else { return Ok(None) };
        values.push(ctx.sql_to_expr(expr.clone(), &DFSchema::empty())?);
    }
    let source = ctx.context_provider().get_table_function_source(name, values)?;
    Ok(Some(scan_of_call(name, call_text(name, args, &[]), source)?))
}

/// Most characters of a call that are shown whole.
const LONGEST_CALL: usize = 120;

/// The text of a call. What the text alone does not tell from other calls has a number behind it: relations, whose names mean
/// what their surroundings say, and what is cut off.
fn call_text(function: &str, written: &[FunctionArg], args: &[(Option<String>, Arg)]) -> String {
    let written: Vec<String> = written.iter().map(FunctionArg::to_string).collect();
    let whole = without_markers(&format!("{function}({})", written.join(", ")));
    let mut hasher = DefaultHasher::new();
    let relations = hash_relations(args, &mut hasher);
    let cut = whole.char_indices().nth(LONGEST_CALL).map(|(end, _)| format!("{}...)", &whole[..end]));
    if relations == 0 && cut.is_none() {
        return whole;
    }
    whole.hash(&mut hasher);
    format!("{} #{:016x}", cut.as_ref().unwrap_or(&whole), hasher.finish())
}

/// How many relations are among arguments, at any depth.
fn hash_relations(args: &[(Option<String>, Arg)], hasher: &mut DefaultHasher) -> usize {
    let each = args.iter().map(|(_, arg)| match arg {
        Arg::Relation(plan) => {
            plan.hash(hasher);
            1
        }
        Arg::Call(call) => hash_relations(&call.args, hasher),
        Arg::Scalar(_) | Arg::Outer(_) | Arg::Search => 0,
    });
    each.sum()
}

fn single_name(name: &ObjectName, ctx: &dyn RelationPlannerContext) -> Option<String> {
    match name.0.as_slice() {
        [part] => part.as_ident().map(|ident| ctx.normalize_ident(ident.clone()).to_lowercase()),
        _ => None,
    }
}

impl TableFunctionPlanner {
    /// The error of a word that stands where a strategy does, and is no table.
    fn no_table(&self, name: &str) -> Option<Error> {
        if find(name).is_some() {
            return None;
        }
        if let Some(builder) = grid_builder(name) {
            return Some(Error::argument(format!(
                "{0}(...) is no table but what sweep() takes for a strategy: sweep('SYMBOL', '1h', {0}(...)); a table of values is \
                 (VALUES (10), (20)) AS g(fast)",
                builder.name
            )));
        }
        self.workspace.strategies.contains(name).then(|| {
            Error::argument(format!(
                "{name}(...) is a strategy and no table: SELECT * FROM backtest('SYMBOL', '1h', {name}()) runs it, and signals(...) \
                 gives its columns"
            ))
        })
    }

    fn context(&self, ctx: &dyn RelationPlannerContext) -> Context {
        let options = ctx.context_provider().options().clone();
        if let Some(settings) = options.extensions.get::<Settings>() {
            self.workspace.store.follow(settings);
        }
        Context { workspace: Arc::clone(&self.workspace), options, session: self.session.clone() }
    }

    fn plan_call(
        &self,
        def: &'static TableFunction,
        written: &[FunctionArg],
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<LogicalPlan> {
        let args = self.args(Site { function: def.name, lateral: false }, written, ctx)?;
        if let Some((_, Arg::Outer(expr))) = args.iter().find(|(_, arg)| matches!(arg, Arg::Outer(_))) {
            return Err(Error::argument(format!(
                "{}(): the column {expr} of another relation needs `LATERAL {}(...)`",
                def.name, def.name
            )));
        }
        let call = call_text(def.name, written, &args);
        let resolved = resolve(def.name, &def.all_args(), args)?;
        let provider = (def.plan)(&self.context(ctx), &resolved)?;
        scan_of_call(def.name, call, provider_as_source(provider))
    }

    fn plan_lateral(
        &self,
        def: &'static TableFunction,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<LogicalPlan> {
        let args = self.args(Site { function: def.name, lateral: true }, args, ctx)?;
        let context = self.context(ctx);
        let resolved = resolve(def.name, &def.all_args(), args.clone())?;
        let schema = (def.schema)(&context, &resolved)?;
        let qualifier = match alias {
            Some(alias) => TableReference::bare(ctx.normalize_ident(alias.name.clone())),
            None => TableReference::bare(def.name),
        };
        let node = Lateral::unbound(def, context, args, qualifier, &schema)?;
        Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
    }

    fn args(
        &self,
        site: Site<'_>,
        args: &[FunctionArg],
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<Vec<(Option<String>, Arg)>> {
        args.iter().map(|arg| self.named_arg(site, arg, ctx)).collect()
    }

    fn named_arg(
        &self,
        site: Site<'_>,
        arg: &FunctionArg,
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<(Option<String>, Arg)> {
        let (name, value) = match arg {
            FunctionArg::Named { name, arg, operator } => {
                named_operator(site.function, operator)?;
                (Some(ctx.normalize_ident(name.clone())), arg)
            }
            FunctionArg::ExprNamed { name: SqlExpr::Identifier(name), arg, operator } => {
                named_operator(site.function, operator)?;
                (Some(ctx.normalize_ident(name.clone())), arg)
            }
            FunctionArg::ExprNamed { name, .. } => {
                return Err(Error::argument(format!("{}(): `{name}` is not an argument name", site.function)));
            }
            FunctionArg::Unnamed(arg) => (None, arg),
        };
        let FunctionArgExpr::Expr(expr) = value else {
            return Err(Error::argument(format!("{}(): `{value}` is not an argument", site.function)));
        };
        let arg = self.arg(site, name.as_deref(), expr, ctx)?;
        Ok((name, arg))
    }

    fn arg(
        &self,
        site: Site<'_>,
        name: Option<&str>,
        expr: &SqlExpr,
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<Arg> {
        match expr {
            SqlExpr::Nested(inner) => self.arg(site, name, inner, ctx),
            SqlExpr::Subquery(query) => {
                let factor =
                    TableFactor::Derived { lateral: false, subquery: query.clone(), alias: None, sample: None };
                Ok(Arg::Relation(Box::new(ctx.plan(factor)?)))
            }
            SqlExpr::Identifier(ident) if ident.quote_style.is_none() => {
                let word = ctx.normalize_ident(ident.clone());
                if word.eq_ignore_ascii_case("search") {
                    return Ok(Arg::Search);
                }
                if self.workspace.strategies.contains(&word) {
                    return Ok(Arg::Call(Call { name: word, args: vec![] }));
                }
                self.constant(site, name, expr, ctx)
            }
            SqlExpr::Function(call) => {
                let called = single_name(&call.name, ctx);
                let list = match &call.args {
                    FunctionArguments::List(list) => Some(&list.args),
                    FunctionArguments::None => None,
                    FunctionArguments::Subquery(_) => None,
                };
                match called {
                    Some(called) if self.is_strategy_like(site, &called, ctx) => {
                        let args = match list {
                            Some(list) => self.args(Site { function: &called, ..site }, list, ctx)?,
                            None => vec![],
                        };
                        Ok(Arg::Call(Call { name: called, args }))
                    }
                    Some(called) if find(&called).is_some() && list.is_some() => {
                        let args = list.cloned().unwrap_or_default();
                        Ok(Arg::Relation(Box::new(ctx.plan(table_call(&call.name, args))?)))
                    }
                    _ => self.constant(site, name, expr, ctx),
                }
            }
            _ => self.constant(site, name, expr, ctx),
        }
    }

    /// A known strategy or grid, or a name that SQL does not know at all: the resolver then says what is allowed. `random`
    /// is a function of SQL too, so that grids are known among the arguments of a table function alone.
    fn is_strategy_like(&self, site: Site<'_>, name: &str, ctx: &dyn RelationPlannerContext) -> bool {
        let provider = ctx.context_provider();
        (grid_builder(name).is_some() && find(site.function).is_some())
            || self.workspace.strategies.contains(name)
            || (find(name).is_none()
                && provider.get_function_meta(name).is_none()
                && provider.get_higher_order_meta(name).is_none()
                && provider.get_aggregate_meta(name).is_none()
                && provider.get_window_meta(name).is_none())
    }

    fn constant(
        &self,
        site: Site<'_>,
        name: Option<&str>,
        expr: &SqlExpr,
        ctx: &mut dyn RelationPlannerContext,
    ) -> Result<Arg> {
        let Site { function, lateral } = site;
        let place = match name {
            Some(name) => format!("`{name}` of {function}()"),
            None => format!("an argument of {function}()"),
        };
        let mut rewritten = expr.clone();
        rewrite::expr(&mut rewritten)?;
        let planned = ctx.sql_to_expr(rewritten, &DFSchema::empty()).map_err(|error| match Error::from(error) {
            Error::DataFusion(inner) if names_no_column(&inner) => {
                let shown = without_markers(&expr.to_string());
                if lateral && matches!(expr, SqlExpr::Identifier(_) | SqlExpr::CompoundIdentifier(_)) {
                    return Error::argument(format!("{place}: no relation before LATERAL has a column `{shown}`"));
                }
                let got = match expr {
                    SqlExpr::Identifier(_) | SqlExpr::CompoundIdentifier(_) => format!("the column `{shown}`"),
                    _ => format!("`{shown}`, which depends on columns"),
                };
                Error::argument(format!(
                    "{place} must be a constant, got {got}; columns need `LATERAL {function}(...)`, text needs single quotes"
                ))
            }
            other => other,
        })?;
        if planned.contains_outer() {
            return Ok(Arg::Outer(planned));
        }
        let options = Arc::new(ctx.context_provider().options().clone());
        check_ranges(&planned, &options)?;
        match fold(planned, options)? {
            Expr::Literal(value, _) => Ok(Arg::Scalar(value)),
            Expr::Placeholder(p) => {
                Err(Error::argument(format!("{place}: the placeholder {} has no value here; bind it first", p.id)))
            }
            other => Err(Error::argument(format!("{place} must be a constant, got `{other}`"))),
        }
    }
}

/// Whether an expression names a column that is not there.
fn names_no_column(error: &DataFusionError) -> bool {
    match error {
        DataFusionError::SchemaError(..) => true,
        DataFusionError::Diagnostic(_, inner) | DataFusionError::Context(_, inner) => names_no_column(inner),
        _ => false,
    }
}

/// Folds an expression without columns to a literal where that is possible.
pub fn fold(expr: Expr, options: Arc<datafusion::common::config::ConfigOptions>) -> Result<Expr> {
    let schema = Arc::new(DFSchema::empty());
    let context = SimplifyContext::builder().with_schema(Arc::clone(&schema)).with_config_options(options).build();
    let simplifier = ExprSimplifier::new(context);
    let expr = simplifier.coerce(expr, &schema)?;
    Ok(simplifier.simplify(expr)?)
}

fn named_operator(function: &str, operator: &FunctionArgOperator) -> Result<()> {
    match operator {
        FunctionArgOperator::RightArrow | FunctionArgOperator::Assignment | FunctionArgOperator::Equals => Ok(()),
        other => Err(Error::argument(format!("{function}(): write `name => value`, not `name {other} value`"))),
    }
}

/// A relation that calls `name` with `args`.
pub fn table_call(name: &ObjectName, args: Vec<FunctionArg>) -> TableFactor {
    TableFactor::Table {
        name: name.clone(),
        alias: None,
        args: Some(datafusion::sql::sqlparser::ast::TableFunctionArgs { args, settings: None }),
        with_hints: vec![],
        version: None,
        with_ordinality: false,
        partitions: vec![],
        json_path: None,
        sample: None,
        index_hints: vec![],
    }
}
