//! Reads the plan of a body: for each of its columns, what may make it look ahead.
//!
//! Each node of the plan says for each of its columns where it comes from. A rule that does not know better warns: the
//! truncation test has the last word.

use std::collections::BTreeMap;

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, JoinType};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Aggregate, Distinct, Expr, Join, LogicalPlan, Operator, SortExpr, TableScan};

use super::finding::{Finding, What, add};
use super::window::{Order, look_ahead};
use crate::engine::bars::BarsQuery;
use crate::engine::expression::sql;
use crate::engine::nested::with_table;
use crate::engine::ohlcv::OhlcvTable;
use crate::engine::resample_exec::ResampleTable;
use crate::engine::source::SourceTable;
use crate::engine::strategy::is_body_scan;
use crate::engine::sweep::{OutputKind, Path, PortfolioOutput, PortfolioSource, RunSpec, RunTable, SeriesSource};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;

/// Functions of the clock.
const CLOCK: &[&str] = &["current_date", "current_time", "now"];

/// Functions that give one time for all times of a bucket.
const LABELS: &[&str] = &["date_bin", "date_trunc", "time_bucket", "to_date"];

/// What is known about one column.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What may make it look ahead.
    pub findings: Vec<Finding>,
    /// The expression that makes it, as SQL; the name of a column that is taken over.
    pub expression: String,
    /// What time it is, if it is one.
    time: Option<Time>,
    /// Whether its rows are others than the bars: groups of them, or those of another relation.
    apart: bool,
}

/// What a column that holds times says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// The time of a row, each once per series.
    Row,
    /// The time at which a longer bar begins.
    Label,
    /// Another time, a constant distance away.
    Shifted,
}

/// For each column of a body's plan, parameters replaced by values, what is known about it on bars of `timeframe`.
///
/// # Errors
/// A plan whose columns cannot be resolved, which is a defect.
pub fn lineage(plan: &LogicalPlan, timeframe: Timeframe) -> Result<Vec<Known>> {
    Reader { timeframe }.plan(plan)
}

struct Reader {
    timeframe: Timeframe,
}

/// What the rows of a run of a strategy say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// The columns of the strategy at a bar.
    Signals,
    /// The account at a time.
    Account,
    /// Something that is known after the last bar only.
    Whole,
}

/// The columns that an expression may name.
struct Scope<'a> {
    schema: &'a DFSchema,
    columns: &'a [Known],
}

impl Reader {
    fn plan(&self, plan: &LogicalPlan) -> Result<Vec<Known>> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(plan, scan),
            LogicalPlan::SubqueryAlias(alias) => self.plan(&alias.input),
            LogicalPlan::Subquery(subquery) => self.plan(&subquery.subquery),
            LogicalPlan::Sort(sort) => self.plan(&sort.input),
            LogicalPlan::Repartition(repartition) => self.plan(&repartition.input),
            LogicalPlan::Projection(projection) => {
                let below = self.plan(&projection.input)?;
                let scope = Scope { schema: projection.input.schema(), columns: &below };
                projection.expr.iter().map(|expr| self.expr(expr, &scope)).collect()
            }
            LogicalPlan::Filter(filter) => {
                let below = self.plan(&filter.input)?;
                let known = self.expr(&filter.predicate, &Scope { schema: filter.input.schema(), columns: &below })?;
                Ok(spread(below, &known.findings, |_| true))
            }
            LogicalPlan::Window(window) => {
                let below = self.plan(&window.input)?;
                let scope = Scope { schema: window.input.schema(), columns: &below };
                let own = window.window_expr.iter().map(|e| self.expr(e, &scope)).collect::<Result<Vec<_>>>()?;
                Ok(below.into_iter().chain(own).collect())
            }
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate),
            LogicalPlan::Join(join) => self.join(join),
            LogicalPlan::Distinct(distinct) => self.distinct(distinct),
            LogicalPlan::Limit(limit) => {
                let below = self.plan(&limit.input)?;
                let keeps_first = match limit.input.as_ref() {
                    LogicalPlan::Sort(sort) => {
                        let scope = Scope { schema: sort.input.schema(), columns: &below };
                        matches!(self.order(&sort.expr, &scope)?, Order::Ascending | Order::WithPeers)
                    }
                    _ => false,
                };
                let finding = Finding { what: What::Limit, expression: "LIMIT".into() };
                let more = if keeps_first { vec![] } else { vec![finding] };
                Ok(spread(below, &more, |_| true))
            }
            LogicalPlan::Union(union) => {
                let mut columns = vec![Known { apart: true, ..Known::default() }; plan.schema().fields().len()];
                for input in &union.inputs {
                    for (column, known) in columns.iter_mut().zip(self.plan(input)?) {
                        add(&mut column.findings, known.findings);
                    }
                }
                Ok(columns)
            }
            other => self.any(other),
        }
    }

    /// A node of which only the inputs are known: each of its columns may come from each of theirs.
    fn any(&self, plan: &LogicalPlan) -> Result<Vec<Known>> {
        let mut all = Known { apart: true, ..Known::default() };
        for input in plan.inputs() {
            for known in self.plan(input)? {
                add(&mut all.findings, known.findings);
            }
        }
        if matches!(plan, LogicalPlan::Extension(_)) && plan.inputs().is_empty() {
            add(&mut all.findings, [uncut(&plan.display().to_string())]);
        }
        Ok(vec![all; plan.schema().fields().len()])
    }

    fn scan(&self, plan: &LogicalPlan, scan: &TableScan) -> Result<Vec<Known>> {
        if is_body_scan(plan) {
            return Ok(self.rows_of(plan, (Time::Row, false), |_| vec![]));
        }
        if let Some(inner) = with_table(scan, |table: &ResampleTable| self.plan(table.plan())) {
            let findings = merged(inner?).findings;
            return Ok(self.rows_of(plan, (Time::Label, true), |_| findings.clone()));
        }
        let by_row = |table: &RunTable| match table.spec().output {
            OutputKind::Signals => Rows::Signals,
            OutputKind::Equity => Rows::Account,
            _ => Rows::Whole,
        };
        if let Some(run) = with_table(scan, |table: &RunTable| self.run(plan, table.spec(), by_row(table))) {
            return run;
        }
        let portfolio = |table: &SourceTable| {
            table.source_as::<PortfolioSource>().map(|portfolio| {
                let is_account = portfolio.spec().output == PortfolioOutput::Equity;
                self.run(plan, &portfolio.spec().run, if is_account { Rows::Account } else { Rows::Whole })
            })
        };
        if let Some(run) = with_table(scan, portfolio).flatten() {
            return run;
        }
        if let Some(timeframes) = with_table(scan, |table: &SourceTable| table.source().timeframes())
            && !timeframes.is_empty()
        {
            return Ok(self.rows_of(plan, (self.time_of(&timeframes), true), |_| vec![]));
        }
        let is_cut = with_table(scan, |_: &OhlcvTable| ()).or(with_table(scan, |_: &BarsQuery| ())).is_some();
        let findings = if is_cut { vec![] } else { vec![uncut(scan.table_name.table())] };
        Ok(self.rows_of(plan, (Time::Row, true), |_| findings.clone()))
    }

    /// The columns of a table, with what its `ts` says and the findings of each.
    fn rows_of(
        &self,
        plan: &LogicalPlan,
        (time, apart): (Time, bool),
        findings: impl Fn(&str) -> Vec<Finding>,
    ) -> Vec<Known> {
        let known = |name: &String, data_type: &DataType| Known {
            findings: findings(name),
            expression: name.clone(),
            time: (name == "ts" && is_time(data_type)).then_some(time),
            apart,
        };
        plan.schema().fields().iter().map(|field| known(field.name(), field.data_type())).collect()
    }

    /// A run of another strategy: its rows are known when their bars are over.
    fn run(&self, plan: &LogicalPlan, spec: &RunSpec, rows: Rows) -> Result<Vec<Known>> {
        let mut by_column: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        if let Path::Whole { body, .. } = spec.path.as_ref() {
            let names = body.plan.schema().fields().iter().map(|field| field.name().clone());
            by_column = names.zip(self.plan(&body.plan)?.into_iter().map(|known| known.findings)).collect();
        }
        let mut all = vec![];
        for known in by_column.values() {
            add(&mut all, known.iter().cloned());
        }
        if rows == Rows::Whole {
            add(&mut all, [Finding { what: What::WholeSeries, expression: format!("{}(...)", spec.function) }]);
        }
        let time = match &spec.timeframes {
            SeriesSource::Names(names) => {
                self.time_of(&names.iter().filter_map(|name| Timeframe::parse(name).ok()).collect::<Vec<_>>())
            }
            SeriesSource::Query(_) => Time::Label,
        };
        Ok(self.rows_of(plan, (time, true), |name| match rows {
            Rows::Signals => by_column.get(name).cloned().unwrap_or_default(),
            _ => all.clone(),
        }))
    }

    fn time_of(&self, timeframes: &[Timeframe]) -> Time {
        if timeframes.iter().all(|t| t.duration_us() <= self.timeframe.duration_us()) { Time::Row } else { Time::Label }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Result<Vec<Known>> {
        let below = self.plan(&aggregate.input)?;
        let scope = Scope { schema: aggregate.input.schema(), columns: &below };
        let groups = aggregate.group_expr.iter().map(|e| self.expr(e, &scope)).collect::<Result<Vec<_>>>()?;
        let per_row = groups.iter().any(|g| g.time == Some(Time::Row));
        let per_label = groups.iter().any(|g| g.time.is_some());
        let mut columns: Vec<Known> =
            groups.into_iter().map(|group| Known { apart: group.apart || !per_row, ..group }).collect();
        for expr in &aggregate.aggr_expr {
            let mut known = self.expr(expr, &scope)?;
            if !per_label {
                add(&mut known.findings, [Finding { what: What::WholeSeries, expression: sql(expr) }]);
            }
            columns.push(Known { time: None, apart: known.apart || !per_row, ..known });
        }
        let wanted = aggregate.schema.fields().len();
        match columns.len() == wanted {
            true => Ok(columns),
            // Grouping sets have a column of their own.
            false => Ok(vec![merged(columns); wanted]),
        }
    }

    fn distinct(&self, distinct: &Distinct) -> Result<Vec<Known>> {
        let below = self.plan(distinct.input())?;
        let Distinct::On(on) = distinct else {
            return Ok(below
                .into_iter()
                .map(|known| Known { apart: known.apart || known.time != Some(Time::Row), ..known })
                .collect());
        };
        let scope = Scope { schema: on.input.schema(), columns: &below };
        let keys = on.on_expr.iter().map(|e| self.expr(e, &scope)).collect::<Result<Vec<_>>>()?;
        let mut columns = on.select_expr.iter().map(|e| self.expr(e, &scope)).collect::<Result<Vec<_>>>()?;
        let per_row = keys.iter().any(|key| key.time == Some(Time::Row));
        if keys.iter().all(|key| key.time.is_none()) {
            let text: Vec<String> = on.on_expr.iter().map(sql).collect();
            let finding = Finding { what: What::WholeSeries, expression: format!("DISTINCT ON ({})", text.join(", ")) };
            columns = spread(columns, &[finding], |_| true);
        }
        columns.iter_mut().for_each(|known| known.apart |= !per_row);
        Ok(columns)
    }

    fn join(&self, join: &Join) -> Result<Vec<Known>> {
        let (left, right) = (self.plan(&join.left)?, self.plan(&join.right)?);
        let both = join.left.schema().join(join.right.schema())?;
        let all: Vec<Known> = left.iter().chain(&right).cloned().collect();
        let scope = Scope { schema: &both, columns: &all };
        let (mut on_labels, mut findings) = (vec![], vec![]);
        let filter = join.filter.iter().flat_map(|filter| split_conjunction(filter));
        let equal = filter.clone().filter_map(|condition| match condition {
            Expr::BinaryExpr(b) if matches!(b.op, Operator::Eq | Operator::IsNotDistinctFrom) => {
                Some((b.left.as_ref(), b.right.as_ref()))
            }
            _ => None,
        });
        for (one, other) in join.on.iter().map(|(l, r)| (l, r)).chain(equal) {
            let times = [self.expr(one, &scope)?.time, self.expr(other, &scope)?.time];
            if times.contains(&Some(Time::Label)) && !times.contains(&Some(Time::Shifted)) {
                let expression = sql(&one.clone().eq(other.clone()));
                add(&mut on_labels, [Finding { what: What::LabelJoin, expression }]);
            }
        }
        for condition in filter {
            add(&mut findings, self.expr(condition, &scope)?.findings);
        }
        for (one, other) in &join.on {
            add(&mut findings, self.expr(one, &scope)?.findings);
            add(&mut findings, self.expr(other, &scope)?.findings);
        }
        let all = spread(spread(all, &findings, |_| true), &on_labels, |known| known.apart);
        let split = left.len();
        let mut columns = match join.join_type {
            JoinType::LeftSemi | JoinType::LeftAnti => all[..split].to_vec(),
            JoinType::RightSemi | JoinType::RightAnti => all[split..].to_vec(),
            _ => all,
        };
        // A mark join has a column of its own.
        columns.resize(join.schema.fields().len(), Known { findings, ..Known::default() });
        Ok(columns)
    }

    fn expr(&self, expr: &Expr, scope: &Scope) -> Result<Known> {
        match expr {
            Expr::Alias(alias) => self.expr(&alias.expr, scope),
            Expr::Column(column) => match scope.schema.maybe_index_of_column(column) {
                Some(index) => Ok(scope.columns[index].clone()),
                None => Ok(Known { expression: column.name.clone(), ..Known::default() }),
            },
            Expr::WindowFunction(call) => self.window(expr, call, scope),
            Expr::ScalarSubquery(subquery) => self.subquery(expr, &subquery.subquery),
            Expr::Exists(exists) => self.subquery(expr, &exists.subquery.subquery),
            Expr::InSubquery(test) => {
                let mut known = self.subquery(expr, &test.subquery.subquery)?;
                add(&mut known.findings, self.expr(&test.expr, scope)?.findings);
                Ok(known)
            }
            _ => {
                let mut children = vec![];
                let mut failed = None;
                expr.apply_children(|child| {
                    match self.expr(child, scope) {
                        Ok(known) => children.push(known),
                        Err(error) => failed = Some(error),
                    }
                    Ok(TreeNodeRecursion::Continue)
                })?;
                if let Some(error) = failed {
                    return Err(error);
                }
                let time = time_of_expr(expr, &children);
                let mut known = Known { time, expression: sql(expr), ..merged(children) };
                if let Expr::ScalarFunction(call) = expr
                    && CLOCK.contains(&call.name())
                {
                    add(&mut known.findings, [Finding { what: What::Clock, expression: sql(expr) }]);
                }
                Ok(known)
            }
        }
    }

    fn subquery(&self, expr: &Expr, plan: &LogicalPlan) -> Result<Known> {
        let mut known = merged(self.plan(plan)?);
        let reads_rows = plan.exists(|node| Ok(matches!(node, LogicalPlan::TableScan(_))))?;
        if reads_rows {
            add(&mut known.findings, [Finding { what: What::Subquery, expression: sql(expr) }]);
        }
        Ok(Known { time: None, apart: false, expression: sql(expr), ..known })
    }

    fn window(&self, expr: &Expr, call: &WindowFunction, scope: &Scope) -> Result<Known> {
        let params = &call.params;
        let inner = params.args.iter().chain(&params.partition_by).chain(params.order_by.iter().map(|s| &s.expr));
        let inner = inner.chain(params.filter.as_deref()).map(|e| self.expr(e, scope)).collect::<Result<Vec<_>>>()?;
        let mut known = Known { time: None, expression: sql(expr), ..merged(inner) };
        for part in &params.partition_by {
            let part = self.expr(part, scope)?;
            // One row per part sees nothing but itself.
            if part.time == Some(Time::Row) && !part.apart {
                return Ok(known);
            }
        }
        if let Some(what) = look_ahead(call, self.order(&params.order_by, scope)?) {
            add(&mut known.findings, [Finding { what, expression: sql(expr) }]);
        }
        Ok(known)
    }

    /// How rows in this order are ordered in time.
    fn order(&self, keys: &[SortExpr], scope: &Scope) -> Result<Order> {
        let mut order = Order::Unknown;
        for key in keys {
            let known = self.expr(&key.expr, scope)?;
            let Some(time) = known.time else { break };
            if !key.asc {
                return Ok(Order::Descending);
            }
            // A label of rows that stand for whole buckets is there once.
            if time != Time::Label || known.apart {
                return Ok(Order::Ascending);
            }
            order = Order::WithPeers;
        }
        Ok(order)
    }
}

fn uncut(table: &str) -> Finding {
    Finding { what: What::Uncut(table.to_string()), expression: table.to_string() }
}

fn is_time(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Timestamp(TimeUnit::Second | TimeUnit::Millisecond | TimeUnit::Microsecond | TimeUnit::Nanosecond, _)
    )
}

/// Adds findings to some columns.
fn spread(columns: Vec<Known>, findings: &[Finding], to: impl Fn(&Known) -> bool) -> Vec<Known> {
    let mut columns = columns;
    for known in columns.iter_mut().filter(|known| to(known)) {
        add(&mut known.findings, findings.iter().cloned());
    }
    columns
}

/// What an expression over several columns takes from all of them.
fn merged(columns: Vec<Known>) -> Known {
    let mut all = Known::default();
    for known in columns {
        add(&mut all.findings, known.findings);
        all.apart |= known.apart;
    }
    all
}

/// What time an expression over these is.
fn time_of_expr(expr: &Expr, children: &[Known]) -> Option<Time> {
    let time = children.iter().find_map(|child| child.time)?;
    match expr {
        Expr::ScalarFunction(call) if LABELS.contains(&call.name()) => Some(Time::Label),
        Expr::Cast(cast) if is_time(cast.field.data_type()) => Some(time),
        Expr::Cast(cast) if matches!(cast.field.data_type(), DataType::Date32 | DataType::Date64) => Some(Time::Label),
        Expr::BinaryExpr(b) if matches!(b.op, Operator::Plus | Operator::Minus) => {
            // The distance between two times is none.
            (children.iter().filter(|child| child.time.is_some()).count() == 1).then_some(Time::Shifted)
        }
        _ => None,
    }
}
