//! Every indicator of the registry as window functions: one adapter for all descriptors.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{
    DataType, Field, FieldRef, Float64Type, Schema, TimeUnit, TimestampMicrosecondType,
};
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::scalar_doc_sections::DOC_SECTION_OTHER;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, DocumentationBuilder, LimitEffect, PartitionEvaluator, Signature, WindowUDF,
    WindowUDFImpl,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::WindowExpr;
use datafusion::physical_plan::windows::{StandardWindowExpr, WindowUDFExpr};
use threadx_kernels::indicator::{INDICATORS, Indicator, Kind, Param, Params, Stream};

use crate::engine::indicator::{Call, column_of, compute, params_from_scalars, return_type, signature, sql_signature};
use crate::error::{Error, Result};

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// Every indicator as a window function.
pub fn all() -> Vec<WindowUDF> {
    INDICATORS.iter().map(|def| udf(def)).collect()
}

/// One indicator as a window function.
pub fn udf(def: &'static Indicator) -> WindowUDF {
    WindowUDF::new_from_impl(IndicatorUdf::new(def))
}

#[derive(Debug)]
struct IndicatorUdf {
    def: &'static Indicator,
    signature: Signature,
    aliases: Vec<String>,
    documentation: Documentation,
}

impl IndicatorUdf {
    fn new(def: &'static Indicator) -> Self {
        IndicatorUdf {
            def,
            signature: sql_signature(def),
            aliases: def.aliases.iter().map(|a| a.to_string()).collect(),
            documentation: DocumentationBuilder::new_with_details(DOC_SECTION_OTHER, def.summary, signature(def))
                .with_sql_example(def.example)
                .build(),
        }
    }
}

impl IndicatorUdf {
    /// The parameters of a call with these arguments.
    fn params(&self, args: &[Arc<dyn PhysicalExpr>]) -> Result<Params> {
        let values = args.iter().skip(self.def.inputs.len()).zip(self.def.params);
        let place = |param: &Param| format!("`{}` of {}()", param.name, self.def.name);
        let scalars = values.map(|(expr, param)| constant(&place(param), expr)).collect::<Result<Vec<_>>>()?;
        params_from_scalars(self.def, &scalars)
    }
}

/// The call of an indicator, if a window expression is one.
pub fn indicator_call(expr: &Arc<dyn WindowExpr>) -> Result<Option<Call>> {
    let standard = expr.as_any().downcast_ref::<StandardWindowExpr>();
    let function = standard.and_then(|e| e.get_standard_func_expr().as_any().downcast_ref::<WindowUDFExpr>());
    let Some(function) = function else { return Ok(None) };
    let Some(udf) = function.fun().inner().downcast_ref::<IndicatorUdf>() else { return Ok(None) };
    let args = function.args();
    let inputs = args.iter().take(udf.def.inputs.len()).cloned().collect();
    Ok(Some(Call { def: udf.def, params: udf.params(args)?, inputs }))
}

/// A descriptor is a static: its name is its identity.
impl PartialEq for IndicatorUdf {
    fn eq(&self, other: &Self) -> bool {
        self.def.name == other.def.name
    }
}

impl Eq for IndicatorUdf {}

impl Hash for IndicatorUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.def.name.hash(state);
    }
}

impl WindowUDFImpl for IndicatorUdf {
    fn name(&self) -> &str {
        self.def.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, args: PartitionEvaluatorArgs) -> DfResult<Box<dyn PartitionEvaluator>> {
        let params = self.params(args.input_exprs())?;
        let stream = (self.def.stream)(&params);
        let inputs = vec![f64::NAN; self.def.inputs.len()];
        let outputs = vec![f64::NAN; self.def.outputs.len()];
        Ok(Box::new(Evaluator { def: self.def, params, stream, inputs, outputs }))
    }

    fn field(&self, args: WindowUDFFieldArgs) -> DfResult<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), return_type(self.def), true)))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }

    /// No value depends on a later row, so that a limit may go below the window.
    fn limit_effect(&self, _: &[Arc<dyn PhysicalExpr>]) -> LimitEffect {
        LimitEffect::None
    }
}

/// The value of a constant argument. It is evaluated rather than matched, because it may be a cast or a bound parameter.
pub fn constant(place: &str, expr: &Arc<dyn PhysicalExpr>) -> Result<ScalarValue> {
    let one_row = RecordBatchOptions::new().with_row_count(Some(1));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &one_row)?;
    match expr.evaluate(&batch) {
        Ok(ColumnarValue::Scalar(scalar)) => Ok(scalar),
        Ok(ColumnarValue::Array(array)) if array.len() == 1 => Ok(ScalarValue::try_from_array(&array, 0)?),
        _ => {
            let shown = match expr.downcast_ref::<Column>() {
                Some(column) => column.name().to_string(),
                None => expr.to_string(),
            };
            Err(Error::argument(format!("{place} must be a constant, got `{shown}`")))
        }
    }
}

/// How DataFusion's own window operators compute an indicator: where the operator of ours is not put in their place.
struct Evaluator {
    def: &'static Indicator,
    params: Params,
    stream: Box<dyn Stream>,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
}

impl std::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{:?}", self.def.name, self.params.values())
    }
}

impl PartitionEvaluator for Evaluator {
    fn uses_window_frame(&self) -> bool {
        false
    }

    fn supports_bounded_execution(&self) -> bool {
        true
    }

    /// Without this the last row of each batch would be held back.
    fn is_causal(&self) -> bool {
        true
    }

    fn evaluate(&mut self, values: &[ArrayRef], range: &Range<usize>) -> DfResult<ScalarValue> {
        for (slot, array) in self.inputs.iter_mut().zip(values) {
            *slot = value_at(array, range.start);
        }
        self.stream.step(&self.inputs, &mut self.outputs);
        let &[value] = self.outputs.as_slice() else {
            let row = column_of(self.def, self.outputs.iter().map(|value| vec![*value]).collect())?;
            return ScalarValue::try_from_array(&row, 0);
        };
        let missing = value.is_nan();
        Ok(match self.def.outputs[0].kind {
            Kind::Number | Kind::Time => ScalarValue::Float64((!missing).then_some(value)),
            Kind::Bool => ScalarValue::Boolean((!missing).then_some(value == 1.0)),
        })
    }

    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> DfResult<ArrayRef> {
        Ok(compute(self.def, &self.params, &values[..self.def.inputs.len()], rows)?)
    }
}

fn value_at(array: &ArrayRef, row: usize) -> f64 {
    if array.is_null(row) {
        return f64::NAN;
    }
    match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row),
        DataType::Boolean if array.as_boolean().value(row) => 1.0,
        DataType::Boolean => 0.0,
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            array.as_primitive::<TimestampMicrosecondType>().value(row) as f64
        }
        _ => f64::NAN,
    }
}
