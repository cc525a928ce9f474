//! Goes over the calm bars of an open position: finds where they end and adds them up on the way.

use super::ledger::Ledger;
use super::position::{Line, Position};
use super::sums::{Drawdown, LANES, Lanes};
use super::watch::{WINDOW, Watch, block_at};
use crate::quotient::Quotient;
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// Largest number of bars that are searched before the next rule is asked; it is reached while nothing happens.
const WIDEST: usize = 16 * WINDOW;

/// Goes on from bar `from` over bars on which the position neither ends nor changes nor arms its trail, and adds them up;
/// returns the first other one, or `end`. All of them are interior.
pub(super) fn skip(ledger: &mut Ledger, watch: &Watch, position: &mut Position, (from, end): (usize, usize)) -> usize {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { skip_avx2(ledger, watch, position, (from, end)) };
    }
    skip_either::<false>(ledger, watch, position, (from, end))
}

/// The same code with wider instructions.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn skip_avx2(ledger: &mut Ledger, watch: &Watch, position: &mut Position, range: (usize, usize)) -> usize {
    skip_either::<true>(ledger, watch, position, range)
}

#[inline(always)]
fn skip_either<const FMA: bool>(
    ledger: &mut Ledger,
    watch: &Watch,
    position: &mut Position,
    (mut from, end): (usize, usize),
) -> usize {
    let mut window = WINDOW;
    while from < end {
        let window_end = end.min(from + window);
        let next = watch.first_event(position, from, window_end);
        add::<FMA>(ledger, watch.close, position, (from, next));
        from = next;
        if next < window_end {
            break;
        }
        window = WIDEST.min(2 * window);
    }
    from
}

/// Adds up the interior bars `from .. to`.
#[inline(always)]
fn add<const FMA: bool>(ledger: &mut Ledger, closes: &[f64], position: &mut Position, (from, to): (usize, usize)) {
    if from >= to {
        return;
    }
    let kept = ledger.summary.kept;
    if !kept.is_per_bar() {
        position.growth = position.growth_at(closes[to - 1]);
        return;
    }
    let (line, equity, mut previous) = (position.line, position.equity, position.growth);
    let quotient = Quotient::new(line.fill());
    let mut start = from - from % LANES;
    while start < to {
        let lanes = (from.saturating_sub(start), LANES.min(to - start));
        let growth = growth_of::<FMA>(&line, &quotient, block_at(closes, start));
        // Twice, so that the compiler makes one without masks for the blocks in the middle.
        match lanes {
            (0, LANES) => ledger.interior.add_block(&growth, previous, (start, 0, LANES), closes, kept),
            _ => ledger.interior.add_block(&growth, previous, (start, lanes.0, lanes.1), closes, kept),
        }
        if kept.drawdown {
            mark(&mut ledger.drawdown, equity, &growth, lanes);
        }
        previous = growth[lanes.1 - 1];
        start += LANES;
    }
    position.growth = previous;
}

/// Marks the bars `from .. to` of a position that does not change in them.
pub(super) fn mark_all(drawdown: &mut Drawdown, closes: &[f64], position: &Position, (from, to): (usize, usize)) {
    for close in &closes[from..to] {
        drawdown.mark(position.equity * position.growth_at(*close), 1);
    }
}

#[inline(always)]
fn growth_of<const FMA: bool>(line: &Line, quotient: &Quotient, closes: Lanes) -> Lanes {
    let mut growth = quotient.of::<FMA>(closes);
    for growth in &mut growth {
        *growth = line.at_ratio(*growth);
    }
    growth
}

/// Marks the bars `first .. end` of a block.
#[inline(always)]
fn mark(drawdown: &mut Drawdown, equity: f64, growth: &Lanes, (first, end): (usize, usize)) {
    let mut marks = [0.0; LANES];
    for i in 0..LANES {
        marks[i] = equity * growth[i];
    }
    if (first, end) == (0, LANES) && are_below(&marks, drawdown.peak) {
        drawdown.mark(smallest(&marks), LANES);
    } else {
        for mark in &marks[first..end] {
            drawdown.mark(*mark, 1);
        }
    }
}

#[inline(always)]
fn are_below(marks: &Lanes, peak: f64) -> bool {
    let mut below = [false; LANES];
    for i in 0..LANES {
        below[i] = marks[i] < peak;
    }
    below == [true; LANES]
}

/// The smallest of eight numbers.
#[inline(always)]
fn smallest(marks: &Lanes) -> f64 {
    let (mut four, mut two) = ([0.0; 4], [0.0; 2]);
    for i in 0..4 {
        four[i] = if marks[i] < marks[i + 4] { marks[i] } else { marks[i + 4] };
    }
    for i in 0..2 {
        two[i] = if four[i] < four[i + 2] { four[i] } else { four[i + 2] };
    }
    if two[0] < two[1] { two[0] } else { two[1] }
}
