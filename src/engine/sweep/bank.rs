//! The bank of evaluated columns of one series: each distinct bound expression that several groups of points share is
//! computed once, by one thread, and kept; one that a single group needs lives as long as that group.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::ColumnarValue;
use threadx_kernels::indicator::{Indicator, Twins};
use threadx_kernels::sim::ColumnKind;

use super::bind::{Bound, Distinct, Source, Work};
use super::signal::{SignalColumn, signal_column};
use super::specialize::lock;
use crate::engine::indicator::{compute, compute_twins};
use crate::engine::series::Series;
use crate::engine::view::{Others, SeenBars, View};
use crate::error::{Error, Result};

/// Why a column could not be computed, for everyone who asks for it.
#[derive(Debug, Clone)]
struct Failure {
    text: String,
    /// Not the fault of the query.
    is_lack_of_memory: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { text: error.to_string(), is_lack_of_memory: matches!(error, Error::Resources(_)) }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure.is_lack_of_memory {
            true => Error::Resources(failure.text),
            false => Error::InvalidArgument(failure.text),
        }
    }
}

#[derive(Debug, Default)]
struct Slot {
    value: OnceLock<Result<ColumnarValue, Failure>>,
    flags: OnceLock<Result<Arc<SignalColumn>, Failure>>,
    numbers: OnceLock<Result<Arc<SignalColumn>, Failure>>,
    bytes: AtomicUsize,
    /// Time that it took to compute, nanoseconds.
    cost: AtomicU64,
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
    /// Expressions computed, by node of the template.
    pub nodes: Mutex<HashMap<usize, usize>>,
}

/// What one group of points computes for itself. Threads meet at the bank only for what their groups share.
#[derive(Debug)]
pub struct Scratch {
    values: HashMap<Distinct, ColumnarValue>,
    /// Bytes of it, as reserved.
    bytes: usize,
    /// Which expressions are in the bank, by number.
    is_shared: Arc<Vec<bool>>,
    /// Nodes whose expressions were computed, and requests that the bank answered; counted when it is released.
    computed: Vec<usize>,
    hits: usize,
    /// The last condition that came with another one of the same inputs, until somebody asks for it.
    twin: Option<(&'static Indicator, View, Vec<Source>, ArrayRef)>,
}

impl Scratch {
    fn is_shared(&self, id: Distinct) -> bool {
        self.is_shared.get(id).copied().unwrap_or(true)
    }

    /// The column of a condition that came with another one.
    fn take_twin(&mut self, def: &Indicator, view: &View, inputs: &[Source]) -> Option<ArrayRef> {
        let is_it = |twin: &mut (&Indicator, View, Vec<Source>, ArrayRef)| {
            (twin.0.name, &twin.1, &twin.2[..]) == (def.name, view, inputs)
        };
        self.twin.take_if(is_it).map(|(.., column)| column)
    }
}

/// Other bars, opened by the first who asks for them.
type Opened = Arc<OnceLock<Result<Arc<SeenBars>, Failure>>>;

/// Evaluated columns of one series.
pub struct Bank {
    series: Arc<Series>,
    /// Where bars of other series come from.
    others: Others,
    views: Mutex<HashMap<View, Opened>>,
    /// The trading range: signals are cut to it.
    rows: Range<usize>,
    slots: Mutex<HashMap<Distinct, Arc<Slot>>>,
    /// Whether more than one group of the points at hand needs an expression, or the bank has it already, by number.
    is_shared: Mutex<Arc<Vec<bool>>>,
    reservation: Mutex<MemoryReservation>,
    limit: usize,
    clock: AtomicU64,
    counts: Arc<BankCounts>,
}

impl Bank {
    /// An empty bank that keeps at most `limit` bytes beyond what the points at hand need.
    pub fn new(
        (series, rows, others): (Arc<Series>, Range<usize>, Others),
        reservation: MemoryReservation,
        limit: usize,
        counts: Arc<BankCounts>,
    ) -> Self {
        Bank {
            series,
            others,
            views: Mutex::default(),
            rows,
            slots: Mutex::new(HashMap::new()),
            is_shared: Mutex::default(),
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

    /// Where bars of other series come from.
    pub fn others(&self) -> &Others {
        &self.others
    }

    /// Other bars, as those of the series see them.
    pub fn seen(&self, view: &View) -> Result<Arc<SeenBars>> {
        let opened = Arc::clone(lock(&self.views).entry(view.clone()).or_default());
        let mut is_new = false;
        let seen = opened.get_or_init(|| {
            is_new = true;
            SeenBars::open(&self.series, view, &self.others).map(Arc::new).map_err(Failure::from)
        });
        let seen = seen.clone()?;
        if is_new {
            self.grow(seen.bytes())?;
        }
        Ok(seen)
    }

    /// The bars of a series that an expression is computed on.
    fn bars(&self, view: &View) -> Result<Arc<Series>> {
        match view.is_own() {
            true => Ok(Arc::clone(&self.series)),
            false => Ok(Arc::clone(self.seen(view)?.series())),
        }
    }

    /// Begins with other points: says which expressions several of their groups need.
    pub fn share(&self, mut is_shared: Vec<bool>) {
        for id in lock(&self.slots).keys() {
            if let Some(is_shared) = is_shared.get_mut(*id) {
                *is_shared = true;
            }
        }
        *lock(&self.is_shared) = Arc::new(is_shared);
    }

    /// Room for a group of the points at hand.
    pub fn scratch(&self) -> Scratch {
        let is_shared = Arc::clone(&lock(&self.is_shared));
        Scratch { values: HashMap::new(), bytes: 0, is_shared, computed: vec![], hits: 0, twin: None }
    }

    /// The value of a bound expression over all of its bars, computed if it is not there.
    pub fn value(&self, bound: &[Arc<Bound>], id: Distinct, scratch: &mut Scratch) -> Result<ColumnarValue> {
        if !scratch.is_shared(id) {
            if let Some(value) = scratch.values.get(&id) {
                return Ok(value.clone());
            }
            let value = self.evaluate(bound, id, scratch)?;
            if let ColumnarValue::Array(array) = &value {
                self.charge_scratch(scratch, array.get_array_memory_size())?;
            }
            scratch.values.insert(id, value.clone());
            return Ok(value);
        }
        let slot = self.slot(id);
        let mut computed = false;
        let value = slot.value.get_or_init(|| {
            computed = true;
            let start = Instant::now();
            let value = self.evaluate(bound, id, scratch).map_err(Failure::from);
            slot.cost.store(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
            value
        });
        scratch.hits += usize::from(!computed);
        let value = value.clone()?;
        if computed && let ColumnarValue::Array(array) = &value {
            self.charge(&slot, array.get_array_memory_size())?;
        }
        Ok(value)
    }

    /// The value of a bound expression in the form that the simulator reads, over the trading range.
    pub fn signal(
        &self,
        bound: &[Arc<Bound>],
        id: Distinct,
        kind: ColumnKind,
        scratch: &mut Scratch,
    ) -> Result<Arc<SignalColumn>> {
        if !scratch.is_shared(id) {
            let column = signal_column(&self.value(bound, id, scratch)?, kind, &self.rows)?;
            self.charge_scratch(scratch, column.bytes())?;
            return Ok(Arc::new(column));
        }
        let slot = self.slot(id);
        let cell = if kind == ColumnKind::Bool { &slot.flags } else { &slot.numbers };
        let mut computed = false;
        let column = cell.get_or_init(|| {
            computed = true;
            let mut make = || signal_column(&self.value(bound, id, scratch)?, kind, &self.rows).map(Arc::new);
            make().map_err(Failure::from)
        });
        let column = column.clone()?;
        scratch.hits += usize::from(!computed);
        if computed {
            self.charge(&slot, column.bytes())?;
        }
        Ok(column)
    }

    /// Bytes that it has reserved.
    pub fn reserved(&self) -> usize {
        lock(&self.reservation).size()
    }

    /// Gives back what a group has reserved for itself.
    pub fn release(&self, scratch: Scratch) {
        self.counts.hits.fetch_add(scratch.hits, Ordering::Relaxed);
        self.counts.computed.fetch_add(scratch.computed.len(), Ordering::Relaxed);
        let mut nodes = lock(&self.counts.nodes);
        scratch.computed.iter().for_each(|node| *nodes.entry(*node).or_default() += 1);
        drop(nodes);
        let reservation = lock(&self.reservation);
        reservation.shrink(scratch.bytes.min(reservation.size()));
    }

    fn slot(&self, id: Distinct) -> Arc<Slot> {
        let slot = Arc::clone(lock(&self.slots).entry(id).or_default());
        slot.last_used.store(self.clock.load(Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    /// Reserves memory that a group takes besides its columns, until it is released.
    pub fn charge_scratch(&self, scratch: &mut Scratch, bytes: usize) -> Result<()> {
        self.grow(bytes)?;
        scratch.bytes += bytes;
        Ok(())
    }

    fn charge(&self, slot: &Slot, bytes: usize) -> Result<()> {
        self.grow(bytes)?;
        slot.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    fn grow(&self, bytes: usize) -> Result<()> {
        let size = {
            let reservation = lock(&self.reservation);
            if reservation.try_grow(bytes).is_ok() {
                self.counts.peak_bytes.fetch_max(reservation.size(), Ordering::Relaxed);
                return Ok(());
            }
            reservation.size()
        };
        // What earlier points left behind has to go before the query gives up.
        self.shrink_to(size.saturating_sub(bytes));
        lock(&self.reservation).try_grow(bytes)?;
        Ok(())
    }

    /// Ends with the points at hand: drops the columns that are cheapest to compute again until the bank is within its
    /// limit.
    pub fn trim(&self) {
        self.clock.fetch_add(1, Ordering::Relaxed);
        self.shrink_to(self.limit);
    }

    /// Drops everything.
    pub fn clear(&self) {
        self.clock.fetch_add(1, Ordering::Relaxed);
        self.shrink_to(0);
    }

    /// Drops columns that the points at hand have not used: those that save the least time per byte first.
    fn shrink_to(&self, bytes: usize) {
        let now = self.clock.load(Ordering::Relaxed);
        let mut slots = lock(&self.slots);
        let reservation = lock(&self.reservation);
        if reservation.size() <= bytes && bytes > 0 {
            return;
        }
        let mut by_worth: Vec<(u64, Distinct)> = slots
            .iter()
            .filter(|(_, slot)| slot.last_used.load(Ordering::Relaxed) < now)
            .map(|(id, slot)| {
                let size = slot.bytes.load(Ordering::Relaxed).max(1) as u64;
                (slot.cost.load(Ordering::Relaxed).saturating_mul(1024) / size, *id)
            })
            .collect();
        by_worth.sort_unstable();
        for (_, id) in by_worth {
            if reservation.size() <= bytes && bytes > 0 {
                break;
            }
            if let Some(slot) = slots.remove(&id) {
                reservation.shrink(slot.bytes.load(Ordering::Relaxed).min(reservation.size()));
                self.counts.evicted.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn evaluate(&self, bound: &[Arc<Bound>], id: Distinct, scratch: &mut Scratch) -> Result<ColumnarValue> {
        let node = &bound[id];
        let bars = self.bars(&node.view)?;
        let rows = bars.len();
        let value = match &node.work {
            Work::Constant(value) => return Ok(ColumnarValue::Scalar(value.clone())),
            Work::Indicator { def, params, inputs } => {
                let twins = Twins::of(def);
                let waiting = twins.and_then(|_| scratch.take_twin(def, &node.view, inputs));
                ColumnarValue::Array(match (waiting, twins) {
                    (Some(column), _) => column,
                    (None, Some(twins)) => {
                        let columns = self.columns(bound, (inputs, &bars), scratch)?;
                        let [column, other] = compute_twins((twins, def), &columns)?;
                        scratch.twin = Some((twins.other(def), node.view.clone(), inputs.clone(), other));
                        column
                    }
                    (None, None) => compute(def, params, &self.columns(bound, (inputs, &bars), scratch)?, rows)?,
                })
            }
            Work::Seen { view, input } => {
                let seen = self.seen(view)?;
                let column = self.column(bound, (input, seen.series()), scratch)?;
                ColumnarValue::Array(seen.align(&column)?)
            }
            Work::Formula { formula, constants, inputs } => {
                let columns = self.columns(bound, (inputs, &bars), scratch)?;
                ColumnarValue::Array(formula.evaluate(&columns, constants, rows)?)
            }
            Work::Scalar { expr, inputs, schema } => {
                let columns = self.columns(bound, (inputs, &bars), scratch)?;
                let fields = schema.fields().iter().zip(&columns);
                let schema = Schema::new(
                    fields.map(|(f, c)| f.as_ref().clone().with_data_type(c.data_type().clone())).collect::<Vec<_>>(),
                );
                let options = RecordBatchOptions::new().with_row_count(Some(rows));
                let batch = RecordBatch::try_new_with_options(Arc::new(schema), columns, &options)?;
                expr.evaluate(&batch)?
            }
        };
        scratch.computed.push(node.node);
        Ok(value)
    }

    /// Columns over these bars.
    fn columns(
        &self,
        bound: &[Arc<Bound>],
        (inputs, bars): (&[Source], &Series),
        scratch: &mut Scratch,
    ) -> Result<Vec<ArrayRef>> {
        inputs.iter().map(|input| self.column(bound, (input, bars), scratch)).collect()
    }

    fn column(
        &self,
        bound: &[Arc<Bound>],
        (input, bars): (&Source, &Series),
        scratch: &mut Scratch,
    ) -> Result<ArrayRef> {
        let rows = bars.len();
        match input {
            Source::Bars(name) => {
                let index = bars.batch().schema().index_of(name)?;
                Ok(Arc::clone(bars.batch().column(index)))
            }
            Source::Bound(id) => Ok(self.value(bound, *id, scratch)?.into_array(rows)?),
            Source::Constant(value) => Ok(value.to_array_of_size(rows)?),
        }
    }
}
