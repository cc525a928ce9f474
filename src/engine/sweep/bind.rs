//! Binds a template to parameter values: each distinct (expression, values) gets one number.
//!
//! It is done in two steps, because a sweep binds millions of points and simplifying SQL takes microseconds:
//!
//! - [`Specializer`]: a node is specialised once for the values of its *control* parameters, those that decide which
//!   expression it is, such as the logic of a filter. The simplifier then removes what they switch off, so that a parameter
//!   that cannot matter does not make a second copy.
//! - [`Binder`]: an instance is a specialised node, the instances under it, and the values of its other parameters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column as PhysicalColumn, Literal};
use threadx_kernels::indicator::{Indicator, Params};

use super::formula::{Constant, Formula, as_double};
use super::specialize::{Input, Operation, Special, Specializer, lock};
use super::template::{Template, param_of};
use crate::engine::indicator::params_from_scalars;
use crate::engine::strategy::ParamValue;
use crate::engine::view::View;
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
        /// One per input of the descriptor.
        inputs: Vec<Source>,
    },
    /// An expression that the kernels evaluate themselves.
    Formula {
        /// The expression.
        formula: Arc<Formula>,
        /// Values of its constants.
        constants: Vec<f64>,
        /// The columns that it reads, by position.
        inputs: Vec<Source>,
    },
    /// Any other expression over columns.
    Scalar {
        /// The expression; its columns are `inputs`, by position.
        expr: Arc<dyn PhysicalExpr>,
        /// The columns that it reads.
        inputs: Vec<Source>,
        /// Their names and types.
        schema: Arc<Schema>,
    },
    /// A column over other bars, lined up with those of the series.
    Seen {
        /// The other bars.
        view: View,
        /// What is lined up; a column of bars is one of the other bars.
        input: Source,
    },
    /// The same value at every bar.
    Constant(ScalarValue),
}

/// Where a column comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A column of the bars, by name.
    Bars(Arc<str>),
    /// Another bound expression.
    Bound(Distinct),
    /// A constant.
    Constant(ScalarValue),
}

/// One distinct bound expression.
#[derive(Debug)]
pub struct Bound {
    /// What to compute.
    pub work: Work,
    /// The bars that it is computed on.
    pub view: View,
    /// The bound expressions under it.
    pub under: Vec<Distinct>,
    /// The node of the template that asked for it first.
    pub node: usize,
}

/// A parameter value as part of a key: equal keys are equal values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueKey {
    /// A number or truth value, by type and bits.
    Bits(u8, u64),
    /// A string.
    Text(String),
}

impl ValueKey {
    /// The key of a value.
    pub fn of(value: &ParamValue) -> Self {
        match value {
            ParamValue::Int(v) => ValueKey::Bits(0, *v as u64),
            ParamValue::Double(v) => ValueKey::Bits(1, v.to_bits()),
            ParamValue::Bool(v) => ValueKey::Bits(2, u64::from(*v)),
            ParamValue::Text(v) => ValueKey::Text(v.clone()),
        }
    }
}

/// Hands out numbers for bound expressions.
#[derive(Debug)]
pub struct Binder {
    template: Arc<Template>,
    options: Arc<ConfigOptions>,
    specializer: Arc<Mutex<Specializer>>,
    numbered: ValueNumbers,
    /// Answers by node and the values of the parameters under it.
    known: HashMap<Box<[u32]>, Distinct>,
    /// Numbers by special form, the instances under it and the values of its parameters.
    instances: HashMap<Box<[u32]>, Distinct>,
    bound: Vec<Arc<Bound>>,
}

impl Binder {
    /// Starts without any bound expression.
    pub fn new(template: Arc<Template>, options: Arc<ConfigOptions>) -> Self {
        Binder {
            specializer: template.specials.of(&template, &options),
            numbered: ValueNumbers::default(),
            template,
            options,
            known: HashMap::new(),
            instances: HashMap::new(),
            bound: vec![],
        }
    }

    /// The distinct expressions so far; numbers are positions.
    pub fn bound(&self) -> &[Arc<Bound>] {
        &self.bound
    }

    /// Forgets all numbers, so that memory does not grow with the points.
    pub fn clear(&mut self) {
        *self = Binder::new(Arc::clone(&self.template), Arc::clone(&self.options));
    }

    /// The number of a node's expression for these parameter values.
    pub fn bind(&mut self, node: usize, point: &[ParamValue]) -> Result<Distinct> {
        self.begin(point);
        self.bind_next(node, point)
    }

    /// Begins with a point: numbers its values.
    pub fn begin(&mut self, point: &[ParamValue]) {
        self.numbered.number(point);
    }

    /// The number of a node's expression for the point that was begun last.
    pub fn bind_next(&mut self, node: usize, point: &[ParamValue]) -> Result<Distinct> {
        let key = match self.template.params.get(node) {
            Some(params) => self.numbered.key(&[node], params),
            // A node that a cast made necessary.
            None => self.numbered.key(&[node], lock(&self.specializer).params_under(node)),
        };
        if let Some(known) = self.known.get(key) {
            return Ok(*known);
        }
        let key = Box::from(key);
        let special = lock(&self.specializer).special(node, point)?;
        let under = special.under.iter().map(|&id| self.bind_next(id, point)).collect::<Result<Vec<_>>>()?;
        let number = match &special.operation {
            Operation::Alias => under[0],
            _ => self.intern(node, &special, under, point)?,
        };
        self.known.insert(key, number);
        Ok(number)
    }

    fn intern(
        &mut self,
        node: usize,
        special: &Arc<Special>,
        under: Vec<Distinct>,
        point: &[ParamValue],
    ) -> Result<Distinct> {
        // The number of the special form comes first, because it says how many numbers and values follow.
        let mut numbers = vec![special.number];
        numbers.extend(&under);
        let key = self.numbered.key(&numbers, &special.params);
        if let Some(number) = self.instances.get(key) {
            return Ok(*number);
        }
        let key = Box::from(key);
        let work = work(special, &under, point)?;
        let number = self.bound.len();
        self.bound.push(Arc::new(Bound { work, view: special.view.clone(), under, node }));
        self.instances.insert(key, number);
        Ok(number)
    }
}

/// Small numbers for the values of parameters, so that keys are short.
#[derive(Debug, Default)]
pub struct ValueNumbers {
    numbers: Vec<HashMap<ValueKey, u32>>,
    /// The values of the point at hand, and their numbers.
    now: Vec<(ValueKey, u32)>,
    key: Vec<u32>,
}

impl ValueNumbers {
    fn number(&mut self, point: &[ParamValue]) {
        self.numbers.resize_with(point.len().max(self.numbers.len()), HashMap::new);
        for (index, value) in point.iter().enumerate() {
            let key = ValueKey::of(value);
            if self.now.get(index).is_some_and(|(last, _)| *last == key) {
                continue;
            }
            let next = self.numbers[index].len() as u32;
            let number = *self.numbers[index].entry(key.clone()).or_insert(next);
            match self.now.get_mut(index) {
                Some(now) => *now = (key, number),
                None => self.now.push((key, number)),
            }
        }
    }

    /// A key of some numbers and of the values of some parameters.
    pub fn key<'p>(&mut self, numbers: &[usize], params: impl IntoIterator<Item = &'p usize>) -> &[u32] {
        self.key.clear();
        self.key.extend(numbers.iter().map(|number| *number as u32));
        self.key.extend(params.into_iter().map(|&index| self.now[index].1));
        &self.key
    }
}

fn work(special: &Special, under: &[Distinct], point: &[ParamValue]) -> Result<Work> {
    let source = |input: &Input| match input {
        Input::Bars(name) => Ok(Source::Bars(Arc::clone(name))),
        Input::Under(place) => Ok(Source::Bound(under[*place])),
        Input::Constant(expr) => Ok(Source::Constant(constant(&with_params(expr, point)?)?)),
    };
    match &special.operation {
        Operation::Alias => Err(Error::Internal("an alias has no work of its own".into())),
        Operation::Indicator { def, inputs, params } => {
            let scalars = params.iter().map(|expr| constant(&with_params(expr, point)?)).collect::<Result<Vec<_>>>()?;
            let inputs = inputs.iter().map(source).collect::<Result<_>>()?;
            Ok(Work::Indicator { def, params: params_from_scalars(def, &scalars)?, inputs })
        }
        Operation::Seen { view, input } => Ok(Work::Seen { view: view.clone(), input: source(input)? }),
        Operation::Scalar { expr, inputs, schema, formula } => {
            if inputs.is_empty() {
                return Ok(Work::Constant(constant(&with_params(expr, point)?)?));
            }
            let inputs = inputs.iter().map(source).collect::<Result<_>>()?;
            if let Some(formula) = formula
                && let Some(constants) = constants(formula, point)?
            {
                return Ok(Work::Formula { formula: Arc::clone(formula), constants, inputs });
            }
            Ok(Work::Scalar { expr: with_params(expr, point)?, inputs, schema: Arc::clone(schema) })
        }
    }
}

/// The values of a formula's constants; `None` where one is missing.
fn constants(formula: &Formula, point: &[ParamValue]) -> Result<Option<Vec<f64>>> {
    let value = |what: &Constant| {
        Ok(match what {
            Constant::Value(value) => Some(*value),
            Constant::Param(index) => as_double(&point[*index]),
            Constant::Expr(expr) => match constant(&with_params(expr, point)?)? {
                ScalarValue::Float64(value) => value,
                _ => None,
            },
        })
    };
    formula.constants().iter().map(value).collect()
}

/// The expression with constants in the place of parameters.
fn with_params(expr: &Arc<dyn PhysicalExpr>, point: &[ParamValue]) -> Result<Arc<dyn PhysicalExpr>> {
    let bound = Arc::clone(expr).transform(|e| {
        let param = e.downcast_ref::<PhysicalColumn>().and_then(|column| param_of(column.name()));
        Ok(match param {
            Some(index) => {
                let literal: Arc<dyn PhysicalExpr> = Arc::new(Literal::new(point[index].scalar()));
                Transformed::yes(literal)
            }
            None => Transformed::no(e),
        })
    });
    Ok(bound.data()?)
}

/// The value of an expression without columns.
fn constant(expr: &Arc<dyn PhysicalExpr>) -> Result<ScalarValue> {
    let rows = RecordBatchOptions::new().with_row_count(Some(1));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::<ArrayRef>::new(), &rows)?;
    match expr.evaluate(&batch)? {
        ColumnarValue::Scalar(value) => Ok(value),
        ColumnarValue::Array(array) => Ok(ScalarValue::try_from_array(&array, 0)?),
    }
}
