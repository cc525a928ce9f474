//! The result of `EXPLAIN`, which is text of several lines already.

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Schema};

use super::format::Renderer;
use crate::error::Result;

/// Writes each plan below its kind.
pub struct Plan;

/// Whether the result is one of `EXPLAIN`.
pub fn is_plan(schema: &Schema) -> bool {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    names == ["plan_type", "plan"]
}

impl Renderer for Plan {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let kinds = cast(batch.column(0), &DataType::Utf8)?;
        let plans = cast(batch.column(1), &DataType::Utf8)?;
        for (kind, plan) in kinds.as_string::<i32>().iter().zip(plans.as_string::<i32>()) {
            let plan = plan.unwrap_or_default();
            out.extend_from_slice(format!("{}\n", kind.unwrap_or_default()).as_bytes());
            for line in plan.trim_end().lines() {
                out.extend_from_slice(format!("  {line}\n").as_bytes());
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }
}
