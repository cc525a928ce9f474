//! The marker of an indicator call without `OVER`: a scalar function with a reserved name.
//!
//! A marker is never executed. In a query the analyzer turns it into a window function over a relation in time order; in a
//! sweep the planner evaluates it on the whole series.

use std::hash::{Hash, Hasher};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature};
use threadx_kernels::indicator::{INDICATORS, Indicator};

use super::adapter;
use crate::error::Error;

type DfResult<T> = std::result::Result<T, DataFusionError>;

const PREFIX: &str = "__";

/// The reserved name of the marker of an indicator.
pub fn marker_name(def: &Indicator) -> String {
    format!("{PREFIX}{}", def.name)
}

/// The indicator that a scalar function marks, if it is a marker.
pub fn marked(function: &ScalarFunction) -> Option<&'static Indicator> {
    function.func.inner().downcast_ref::<Marker>().map(|marker| marker.def)
}

/// The markers of every indicator.
pub fn markers() -> Vec<ScalarUDF> {
    INDICATORS.iter().map(|def| ScalarUDF::new_from_impl(Marker::new(def))).collect()
}

#[derive(Debug)]
struct Marker {
    def: &'static Indicator,
    name: String,
    signature: Signature,
}

impl Marker {
    fn new(def: &'static Indicator) -> Self {
        Marker { def, name: marker_name(def), signature: adapter::sql_signature(def) }
    }
}

impl PartialEq for Marker {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Marker {}

impl Hash for Marker {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Marker {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(adapter::return_type(self.def))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        Err(no_order(self.def).into())
    }
}

/// Text with the names of indicators in place of their markers, as the user wrote it.
pub fn without_markers(text: &str) -> String {
    INDICATORS
        .iter()
        .fold(text.to_string(), |text, def| text.replace(&format!("{}(", marker_name(def)), &format!("{}(", def.name)))
}

/// The error of a marker over a relation whose time order is not known.
pub fn no_order(def: &Indicator) -> Error {
    Error::argument(format!(
        "{name}(...) without OVER needs a relation in time order, such as bars(...); here write {name}(...) OVER \
         (PARTITION BY symbol ORDER BY ts)",
        name = def.name
    ))
}
