//! Specialises the nodes of a template for the values of their control parameters.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use threadx_kernels::indicator::Indicator;

use super::bind::ValueKey;
use super::formula::Formula;
use super::template::{Template, node_column, node_of, param_column, param_of};
use crate::engine::indicator::{marked, return_type};
use crate::engine::strategy::{ParamType, ParamValue, body_schema, placeholder_index};
use crate::engine::view::{View, ViewArgs, view_call};
use crate::error::{Error, Result};

/// A node for given values of its control parameters.
#[derive(Debug)]
pub struct Special {
    /// Equal numbers are equal operations.
    pub number: usize,
    /// What it computes.
    pub operation: Operation,
    /// The bars that it is computed on.
    pub view: View,
    /// The nodes of the template that it reads, by place.
    pub under: Vec<usize>,
    /// The parameters that its value still depends on, besides those of the nodes under it.
    pub params: Vec<usize>,
}

/// What a specialised node computes; parameters are columns that [`param_of`] knows.
#[derive(Debug)]
pub enum Operation {
    /// The first node under it.
    Alias,
    /// An indicator.
    Indicator {
        /// Its descriptor.
        def: &'static Indicator,
        /// One per input.
        inputs: Vec<Input>,
        /// Its parameters, without columns of bars.
        params: Vec<Arc<dyn PhysicalExpr>>,
    },
    /// A column over other bars, lined up with those of the series.
    Seen {
        /// The other bars.
        view: View,
        /// What is lined up; a column of bars is one of the other bars.
        input: Input,
    },
    /// Any other expression.
    Scalar {
        /// The expression over the columns of `schema`.
        expr: Arc<dyn PhysicalExpr>,
        /// One per column.
        inputs: Vec<Input>,
        /// The columns.
        schema: Arc<Schema>,
        /// The same, if the kernels evaluate it.
        formula: Option<Arc<Formula>>,
    },
}

/// A column that an operation reads.
#[derive(Debug, Clone)]
pub enum Input {
    /// A column of the bars, by name.
    Bars(Arc<str>),
    /// A node, by its place in [`Special::under`].
    Under(usize),
    /// An expression without columns of bars.
    Constant(Arc<dyn PhysicalExpr>),
}

/// Special forms after which a template begins anew with them.
const MOST_SPECIAL: usize = 256;

/// The special forms of a template, for all who bind it, also in later statements. A copy of the template has none.
#[derive(Debug, Default)]
pub struct Specials(Mutex<Option<Arc<Mutex<Specializer>>>>);

impl Clone for Specials {
    fn clone(&self) -> Self {
        Specials::default()
    }
}

impl Specials {
    /// The specializer of the template whose forms these are; whoever has it keeps it, because numbers are its own.
    pub fn of(&self, template: &Template, options: &Arc<ConfigOptions>) -> Arc<Mutex<Specializer>> {
        let mut kept = lock(&self.0);
        if let Some(specializer) = kept.as_ref() {
            let known = lock(specializer);
            if Arc::ptr_eq(&known.options, options) && known.known.len() < MOST_SPECIAL {
                return Arc::clone(specializer);
            }
        }
        Arc::clone(kept.insert(Arc::new(Mutex::new(Specializer::new(template, Arc::clone(options))))))
    }
}

/// Waits for a lock; what a panic left behind is no worse than without it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Specialises nodes; each distinct result once.
#[derive(Debug)]
pub struct Specializer {
    template: Template,
    options: Arc<ConfigOptions>,
    /// Control parameters of each node alone, and of it with all nodes under it.
    control: Vec<(BTreeSet<usize>, BTreeSet<usize>)>,
    known: HashMap<(usize, Vec<ValueKey>), Arc<Special>>,
    types: HashMap<(usize, Vec<ValueKey>), DataType>,
    numbers: HashMap<(View, Expr, Vec<DataType>), usize>,
}

impl Specializer {
    /// For the nodes of a template; nodes that casts make necessary are added to a copy of it.
    fn new(template: &Template, options: Arc<ConfigOptions>) -> Self {
        let mut control: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = vec![];
        for (node, place) in template.nodes.iter().zip(&template.places) {
            let mut own = control_params(node, &template.param_types);
            own.extend(template.views[*place].params());
            let mut all = own.clone();
            for id in nodes_in(node) {
                all.extend(&control[id].1);
            }
            control.push((own, all));
        }
        Specializer {
            template: template.clone(),
            options,
            control,
            known: HashMap::new(),
            types: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// The parameters under a node, whatever their values.
    pub fn params_under(&self, node: usize) -> &BTreeSet<usize> {
        &self.template.params[node]
    }

    /// The special form of a node.
    pub fn special(&mut self, node: usize, point: &[ParamValue]) -> Result<Arc<Special>> {
        let key = (node, keys(&self.control[node].1, point));
        if let Some(known) = self.known.get(&key) {
            return Ok(Arc::clone(known));
        }
        let special = Arc::new(self.specialize(node, point)?);
        self.known.insert(key, Arc::clone(&special));
        Ok(special)
    }

    fn specialize(&mut self, node: usize, point: &[ParamValue]) -> Result<Special> {
        let expr = self.with_control(node, point)?;
        let types = self.types_under(&expr, point)?;
        let place = self.template.places[node];
        let view = self.template.views[place].view(point)?;
        let expr = self.simplify(place, expr, &types)?;
        if let Expr::Column(column) = &expr
            && let Some(id) = node_of(column)
        {
            return Ok(Special { number: 0, operation: Operation::Alias, view, under: vec![id], params: vec![] });
        }
        // Nodes are named by place, so that the same operation on other nodes is the same.
        let under = nodes_in(&expr);
        let under_types = under.iter().map(|id| self.type_of(*id, point)).collect::<Result<Vec<_>>>()?;
        let expr = renamed(expr, |id| under.iter().position(|u| *u == id).unwrap_or(id))?;
        let params: Vec<usize> = params_in(&expr);
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry((view.clone(), expr.clone(), under_types.clone())).or_insert(next);
        let operation = match &expr {
            Expr::ScalarFunction(call) if marked(call).is_some() => self.indicator(call, &under_types)?,
            Expr::ScalarFunction(call) if view_call(call).is_some() => self.seen(node, call, point)?,
            other => {
                let schema = self.schema(other, &under_types)?;
                let inputs = columns_in(other).iter().filter_map(input_of).collect();
                let physical = physical(other, &schema)?;
                let formula = Formula::new(&physical, schema.as_arrow()).map(Arc::new);
                let schema = Arc::new(bars_part(&schema));
                Operation::Scalar { expr: physical, inputs, schema, formula }
            }
        };
        Ok(Special { number, operation, view, under, params })
    }

    fn indicator(&self, call: &ScalarFunction, under_types: &[DataType]) -> Result<Operation> {
        let Some(def) = marked(call) else {
            return Err(Error::Internal("not an indicator".into()));
        };
        let (inputs, params) = call.args.split_at(def.inputs.len().min(call.args.len()));
        let constant = |expr: &Expr| physical(expr, self.schema(expr, under_types)?.as_ref());
        let inputs = inputs
            .iter()
            .map(|expr| match expr {
                Expr::Column(column) if param_of(&column.name).is_none() => {
                    input_of(column).ok_or_else(|| Error::Internal(format!("`{expr}` as input of an indicator")))
                }
                other => Ok(Input::Constant(constant(other)?)),
            })
            .collect::<Result<_>>()?;
        let params = params
            .iter()
            .zip(def.params)
            .map(|(expr, param)| {
                if columns_in(expr).iter().any(|column| param_of(&column.name).is_none()) {
                    return Err(Error::argument(format!(
                        "`{}` of {}() must be a constant or a parameter, got `{expr}`",
                        param.name, def.name
                    )));
                }
                constant(expr)
            })
            .collect::<Result<_>>()?;
        Ok(Operation::Indicator { def, inputs, params })
    }

    /// `call` is that of `node`, its inputs by place.
    fn seen(&self, node: usize, call: &ScalarFunction, point: &[ParamValue]) -> Result<Operation> {
        let input = call.args.last().map(|input| match input {
            Expr::Column(column) => {
                input_of(column).ok_or_else(|| Error::Internal(format!("`{input}` is no column of other bars")))
            }
            constant => Ok(Input::Constant(physical(constant, &DFSchema::empty())?)),
        });
        let input = input.unwrap_or_else(|| Err(Error::Internal("a call without arguments".into())))?;
        Ok(Operation::Seen { view: self.view_args(node)?.view(point)?, input })
    }

    /// The other bars that the call of a node names.
    fn view_args(&self, node: usize) -> Result<ViewArgs> {
        match &self.template.nodes[node] {
            Expr::ScalarFunction(call) => view_call(call).map(|call| call.args()),
            _ => None,
        }
        .unwrap_or_else(|| Err(Error::Internal("a node that names no other bars".into())))
    }

    /// The expression of a node with constants for its control parameters and columns for the others.
    fn with_control(&self, node: usize, point: &[ParamValue]) -> Result<Expr> {
        let control = &self.control[node].0;
        let bound = self.template.nodes[node].clone().transform(|e| {
            let Expr::Placeholder(placeholder) = &e else { return Ok(Transformed::no(e)) };
            let index = placeholder_index(&placeholder.id)?;
            Ok(Transformed::yes(match control.contains(&index) {
                true => Expr::Literal(point[index].scalar(), None),
                false => Expr::Column(param_column(index)),
            }))
        });
        Ok(bound.data()?)
    }

    /// The types of the nodes that an expression reads.
    fn types_under(&mut self, expr: &Expr, point: &[ParamValue]) -> Result<HashMap<usize, DataType>> {
        nodes_in(expr).into_iter().map(|id| Ok((id, self.type_of(id, point)?))).collect()
    }

    /// The type of a node, without simplifying what is under it.
    fn type_of(&mut self, node: usize, point: &[ParamValue]) -> Result<DataType> {
        let key = (node, keys(&self.control[node].1, point));
        if let Some(known) = self.types.get(&key) {
            return Ok(known.clone());
        }
        let expr = self.with_control(node, point)?;
        let data_type = match &expr {
            Expr::ScalarFunction(call) if marked(call).is_some() => marked(call).map_or(DataType::Null, return_type),
            _ => {
                let types = self.types_under(&expr, point)?;
                let schema = self.schema_of(&expr, |id| types[&id].clone())?;
                let expr = self.simplifier(&schema).coerce(expr, &schema)?;
                expr.get_type(schema.as_ref())?
            }
        };
        self.types.insert(key, data_type.clone());
        Ok(data_type)
    }

    /// Coerced and simplified; what coercion puts around the inputs of an indicator becomes a node of its own.
    fn simplify(&mut self, place: usize, expr: Expr, types: &HashMap<usize, DataType>) -> Result<Expr> {
        let schema = self.schema_of(&expr, |id| types[&id].clone())?;
        let simplifier = self.simplifier(&schema);
        let expr = simplifier.coerce(expr, &schema)?;
        match expr {
            Expr::ScalarFunction(mut call) if marked(&call).is_some() => {
                call.args = call.args.into_iter().map(|a| simplifier.simplify(a)).collect::<Result<_, _>>()?;
                let inputs = marked(&call).map_or(0, |def| def.inputs.len());
                for arg in call.args.iter_mut().take(inputs) {
                    if !matches!(arg, Expr::Column(_)) && columns_in(arg).iter().any(|c| param_of(&c.name).is_none()) {
                        *arg = Expr::Column(node_column(self.add_node(place, arg.clone())));
                    }
                }
                Ok(Expr::ScalarFunction(call))
            }
            Expr::ScalarFunction(call) if view_call(&call).is_some() => Ok(Expr::ScalarFunction(call)),
            other => Ok(simplifier.simplify(other)?),
        }
    }

    /// A node that the template does not have; its control parameters are already constants, but not those of its bars.
    fn add_node(&mut self, place: usize, expr: Expr) -> usize {
        let own: BTreeSet<usize> = self.template.views[place].params().collect();
        let mut all = own.clone();
        let mut under = own.clone();
        under.extend(params_in(&expr));
        for id in nodes_in(&expr) {
            all.extend(&self.control[id].1);
            under.extend(&self.template.params[id]);
        }
        self.template.params.push(under);
        self.template.nodes.push(expr);
        self.template.places.push(place);
        self.control.push((own, all));
        self.template.nodes.len() - 1
    }

    fn simplifier(&self, schema: &Arc<DFSchema>) -> ExprSimplifier {
        let context = SimplifyContext::builder()
            .with_schema(Arc::clone(schema))
            .with_config_options(Arc::clone(&self.options))
            .build();
        ExprSimplifier::new(context)
    }

    fn schema(&self, expr: &Expr, under_types: &[DataType]) -> Result<Arc<DFSchema>> {
        self.schema_of(expr, |place| under_types[place].clone())
    }

    /// The columns that an expression reads: of the bars and of nodes first, then parameters.
    fn schema_of(&self, expr: &Expr, type_of: impl Fn(usize) -> DataType) -> Result<Arc<DFSchema>> {
        let bars = body_schema();
        let mut fields = vec![];
        let mut params = vec![];
        for column in columns_in(expr) {
            if let Some(index) = param_of(&column.name) {
                let data_type = self.template.param_types[index].data_type();
                params.push((None, Arc::new(Field::new(&column.name, data_type, false))));
                continue;
            }
            let field = match node_of(&column) {
                Some(id) => Field::new(&column.name, type_of(id), true),
                None => bars.field_with_name(&column.name)?.clone(),
            };
            fields.push((None, Arc::new(field)));
        }
        fields.extend(params);
        Ok(Arc::new(DFSchema::new_with_metadata(fields, HashMap::new())?))
    }
}

fn keys(params: &BTreeSet<usize>, point: &[ParamValue]) -> Vec<ValueKey> {
    params.iter().map(|&p| ValueKey::of(&point[p])).collect()
}

/// The parameters whose values decide what an expression is: those of conditions without columns, and all that are no
/// numbers.
fn control_params(expr: &Expr, types: &[ParamType]) -> BTreeSet<usize> {
    let mut control = BTreeSet::new();
    let found = expr.apply(|e| {
        let candidates: Vec<&Expr> = match e {
            Expr::Case(case) => {
                case.when_then_expr.iter().map(|(when, _)| when.as_ref()).chain(case.expr.as_deref()).collect()
            }
            Expr::BinaryExpr(binary) if binary.op.is_logic_operator() => vec![&binary.left, &binary.right],
            Expr::Not(inner) => vec![inner],
            _ => vec![],
        };
        for candidate in candidates {
            if columns_in(candidate).is_empty() {
                control.extend(placeholders_in(candidate));
            }
        }
        if let Expr::Placeholder(p) = e {
            let index = placeholder_index(&p.id)?;
            if matches!(types[index], ParamType::Bool | ParamType::Text) {
                control.insert(index);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    debug_assert!(found.is_ok(), "placeholders were checked when the body was taken apart");
    control
}

fn placeholders_in(expr: &Expr) -> Vec<usize> {
    let mut found = vec![];
    let visited = expr.apply(|e| {
        if let Expr::Placeholder(p) = e {
            found.push(placeholder_index(&p.id)?);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    debug_assert!(visited.is_ok(), "placeholders were checked when the body was taken apart");
    found
}

fn physical(expr: &Expr, schema: &DFSchema) -> Result<Arc<dyn PhysicalExpr>> {
    Ok(create_physical_expr(expr, schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())?)
}

/// The columns that are no parameters.
fn bars_part(schema: &DFSchema) -> Schema {
    Schema::new(schema.fields().iter().filter(|f| param_of(f.name()).is_none()).cloned().collect::<Vec<_>>())
}

fn input_of(column: &Column) -> Option<Input> {
    match (param_of(&column.name), node_of(column)) {
        (Some(_), _) => None,
        (None, Some(place)) => Some(Input::Under(place)),
        (None, None) => Some(Input::Bars(column.name.as_str().into())),
    }
}

fn renamed(expr: Expr, name: impl Fn(usize) -> usize) -> Result<Expr> {
    let renamed = expr.transform(|e| {
        Ok(match e {
            Expr::Column(column) => match node_of(&column) {
                Some(id) => Transformed::yes(Expr::Column(node_column(name(id)))),
                None => Transformed::no(Expr::Column(column)),
            },
            other => Transformed::no(other),
        })
    });
    Ok(renamed.data()?)
}

/// The columns of an expression, each once, in the order of appearance.
fn columns_in(expr: &Expr) -> Vec<Column> {
    let mut columns: Vec<Column> = vec![];
    let visited = expr.apply(|e| {
        if let Expr::Column(column) = e
            && !columns.contains(column)
        {
            columns.push(column.clone());
        }
        Ok(TreeNodeRecursion::Continue)
    });
    debug_assert!(visited.is_ok(), "nothing here fails");
    columns
}

fn nodes_in(expr: &Expr) -> Vec<usize> {
    columns_in(expr).iter().filter_map(node_of).collect()
}

fn params_in(expr: &Expr) -> Vec<usize> {
    columns_in(expr).iter().filter_map(|column| param_of(&column.name)).collect()
}
