//! `@assert`: a query whose every value has to be true.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::DataType;

use crate::error::{Error, Result};

/// What a report claims about the query below.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// Line of the directive.
    pub line: usize,
    /// The claim; `{name}` in it stands for a parameter.
    pub claim: String,
}

/// A claim that was looked at.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Line of the directive.
    pub line: usize,
    /// The claim.
    pub claim: String,
    /// Why it does not hold; `None` if it does.
    pub failure: Option<String>,
}

/// Why the rows do not bear the claim out; `None` if they do. A claim about no rows does not hold, and NULL is not true.
///
/// # Errors
/// A result that is not one column of booleans.
pub fn failure(batch: &RecordBatch) -> Result<Option<String>> {
    let schema = batch.schema();
    let [field] = schema.fields().as_ref() else {
        let count = batch.num_columns();
        return Err(Error::argument(format!(
            "@assert needs a query with one column of booleans, this one has {count}"
        )));
    };
    if field.data_type() != &DataType::Boolean {
        let message = format!(
            "@assert needs a column of booleans, `{}` is {}; write a condition such as count(*) > 0",
            field.name(),
            field.data_type()
        );
        return Err(Error::argument(message));
    }
    let values = batch.column(0).as_boolean();
    if values.is_empty() {
        return Ok(Some("the query gave no rows".into()));
    }
    let wrong = values.iter().filter(|value| *value != Some(true)).count();
    let what = if values.null_count() == wrong { "NULL" } else { "false" };
    Ok(match (wrong, values.len()) {
        (0, _) => None,
        (_, 1) => Some(format!("the query gave {what}")),
        (wrong, all) => Some(format!("{wrong} of {all} rows are not true")),
    })
}

/// The error of a run whose claims do not all hold.
pub fn refusal(failed: &[&Checked]) -> Error {
    let list: Vec<String> = failed
        .iter()
        .map(|check| format!("line {}: {} ({})", check.line, check.claim, check.failure.as_deref().unwrap_or("")))
        .collect();
    let count = failed.len();
    let (subject, verb) = if count == 1 { ("assertion", "does") } else { ("assertions", "do") };
    Error::Data {
        path: None,
        message: format!("{count} {subject} {verb} not hold, and no report was written; {}", list.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array};

    use super::*;

    fn of(values: Vec<Option<bool>>) -> Option<String> {
        let array: ArrayRef = Arc::new(BooleanArray::from(values));
        failure(&RecordBatch::try_from_iter_with_nullable([("ok", array, true)]).unwrap()).unwrap()
    }

    #[test]
    fn every_row_has_to_be_true() {
        assert_eq!(of(vec![Some(true), Some(true)]), None);
        assert_eq!(of(vec![Some(false)]), Some("the query gave false".into()));
        assert_eq!(of(vec![None]), Some("the query gave NULL".into()));
        assert_eq!(of(vec![Some(true), None, Some(false)]), Some("2 of 3 rows are not true".into()));
        assert_eq!(of(vec![]), Some("the query gave no rows".into()));
    }

    #[test]
    fn only_booleans_can_be_true() {
        let array: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let error = failure(&RecordBatch::try_from_iter([("n", array)]).unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "@assert needs a column of booleans, `n` is Int64; write a condition such as count(*) > 0"
        );
    }
}
