//! Schemas and record batches of the results.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use threadx_kernels::metric::{COLUMN_ORDER, Metric, MetricKind};
use threadx_kernels::sim::{Curve, Order, Record, Trade};

use super::bounds::BOUNDS;
use super::grid::param_fields;
use crate::engine::order::in_time_order;
use crate::engine::series::{UTC, bars_schema, ts_type};
use crate::engine::strategy::{ParamValue, Strategy};
use crate::error::{Error, Result};

/// What rows a run gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// One row per series and grid point: parameters and metrics.
    Sweep,
    /// One row of metrics per series.
    Backtest,
    /// One row per round trip.
    Trades,
    /// One row per bar: the account.
    Equity,
    /// One row per fill, and per entry or add that was rejected or cancelled.
    Orders,
    /// One row per bar: every column of the strategy.
    Signals,
}

impl OutputKind {
    /// What the simulator has to write down.
    pub fn record(self) -> Record {
        match self {
            OutputKind::Trades => Record { trades: Some(vec![]), ..Record::none() },
            OutputKind::Orders => Record { orders: Some(vec![]), ..Record::none() },
            OutputKind::Equity => Record { equity: Some(Curve::default()), ..Record::none() },
            _ => Record::none(),
        }
    }

    /// The columns that tell rows apart before anything is computed; conditions on them prune the run.
    pub fn key_columns(self, strategy: &Strategy) -> Vec<Field> {
        let mut fields = series_fields();
        if self == OutputKind::Sweep {
            fields.extend(param_fields(strategy));
        }
        fields
    }
}

fn series_fields() -> Vec<Field> {
    vec![text("symbol"), text("timeframe")]
}

/// The columns of a round trip.
pub fn trade_fields() -> Vec<Field> {
    let mut fields = vec![int("trade_id"), int("position_id"), text("direction")];
    fields.extend([time("entry_ts"), float("entry_price"), time("exit_ts"), float("exit_price")]);
    fields.extend(["qty", "notional", "gross_pnl", "fees", "pnl", "return", "r_multiple"].map(float));
    fields.extend([int("bars_held"), float("mae"), float("mfe"), text("entry_reason"), text("exit_reason")]);
    fields
}

/// The columns of an order.
pub fn order_fields() -> Vec<Field> {
    let mut fields = vec![time("ts"), text("side"), text("direction")];
    fields.extend(["qty", "price", "notional", "fee"].map(float));
    fields.extend([text("status"), text("reason")]);
    fields
}

/// A column of text.
pub fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

/// A column of numbers.
pub fn float(name: &str) -> Field {
    Field::new(name, DataType::Float64, true)
}

/// A column of times.
pub fn time(name: &str) -> Field {
    Field::new(name, ts_type(), false)
}

/// A column of whole numbers.
pub fn int(name: &str) -> Field {
    Field::new(name, DataType::Int64, false)
}

/// The column of a metric.
pub fn metric_field(metric: &Metric) -> Field {
    let data_type = match metric.kind {
        MetricKind::Float => DataType::Float64,
        MetricKind::Int => DataType::Int64,
        MetricKind::Bool => DataType::Boolean,
    };
    Field::new(metric.name, data_type, true)
}

/// What the schema of a result depends on.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// What rows it has.
    pub kind: OutputKind,
    /// The strategy.
    pub strategy: &'a Strategy,
    /// Positions of the parameters that the call names: in a sweep they stand before the metrics, the others after them.
    pub given: &'a [usize],
    /// The schema of the strategy's query, needed for `signals(...)` only.
    pub body: Option<&'a Schema>,
    /// Whether the bounds of metrics stand after the metrics.
    pub bounds: bool,
}

/// The schema of a result.
pub fn output_schema(shape: Shape) -> Result<SchemaRef> {
    let Shape { kind, strategy, given, body, bounds } = shape;
    let metrics = || {
        let bounds = BOUNDS.iter().filter(|_| bounds).map(|bound| float(bound.name));
        COLUMN_ORDER.iter().map(|m| metric_field(m)).chain(bounds)
    };
    let mut fields = series_fields();
    match kind {
        OutputKind::Sweep => {
            let mut params = param_fields(strategy);
            fields.push(params.remove(0));
            fields.extend(given.iter().map(|&index| params[index].clone()));
            fields.extend(metrics());
            let others = params.into_iter().enumerate().filter(|(index, _)| !given.contains(index));
            fields.extend(others.map(|(_, field)| field));
        }
        OutputKind::Backtest => {
            fields.extend([text("strategy"), text("params")]);
            fields.extend(metrics());
        }
        OutputKind::Trades => {
            fields.extend([text("strategy"), text("params")]);
            fields.extend(trade_fields());
        }
        OutputKind::Equity => {
            fields.push(time("ts"));
            fields.extend(["close", "equity", "drawdown", "ret", "net_qty"].map(float));
            fields.push(Field::new("direction", DataType::Utf8, true));
        }
        OutputKind::Orders => {
            fields.extend([text("strategy"), text("params")]);
            fields.extend(order_fields());
        }
        OutputKind::Signals => {
            let bars = bars_schema();
            fields.extend(bars.fields().iter().map(|f| f.as_ref().clone()));
            let body = body.ok_or_else(|| Error::Internal("signals() without a planned body".into()))?;
            let own = body.fields().iter().filter(|f| bars.field_with_name(f.name()).is_err());
            fields.extend(own.map(|f| f.as_ref().clone().with_nullable(true)));
        }
    }
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = fields.iter().find(|f| !seen.insert(f.name().clone())) {
        return Err(strategy.error(format!(
            "`{}` is also a column of the result; give the parameter or column another name",
            twice.name()
        )));
    }
    let schema = Schema::new(fields);
    Ok(match kind {
        // One row per bar and series, in time order: indicators may be called on them without OVER.
        OutputKind::Equity | OutputKind::Signals => in_time_order(&schema, true),
        _ => Arc::new(schema),
    })
}

/// The call of a strategy with every value, as text.
pub fn params_text(strategy: &Strategy, point: &[ParamValue]) -> String {
    let parts: Vec<String> = strategy.params.iter().zip(point).map(|(p, v)| format!("{} => {v}", p.name)).collect();
    parts.join(", ")
}

/// The metric of this name, if it is a column of the results.
pub fn metric(name: &str) -> Option<&'static Metric> {
    COLUMN_ORDER.iter().copied().find(|m| m.name == name)
}

/// A column of a metric.
pub fn metric_array(metric: &Metric, values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    match metric.kind {
        MetricKind::Float => Arc::new(values.collect::<Float64Array>()),
        MetricKind::Int => Arc::new(values.map(|v| v.map(|v| v as i64)).collect::<Int64Array>()),
        MetricKind::Bool => Arc::new(values.map(|v| v.map(|v| v != 0.0)).collect::<BooleanArray>()),
    }
}

/// Texts.
pub fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Numbers; one that is not finite is NULL.
pub fn numbers(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(values.map(|v| v.is_finite().then_some(v)).collect::<Float64Array>())
}

/// Whole numbers.
pub fn ints(values: impl Iterator<Item = usize>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values.map(|v| v as i64)))
}

/// Times, microseconds UTC.
pub fn times(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone(UTC))
}

/// What is the same in every row of one run.
#[derive(Debug, Clone)]
pub struct Label {
    /// Symbol.
    pub symbol: String,
    /// Timeframe.
    pub timeframe: String,
    /// Strategy.
    pub strategy: String,
    /// Parameters as text.
    pub params: String,
}

impl Label {
    fn columns(&self, rows: usize, with_strategy: bool) -> Vec<ArrayRef> {
        let mut texts = vec![&self.symbol, &self.timeframe];
        if with_strategy {
            texts.extend([&self.strategy, &self.params]);
        }
        texts.into_iter().map(|t| strings(std::iter::repeat_n(t.as_str(), rows))).collect()
    }
}

/// The rows of `trades(...)`. `ts` are the times of the trading range.
pub fn trades_batch(schema: &SchemaRef, label: &Label, ts: &[i64], rows: &[Trade]) -> Result<RecordBatch> {
    let mut columns = label.columns(rows.len(), true);
    columns.extend(trade_columns(rows, &|_, bar| ts[bar]));
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// The columns of [`trade_fields`]; `ts` is the time of a bar of the trade with this number.
pub fn trade_columns(rows: &[Trade], ts: &dyn Fn(usize, usize) -> i64) -> Vec<ArrayRef> {
    let float = |of: fn(&Trade) -> f64| numbers(rows.iter().map(of));
    vec![
        ints(rows.iter().map(|t| t.trade_id as usize)),
        ints(rows.iter().map(|t| t.position_id as usize)),
        strings(rows.iter().map(|t| t.direction.name())),
        times(rows.iter().enumerate().map(|(row, t)| ts(row, t.entry_bar))),
        float(|t| t.entry_price),
        times(rows.iter().enumerate().map(|(row, t)| ts(row, t.exit_bar))),
        float(|t| t.exit_price),
        float(|t| t.qty),
        float(|t| t.notional),
        float(|t| t.gross_pnl),
        float(|t| t.fees),
        float(|t| t.pnl),
        float(|t| t.return_),
        float(|t| t.r_multiple),
        ints(rows.iter().map(|t| t.bars_held)),
        float(|t| t.mae),
        float(|t| t.mfe),
        strings(rows.iter().map(|t| t.entry_reason.name())),
        strings(rows.iter().map(|t| t.exit_reason.name())),
    ]
}

/// The rows of `orders(...)`.
pub fn orders_batch(schema: &SchemaRef, label: &Label, ts: &[i64], rows: &[Order]) -> Result<RecordBatch> {
    let mut columns = label.columns(rows.len(), true);
    columns.extend(order_columns(rows, &|_, bar| ts[bar]));
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// The columns of [`order_fields`]; `ts` is the time of a bar of the order with this number.
pub fn order_columns(rows: &[Order], ts: &dyn Fn(usize, usize) -> i64) -> Vec<ArrayRef> {
    let float = |of: fn(&Order) -> f64| numbers(rows.iter().map(of));
    vec![
        times(rows.iter().enumerate().map(|(row, o)| ts(row, o.bar))),
        strings(rows.iter().map(|o| o.side.name())),
        strings(rows.iter().map(|o| o.direction.name())),
        float(|o| o.qty),
        float(|o| o.price),
        float(|o| o.notional),
        float(|o| o.fee),
        strings(rows.iter().map(|o| o.status.name())),
        strings(rows.iter().map(|o| o.reason.name())),
    ]
}

/// The rows of `equity(...)`.
pub fn equity_batch(
    schema: &SchemaRef,
    label: &Label,
    ts: &[i64],
    close: &[f64],
    curve: &Curve,
) -> Result<RecordBatch> {
    let mut columns = label.columns(ts.len(), false);
    columns.push(times(ts.iter().copied()));
    for values in [close, &curve.equity, &curve.drawdown, &curve.ret, &curve.net_qty] {
        columns.push(numbers(values.iter().copied()));
    }
    columns.push(Arc::new(curve.direction.iter().map(|d| d.map(|d| d.name())).collect::<StringArray>()));
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// The rows of `signals(...)`: the bars in `rows` and the strategy's own columns.
pub fn signals_batch(
    schema: &SchemaRef,
    label: &Label,
    bars: &RecordBatch,
    own: &[(String, ArrayRef)],
    rows: std::ops::Range<usize>,
) -> Result<RecordBatch> {
    let n = rows.len();
    let mut columns = label.columns(n, false);
    let bars_schema = bars.schema();
    columns.extend(bars.columns().iter().map(|c| c.slice(rows.start, n)));
    for (name, array) in own {
        if bars_schema.field_with_name(name).is_err() {
            let field = &schema.fields()[columns.len()];
            let array = array.slice(rows.start, n);
            columns.push(datafusion::arrow::compute::cast(&array, field.data_type())?);
        }
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
