//! Several sets of entries against the same exits, where their outcomes are not shared: each has its own run, and the calm
//! stretches of the same positions are gone over once.

use super::contract::{Bars, Flags, Signals};
use super::event::Events;
use super::options::{OnOpposite, Options};
use super::record::Record;
use super::stretch::Stretches;
use super::summary::{Needs, Summary};

/// Bars through which all runs go before the next ones, so that what they share stays in the caches.
const TILE: usize = 4096;

/// The same as [`simulate`](super::simulate) with the exits and each of the entries, bit for bit; `None` if `goes_on`, which is
/// asked now and then, says no.
pub(super) fn simulate_sets(
    bars: &Bars,
    exits: &Signals,
    entries: &[(Flags, Flags)],
    (options, needs): (&Options, Needs),
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<Summary>> {
    let mut records = vec![Record::none(); entries.len()];
    let signals: Vec<Signals> =
        entries.iter().map(|&(enter_long, enter_short)| Signals { enter_long, enter_short, ..*exits }).collect();
    let mut runs: Vec<Events> = signals
        .iter()
        .zip(&mut records)
        .map(|(signals, record)| Events::new(bars, signals, options, needs, record))
        .collect();
    // An entry that may end the position ends a stretch, too, and is not the same in all sets.
    let shares = entries.len() > 1 && options.on_opposite == OnOpposite::Ignore;
    let mut stretches = shares.then(Stretches::default);
    for start in (0..bars.len()).step_by(TILE) {
        let end = bars.len().min(start + TILE);
        if let Some(stretches) = &mut stretches {
            stretches.clear((start, end));
        }
        for run in &mut runs {
            if !goes_on() {
                return None;
            }
            run.advance(end, stretches.as_mut());
        }
    }
    Some(runs.into_iter().map(Events::finish).collect())
}
