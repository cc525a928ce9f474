//! `resample(...)`: longer bars out of a relation of bars.

use std::sync::Arc;

use super::def::TableFunction;
use crate::engine::resample_exec::ResampleTable;
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};

pub(super) static DEF: TableFunction = TableFunction {
    name: "resample",
    summary: "Longer bars out of a relation of bars.",
    details: "The relation has columns `ts, open, high, low, close, volume`, and may have `symbol` and `timeframe`; others are \
              dropped. Buckets begin in UTC, weeks on Monday. Buckets without bars are absent, and the last bucket is given \
              only if the last bar reaches its end. Rows come by symbol and time.",
    args: &[
        ArgDef::required("relation", ArgKind::Relation, "The bars."),
        ArgDef::required("timeframe", ArgKind::Text, "Length of the bars to make."),
        ArgDef::named(
            "from_timeframe",
            ArgKind::Text,
            "the column `timeframe`, else the most common step",
            "Length of the bars given.",
        ),
    ],
    run_options: false,
    columns: "symbol and timeframe if given, ts, open, high, low, close, volume",
    example: "SELECT * FROM resample(bars('DEMO', '1h'), '4h')",
    schema: |_, args| Ok(table(args)?.output_schema()),
    plan: |_, args| Ok(Arc::new(table(args)?)),
};

fn table(args: &Resolved) -> Result<ResampleTable> {
    let plan = args.relation("relation").ok_or_else(|| Error::Internal("resample() without a relation".into()))?;
    let to = Timeframe::parse(&args.text("timeframe").unwrap_or_default())?;
    let from = args.text("from_timeframe").map(|t| Timeframe::parse(&t)).transpose()?;
    ResampleTable::try_new(plan.clone(), to, from)
}
