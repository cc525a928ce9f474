//! Schemas and record batches of portfolios.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, RecordBatch};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use threadx_kernels::metric::{COLUMN_ORDER, Convention, Run};
use threadx_kernels::sim::{Curve, Needs, PortfolioRecord, Record, Summary, Trade};

use super::member::Loaded;
use crate::engine::order::in_time_order;
use crate::engine::sweep::output::{
    float, int, ints, metric_array, metric_field, numbers, order_columns, order_fields, strings, text, time, times,
    trade_columns, trade_fields,
};
use crate::error::{Error, Result};

/// What rows a portfolio gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortfolioOutput {
    /// One row of metrics.
    Metrics,
    /// One row per round trip.
    Trades,
    /// One row per time: the account.
    Equity,
    /// One row per fill and per entry that was not filled.
    Orders,
}

/// What is the same in every row.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Timeframe.
    pub timeframe: &'static str,
    /// Strategy.
    pub strategy: String,
    /// Parameters as text.
    pub params: String,
}

impl PortfolioOutput {
    /// Name of the table function.
    pub fn function(self) -> &'static str {
        match self {
            PortfolioOutput::Metrics => "portfolio",
            PortfolioOutput::Trades => "portfolio_trades",
            PortfolioOutput::Equity => "portfolio_equity",
            PortfolioOutput::Orders => "portfolio_orders",
        }
    }

    /// What the simulator has to keep and to write down for the columns that are wanted, by their positions.
    pub fn keep(self, convention: &Convention, wants: &dyn Fn(usize) -> bool) -> (Needs, PortfolioRecord) {
        let (trades, curve) = (Some(vec![]), Some(Curve::default()));
        let metrics = COLUMN_ORDER.iter().enumerate().filter(|(i, _)| wants(HEADING_COLUMNS + i));
        let metrics: Vec<_> = metrics.map(|(_, metric)| metric).filter(|_| self == PortfolioOutput::Metrics).collect();
        let needs = metrics.iter().fold(Needs::NONE, |needs, metric| needs | metric.needs);
        let is_varied = metrics.iter().any(|metric| convention.variant(metric.name).is_some());
        let record = match self {
            PortfolioOutput::Metrics if is_varied => Record { trades, equity: curve, ..Record::none() },
            PortfolioOutput::Metrics => Record::none(),
            PortfolioOutput::Trades => Record { trades, ..Record::none() },
            PortfolioOutput::Equity => Record { equity: curve, ..Record::none() },
            PortfolioOutput::Orders => Record { orders: Some(vec![]), ..Record::none() },
        };
        (needs, PortfolioRecord::new(record))
    }
}

/// Columns before the metrics.
const HEADING_COLUMNS: usize = 4;

/// The schema of the result.
pub fn portfolio_schema(output: PortfolioOutput) -> SchemaRef {
    let heading = |first: &str| vec![text(first), text("timeframe"), text("strategy"), text("params")];
    let fields: Vec<Field> = match output {
        PortfolioOutput::Metrics => {
            heading("symbols").into_iter().chain(COLUMN_ORDER.iter().map(|m| metric_field(m))).collect()
        }
        PortfolioOutput::Trades => heading("symbol").into_iter().chain(trade_fields()).collect(),
        PortfolioOutput::Orders => heading("symbol").into_iter().chain(order_fields()).collect(),
        PortfolioOutput::Equity => {
            let mut fields = vec![text("timeframe"), time("ts")];
            fields.extend(["equity", "drawdown", "ret"].map(float));
            fields.extend([int("positions"), float("free_capital")]);
            return in_time_order(&Schema::new(fields), false);
        }
    };
    Arc::new(Schema::new(fields))
}

/// The rows of the result.
pub fn portfolio_batch(
    (output, heading): (PortfolioOutput, &Heading),
    (members, axis): (&[Loaded], &[i64]),
    (summary, convention): (&Summary, &Convention),
    record: &PortfolioRecord,
) -> Result<RecordBatch> {
    let columns = match output {
        PortfolioOutput::Metrics => metrics_row(heading, (members, axis), (summary, convention), record),
        PortfolioOutput::Trades => {
            let rows = record.record.trades.as_deref().unwrap_or_default();
            let mut columns = labels(heading, members, &record.trade_members);
            columns.extend(trade_columns(rows, &|row, bar| time_of(members, record.trade_members[row], bar)));
            columns
        }
        PortfolioOutput::Orders => {
            let rows = record.record.orders.as_deref().unwrap_or_default();
            let mut columns = labels(heading, members, &record.order_members);
            columns.extend(order_columns(rows, &|row, bar| time_of(members, record.order_members[row], bar)));
            columns
        }
        PortfolioOutput::Equity => {
            let none = || Error::Internal("a portfolio that records nothing".into());
            let Curve { equity, drawdown, ret, .. } = record.record.equity.as_ref().ok_or_else(none)?;
            let mut columns = vec![repeated(heading.timeframe, axis.len()), times(axis.iter().copied())];
            columns.extend([equity, drawdown, ret].map(|values| numbers(values.iter().copied())));
            columns.push(ints(record.positions.iter().map(|positions| *positions as usize)));
            columns.push(numbers(record.free.iter().copied()));
            columns
        }
    };
    Ok(RecordBatch::try_new(portfolio_schema(output), columns)?)
}

fn metrics_row(
    heading: &Heading,
    (members, axis): (&[Loaded], &[i64]),
    (summary, convention): (&Summary, &Convention),
    record: &PortfolioRecord,
) -> Vec<ArrayRef> {
    let symbols: Vec<&str> = members.iter().map(|member| member.series.key().symbol.as_str()).collect();
    let texts = [&symbols.join(", "), heading.timeframe, &heading.strategy, &heading.params];
    let mut columns: Vec<ArrayRef> = texts.into_iter().map(|text| repeated(text, 1)).collect();
    let on_axis = trades_on(axis, members, record);
    let curve = record.record.equity.as_ref();
    columns.extend(COLUMN_ORDER.iter().map(|metric| -> ArrayRef {
        match convention.variant(metric.name).zip(curve) {
            Some((variant, curve)) => {
                let run = Run { summary, ts: axis, curve, trades: &on_axis };
                Arc::new(Float64Array::from(vec![variant.value(&run)]))
            }
            None => metric_array(metric, std::iter::once(metric.value(summary))),
        }
    }));
    columns
}

/// The trades with the numbers of times in the place of those of bars.
fn trades_on(axis: &[i64], members: &[Loaded], record: &PortfolioRecord) -> Vec<Trade> {
    let place = |member: u32, bar: usize| {
        let time = time_of(members, member, bar);
        axis.partition_point(|ts| *ts < time)
    };
    let trades = record.record.trades.as_deref().unwrap_or_default();
    let rows = trades.iter().zip(&record.trade_members);
    rows.map(|(trade, member)| Trade {
        entry_bar: place(*member, trade.entry_bar),
        exit_bar: place(*member, trade.exit_bar),
        ..*trade
    })
    .collect()
}

fn time_of(members: &[Loaded], member: u32, bar: usize) -> i64 {
    members[member as usize].ts()[bar]
}

fn repeated(text: &str, rows: usize) -> ArrayRef {
    strings(std::iter::repeat_n(text, rows))
}

fn labels(heading: &Heading, members: &[Loaded], of_rows: &[u32]) -> Vec<ArrayRef> {
    let symbols = of_rows.iter().map(|member| members[*member as usize].series.key().symbol.as_str());
    let same = [heading.timeframe, &heading.strategy, &heading.params];
    let same = same.into_iter().map(|text| repeated(text, of_rows.len()));
    std::iter::once(strings(symbols)).chain(same).collect()
}
