//! Expressions that the kernels evaluate themselves: arithmetic, comparisons and logic over columns of `DOUBLE` and `BOOLEAN`.
//!
//! They are what a strategy mostly is made of, and a sweep evaluates them for every combination. The values are those of
//! DataFusion, without its columns in between.

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Schema};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CastExpr, Column as PhysicalColumn, IsNotNullExpr, IsNullExpr, Literal, NegativeExpr, NotExpr,
};
use datafusion::physical_expr::utils::collect_columns;
use threadx_kernels::formula::{Arithmetic, Column, Columns, Comparison, Condition, Number};

use super::template::param_of;
use crate::engine::indicator::{array_from_flags, nulls_from_bits, words};
use crate::engine::strategy::ParamValue;
use crate::error::Result;

/// Most operations inside each other. The kernels keep the blocks of each on the stack, and a longer chain is left to
/// DataFusion, which knows how to find more stack.
const DEEPEST: usize = 32;

/// An expression in the form of the kernels.
#[derive(Debug)]
pub struct Formula {
    root: Root,
    constants: Vec<Constant>,
    /// The types of the columns.
    types: Vec<DataType>,
}

#[derive(Debug)]
enum Root {
    Number(Number),
    Condition(Condition),
}

/// What a constant of the kernels is for a point.
#[derive(Debug)]
pub enum Constant {
    /// The same for all points.
    Value(f64),
    /// A parameter, by position.
    Param(usize),
    /// An expression over parameters.
    Expr(Arc<dyn PhysicalExpr>),
}

impl Formula {
    /// The formula of an expression over the columns of a schema, parameters behind all others; `None` where the kernels do
    /// not know a part of it.
    pub fn new(expr: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Option<Self> {
        let mut reader = Reader { schema, constants: vec![], depth: 0 };
        let root = match expr.data_type(schema).ok()? {
            DataType::Float64 => Root::Number(reader.number(expr)?),
            DataType::Boolean => Root::Condition(reader.condition(expr)?),
            _ => return None,
        };
        let columns = schema.fields().iter().filter(|field| param_of(field.name()).is_none());
        let types = columns.map(|field| field.data_type().clone()).collect();
        Some(Formula { root, constants: reader.constants, types })
    }

    /// The constants, in the order in which [`Formula::evaluate`] takes their values.
    pub fn constants(&self) -> &[Constant] {
        &self.constants
    }

    /// The value at each of `rows` bars.
    ///
    /// # Errors
    /// A column that has not the type of the schema and cannot be turned into it.
    pub fn evaluate(&self, columns: &[ArrayRef], constants: &[f64], rows: usize) -> Result<ArrayRef> {
        let columns =
            columns.iter().zip(&self.types).map(|(column, ty)| of_type(column, ty)).collect::<Result<Vec<_>>>()?;
        let parts: Vec<Parts> = columns.iter().map(Parts::of).collect();
        let columns: Vec<Column> = parts.iter().map(Parts::column).collect();
        let over = Columns { columns: &columns, constants, len: rows };
        Ok(match &self.root {
            Root::Number(number) => {
                let (values, known) = number.evaluate(&over);
                Arc::new(Float64Array::new(values.into(), known.map(nulls_from_bits)))
            }
            Root::Condition(condition) => Arc::new(array_from_flags(condition.evaluate(&over))),
        })
    }
}

/// A column of nothing but NULL has a type of its own.
fn of_type(column: &ArrayRef, ty: &DataType) -> Result<ArrayRef> {
    match column.data_type() == ty {
        true => Ok(Arc::clone(column)),
        false => Ok(cast(column, ty)?),
    }
}

/// The memory of a column, as the kernels read it.
struct Parts<'a> {
    values: Option<&'a [f64]>,
    holds: Cow<'a, [u64]>,
    known: Option<Cow<'a, [u64]>>,
}

impl<'a> Parts<'a> {
    fn of(column: &'a ArrayRef) -> Self {
        let known = column.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| words(nulls.inner()));
        let values = column.as_primitive_opt::<Float64Type>().map(|numbers| &numbers.values()[..]);
        let holds = column.as_boolean_opt().map_or(Cow::Borrowed(&[][..]), |flags| words(flags.values()));
        Parts { values, holds, known }
    }

    fn column(&self) -> Column<'_> {
        let known = self.known.as_deref();
        match self.values {
            Some(values) => Column::Numbers { values, known },
            None => Column::Flags { holds: &self.holds, known },
        }
    }
}

/// Turns expressions over a schema into those of the kernels.
struct Reader<'a> {
    schema: &'a Schema,
    constants: Vec<Constant>,
    /// Operations around the one at hand.
    depth: usize,
}

impl Reader<'_> {
    fn is(&self, expr: &Arc<dyn PhysicalExpr>, ty: DataType) -> bool {
        expr.data_type(self.schema).is_ok_and(|found| found == ty)
    }

    /// Reads an operand, unless it is too deep.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let operand = read(self);
        self.depth -= 1;
        operand
    }

    fn number(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Number> {
        self.inside(|reader| reader.any_number(expr))
    }

    fn any_number(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Number> {
        if !self.is(expr, DataType::Float64) {
            return None;
        }
        let is_constant = collect_columns(expr).iter().all(|column| param_of(column.name()).is_some());
        if is_constant && let Some(leaf) = leaf(expr) {
            return Some(self.constant(leaf));
        }
        if let Some(column) = expr.downcast_ref::<PhysicalColumn>() {
            return Some(Number::Column(column.index()));
        }
        let before = self.constants.len();
        match self.combined(expr) {
            None if is_constant => {
                self.constants.truncate(before);
                Some(self.constant(Constant::Expr(Arc::clone(expr))))
            }
            combined => combined,
        }
    }

    fn constant(&mut self, constant: Constant) -> Number {
        self.constants.push(constant);
        Number::Constant(self.constants.len() - 1)
    }

    /// A number made of others.
    fn combined(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Number> {
        if let Some(negative) = expr.downcast_ref::<NegativeExpr>() {
            return Some(Number::Negative(Box::new(self.number(negative.arg())?)));
        }
        let binary = expr.downcast_ref::<BinaryExpr>()?;
        let operation = match binary.op() {
            Operator::Plus => Arithmetic::Add,
            Operator::Minus => Arithmetic::Subtract,
            Operator::Multiply => Arithmetic::Multiply,
            Operator::Divide => Arithmetic::Divide,
            _ => return None,
        };
        Some(Number::Binary(operation, Box::new([self.number(binary.left())?, self.number(binary.right())?])))
    }

    fn condition(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Condition> {
        self.inside(|reader| reader.any_condition(expr))
    }

    fn any_condition(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Condition> {
        if !self.is(expr, DataType::Boolean) {
            return None;
        }
        if let Some(column) = expr.downcast_ref::<PhysicalColumn>() {
            return param_of(column.name()).is_none().then(|| Condition::Column(column.index()));
        }
        if let Some(literal) = expr.downcast_ref::<Literal>() {
            let ScalarValue::Boolean(value) = literal.value() else { return None };
            return Some(Condition::Constant(*value));
        }
        if let Some(not) = expr.downcast_ref::<NotExpr>() {
            return Some(Condition::Not(Box::new(self.condition(not.arg())?)));
        }
        if let Some(missing) = expr.downcast_ref::<IsNullExpr>() {
            return Some(Condition::Not(Box::new(self.is_there(missing.arg())?)));
        }
        if let Some(there) = expr.downcast_ref::<IsNotNullExpr>() {
            return self.is_there(there.arg());
        }
        self.binary(expr.downcast_ref::<BinaryExpr>()?)
    }

    fn is_there(&mut self, expr: &Arc<dyn PhysicalExpr>) -> Option<Condition> {
        match self.is(expr, DataType::Float64) {
            true => Some(Condition::HasNumber(Box::new(self.number(expr)?))),
            false => Some(Condition::HasCondition(Box::new(self.condition(expr)?))),
        }
    }

    fn binary(&mut self, binary: &BinaryExpr) -> Option<Condition> {
        let comparison = match binary.op() {
            Operator::And | Operator::Or => {
                let sides = Box::new([self.condition(binary.left())?, self.condition(binary.right())?]);
                return Some(if *binary.op() == Operator::And { Condition::And(sides) } else { Condition::Or(sides) });
            }
            // `x IS TRUE` and its like.
            Operator::IsNotDistinctFrom => return self.is_value(binary),
            Operator::IsDistinctFrom => return Some(Condition::Not(Box::new(self.is_value(binary)?))),
            Operator::Eq => Comparison::Equal,
            Operator::NotEq => Comparison::NotEqual,
            Operator::Lt => Comparison::Less,
            Operator::LtEq => Comparison::LessOrEqual,
            Operator::Gt => Comparison::Greater,
            Operator::GtEq => Comparison::GreaterOrEqual,
            _ => return None,
        };
        Some(Condition::Compare(comparison, Box::new([self.number(binary.left())?, self.number(binary.right())?])))
    }

    /// `condition IS NOT DISTINCT FROM` a truth value.
    fn is_value(&mut self, binary: &BinaryExpr) -> Option<Condition> {
        let literal = binary.right().downcast_ref::<Literal>()?;
        let ScalarValue::Boolean(Some(value)) = literal.value() else { return None };
        let inner = self.condition(binary.left())?;
        Some(Condition::Holds(Box::new(if *value { inner } else { Condition::Not(Box::new(inner)) })))
    }
}

/// A literal or a parameter.
fn leaf(expr: &Arc<dyn PhysicalExpr>) -> Option<Constant> {
    if let Some(literal) = expr.downcast_ref::<Literal>() {
        let ScalarValue::Float64(Some(value)) = literal.value() else { return None };
        return Some(Constant::Value(*value));
    }
    let inner = expr.downcast_ref::<CastExpr>().map_or(expr, CastExpr::expr);
    inner.downcast_ref::<PhysicalColumn>().and_then(|column| param_of(column.name())).map(Constant::Param)
}

/// A number parameter as `DOUBLE`, as SQL casts it.
pub fn as_double(value: &ParamValue) -> Option<f64> {
    match value {
        ParamValue::Int(value) => Some(*value as f64),
        ParamValue::Double(value) => Some(*value),
        ParamValue::Bool(_) | ParamValue::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{BooleanArray, RecordBatch};
    use datafusion::arrow::datatypes::Field;
    use datafusion::common::DFSchema;
    use datafusion::logical_expr::execution_props::ExecutionProps;
    use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
    use datafusion::logical_expr::simplify::SimplifyContext;
    use datafusion::optimizer::simplify_expressions::ExprSimplifier;
    use datafusion::physical_expr::create_physical_expr;
    use datafusion::prelude::SessionContext;

    use super::super::template::param_column;
    use super::*;

    /// Two numbers, two conditions, all with NULLs and odd values, and two parameters.
    fn schema() -> Schema {
        let field = |name: &str, ty: &DataType| Field::new(name, ty.clone(), true);
        let mut fields = ["a", "b"].map(|name| field(name, &DataType::Float64)).to_vec();
        fields.extend(["p", "q"].map(|name| field(name, &DataType::Boolean)));
        for (index, ty) in [DataType::Float64, DataType::Int64].iter().enumerate() {
            fields.push(Field::new(param_column(index).name, ty.clone(), false));
        }
        Schema::new(fields)
    }

    fn columns(rows: usize) -> Vec<ArrayRef> {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1.0, -1.5, 2.0, 3.0];
        let mut state = 7_u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut numbers = || -> ArrayRef {
            Arc::new((0..rows).map(|_| (draw(5) > 0).then(|| odd[draw(odd.len())])).collect::<Float64Array>())
        };
        let [a, b] = [numbers(), numbers()];
        let mut flags = || -> ArrayRef {
            Arc::new((0..rows).map(|_| [None, Some(true), Some(false)][draw(3)]).collect::<BooleanArray>())
        };
        vec![a, b, flags(), flags()]
    }

    /// An expression in which `x` and `n` stand for the parameters.
    fn physical(text: &str) -> Arc<dyn PhysicalExpr> {
        let schema = DFSchema::try_from(schema()).unwrap();
        let [x, n] = [0, 1].map(|index| format!("\"{}\"", param_column(index).name));
        let text = text.replace('x', &x).replace('n', &n);
        let expr = SessionContext::new().state().create_logical_expr(&text, &schema).unwrap();
        let context = SimplifyContext::builder().with_schema(Arc::new(schema.clone())).build();
        let simplifier = ExprSimplifier::new(context);
        let expr = simplifier.simplify(simplifier.coerce(expr, &schema).unwrap()).unwrap();
        create_physical_expr(&expr, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default()).unwrap()
    }

    #[test]
    fn values_are_those_of_datafusion() {
        let (x, n) = (1.5, 2);
        let texts = [
            "a < b",
            "a <= b",
            "a > b",
            "a >= b",
            "a = b",
            "a <> b",
            "a < x",
            "x >= b",
            "a > n",
            "a = 0",
            "a < -x",
            "a > b * x",
            "a - b / n > -(b + 1)",
            "a * x",
            "-a",
            "a + b - n / 2.0",
            "a / b",
            "p AND q",
            "p OR q",
            "NOT (p AND NOT q)",
            "a IS NULL",
            "a + b IS NULL OR p",
            "p IS NULL",
            "(a > b) IS NULL AND q",
            "p IS TRUE",
            "p IS NOT TRUE",
            "p IS FALSE",
            "(a < b OR p) IS NOT FALSE",
            "p AND (a > b OR (q AND a <= x))",
            "a BETWEEN b AND n",
            "a > x * 2.0 + 1.0",
            "p AND NULL",
            "q OR NULL",
        ];
        for rows in [0, 1, 64, 1500] {
            let columns = columns(rows);
            let mut all = columns.clone();
            all.push(ScalarValue::Float64(Some(x)).to_array_of_size(rows).unwrap());
            all.push(ScalarValue::Int64(Some(n)).to_array_of_size(rows).unwrap());
            let batch = RecordBatch::try_new(Arc::new(schema()), all).unwrap();
            for text in texts {
                let expr = physical(text);
                let expected = expr.evaluate(&batch).unwrap().into_array(rows).unwrap();
                let formula = Formula::new(&expr, &schema()).unwrap_or_else(|| panic!("no formula of {text}: {expr}"));
                let values: Vec<f64> = formula
                    .constants()
                    .iter()
                    .map(|constant| match constant {
                        Constant::Value(value) => *value,
                        Constant::Param(index) => [x, n as f64][*index],
                        Constant::Expr(expr) => panic!("{expr} in {text} is taken apart"),
                    })
                    .collect();
                assert_same(&formula.evaluate(&columns, &values, rows).unwrap(), &expected, text);
            }
        }
    }

    fn assert_same(ours: &ArrayRef, theirs: &ArrayRef, text: &str) {
        assert_eq!((ours.data_type(), ours.len()), (theirs.data_type(), theirs.len()), "{text}");
        for row in 0..ours.len() {
            assert_eq!(ours.is_valid(row), theirs.is_valid(row), "{text} at {row}");
            if !ours.is_valid(row) {
                continue;
            }
            match ours.as_boolean_opt() {
                Some(ours) => assert_eq!(ours.value(row), theirs.as_boolean().value(row), "{text} at {row}"),
                None => {
                    let [a, b] = [ours, theirs].map(|array| array.as_primitive::<Float64Type>().value(row));
                    assert!(a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(), "{text} at {row}: {a} for {b}");
                }
            }
        }
    }

    #[test]
    fn what_the_kernels_do_not_know_is_left_alone() {
        for text in ["a > b + p::INT", "CASE WHEN p THEN a ELSE b END", "a % b", "abs(a) > 1", "p = q", "n + 1"] {
            assert!(Formula::new(&physical(text), &schema()).is_none(), "{text}");
        }
        let sum = |terms: usize| physical(&format!("a > {}", vec!["b"; terms].join(" + ")));
        assert!(Formula::new(&sum(20), &schema()).is_some());
        assert!(Formula::new(&sum(40), &schema()).is_none(), "deeper than the stack should hold");
    }
}
