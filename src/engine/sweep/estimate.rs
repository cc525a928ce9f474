//! How much memory a sweep needs, told before it runs where a limit would stop it half way.

use datafusion::arrow::util::bit_util::ceil;
use datafusion::execution::memory_pool::{MemoryLimit, MemoryPool};
use threadx_kernels::sim::{ColumnKind, Summary};

use super::bind::Work;
use super::plan::{Part, Plan};
use crate::error::{Error, Result};

/// Bytes of an account beside its bits.
const ACCOUNT_BYTES: usize = 1024;

/// What the points of a window need on one series, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The columns that groups share, and those of the groups that the threads work on.
    pub columns: usize,
    /// The accounts of the sets of entries that the threads work on.
    pub accounts: usize,
    /// Parameters and summaries of the points.
    pub rows: usize,
}

/// The memory of the accounts of `sets` sets of entries over `bars` bars: two bits per bar and set.
pub fn account_bytes(sets: usize, bars: usize) -> usize {
    sets * (ceil(bars, 4) + ACCOUNT_BYTES)
}

impl Estimate {
    /// For a plan that is run in parts on some threads.
    pub fn new(plan: &Plan, parts: &[Vec<Part>], threads: usize, bars: usize) -> Self {
        let at_once = threads.min(parts.len());
        let largest = |bytes: &dyn Fn(&Vec<Part>) -> usize| parts.iter().map(bytes).max().unwrap_or(0) * at_once;
        let signals = largest(&|part| part.iter().map(|part| columns_of(plan, part, bars)).sum());
        let everything_is_shared = parts.len() < threads;
        let is_column = |id: &usize| !matches!(plan.bound[*id].work, Work::Constant(_));
        let (shared, own): (Vec<usize>, Vec<usize>) =
            plan.needed().into_iter().filter(is_column).partition(|id| everything_is_shared || plan.is_shared[*id]);
        let own = own.len() * at_once / parts.len().max(1);
        let columns = signals + (shared.len() + own) * (8 * bars + ceil(bars, 8));
        let accounts = largest(&|part| part.iter().map(|part| account_bytes(part.sets.len(), bars)).sum());
        Estimate { columns, accounts, rows: plan.places.len() * (2 * size_of::<Summary>() + size_of::<(u32, u32)>()) }
    }

    /// Everything together.
    pub fn total(&self) -> usize {
        self.columns + self.accounts + self.rows
    }

    /// Refuses to begin what the limit would end; `spare` bytes of what is reserved can be given back.
    pub fn check(&self, pool: &dyn MemoryPool, spare: usize, threads: usize) -> Result<()> {
        let MemoryLimit::Finite(limit) = pool.memory_limit() else { return Ok(()) };
        let used = pool.reserved().saturating_sub(spare);
        if used + self.total() <= limit {
            return Ok(());
        }
        Err(Error::Resources(format!(
            "not enough memory: the sweep needs about {} beside the {} in use: {} for columns on {threads} threads, {} for \
             accounts, {} for rows; the limit is {}; raise the limit, or take fewer threads",
            size(self.total()),
            size(used),
            size(self.columns),
            size(self.accounts),
            size(self.rows),
            size(limit)
        )))
    }
}

/// The columns that a group reads, in the form of the simulator.
fn columns_of(plan: &Plan, part: &Part, bars: usize) -> usize {
    let group = &plan.groups[part.group];
    let is_column = |id: usize| !matches!(plan.bound[id].work, Work::Constant(_));
    let exits = group.exits.iter().filter(|(_, id)| is_column(*id)).map(|(column, _)| match column.kind {
        ColumnKind::Bool => ceil(bars, 8),
        _ => 8 * bars,
    });
    let entries = group.sets[part.sets.clone()].iter().flatten().flatten().filter(|id| is_column(**id)).count();
    exits.sum::<usize>() + entries * ceil(bars, 8)
}

/// `512 B`, `1.91 MiB`.
fn size(bytes: usize) -> String {
    let mut number = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if number < 1024.0 {
            return if unit == "B" { format!("{number:.0} B") } else { format!("{number:.2} {unit}") };
        }
        number /= 1024.0;
    }
    format!("{number:.2} TiB")
}
