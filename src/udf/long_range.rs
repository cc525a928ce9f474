//! Refuses a `range(...)` of a parameter before it is made, where it has no values or more than fit into memory.

use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::Expr;
use threadx_kernels::search::MAX_VALUES;

use super::relation::fold;
use crate::engine::scalar::int;
use crate::error::{Error, Result};

/// Checks every `range` and `generate_series` of whole numbers in an expression without columns.
///
/// # Errors
/// A step of 0, or more than ten million values.
pub fn check_ranges(expr: &Expr, options: &Arc<ConfigOptions>) -> Result<()> {
    let mut wrong = None;
    expr.apply(|e| {
        if let Expr::ScalarFunction(call) = e
            && ["range", "generate_series"].contains(&call.name())
        {
            let whole = |arg: &Expr| match fold(arg.clone(), Arc::clone(options)) {
                Ok(Expr::Literal(value, _)) => int(&value),
                _ => None,
            };
            let args: Option<Vec<i64>> = call.args.iter().map(whole).collect();
            wrong = args.and_then(|args| wrong_range(call.name(), &args));
        }
        Ok::<_, DataFusionError>(if wrong.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    wrong.map_or(Ok(()), |text| Err(Error::argument(text)))
}

fn wrong_range(name: &str, args: &[i64]) -> Option<String> {
    let (start, stop, step) = match *args {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => return None,
    };
    if step == 0 {
        return Some(format!("the step of {name}({start}, {stop}, {step}) must not be 0"));
    }
    let values = (i128::from(stop) - i128::from(start)) / i128::from(step);
    let is_long = values > MAX_VALUES as i128;
    is_long.then(|| {
        format!(
            "{name}({start}, {stop}, {step}) has {values} values; a parameter takes at most {MAX_VALUES}, and \
             random(n, parameter => integer({start}, {stop})) draws from any range"
        )
    })
}
