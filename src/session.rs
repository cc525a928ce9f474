//! The only constructor of a session: settings, engine and every function of ours.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::common::config::{ConfigExtension, ConfigOptions, ExtensionOptions};
use datafusion::execution::context::QueryPlanner;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{DdlStatement, LogicalPlan, Statement};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, PhysicalPlanner};
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;

use crate::engine::audit;
use crate::engine::config::{self, Settings};
use crate::engine::export;
use crate::engine::indicator::{markers, rewrite};
use crate::engine::ohlcv::OhlcvTable;
use crate::engine::progress::Progress;
use crate::engine::result::{self, ResultStatement};
use crate::engine::source::SourceTable;
use crate::engine::strategy::{StrategyStatement, parse_statement, plan_body};
use crate::engine::sweep::dry_run;
use crate::engine::workspace::{Access, Workspace};
use crate::error::{Error, Result, nearest};
use crate::udf;
use crate::udf::equal_windows::{EqualWindows, before_common};
use crate::udf::in_order::{self, InTimeOrder};
use crate::udf::indicator_windows::{IndicatorWindows, among};
use crate::udf::stacked_windows::StackedWindows;

/// Directory of bars when none is named.
pub const DEFAULT_DATA_DIR: &str = "data";

/// Environment variable that names the directory of bars.
pub const DATA_DIR_VARIABLE: &str = "THREADX_DATA_DIR";

/// The table of the stored bars.
const BARS_TABLE: &str = "ohlcv";

/// Rows of a batch: so many that what operators do once per batch is little beside an indicator over its rows, and so few that
/// a column of them stays in the caches of one core.
const BATCH_ROWS: usize = 1 << 16;

/// One in how many bytes of the memory limit may hold series for the next query.
const CACHE_PART: usize = 4;

/// A session: a DataFusion context with everything of ours, over one directory of bars.
///
/// ```no_run
/// # async fn example() -> threadx::Result<()> {
/// let engine = threadx::Engine::builder().data_dir("data").build()?;
/// let best = engine.sql("SELECT * FROM backtest('BTCUSDC', '15m', bb_atr())").await?;
/// best.show().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Engine {
    context: SessionContext,
    workspace: Arc<Workspace>,
    progress: Arc<Progress>,
}

/// Builds an [`Engine`].
#[derive(Debug, Default)]
pub struct EngineBuilder {
    data_dir: Option<PathBuf>,
    memory_limit: Option<usize>,
    settings: Vec<(String, String)>,
}

impl EngineBuilder {
    /// The directory of bars; without it `THREADX_DATA_DIR`, else `./data`. It is created by the first write.
    pub fn data_dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.data_dir = Some(dir.as_ref().to_path_buf());
        self
    }

    /// The most memory, in bytes, that queries and the series kept for the next query may take together; without it there is
    /// no limit. Kept series take at most a quarter of it, and no more than `threadx.cache_bytes` when the engine is built.
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    /// Any setting of DataFusion or ThreadX, such as `threadx.fee_bps`.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Opens the store and makes the session.
    ///
    /// Settings come from `threadx.toml` in the working directory, then from `THREADX_*` variables, then from
    /// [`EngineBuilder::setting`]; the later one wins.
    ///
    /// # Errors
    /// A setting that does not exist or has no such value, wherever it comes from; a data directory that cannot be read.
    pub fn build(self) -> Result<Engine> {
        let workspace = Arc::new(Workspace::open(&data_dir(self.data_dir))?);
        let progress = Arc::new(Progress::default());
        let mut session = SessionConfig::new()
            .with_information_schema(true)
            .with_batch_size(BATCH_ROWS)
            .with_extension(Arc::clone(&progress));
        let options = session.options_mut();
        // The only dialect that knows `name => value`, struct literals, lambdas, QUALIFY and EXCLUDE together.
        options.sql_parser.dialect = datafusion::common::config::Dialect::DuckDB;
        // A ranking starts with the best row, not with the rows whose metric is undefined.
        options.sql_parser.default_null_ordering = "nulls_last".into();
        // It reads single fields of stored structs, which bars do not have, and it cannot plan a window function that gives
        // a struct and is called twice in one SELECT.
        options.optimizer.enable_leaf_expression_pushdown = false;
        // Batches that are dealt out to threads come back in any order: rows of a series out of time order where nobody asked
        // for an order, and sums whose last bits depend on the number of threads.
        options.optimizer.enable_round_robin_repartition = false;
        options.extensions.insert(Settings::default());
        let mut settings = config::from_file(Path::new(config::FILE))?;
        let variables = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        settings.extend(config::from_environment(variables)?);
        settings.extend(self.settings);
        for (name, value) in &settings {
            check_setting(options, name)?;
            check_value(options, name, value)?;
            options.set(name, value).map_err(|_| wrong_value(name, value))?;
        }
        let mut runtime = RuntimeEnvBuilder::new().with_object_list_cache_limit(0);
        let ours = options.extensions.get::<Settings>().cloned().unwrap_or_default();
        workspace.store.follow(&ours);
        if let Some(bytes) = self.memory_limit {
            let for_cache = ours.cache_bytes.min(bytes / CACHE_PART);
            workspace.store.limit_cache(for_cache);
            runtime = runtime.with_memory_limit(bytes - for_cache, 1.0);
        }
        let context = context(session, Arc::new(runtime.build()?), &workspace)?;
        Ok(Engine { context, workspace, progress })
    }
}

/// A context with nothing in it but what is ours.
fn context(session: SessionConfig, runtime: Arc<RuntimeEnv>, workspace: &Arc<Workspace>) -> Result<SessionContext> {
    let state =
        SessionStateBuilder::new().with_config(session).with_runtime_env(runtime).with_default_features().build();
    let context = SessionContext::new_with_state(state);
    register(&context, Arc::clone(workspace))?;
    Ok(context)
}

/// An unknown setting is an error that suggests one.
fn check_setting(options: &ConfigOptions, name: &str) -> Result<()> {
    let ours = options.extensions.get::<Settings>().map(ExtensionOptions::entries).unwrap_or_default();
    let ours: Vec<String> = ours.iter().map(|entry| format!("{}.{}", Settings::PREFIX, entry.key)).collect();
    let theirs: Vec<String> = options.entries().into_iter().map(|entry| entry.key).collect();
    let all = || ours.iter().chain(&theirs).map(String::as_str);
    // Those of the runtime are none of the session's, and `timezone` is the short name of one.
    let is_special = ["datafusion.runtime.", "time"].iter().any(|start| name.to_lowercase().starts_with(start));
    if is_special || all().any(|key| key.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(Error::UnknownName {
        kind: "setting",
        name: name.to_string(),
        within: String::new(),
        suggestion: nearest(name, all()),
        allowed: ours,
    })
}

/// A value of ours with which no run could start is refused.
fn check_value(options: &ConfigOptions, name: &str, value: &str) -> Result<()> {
    let name = name.to_lowercase();
    if name.split('.').next() != Some(Settings::PREFIX) {
        return Ok(());
    }
    let mut changed = options.clone();
    changed.set(&name, value).map_err(|_| wrong_value(&name, value))?;
    udf::run_options::resolve(&changed, &udf::args::resolve("SET", &[], vec![])?).map(|_| ())
}

/// The table of the stored bars stays what it is: reports and strategies read it.
fn check_definition(plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Ddl(definition) = plan else { return Ok(()) };
    let name = match definition {
        DdlStatement::DropTable(drop) => &drop.name,
        DdlStatement::DropView(drop) => &drop.name,
        DdlStatement::CreateMemoryTable(create) => &create.name,
        DdlStatement::CreateView(create) => &create.name,
        _ => return Ok(()),
    };
    if name.table() != BARS_TABLE || name.schema().is_some_and(|schema| schema != "public") {
        return Ok(());
    }
    Err(Error::argument(format!(
        "`{BARS_TABLE}` is the table of the stored bars, which is not dropped or replaced; choose another name"
    )))
}

fn wrong_value(name: &str, value: &str) -> Error {
    Error::argument(format!("`{value}` is no value for the setting `{name}`"))
}

fn data_dir(named: Option<PathBuf>) -> PathBuf {
    named
        .or_else(|| std::env::var_os(DATA_DIR_VARIABLE).filter(|v| !v.is_empty()).map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from(DEFAULT_DATA_DIR))
}

impl Engine {
    /// Starts building an engine.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The DataFusion context; plain `sql` on it knows our functions, but indicators there need `OVER`.
    pub fn context(&self) -> &SessionContext {
        &self.context
    }

    /// A session of its own over the same directory, with the present settings and none of the tables of this one. Its
    /// rows come in the same order at every run, for one thread passes them on; sweeps still use every thread. The store of
    /// its workspace notes the series that are read.
    ///
    /// # Errors
    /// A strategy file that cannot be read.
    pub fn isolated(&self, access: Access) -> Result<Engine> {
        let workspace = Arc::new(self.workspace.with_access(access)?);
        let state = self.context.state();
        let mut session = state.config().clone();
        session.options_mut().execution.target_partitions = 1;
        // Building a state from an existing one, which `register` does, switches it off.
        session.options_mut().catalog.create_default_catalog_and_schema = true;
        let context = context(session, Arc::clone(state.runtime_env()), &workspace)?;
        Ok(Engine { context, workspace, progress: Arc::clone(&self.progress) })
    }

    /// The store and the strategies.
    pub fn workspace(&self) -> &Arc<Workspace> {
        &self.workspace
    }

    /// How far the running statement is.
    pub fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }

    /// Plans one statement. Statements about strategies, results and settings take effect at once; queries run when the frame is
    /// collected or streamed.
    pub async fn sql(&self, sql: &str) -> Result<DataFrame> {
        if let Some(statement) = parse_statement(sql)? {
            return self.strategy_statement(statement).await;
        }
        if let Some(ResultStatement::Drop { name, if_exists }) = result::parse_statement(sql)? {
            let results = self.workspace.results.clone();
            tokio::task::spawn_blocking(move || results.drop(&name, if_exists))
                .await
                .map_err(|e| Error::Internal(format!("the removal of a result stopped: {e}")))??;
            return Ok(self.context.read_empty()?.select(Vec::<datafusion::prelude::Expr>::new())?);
        }
        if let Some(query) = audit::parse_statement(sql)? {
            return self.audit(query).await;
        }
        let plan = plan(&self.context.state(), sql).await?;
        check_definition(&plan)?;
        if let LogicalPlan::Statement(Statement::SetVariable(change)) = &plan {
            let state = self.context.state();
            check_setting(state.config_options(), &change.variable)?;
            check_value(state.config_options(), &change.variable, &change.value)?;
        }
        if let LogicalPlan::Statement(Statement::ResetVariable(change)) = &plan
            && let Some(name) = change.variable.to_lowercase().strip_prefix(&format!("{}.", Settings::PREFIX))
        {
            check_setting(self.context.state().config_options(), &change.variable)?;
            self.reset(name)?;
            return Ok(self.context.read_empty()?.select(Vec::<datafusion::prelude::Expr>::new())?);
        }
        let frame = self.context.execute_logical_plan(plan).await?;
        Ok(frame)
    }

    /// Gives one of our settings its default again, which DataFusion's RESET does for its own only.
    fn reset(&self, name: &str) -> Result<()> {
        let state = self.context.state_ref();
        let mut state = state.write();
        let extensions = &mut state.config_mut().options_mut().extensions;
        let mut settings = Settings::default();
        for entry in extensions.get::<Settings>().map(ExtensionOptions::entries).unwrap_or_default() {
            if let Some(value) = entry.value.filter(|_| entry.key != name) {
                settings.set(&entry.key, &value)?;
            }
        }
        extensions.insert(settings);
        Ok(())
    }

    /// The audits of the strategies that a query runs, one after the other.
    async fn audit(&self, query: SqlStatement) -> Result<DataFrame> {
        let state = self.context.state();
        let plan = plan_statement(&state, DfStatement::Statement(Box::new(query))).await?;
        let frames = audit::audits_in(&plan, &state)?
            .into_iter()
            .map(|audit| self.context.read_table(Arc::new(SourceTable::new(audit))))
            .collect::<Result<Vec<_>, _>>()?;
        let all = frames.into_iter().map(Ok).reduce(|all, frame| all?.union(frame?));
        Ok(all.ok_or_else(|| Error::Internal("an audit of nothing".into()))??)
    }

    async fn strategy_statement(&self, statement: StrategyStatement) -> Result<DataFrame> {
        match statement {
            StrategyStatement::Create { strategy, or_replace } => {
                let state = self.context.state();
                let body = plan_body(&strategy, &state).await?;
                let checked = strategy.clone();
                tokio::task::spawn_blocking(move || dry_run(&checked, body, &state))
                    .await
                    .map_err(|e| Error::Internal(format!("the check of a strategy stopped: {e}")))??;
                self.workspace.strategies.create(*strategy, or_replace)?;
            }
            StrategyStatement::Drop { name, if_exists } => self.workspace.strategies.drop(&name, if_exists)?,
            StrategyStatement::Show => {
                return self
                    .query("SELECT name, signature, description, built_in FROM strategies() ORDER BY name")
                    .await;
            }
            StrategyStatement::Describe { name } => {
                let name = self.workspace.strategies.get(&name)?.name.clone();
                let columns = "parameter, type, default_value, check_condition, search, description";
                return self
                    .query(&format!(
                        "SELECT {columns} FROM strategy_params() WHERE strategy = '{name}' ORDER BY position"
                    ))
                    .await;
            }
        }
        Ok(self.context.read_empty()?.select(Vec::<datafusion::prelude::Expr>::new())?)
    }

    async fn query(&self, sql: &str) -> Result<DataFrame> {
        Ok(self.context.sql(sql).await?)
    }
}

/// Plans one statement: parsed, rewritten for indicators without `OVER`, and given to DataFusion.
pub async fn plan(state: &SessionState, sql: &str) -> Result<LogicalPlan> {
    let dialect = state.config_options().sql_parser.dialect;
    let mut statement = state.sql_to_statement(sql, &dialect)?;
    if let Some(setting) = shown_setting(&statement) {
        check_setting(state.config_options(), &setting)?;
        let query = format!("SELECT name, value FROM settings() WHERE name = '{}'", setting.replace('\'', "''"));
        statement = state.sql_to_statement(&query, &dialect)?;
    }
    match plan_statement(state, statement).await? {
        // DataFusion optimises such a plan before it analyses it, and so would lose the columns that tell the order.
        plan @ LogicalPlan::Statement(Statement::Prepare(_)) => {
            match state.analyzer().rules.iter().find(|rule| rule.name() == in_order::NAME) {
                Some(rule) => Ok(rule.analyze(plan, state.config_options())?),
                None => Ok(plan),
            }
        }
        plan => Ok(plan),
    }
}

async fn plan_statement(state: &SessionState, statement: DfStatement) -> Result<LogicalPlan> {
    let mut statement = statement;
    rewrite::statement(&mut statement)?;
    let plan = state.statement_to_plan(statement).await.map_err(Error::from).map_err(table_as_value)?;
    export::check(&plan)?;
    Ok(plan)
}

/// The setting of ours that `SHOW threadx.name` asks for; DataFusion shows its own only.
fn shown_setting(statement: &DfStatement) -> Option<String> {
    let DfStatement::Statement(statement) = statement else { return None };
    let SqlStatement::ShowVariable { variable } = statement.as_ref() else { return None };
    let name = variable.iter().map(|part| part.value.to_lowercase()).collect::<Vec<_>>().join(".");
    name.starts_with(&format!("{}.", Settings::PREFIX)).then_some(name)
}

/// A table function where a value should be is an error that says where it belongs.
fn table_as_value(error: Error) -> Error {
    let text = error.to_string();
    let name = text.strip_prefix("unknown function `").and_then(|rest| rest.split('`').next());
    match name.and_then(|name| udf::table::TABLE_FUNCTIONS.iter().find(|def| def.name == name)) {
        Some(def) => Error::argument(format!("{0}() gives a table: write SELECT ... FROM {0}(...)", def.name)),
        None => error,
    }
}

/// Gives any DataFusion context our functions over the directory of `THREADX_DATA_DIR`, else `./data`.
///
/// Indicators there need `OVER`, because DataFusion plans a call without it as a scalar function; [`plan`] lifts that.
pub fn register_all(context: &SessionContext) -> Result<()> {
    register(context, Arc::new(Workspace::open(&data_dir(None))?))
}

/// Gives any DataFusion context our functions over a workspace.
pub fn register(context: &SessionContext, workspace: Arc<Workspace>) -> Result<()> {
    for udf in udf::window::all() {
        context.register_udwf(udf);
    }
    for udf in udf::aggregate::all() {
        context.register_udaf(udf);
    }
    for udf in markers() {
        context.register_udf(udf);
    }
    for make in udf::scalar::SCALAR_FUNCTIONS {
        context.register_udf(make());
    }
    context.register_table(BARS_TABLE, Arc::new(OhlcvTable::new(workspace.store.clone())))?;
    context.register_relation_planner(Arc::new(udf::relation::TableFunctionPlanner::new(
        Arc::clone(&workspace),
        context.state_weak_ref(),
    )))?;
    context.add_analyzer_rule(Arc::new(udf::lateral::BindLateral));
    context.add_analyzer_rule(Arc::new(InTimeOrder::new(workspace.store.clone())));
    let state = context.state_ref();
    let mut state = state.write();
    export::register(&mut state)?;
    if state.config_options().extensions.get::<Settings>().is_none() {
        state.config_mut().options_mut().extensions.insert(Settings::default());
    }
    let planned = SessionStateBuilder::new_from_existing(state.clone())
        .with_query_planner(Arc::new(Planner { inner: Arc::clone(state.query_planner()) }))
        .with_optimizer_rules(before_common(state.optimizers(), vec![Arc::new(EqualWindows), Arc::new(StackedWindows)]))
        .with_physical_optimizer_rules(among(state.physical_optimizers(), IndicatorWindows::default()))
        .build();
    *state = planned;
    Ok(())
}

/// Plans with our extension nodes; a plan without them goes to the planner that was there before.
#[derive(Debug)]
struct Planner {
    inner: Arc<dyn QueryPlanner + Send + Sync>,
}

#[async_trait::async_trait]
impl QueryPlanner for Planner {
    async fn create_physical_plan(
        &self,
        plan: &LogicalPlan,
        session: &dyn datafusion::catalog::Session,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        if !udf::lateral::is_used(plan)? {
            return self.inner.create_physical_plan(plan, session).await;
        }
        DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(udf::lateral::LateralPlanner)])
            .create_physical_plan(plan, session)
            .await
    }
}
