//! The threads that kernels run on: one pool per size for the whole process, so that several runs at once share the cores.
//! Work that a run of such a pool may wait for has threads of its own.

use std::collections::HashMap;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

type Pools = Mutex<Option<HashMap<usize, Arc<ThreadPool>>>>;

static SWEEPS: Pools = Mutex::new(None);
static QUERIES: Pools = Mutex::new(None);

/// The pool of sweeps of this many threads; 0 takes every core.
pub fn pool(threads: usize) -> Result<Arc<ThreadPool>> {
    pool_of(&SWEEPS, "kernel", threads)
}

/// The pool of queries of this many threads. It is not that of sweeps, whose threads may wait for a query.
pub fn query_pool(threads: usize) -> Result<Arc<ThreadPool>> {
    pool_of(&QUERIES, "query", threads)
}

fn pool_of(pools: &Pools, name: &'static str, threads: usize) -> Result<Arc<ThreadPool>> {
    let mut pools = pools.lock().unwrap_or_else(PoisonError::into_inner);
    let pools = pools.get_or_insert_with(HashMap::new);
    if let Some(pool) = pools.get(&threads) {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(move |i| format!("threadx-{name}-{i}"))
        .build()
        .map_err(|e| Error::Resources(format!("cannot start {threads} threads: {e}")))?;
    let pool = Arc::new(pool);
    pools.insert(threads, Arc::clone(&pool));
    Ok(pool)
}

/// Cores that this process may use.
pub fn cores() -> usize {
    static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));
    *CORES
}

/// What `task` gives for `0..count`, in that order, computed by at most this many threads, of which the caller is one.
pub fn map<T: Send>(threads: usize, count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || -> Vec<(usize, T)> {
        std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|i| *i < count))
            .map(|i| (i, task(i)))
            .collect()
    };
    let mut done = thread::scope(|scope| {
        let spawn = |i| thread::Builder::new().name(format!("threadx-load-{i}")).spawn_scoped(scope, work);
        // Where the system gives no more threads, those that there are do the work.
        let helpers: Vec<_> = (1..threads.min(count)).map_while(|i| spawn(i).ok()).collect();
        let mut done = work();
        helpers.into_iter().for_each(|helper| done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic))));
        done
    });
    done.sort_unstable_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_on_any_number_of_threads() {
        let squares: Vec<usize> = (0..50).map(|i| i * i).collect();
        for threads in [0, 1, 2, 7, 100] {
            assert_eq!(map(threads, 50, |i| i * i), squares);
            assert!(map(threads, 0, |i| i).is_empty());
        }
    }
}
