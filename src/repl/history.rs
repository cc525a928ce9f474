//! What was typed at the prompt: a list, a file, and the table `prompt.history`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::MemorySchemaProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;

use crate::error::{Error, Result};
use crate::session::Engine;

/// Environment variable that names the file of typed lines; empty keeps none.
pub const VARIABLE: &str = "THREADX_HISTORY";

/// Schema of the tables that belong to the prompt.
pub const SCHEMA: &str = "prompt";

const TABLE: &str = "history";

/// What was typed, oldest first. Clones share one list.
#[derive(Debug, Clone, Default)]
pub struct History(Arc<Mutex<Vec<String>>>);

impl History {
    /// Adds what was typed last.
    pub fn push(&self, text: &str) {
        self.entries().push(text.to_string());
    }

    /// Replaces the list.
    pub fn load<'a>(&self, texts: impl Iterator<Item = &'a String>) {
        *self.entries() = texts.cloned().collect();
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether nothing was typed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a number, from 1.
    pub fn get(&self, number: usize) -> Option<String> {
        self.entries().get(number.checked_sub(1)?).cloned()
    }

    /// The newest `most` entries that contain a text, in any case, with their numbers, oldest first.
    pub fn find(&self, text: &str, most: usize) -> Vec<(usize, String)> {
        let text = text.to_lowercase();
        let entries = self.entries();
        let matching = entries.iter().enumerate().rev().filter(|(_, entry)| entry.to_lowercase().contains(&text));
        let mut found: Vec<(usize, String)> = matching.take(most).map(|(at, entry)| (at + 1, entry.clone())).collect();
        found.reverse();
        found
    }

    /// Makes the list a table of a session: `number`, `statement`.
    pub fn register(&self, engine: &Engine) -> Result<()> {
        let stream = Arc::new(Statements { history: self.clone(), schema: schema() });
        let table = StreamingTable::try_new(schema(), vec![stream])?;
        let names = engine.context().catalog_names();
        let catalog = names.first().and_then(|name| engine.context().catalog(name));
        let catalog = catalog.ok_or_else(|| Error::Internal("the session has no catalog".into()))?;
        catalog.register_schema(SCHEMA, Arc::new(MemorySchemaProvider::new()))?;
        engine.context().register_table(format!("{SCHEMA}.{TABLE}"), Arc::new(table))?;
        Ok(())
    }

    fn entries(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn schema() -> SchemaRef {
    let field = |name, data_type| Field::new(name, data_type, false);
    Arc::new(Schema::new(vec![field("number", DataType::Int64), field("statement", DataType::Utf8)]))
}

#[derive(Debug)]
struct Statements {
    history: History,
    schema: SchemaRef,
}

impl PartitionStream for Statements {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let entries = self.history.entries().clone();
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values((1..).take(entries.len())));
        let batch = RecordBatch::try_new(self.schema.clone(), vec![numbers, Arc::new(StringArray::from(entries))]);
        let stream = futures::stream::iter([batch.map_err(Into::into)]);
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), stream))
    }
}

/// Where typed lines are kept; nowhere without a home directory, or if the variable says so.
pub fn file() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return (!path.is_empty()).then(|| path.into());
    }
    let state = match std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => std::env::home_dir()?.join(".local").join("state"),
    };
    Some(state.join("threadx").join("history"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> History {
        let history = History::default();
        ["SELECT 1;", "SELECT *\nFROM sweep();", "\\d", "select 2;"].iter().for_each(|text| history.push(text));
        history
    }

    #[test]
    fn entries_are_found_by_their_text_and_number() {
        let history = sample();
        let found = |text: &str, most| history.find(text, most).into_iter().map(|(n, _)| n).collect::<Vec<_>>();
        assert_eq!(found("select", 10), [1, 2, 4]);
        assert_eq!(found("SELECT", 2), [2, 4]);
        assert_eq!(found("sweep", 10), [2]);
        assert_eq!(found("", 3), [2, 3, 4]);
        assert_eq!((history.get(3).as_deref(), history.get(0), history.get(5)), (Some("\\d"), None, None));
    }

    #[tokio::test]
    async fn the_table_follows_the_list() {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
        let history = sample();
        history.register(&engine).unwrap();
        history.push("SELECT 3;");
        let sql = "SELECT number FROM prompt.history WHERE statement ILIKE 'select%' ORDER BY number DESC LIMIT 2";
        let batches = engine.sql(sql).await.unwrap().collect().await.unwrap();
        let numbers: Vec<i64> =
            batches.iter().flat_map(|b| b.column(0).to_data().buffers()[0].typed_data::<i64>().to_vec()).collect();
        assert_eq!(numbers, [5, 4]);
    }
}
