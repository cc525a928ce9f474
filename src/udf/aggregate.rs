//! Every metric of the registry that has an aggregate form: one adapter for all descriptors.
//!
//! The rows of a group are collected and handed to the metric in a fixed order, the order of `ORDER BY` where the metric
//! depends on it and ascending by value elsewhere, so that the result has the same bits for any number of threads. Memory:
//! eight bytes per row.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, TypeSignature, Volatility};
use threadx_kernels::metric::{Aggregate, METRICS, Metric};

use crate::engine::scalar;
use crate::error::{Error, Result};
use crate::udf::run_options;
use crate::udf::window::constant;

/// The last argument of every aggregate.
pub const CONVENTION: &str = "convention";

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// Every metric that has an aggregate form.
pub fn all() -> Vec<AggregateUDF> {
    METRICS
        .iter()
        .filter_map(|def| Some(AggregateUDF::new_from_impl(MetricUdf::new(def, def.aggregate.as_ref()?))))
        .collect()
}

/// The aggregate signature as it is shown to people, or an empty string if the metric is only a column of `backtest()`.
pub fn signature(def: &Metric) -> String {
    let Some(aggregate) = &def.aggregate else { return String::new() };
    let order = if aggregate.input.is_ordered() { " ORDER BY ts" } else { "" };
    let params: String = aggregate.params.iter().map(|p| format!(", {} => {:?}", p.name, p.default)).collect();
    format!("{}({}{params}{order})", def.name, aggregate.input.name())
}

struct MetricUdf {
    def: &'static Metric,
    aggregate: &'static Aggregate,
    signature: Signature,
}

impl fmt::Debug for MetricUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.def.name)
    }
}

impl MetricUdf {
    fn new(def: &'static Metric, aggregate: &'static Aggregate) -> Self {
        let numbers = |n: usize| vec![DataType::Float64; n + 1];
        let mut forms: Vec<TypeSignature> =
            (0..=aggregate.params.len()).map(|n| TypeSignature::Exact(numbers(n))).collect();
        let mut with_convention = numbers(aggregate.params.len());
        with_convention.push(DataType::Utf8);
        forms.push(TypeSignature::Exact(with_convention));
        let names = std::iter::once(aggregate.input.name()).chain(aggregate.params.iter().map(|p| p.name));
        let names = names.chain([CONVENTION]);
        let signature = Signature::one_of(forms, Volatility::Immutable);
        let signature =
            signature.clone().with_parameter_names(names.map(str::to_string).collect()).unwrap_or(signature);
        MetricUdf { def, aggregate, signature }
    }
}

impl PartialEq for MetricUdf {
    fn eq(&self, other: &Self) -> bool {
        self.def.name == other.def.name
    }
}

impl Eq for MetricUdf {}

impl Hash for MetricUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.def.name.hash(state);
    }
}

impl AggregateUDFImpl for MetricUdf {
    fn name(&self) -> &str {
        self.def.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Float64)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        match self.aggregate.input.is_ordered() {
            true => AggregateOrderSensitivity::HardRequirement,
            false => AggregateOrderSensitivity::Insensitive,
        }
    }

    fn accumulator(&self, args: AccumulatorArgs) -> DfResult<Box<dyn Accumulator>> {
        let mut params: Vec<f64> = self.aggregate.params.iter().map(|p| p.default).collect();
        for ((slot, def), expr) in params.iter_mut().zip(self.aggregate.params).zip(args.exprs.iter().skip(1)) {
            let place = || format!("`{}` of {}()", def.name, self.def.name);
            let value = constant(&place(), expr)?;
            *slot = scalar::number(&value).filter(|v| *v > def.above).ok_or_else(|| {
                let got = scalar::describe(&value);
                Error::argument(format!("{} must be a number above {}, got {got}", place(), def.above))
            })?;
        }
        let mut compute = self.aggregate.compute;
        if let Some(expr) = args.exprs.get(1 + self.aggregate.params.len()) {
            let place = format!("`{CONVENTION}` of {}()", self.def.name);
            let value = constant(&place, expr)?;
            let name = scalar::text(&value).ok_or_else(|| {
                Error::argument(format!("{place} must be a string, got {}", scalar::describe(&value)))
            })?;
            let variant = run_options::convention(&name)?.variant(self.def.name);
            compute = variant.and_then(|variant| variant.aggregate).unwrap_or(compute);
        }
        if self.aggregate.input.is_ordered() && args.order_bys.is_empty() && !args.is_distinct {
            let example = signature(self.def);
            return Err(Error::argument(format!(
                "{}() depends on the order of the rows; write {example}",
                self.def.name
            ))
            .into());
        }
        let is_ordered = self.aggregate.input.is_ordered();
        Ok(Box::new(Collect { compute, is_ordered, params, rows: vec![] }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> DfResult<Vec<FieldRef>> {
        let item = Field::new_list_field(DataType::Float64, true);
        Ok(vec![Arc::new(Field::new_list(format!("{}[rows]", args.name), item, false))])
    }
}

struct Collect {
    compute: fn(&[f64], &[f64]) -> Option<f64>,
    is_ordered: bool,
    params: Vec<f64>,
    rows: Vec<f64>,
}

impl fmt::Debug for Collect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows", self.rows.len())
    }
}

impl Collect {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        let numbers = array.as_primitive::<Float64Type>();
        self.rows.extend(numbers.iter().flatten().filter(|v| !v.is_nan()));
        Ok(())
    }
}

impl Accumulator for Collect {
    fn update_batch(&mut self, values: &[ArrayRef]) -> DfResult<()> {
        Ok(self.push(&values[0])?)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> DfResult<()> {
        let lists = states[0].as_list::<i32>();
        for row in 0..lists.len() {
            self.push(&lists.value(row))?;
        }
        Ok(())
    }

    fn state(&mut self) -> DfResult<Vec<ScalarValue>> {
        let rows = Float64Array::from(std::mem::take(&mut self.rows));
        let offsets = OffsetBuffer::from_lengths([rows.len()]);
        let item = Arc::new(Field::new_list_field(DataType::Float64, true));
        let list = ListArray::new(item, offsets, Arc::new(rows), None);
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn evaluate(&mut self) -> DfResult<ScalarValue> {
        if !self.is_ordered {
            self.rows.sort_unstable_by(f64::total_cmp);
        }
        let value = (self.compute)(&self.rows, &self.params).filter(|value| value.is_finite());
        Ok(ScalarValue::Float64(value))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.rows.capacity() * size_of::<f64>()
    }
}
