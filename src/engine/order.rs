//! Marks relations whose rows are in time order, so that indicators may be called on them without `OVER`.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};

use super::series::Series;

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

/// Schema metadata key of a relation whose bars have one timeframe and no column for it; the value is its name.
pub const TIMEFRAME: &str = "threadx.timeframe";

/// Schema metadata key of made-up bars, which stand for those of any other series.
pub const MADE_UP: &str = "threadx.made_up";

/// The schema of the bars of a series, with the marks of time order and timeframe.
pub fn series_in_time_order(series: &Series, is_made_up: bool) -> SchemaRef {
    let schema = in_time_order(&series.batch().schema(), false);
    let mut metadata = schema.metadata().clone();
    metadata.insert(TIMEFRAME.into(), series.timeframe().name().into());
    if is_made_up {
        metadata.insert(MADE_UP.into(), "true".into());
    }
    Arc::new(schema.as_ref().clone().with_metadata(metadata))
}
