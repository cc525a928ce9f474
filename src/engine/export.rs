//! What `COPY ... TO` can write: further names of formats, and a check before a file is touched.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::catalog::Session;
use datafusion::common::{DataFusionError, GetExt};
use datafusion::datasource::file_format::arrow::ArrowFormatFactory;
use datafusion::datasource::file_format::json::JsonFormatFactory;
use datafusion::datasource::file_format::{FileFormat, FileFormatFactory};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;

use crate::error::{Error, Result};

/// A format under another name: the extension by which `COPY` finds it.
#[derive(Debug)]
struct Alias {
    extension: &'static str,
    format: Arc<dyn FileFormatFactory>,
}

impl GetExt for Alias {
    fn get_ext(&self) -> String {
        self.extension.to_string()
    }
}

impl FileFormatFactory for Alias {
    fn create(
        &self,
        state: &dyn Session,
        options: &HashMap<String, String>,
    ) -> Result<Arc<dyn FileFormat>, DataFusionError> {
        self.format.create(state, options)
    }

    fn default(&self) -> Arc<dyn FileFormat> {
        self.format.default()
    }
}

/// Adds the names by which other programs call the formats that are there.
pub fn register(state: &mut SessionState) -> Result<()> {
    let json: Arc<dyn FileFormatFactory> = Arc::new(JsonFormatFactory::new());
    let arrow: Arc<dyn FileFormatFactory> = Arc::new(ArrowFormatFactory::new());
    for (extension, format) in [("feather", &arrow), ("ipc", &arrow), ("jsonl", &json), ("ndjson", &json)] {
        state.register_file_format(Arc::new(Alias { extension, format: Arc::clone(format) }), true)?;
    }
    Ok(())
}

/// Refuses a copy that would fail after it had replaced the file.
///
/// # Errors
/// CSV of a column with several values.
pub fn check(plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Copy(copy) = plan else { return Ok(()) };
    if !copy.file_type.get_ext().eq_ignore_ascii_case("csv") {
        return Ok(());
    }
    let is_nested = |data_type: &DataType| data_type.is_nested();
    let Some(field) = copy.input.schema().fields().iter().find(|field| is_nested(field.data_type())) else {
        return Ok(());
    };
    let name = field.name();
    let part = match field.data_type() {
        DataType::Struct(fields) => fields.first().map(|first| format!("{name}.{}", first.name())),
        _ => Some(format!("{name}[1]")),
    };
    let hint = part.map(|part| format!("select its parts, such as `{part}`, or ")).unwrap_or_default();
    Err(Error::argument(format!(
        "CSV has no place for the column `{name}`, which holds several values; {hint}write Parquet, JSON or Arrow"
    )))
}
