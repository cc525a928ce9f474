//! The shape that `linspace` and `logspace` share: three constants in, a list of numbers out.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Float64Builder, ListBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::scalar_doc_sections::DOC_SECTION_ARRAY;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, DocumentationBuilder, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::Error;

type Values = fn(f64, f64, usize) -> Result<Vec<f64>, String>;

/// A function of `(start DOUBLE, stop DOUBLE, n INT)` that gives a list of `n` numbers.
#[derive(Debug)]
pub(super) struct Spaced {
    name: &'static str,
    values: Values,
    signature: Signature,
    documentation: Documentation,
}

impl Spaced {
    pub(super) fn new(name: &'static str, values: Values, summary: &str) -> Self {
        let types = vec![DataType::Float64, DataType::Float64, DataType::Int64];
        let signature = Signature::exact(types, Volatility::Immutable);
        let names = ["start", "stop", "n"].map(str::to_string).to_vec();
        let signature = signature.clone().with_parameter_names(names).unwrap_or(signature);
        let documentation =
            DocumentationBuilder::new_with_details(DOC_SECTION_ARRAY, summary, format!("{name}(start, stop, n)"))
                .with_sql_example(format!("SELECT {name}(1, 4, 3)"))
                .build();
        Spaced { name, values, signature, documentation }
    }
}

impl PartialEq for Spaced {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Spaced {}

impl Hash for Spaced {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Spaced {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true))))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let rows = args.number_rows;
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let (start, stop) = (arrays[0].as_primitive::<Float64Type>(), arrays[1].as_primitive::<Float64Type>());
        let count = arrays[2].as_primitive::<Int64Type>();
        let mut lists = ListBuilder::new(Float64Builder::new());
        for row in 0..arrays[0].len().min(rows.max(1)) {
            if start.is_null(row) || stop.is_null(row) || count.is_null(row) {
                lists.append_null();
                continue;
            }
            let n = usize::try_from(count.value(row)).map_err(|_| {
                Error::argument(format!(
                    "`n` of {}() must be a whole number, at least 1, got {}",
                    self.name,
                    count.value(row)
                ))
            })?;
            let values = (self.values)(start.value(row), stop.value(row), n).map_err(Error::argument)?;
            lists.values().append_slice(&values);
            lists.append(true);
        }
        Ok(ColumnarValue::Array(Arc::new(lists.finish())))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
