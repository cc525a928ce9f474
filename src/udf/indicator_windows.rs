//! Gives the indicators of a window operator an operator of their own.

use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::windows::{BoundedWindowAggExec, WindowAggExec, get_ordered_partition_by_indices};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, InputOrderMode, PhysicalExpr, WindowExpr};

use super::window::indicator_call;
use crate::engine::indicator::{Call, IndicatorExec, Over, Pace};

type DfResult<T> = std::result::Result<T, DataFusionError>;
type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// The rule that spreads rows over partitions and sorts them.
const REQUIREMENTS: &str = "EnsureRequirements";

/// The rule that hands limits down to the operators that can stop early.
const LIMITS: &str = "LimitPushdown";

/// The rules of a session with those of this file in their places, instead of any that are there already: one before rows
/// are spread, and the other behind all rules that look for DataFusion's window operators, but before limits go down.
pub fn among(rules: &[Rule], windows: IndicatorWindows) -> Vec<Rule> {
    let (together, windows): (Rule, Rule) = (Arc::new(KeepTogether), Arc::new(windows));
    let ours = [together.name(), windows.name()];
    let mut rules: Vec<Rule> = rules.iter().filter(|rule| !ours.contains(&rule.name())).cloned().collect();
    for (rule, before) in [(&together, REQUIREMENTS), (&windows, LIMITS)] {
        let place = rules.iter().position(|rule| rule.name() == before).unwrap_or(rules.len());
        rules.insert(place, Arc::clone(rule));
    }
    rules
}

/// Physical optimizer rule that keeps the series of indicators in one partition if they come in one, and sorted: to spread
/// them, every row would be copied, and the operator of indicators shares the work among threads by itself.
#[derive(Debug)]
struct KeepTogether;

impl PhysicalOptimizerRule for KeepTogether {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> DfResult<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let Some(window) = node.downcast_ref::<BoundedWindowAggExec>() else { return Ok(Transformed::no(node)) };
            let is_plain = window.input_order_mode == InputOrderMode::Sorted && window.state_observer().is_none();
            if !is_plain || window.partition_keys().is_empty() || !are_sorted_in_one(&node)? {
                return Ok(Transformed::no(node));
            }
            for expr in window.window_expr() {
                if indicator_call(expr)?.is_none() {
                    return Ok(Transformed::no(node));
                }
            }
            let (exprs, input) = (window.window_expr().to_vec(), Arc::clone(window.input()));
            let mode = InputOrderMode::Sorted;
            Ok(Transformed::yes(Arc::new(BoundedWindowAggExec::try_new(exprs, input, mode, false)?)))
        })
        .data()
    }

    fn name(&self) -> &str {
        "indicators_together"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Whether the input of an operator comes in one partition and in the order that the operator needs.
fn are_sorted_in_one(node: &Arc<dyn ExecutionPlan>) -> DfResult<bool> {
    let children = node.children();
    let [input] = children.as_slice() else { return Ok(false) };
    if input.output_partitioning().partition_count() != 1 {
        return Ok(false);
    }
    match node.required_input_ordering().into_iter().next().flatten() {
        Some(required) => Ok(input.equivalence_properties().ordering_satisfy_requirement(required.first().clone())?),
        None => Ok(true),
    }
}

/// Physical optimizer rule that puts [`IndicatorExec`] in the place of window operators.
///
/// Functions of others in the same operator stay there, above the indicators. An operator whose input is not sorted by
/// series, which there is over inputs without end only, stays as it is.
#[derive(Debug, Default)]
pub struct IndicatorWindows {
    pace: Pace,
}

impl IndicatorWindows {
    /// A rule whose operators share their work at this pace.
    pub fn new(pace: Pace) -> Self {
        Self { pace }
    }
}

impl PhysicalOptimizerRule for IndicatorWindows {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> DfResult<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| match Window::of(&node) {
            Some(window) => window.rewrite(node, self.pace),
            None => Ok(Transformed::no(node)),
        })
        .data()
    }

    fn name(&self) -> &str {
        "indicator_windows"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// What both window operators of DataFusion have.
struct Window {
    exprs: Vec<Arc<dyn WindowExpr>>,
    input: Arc<dyn ExecutionPlan>,
    /// Whether series may be spread over partitions of the input.
    can_repartition: bool,
}

impl Window {
    fn of(node: &Arc<dyn ExecutionPlan>) -> Option<Self> {
        if let Some(window) = node.downcast_ref::<BoundedWindowAggExec>() {
            let plain = window.input_order_mode == InputOrderMode::Sorted && window.state_observer().is_none();
            let (exprs, input) = (window.window_expr().to_vec(), Arc::clone(window.input()));
            return plain.then(|| Window { exprs, input, can_repartition: !window.partition_keys().is_empty() });
        }
        let window = node.downcast_ref::<WindowAggExec>()?;
        let (exprs, input) = (window.window_expr().to_vec(), Arc::clone(window.input()));
        Some(Window { exprs, input, can_repartition: !window.partition_keys().is_empty() })
    }

    fn rewrite(self, node: Arc<dyn ExecutionPlan>, pace: Pace) -> DfResult<Transformed<Arc<dyn ExecutionPlan>>> {
        let Some(first) = self.exprs.first() else { return Ok(Transformed::no(node)) };
        let over = Over { partition_by: first.partition_by().to_vec(), order_by: first.order_by().to_vec() };
        let mut calls: Vec<Call> = vec![];
        // Positions of the indicators, then of the others.
        let (mut ours, mut others) = (vec![], vec![]);
        for (position, expr) in self.exprs.iter().enumerate() {
            match indicator_call(expr)? {
                Some(call) => {
                    calls.push(call);
                    ours.push(position);
                }
                None => others.push(position),
            }
        }
        let sorted = get_ordered_partition_by_indices(&over.partition_by, &self.input)?;
        if calls.is_empty() || sorted.len() < over.partition_by.len() {
            return Ok(Transformed::no(node));
        }
        if others.is_empty() {
            return Ok(Transformed::yes(Arc::new(IndicatorExec::new(node, over, calls, pace))));
        }
        let below = self.operator(&ours, Arc::clone(&self.input))?;
        let indicators = Arc::new(IndicatorExec::new(below, over, calls, pace));
        let above = self.operator(&others, indicators)?;
        let order: Vec<usize> = ours.into_iter().chain(others).collect();
        Ok(Transformed::yes(self.in_order(above, &order)?))
    }

    /// The window operator of some of the expressions.
    fn operator(&self, positions: &[usize], input: Arc<dyn ExecutionPlan>) -> DfResult<Arc<dyn ExecutionPlan>> {
        let exprs: Vec<_> = positions.iter().map(|position| Arc::clone(&self.exprs[*position])).collect();
        if exprs.iter().all(|expr| expr.uses_bounded_memory()) {
            let mode = InputOrderMode::Sorted;
            return Ok(Arc::new(BoundedWindowAggExec::try_new(exprs, input, mode, self.can_repartition)?));
        }
        Ok(Arc::new(WindowAggExec::try_new(exprs, input, self.can_repartition)?))
    }

    /// The columns in the order of the expressions; `order` has the position of each result column.
    fn in_order(&self, plan: Arc<dyn ExecutionPlan>, order: &[usize]) -> DfResult<Arc<dyn ExecutionPlan>> {
        if order.is_sorted() {
            return Ok(plan);
        }
        let before = self.input.schema().fields().len();
        let results = (0..order.len()).filter_map(|wanted| order.iter().position(|position| *position == wanted));
        let schema = plan.schema();
        let columns = (0..before).chain(results.map(|place| before + place)).map(|place| {
            let name = schema.field(place).name();
            (Arc::new(Column::new(name, place)) as Arc<dyn PhysicalExpr>, name.clone())
        });
        Ok(Arc::new(ProjectionExec::try_new(columns.collect::<Vec<_>>(), plan)?))
    }
}
