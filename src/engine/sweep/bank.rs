//! The bank of evaluated columns of one series: each distinct bound expression is computed once, by one thread.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Schema};
use datafusion::common::ScalarValue;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{ColumnarValue, Expr};
use datafusion::physical_expr::create_physical_expr;
use threadx_kernels::sim::{ColumnKind, Flags, Numbers};

use super::bind::{Bound, Distinct, Work};
use super::template::node_of;
use crate::engine::indicator::compute;
use crate::engine::series::Series;
use crate::error::{Error, Result};

/// A column as the simulator reads it.
#[derive(Debug)]
pub enum SignalColumn {
    /// A condition per bar.
    Bits(Vec<bool>),
    /// A condition for all bars.
    ConstFlag(bool),
    /// A number per bar, `NaN` where there is none.
    Numbers(Vec<f64>),
    /// A number for all bars.
    ConstNumber(f64),
}

impl SignalColumn {
    /// The rows `range` as a condition.
    pub fn flags(&self, range: std::ops::Range<usize>) -> Flags<'_> {
        match self {
            SignalColumn::Bits(bits) => Flags::Bits(&bits[range]),
            SignalColumn::ConstFlag(value) => Flags::Const(*value),
            _ => Flags::None,
        }
    }

    /// The rows `range` as numbers.
    pub fn numbers(&self, range: std::ops::Range<usize>) -> Numbers<'_> {
        match self {
            SignalColumn::Numbers(values) => Numbers::Slice(&values[range]),
            SignalColumn::ConstNumber(value) => Numbers::Const(*value),
            _ => Numbers::None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            SignalColumn::Bits(bits) => bits.len(),
            SignalColumn::Numbers(values) => values.len() * size_of::<f64>(),
            _ => 0,
        }
    }
}

/// A contract column from an evaluated one.
pub fn signal_column(value: &ColumnarValue, kind: ColumnKind) -> Result<SignalColumn> {
    match (kind, value) {
        (ColumnKind::Bool, ColumnarValue::Scalar(scalar)) => {
            Ok(SignalColumn::ConstFlag(matches!(scalar, ScalarValue::Boolean(Some(true)))))
        }
        (ColumnKind::Bool, ColumnarValue::Array(array)) => match array.data_type() {
            DataType::Null => Ok(SignalColumn::ConstFlag(false)),
            DataType::Boolean => {
                let bits = array.as_boolean();
                Ok(SignalColumn::Bits(bits.iter().map(|b| b == Some(true)).collect()))
            }
            other => Err(Error::Internal(format!("a condition has type {other}"))),
        },
        (_, ColumnarValue::Scalar(scalar)) => {
            let number = match scalar.cast_to(&DataType::Float64)? {
                ScalarValue::Float64(Some(value)) => value,
                _ => f64::NAN,
            };
            Ok(SignalColumn::ConstNumber(number))
        }
        (_, ColumnarValue::Array(array)) => {
            let numbers = cast(array, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            Ok(SignalColumn::Numbers(match numbers.null_count() {
                0 => numbers.values().to_vec(),
                _ => numbers.iter().map(|v| v.unwrap_or(f64::NAN)).collect(),
            }))
        }
    }
}

#[derive(Debug, Default)]
struct Slot {
    value: OnceLock<Result<ColumnarValue, String>>,
    flags: OnceLock<Result<Arc<SignalColumn>, String>>,
    numbers: OnceLock<Result<Arc<SignalColumn>, String>>,
    bytes: AtomicUsize,
    last_used: AtomicU64,
}

/// Counters of a bank, for `EXPLAIN ANALYZE`.
#[derive(Debug, Default)]
pub struct BankCounts {
    /// Expressions computed.
    pub computed: AtomicUsize,
    /// Requests answered from the bank.
    pub hits: AtomicUsize,
    /// Columns dropped to stay within the limit.
    pub evicted: AtomicUsize,
    /// Largest size, bytes.
    pub peak_bytes: AtomicUsize,
}

/// Evaluated columns of one series.
pub struct Bank {
    series: Arc<Series>,
    slots: Mutex<HashMap<Distinct, Arc<Slot>>>,
    reservation: Mutex<MemoryReservation>,
    limit: usize,
    clock: AtomicU64,
    counts: Arc<BankCounts>,
}

impl Bank {
    /// An empty bank that keeps at most `limit` bytes beyond what the batch at hand needs.
    pub fn new(series: Arc<Series>, reservation: MemoryReservation, limit: usize, counts: Arc<BankCounts>) -> Self {
        Bank {
            series,
            slots: Mutex::new(HashMap::new()),
            reservation: Mutex::new(reservation),
            limit,
            clock: AtomicU64::new(0),
            counts,
        }
    }

    /// The series.
    pub fn series(&self) -> &Arc<Series> {
        &self.series
    }

    /// The value of a bound expression, computed if it is not there.
    pub fn value(&self, bound: &[Arc<Bound>], id: Distinct) -> Result<ColumnarValue> {
        let slot = self.slot(id);
        let mut computed = false;
        let value = slot.value.get_or_init(|| {
            computed = true;
            self.evaluate(bound, id).map_err(|e| e.to_string())
        });
        let counter = if computed { &self.counts.computed } else { &self.counts.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        let value = value.clone().map_err(Error::InvalidArgument)?;
        if computed && let ColumnarValue::Array(array) = &value {
            self.charge(&slot, array.get_array_memory_size())?;
        }
        Ok(value)
    }

    /// The value of a bound expression in the form that the simulator reads.
    pub fn signal(&self, bound: &[Arc<Bound>], id: Distinct, kind: ColumnKind) -> Result<Arc<SignalColumn>> {
        let slot = self.slot(id);
        let cell = if kind == ColumnKind::Bool { &slot.flags } else { &slot.numbers };
        let mut computed = false;
        let column = cell.get_or_init(|| {
            computed = true;
            let make = || signal_column(&self.value(bound, id)?, kind).map(Arc::new);
            make().map_err(|e: Error| e.to_string())
        });
        let column = column.clone().map_err(Error::InvalidArgument)?;
        if computed {
            self.charge(&slot, column.bytes())?;
        }
        Ok(column)
    }

    fn slot(&self, id: Distinct) -> Arc<Slot> {
        let slot = Arc::clone(lock(&self.slots).entry(id).or_default());
        slot.last_used.store(self.clock.load(Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    fn charge(&self, slot: &Slot, bytes: usize) -> Result<()> {
        slot.bytes.fetch_add(bytes, Ordering::Relaxed);
        let size = {
            let reservation = lock(&self.reservation);
            if reservation.try_grow(bytes).is_ok() {
                self.counts.peak_bytes.fetch_max(reservation.size(), Ordering::Relaxed);
                return Ok(());
            }
            reservation.size()
        };
        // What earlier batches left behind has to go before the query gives up.
        self.shrink_to(size.saturating_sub(bytes));
        lock(&self.reservation).try_grow(bytes)?;
        Ok(())
    }

    /// Ends a batch: drops the columns that were not used for longest until the bank is within its limit.
    pub fn trim(&self) {
        self.clock.fetch_add(1, Ordering::Relaxed);
        self.shrink_to(self.limit);
    }

    /// Drops columns that the batch at hand has not used, oldest first.
    fn shrink_to(&self, bytes: usize) {
        let now = self.clock.load(Ordering::Relaxed);
        let mut slots = lock(&self.slots);
        let reservation = lock(&self.reservation);
        if reservation.size() <= bytes {
            return;
        }
        let mut by_age: Vec<(u64, Distinct)> =
            slots.iter().map(|(id, slot)| (slot.last_used.load(Ordering::Relaxed), *id)).collect();
        by_age.sort_unstable();
        for (used, id) in by_age {
            if reservation.size() <= bytes || used >= now {
                break;
            }
            if let Some(slot) = slots.remove(&id) {
                reservation.shrink(slot.bytes.load(Ordering::Relaxed).min(reservation.size()));
                self.counts.evicted.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn evaluate(&self, bound: &[Arc<Bound>], id: Distinct) -> Result<ColumnarValue> {
        let node = &bound[id];
        match &node.work {
            Work::Indicator { def, params, inputs } => {
                let columns = inputs.iter().map(|input| self.input(bound, input)).collect::<Result<Vec<_>>>()?;
                Ok(ColumnarValue::Array(compute(def, params, &columns, self.series.len())?))
            }
            Work::Scalar(Expr::Literal(value, _)) => Ok(ColumnarValue::Scalar(value.clone())),
            Work::Scalar(expr) => {
                let mut columns = vec![];
                for field in node.schema.fields() {
                    columns.push(self.column(bound, &datafusion::common::Column::new_unqualified(field.name()))?);
                }
                let schema = Arc::new(Schema::new(
                    node.schema
                        .fields()
                        .iter()
                        .zip(&columns)
                        .map(|(f, c)| f.as_ref().clone().with_data_type(c.data_type().clone()))
                        .collect::<Vec<_>>(),
                ));
                let rows = RecordBatchOptions::new().with_row_count(Some(self.series.len()));
                let batch = RecordBatch::try_new_with_options(schema, columns, &rows)?;
                let physical = create_physical_expr(
                    expr,
                    &node.schema,
                    &ExecutionProps::new(),
                    &PhysicalPlanningContext::default(),
                )?;
                Ok(physical.evaluate(&batch)?)
            }
        }
    }

    /// The input of an indicator: a column, or a constant for all bars.
    fn input(&self, bound: &[Arc<Bound>], expr: &Expr) -> Result<ArrayRef> {
        match expr {
            Expr::Column(column) => self.column(bound, column),
            Expr::Literal(value, _) => Ok(value.to_array_of_size(self.series.len())?),
            other => Err(Error::Internal(format!("`{other}` as input of an indicator"))),
        }
    }

    fn column(&self, bound: &[Arc<Bound>], column: &datafusion::common::Column) -> Result<ArrayRef> {
        match node_of(column) {
            Some(id) => Ok(self.value(bound, id)?.into_array(self.series.len())?),
            None => {
                let index = self.series.batch().schema().index_of(&column.name)?;
                Ok(Arc::clone(self.series.batch().column(index)))
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
