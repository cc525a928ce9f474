//! Binds a template to parameter values: each distinct (expression, values) gets one number.
//!
//! A bound expression is simplified before it is looked up, so that a parameter which cannot matter for the given values of
//! the others, such as the logic of a filter that is switched off, does not make a second copy.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use threadx_kernels::indicator::{Indicator, Params};

use super::template::{Template, node_column, node_of, placeholder_index};
use crate::engine::indicator::{marked, params_from_scalars, return_type};
use crate::engine::strategy::{ParamValue, body_schema};
use crate::error::{Error, Result};

/// Number of a distinct bound expression.
pub type Distinct = usize;

/// What a bound expression computes.
#[derive(Debug, Clone)]
pub enum Work {
    /// An indicator of columns or constants.
    Indicator {
        /// Its descriptor.
        def: &'static Indicator,
        /// Checked parameters.
        params: Params,
        /// One expression per input: a column or a literal.
        inputs: Vec<Expr>,
    },
    /// Any other expression.
    Scalar(Expr),
}

/// One distinct bound expression.
#[derive(Debug)]
pub struct Bound {
    /// What to compute.
    pub work: Work,
    /// The columns that it reads, with their types.
    pub schema: Arc<DFSchema>,
    /// Type of the result.
    pub data_type: DataType,
}

/// Hands out numbers for bound expressions.
#[derive(Debug)]
pub struct Binder {
    template: Arc<Template>,
    options: Arc<ConfigOptions>,
    /// Answers by node and the values of the parameters under it.
    known: HashMap<(usize, Vec<String>), Distinct>,
    /// Numbers by simplified expression.
    distinct: HashMap<Expr, Distinct>,
    bound: Vec<Arc<Bound>>,
}

impl Binder {
    /// Starts without any bound expression.
    pub fn new(template: Arc<Template>, options: Arc<ConfigOptions>) -> Self {
        Binder { template, options, known: HashMap::new(), distinct: HashMap::new(), bound: vec![] }
    }

    /// The distinct expressions so far; numbers are positions.
    pub fn bound(&self) -> &[Arc<Bound>] {
        &self.bound
    }

    /// The number of a node's expression for these parameter values.
    pub fn bind(&mut self, node: usize, point: &[ParamValue]) -> Result<Distinct> {
        let template = Arc::clone(&self.template);
        let key = (node, template.params[node].iter().map(|&p| point[p].to_string()).collect());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let expr = with_values(&template.nodes[node], point)?;
        // Two passes, because a branch that the constants switch off needs no node under it.
        let local = self.simplify(expr, |id| self.template_type(id, point))?;
        let mut canonical: HashMap<usize, Distinct> = HashMap::new();
        for id in nodes_in(&local)? {
            canonical.insert(id, self.bind(id, point)?);
        }
        let local = local
            .transform(|e| {
                Ok(match e {
                    Expr::Column(column) => match node_of(&column) {
                        Some(id) => Transformed::yes(Expr::Column(node_column(canonical[&id]))),
                        None => Transformed::no(Expr::Column(column)),
                    },
                    other => Transformed::no(other),
                })
            })
            .data()?;
        let local = self.columns_as_inputs(local)?;
        let number = match &local {
            Expr::Column(column) if node_of(column).is_some() => node_of(column).unwrap_or_default(),
            _ => self.intern(local)?,
        };
        self.known.insert(key, number);
        Ok(number)
    }

    /// Gives casts that coercion put around the inputs of an indicator numbers of their own.
    fn columns_as_inputs(&mut self, expr: Expr) -> Result<Expr> {
        let Expr::ScalarFunction(mut call) = expr else { return Ok(expr) };
        let Some(def) = marked(&call) else { return Ok(Expr::ScalarFunction(call)) };
        for arg in call.args.iter_mut().take(def.inputs.len()) {
            if !matches!(arg, Expr::Column(_) | Expr::Literal(..)) {
                *arg = Expr::Column(node_column(self.intern(arg.clone())?));
            }
        }
        Ok(Expr::ScalarFunction(call))
    }

    /// The type of a template node, before its own numbers are known.
    fn template_type(&self, node: usize, point: &[ParamValue]) -> Result<DataType> {
        let expr = with_values(&self.template.nodes[node], point)?;
        if let Expr::ScalarFunction(call) = &expr
            && let Some(def) = marked(call)
        {
            return Ok(return_type(def));
        }
        let schema = self.schema(&expr, |id| self.template_type(id, point))?;
        let simplifier = self.simplifier(&schema);
        let expr = simplifier.coerce(expr, &schema)?;
        Ok(expr.get_type(schema.as_ref())?)
    }

    fn simplify(&self, expr: Expr, type_of: impl Fn(usize) -> Result<DataType>) -> Result<Expr> {
        let schema = self.schema(&expr, type_of)?;
        let simplifier = self.simplifier(&schema);
        let expr = simplifier.coerce(expr, &schema)?;
        if let Expr::ScalarFunction(mut call) = expr {
            if marked(&call).is_some() {
                call.args = call.args.into_iter().map(|a| simplifier.simplify(a)).collect::<Result<_, _>>()?;
                return Ok(Expr::ScalarFunction(call));
            }
            return Ok(simplifier.simplify(Expr::ScalarFunction(call))?);
        }
        Ok(simplifier.simplify(expr)?)
    }

    fn simplifier(&self, schema: &Arc<DFSchema>) -> ExprSimplifier {
        let context = SimplifyContext::builder()
            .with_schema(Arc::clone(schema))
            .with_config_options(Arc::clone(&self.options))
            .build();
        ExprSimplifier::new(context)
    }

    /// The columns that an expression reads.
    fn schema(&self, expr: &Expr, type_of: impl Fn(usize) -> Result<DataType>) -> Result<Arc<DFSchema>> {
        let bars = body_schema();
        let mut fields = vec![];
        for column in columns_in(expr)? {
            let field = match node_of(&column) {
                Some(id) => Field::new(&column.name, type_of(id)?, true),
                None => bars.field_with_name(&column.name)?.clone(),
            };
            fields.push((None, Arc::new(field)));
        }
        Ok(Arc::new(DFSchema::new_with_metadata(fields, HashMap::new())?))
    }

    fn intern(&mut self, expr: Expr) -> Result<Distinct> {
        if let Some(number) = self.distinct.get(&expr) {
            return Ok(*number);
        }
        let schema = self.schema(&expr, |id| Ok(self.bound[id].data_type.clone()))?;
        let (work, data_type) = match &expr {
            Expr::ScalarFunction(call) if marked(call).is_some() => {
                let work = indicator(call)?;
                let data_type = match &work {
                    Work::Indicator { def, .. } => return_type(def),
                    Work::Scalar(_) => DataType::Null,
                };
                (work, data_type)
            }
            other => {
                let data_type = other.get_type(schema.as_ref())?;
                (Work::Scalar(other.clone()), data_type)
            }
        };
        let number = self.bound.len();
        self.bound.push(Arc::new(Bound { work, schema, data_type }));
        self.distinct.insert(expr, number);
        Ok(number)
    }
}

fn indicator(call: &ScalarFunction) -> Result<Work> {
    let def = marked(call).ok_or_else(|| Error::Internal("not an indicator".into()))?;
    let (inputs, constants) = call.args.split_at(def.inputs.len().min(call.args.len()));
    let scalars = constants
        .iter()
        .zip(def.params)
        .map(|(expr, param)| match expr {
            Expr::Literal(value, _) => Ok(value.clone()),
            other => Err(Error::argument(format!(
                "`{}` of {}() must be a constant or a parameter, got `{other}`",
                param.name, def.name
            ))),
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Work::Indicator { def, params: params_from_scalars(def, &scalars)?, inputs: inputs.to_vec() })
}

/// The expression with constants in the place of parameters.
fn with_values(expr: &Expr, point: &[ParamValue]) -> Result<Expr> {
    let bound = expr.clone().transform(|e| {
        Ok(match e {
            Expr::Placeholder(p) => Transformed::yes(Expr::Literal(point[placeholder_index(&p.id)?].scalar(), None)),
            other => Transformed::no(other),
        })
    });
    Ok(bound.data()?)
}

fn columns_in(expr: &Expr) -> Result<Vec<Column>> {
    let mut columns: Vec<Column> = vec![];
    expr.apply(|e| {
        if let Expr::Column(column) = e
            && !columns.contains(column)
        {
            columns.push(column.clone());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(columns)
}

fn nodes_in(expr: &Expr) -> Result<Vec<usize>> {
    Ok(columns_in(expr)?.iter().filter_map(node_of).collect())
}
