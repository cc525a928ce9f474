//! Marks relations whose rows are in time order, so that indicators may be called on them without `OVER`.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};

/// Schema metadata key of a relation in time order; the value is [`ONE_SERIES`] or [`MANY_SERIES`].
pub const TIME_ORDER: &str = "threadx.time_order";

/// The relation holds one series, ordered by `ts`.
pub const ONE_SERIES: &str = "one";

/// The relation holds several series, told apart by `symbol` and `timeframe`, each ordered by `ts`.
pub const MANY_SERIES: &str = "many";

/// The schema with the mark of time order.
pub fn in_time_order(schema: &Schema, many: bool) -> SchemaRef {
    let mut metadata: HashMap<String, String> = schema.metadata().clone();
    metadata.insert(TIME_ORDER.into(), if many { MANY_SERIES } else { ONE_SERIES }.into());
    Arc::new(schema.clone().with_metadata(metadata))
}
