//! What `EXPLAIN` tells about a sweep: how many points are left, what they share, and on which path each part runs.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::logical_expr::Expr;
use threadx_kernels::sim::{Bars, Flags, Funding, Numbers, Signals, not_shared_because, stepped_because};

use super::bind::Work;
use super::drive::Driver;
use super::plan::Plan;
use super::prepare::Path;
use super::template::{OWN, Template, node_of};
use crate::engine::expression::sql;
use crate::engine::view::view_call;
use crate::error::Result;

/// Longest text of an expression without a name.
const LONGEST: usize = 60;

/// The lines of `EXPLAIN` below the operator.
pub fn story(driver: &Driver) -> Result<Vec<String>> {
    let Path::Columns(template) = driver.spec.path.as_ref() else {
        return Ok(vec![]);
    };
    if !driver.wants_metrics() {
        return Ok(vec!["simulation: none, because no column that is read needs one".into()]);
    }
    let Some(plan) = driver.first_plan()? else {
        return Ok(vec![]);
    };
    let points = plan.places.len();
    let first = if driver.grid.count() > driver.window_size() as u64 { "of the first " } else { "" };
    let each = if driver.series.len() > 1 { "on each series: " } else { "" };
    let mut lines = vec![format!(
        "{each}{first}{points} combos: {} groups with the same exits, {} distinct simulations",
        plan.groups.len(),
        plan.simulations()
    )];
    lines.extend(
        idle(template, driver).map(|name| format!("{name} changes nothing: no column that trades depends on it")),
    );
    lines.push(simulation(template, driver));
    for (node, count) in evaluations(&plan) {
        let params: Vec<&str> = template
            .params
            .get(node)
            .into_iter()
            .flatten()
            .map(|&index| driver.grid.strategy.params[index].name.as_str())
            .collect();
        let by = if params.is_empty() { "no parameter".to_string() } else { params.join(", ") };
        lines.push(format!("{}: {count} of {points} evaluated, depends on {by}", template.label(node)));
    }
    Ok(lines)
}

/// The parameters that are varied and under no column of the contract, by name.
fn idle<'a>(template: &Template, driver: &'a Driver) -> impl Iterator<Item = &'a str> {
    let nodes = template.contract().into_iter().filter_map(|(_, node)| template.params.get(node));
    let used: BTreeSet<usize> = nodes.flatten().copied().collect();
    let params = driver.grid.strategy.params.iter().enumerate();
    params
        .filter(move |(index, _)| driver.grid.is_varied(*index) && !used.contains(index))
        .map(|(_, param)| param.name.as_str())
}

/// How the simulator goes through the bars, from the columns that the strategy has.
fn simulation(template: &Template, driver: &Driver) -> String {
    if !driver.variants().is_empty() {
        return "simulation: combo by combo, because the convention of the metrics needs the account at every bar"
            .into();
    }
    let mut signals = Signals::default();
    for (column, _) in template.contract() {
        signals.set_numbers(column.name, Numbers::Const(f64::NAN));
        signals.set_flags(column.name, Flags::Const(false));
    }
    let options = &driver.spec.options;
    // Which bars pay is not known yet; that some do is enough.
    let at_open: &[f64] = if options.funding.is_some() { &[0.0] } else { &[] };
    let bars = Bars { funding: Funding { at_open, inside: &[] }, ..Bars::default() };
    let Some(reason) = not_shared_because(&bars, &signals, &options.sim) else {
        return "simulation: the outcome of an entry is traced once per group and shared by its combos".into();
    };
    match stepped_because(&signals, &options.sim) {
        None => format!("simulation: combo by combo, from event to event, because {reason}"),
        Some(stepped) if stepped == reason => format!("simulation: combo by combo, bar by bar, because {reason}"),
        Some(stepped) => format!("simulation: combo by combo, because {reason}; bar by bar, because {stepped}"),
    }
}

/// How many distinct expressions a node has, constants left out.
fn evaluations(plan: &Plan) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for bound in plan.bound.iter().filter(|bound| !matches!(bound.work, Work::Constant(_))) {
        *counts.entry(bound.node).or_default() += 1;
    }
    counts
}

impl Template {
    /// What a node is called: the name that the strategy gives it, else its expression.
    pub fn label(&self, node: usize) -> &str {
        let labels = self.labels.get_or_init(|| (0..self.nodes.len()).map(|node| self.new_label(node)).collect());
        labels.get(node).map_or("cast", String::as_str)
    }

    fn new_label(&self, node: usize) -> String {
        if let Some(name) = self.names.get(&node) {
            return name.clone();
        }
        let text = self.expression(node);
        let text = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text,
        };
        match self.places.get(node) {
            Some(&place) if place != OWN => format!("{text} on {}", self.views[place].describe(&self.param_names)),
            _ => text,
        }
    }

    /// The name of a node, or its expression, however long.
    fn expression(&self, node: usize) -> String {
        if let Some(name) = self.names.get(&node) {
            return name.clone();
        }
        let Some(expr) = self.nodes.get(node) else { return "cast".into() };
        let view = match expr {
            Expr::ScalarFunction(function) => view_call(function).and_then(|call| {
                let args = call.args().ok()?.describe(&self.param_names);
                Some(format!("{}({args}, {})", function.name(), sql(&self.spelt_out(call.expr))))
            }),
            _ => None,
        };
        let mut text = view.unwrap_or_else(|| sql(&self.spelt_out(expr)));
        // From the last, because `$1` is also the beginning of `$12`.
        for (index, name) in self.param_names.iter().enumerate().rev() {
            text = text.replace(&format!("${}", index + 1), &format!("${name}"));
        }
        text
    }

    /// An expression with the names or expressions of the nodes under it in place of their columns.
    fn spelt_out(&self, expr: &Expr) -> Expr {
        let spelt = expr.clone().transform(|e| {
            let Expr::Column(column) = &e else { return Ok(Transformed::no(e)) };
            let Some(under) = node_of(column) else { return Ok(Transformed::no(e)) };
            Ok(match (self.names.get(&under), self.nodes.get(under)) {
                (Some(name), _) => Transformed::yes(Expr::Column(Column::new_unqualified(name))),
                (None, Some(expr)) => Transformed::yes(self.spelt_out(expr)),
                (None, None) => Transformed::no(e),
            })
        });
        spelt.data().unwrap_or_else(|_| expr.clone())
    }
}
