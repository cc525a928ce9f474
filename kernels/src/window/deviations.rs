//! Mean and mean absolute deviation of a moving window.
//!
//! The deviations change with the mean, so no sum can be kept. A short window is added up again at every bar. A long
//! one is a treap ordered by value (Seidel and Aragon 1996) whose nodes know the number of values below them and the
//! sum of their distances: then the values on either side of the mean are found in logarithmic time. All sums are made
//! from those of the children, so a value that has left leaves no trace, and the shape of the tree, with it the last
//! bit of the result, depends only on the values in the window and their places in it.

use super::delay::Ring;
use super::room::{make_room, next_places};
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// Longest window that is added up at every bar.
const SHORT: usize = 384;

/// The mean of the last `period` values, and the sum of the absolute deviations from it.
#[derive(Debug, Clone)]
pub struct Deviations {
    len: f64,
    window: Window,
}

#[derive(Debug, Clone)]
enum Window {
    Short(Ring),
    Long(Ring, Treap),
}

impl Deviations {
    /// A window of `period` values. Memory grows with the values, not with the period.
    pub fn new(period: usize) -> Self {
        if period <= SHORT { Deviations::short(period) } else { Deviations::long(period) }
    }

    fn short(period: usize) -> Self {
        Deviations { len: period as f64, window: Window::Short(Ring::new(period)) }
    }

    fn long(period: usize) -> Self {
        Deviations { len: period as f64, window: Window::Long(Ring::new(period), Treap::new(period)) }
    }

    /// Takes the next value and gives the distance of the mean from it and the sum of absolute deviations; `NaN`
    /// before `period` values and while a `NaN` is in the window.
    ///
    /// Everything is measured from a value in the window: equal values differ by exactly zero, and in a nearly flat
    /// window the deviations keep the digits that a mean on the price scale would round away.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; 2] {
        match &mut self.window {
            Window::Short(ring) => {
                ring.push(x);
                let Some([older, newer]) = ring.in_order() else { return [f64::NAN; 2] };
                let window = || older.iter().chain(newer);
                let mean = window().map(|value| value - x).sum::<f64>() / self.len;
                [mean, window().map(|value| (value - x - mean).abs()).sum()]
            }
            Window::Long(ring, treap) => {
                let old = ring.push(x);
                treap.replace(old, x);
                if ring.full().is_none() || treap.missing > 0 { [f64::NAN; 2] } else { treap.deviations(x) }
            }
        }
    }
}

/// Bars whose windows are added up side by side.
const LANES: usize = 8;

/// Bars that are worked on at a time, so that they stay in the nearest cache.
const PIECE: usize = 1024;

/// A whole series with the bits of [`Deviations`]: `fill` writes the values from a place on, `f` makes the result of the
/// value, the distance of the mean from it and the sum of absolute deviations. The windows of neighbouring bars are added
/// up side by side, each in its own order.
pub fn moving_deviations(
    period: usize,
    len: usize,
    out: &mut Vec<f64>,
    fill: impl Fn(usize, &mut [f64]),
    f: impl Fn(f64, [f64; 2]) -> f64,
) {
    make_room(out, len);
    let mut deviations = (period > SHORT).then(|| Deviations::new(period));
    let mut values = vec![f64::NAN; PIECE + period - 1 + LANES];
    for start in (0..len).step_by(PIECE) {
        let bars = PIECE.min(len - start);
        let out = next_places(out, bars);
        if let Some(deviations) = &mut deviations {
            fill(start, out);
            out.iter_mut().for_each(|x| *x = f(*x, deviations.step(*x)));
            continue;
        }
        // The windows reach back: nothing is before the first bar.
        let reach = start.min(period - 1);
        fill(start - reach, &mut values[period - 1 - reach..][..reach + bars]);
        add_up(&values, period, out, &f);
    }
}

/// What `f` makes of the windows that end at the values after the first `period - 1`, of which there are more than places.
fn add_up(values: &[f64], period: usize, out: &mut [f64], f: impl Fn(f64, [f64; 2]) -> f64) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { add_up_avx2(values, period, out, f) };
    }
    add_up_either(values, period, out, f);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_up_avx2(values: &[f64], period: usize, out: &mut [f64], f: impl Fn(f64, [f64; 2]) -> f64) {
    add_up_either(values, period, out, f);
}

#[inline(always)]
fn add_up_either(values: &[f64], period: usize, out: &mut [f64], f: impl Fn(f64, [f64; 2]) -> f64) {
    for (k, out) in out.chunks_mut(LANES).enumerate() {
        let windows = &values[k * LANES..][..period - 1 + LANES];
        let mut newest = [0.0; LANES];
        newest.copy_from_slice(&windows[period - 1..]);
        // Loops and no closures: a closure is compiled for every processor, whoever calls it.
        let mut means = [0.0; LANES];
        for window in windows.windows(LANES) {
            for lane in 0..LANES {
                means[lane] += window[lane] - newest[lane];
            }
        }
        for mean in &mut means {
            *mean /= period as f64;
        }
        let mut sums = [0.0; LANES];
        for window in windows.windows(LANES) {
            for lane in 0..LANES {
                sums[lane] += (window[lane] - newest[lane] - means[lane]).abs();
            }
        }
        for lane in 0..out.len() {
            out[lane] = f(newest[lane], [means[lane], sums[lane]]);
        }
    }
}

const NONE: usize = usize::MAX;

/// A node; its place in the list is the place of its value in the window.
#[derive(Debug, Clone, Copy)]
struct Node {
    key: f64,
    left: usize,
    right: usize,
    /// Values of this node and below.
    len: f64,
    /// Sum of the distances of those values from `key`.
    offset: f64,
}

/// The values of a window in order of their size. A `NaN` is counted instead.
#[derive(Debug, Clone)]
struct Treap {
    period: usize,
    nodes: Vec<Node>,
    root: usize,
    next: usize,
    missing: usize,
}

impl Treap {
    fn new(period: usize) -> Self {
        Treap { period, nodes: Vec::new(), root: NONE, next: 0, missing: 0 }
    }

    /// Puts a value in the place of the oldest one, once there is one.
    fn replace(&mut self, old: Option<f64>, x: f64) {
        let place = self.next;
        self.next = if place + 1 == self.period { 0 } else { place + 1 };
        match old {
            Some(old) if old.is_nan() => self.missing -= 1,
            Some(_) => self.root = self.without(self.root, place),
            None => {}
        }
        let node = Node { key: x, left: NONE, right: NONE, len: 1.0, offset: 0.0 };
        match self.nodes.get_mut(place) {
            Some(slot) => *slot = node,
            None => self.nodes.push(node),
        }
        if x.is_nan() {
            self.missing += 1;
        } else {
            self.root = self.with(self.root, place);
        }
    }

    /// Distance of the mean from `x`, and the sum of absolute deviations from the mean.
    fn deviations(&self, x: f64) -> [f64; 2] {
        let Some(root) = self.nodes.get(self.root) else { return [f64::NAN; 2] };
        let mean = root.offset / root.len;
        let mut sum = 0.0;
        let mut at = self.root;
        while let Some(node) = self.nodes.get(at) {
            let above = mean - (node.key - root.key);
            sum += above.abs();
            let is_below = above >= 0.0;
            // The whole of one side lies on the same side of the mean.
            if let Some(side) = self.nodes.get(if is_below { node.left } else { node.right }) {
                sum += (side.len * (mean - (side.key - root.key)) - side.offset).abs();
            }
            at = if is_below { node.right } else { node.left };
        }
        [root.key - x + mean, sum]
    }

    /// Whether node `a` comes before node `b`; equal values in order of their places.
    fn before(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.nodes[a].key, self.nodes[b].key);
        x < y || x == y && a < b
    }

    /// The tree with one more node.
    fn with(&mut self, tree: usize, node: usize) -> usize {
        if tree == NONE {
            return node;
        }
        if priority(node) > priority(tree) {
            let (left, right) = self.split(tree, node);
            (self.nodes[node].left, self.nodes[node].right) = (left, right);
            self.sum_up(node);
            return node;
        }
        if self.before(node, tree) {
            self.nodes[tree].left = self.with(self.nodes[tree].left, node);
        } else {
            self.nodes[tree].right = self.with(self.nodes[tree].right, node);
        }
        self.sum_up(tree);
        tree
    }

    /// The tree without one of its nodes.
    fn without(&mut self, tree: usize, node: usize) -> usize {
        if tree == node {
            return self.join(self.nodes[tree].left, self.nodes[tree].right);
        }
        if self.before(node, tree) {
            self.nodes[tree].left = self.without(self.nodes[tree].left, node);
        } else {
            self.nodes[tree].right = self.without(self.nodes[tree].right, node);
        }
        self.sum_up(tree);
        tree
    }

    /// What comes before a node and what comes after it.
    fn split(&mut self, tree: usize, node: usize) -> (usize, usize) {
        if tree == NONE {
            return (NONE, NONE);
        }
        let parts = if self.before(tree, node) {
            let (left, right) = self.split(self.nodes[tree].right, node);
            self.nodes[tree].right = left;
            (tree, right)
        } else {
            let (left, right) = self.split(self.nodes[tree].left, node);
            self.nodes[tree].left = right;
            (left, tree)
        };
        self.sum_up(tree);
        parts
    }

    /// One tree of two, of which the first comes before the second.
    fn join(&mut self, left: usize, right: usize) -> usize {
        if left == NONE || right == NONE {
            return if left == NONE { right } else { left };
        }
        let top = if priority(left) > priority(right) {
            self.nodes[left].right = self.join(self.nodes[left].right, right);
            left
        } else {
            self.nodes[right].left = self.join(left, self.nodes[right].left);
            right
        };
        self.sum_up(top);
        top
    }

    /// Makes the sums of a node from those of its children.
    fn sum_up(&mut self, tree: usize) {
        let node = self.nodes[tree];
        let (mut len, mut offset) = (1.0, 0.0);
        for side in [node.left, node.right] {
            if let Some(child) = self.nodes.get(side) {
                len += child.len;
                offset += child.offset + child.len * (child.key - node.key);
            }
        }
        (self.nodes[tree].len, self.nodes[tree].offset) = (len, offset);
    }
}

/// A number that looks random and differs from place to place, because the multiplier is odd.
#[inline]
fn priority(place: usize) -> u64 {
    let mixed = (place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values with ties, a flat stretch, gaps and one huge price.
    fn values() -> Vec<f64> {
        let value = |i: usize| match i {
            200..260 => 7.25,
            333 | 400..403 => f64::NAN,
            500 => 1e300,
            _ => 100.0 + ((i * 37) % 23) as f64 + 0.125 * ((i * 11) % 7) as f64,
        };
        (0..800).map(value).collect()
    }

    #[test]
    fn both_forms_agree_with_the_definition() {
        let values = values();
        for period in [1, 2, 3, 8, 20, 50] {
            let (mut short, mut long) = (Deviations::short(period), Deviations::long(period));
            for (end, &x) in values.iter().enumerate() {
                let both = [short.step(x), long.step(x)];
                let Some(begin) = (end + 1).checked_sub(period) else {
                    assert!(both.iter().flatten().all(|x| x.is_nan()));
                    continue;
                };
                let window = &values[begin..=end];
                if window.iter().any(|x| x.is_nan()) {
                    assert!(both.iter().flatten().all(|x| x.is_nan()), "{end}");
                    continue;
                }
                let mean = window.iter().sum::<f64>() / period as f64;
                let sum: f64 = window.iter().map(|x| (x - mean).abs()).sum();
                for [distance, deviations] in both {
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * b.abs().max(mean.abs());
                    assert!(near(distance, mean - x), "{distance} at {end}, period {period}");
                    assert!(near(deviations, sum), "{deviations} instead of {sum} at {end}, period {period}");
                }
            }
        }
    }

    #[test]
    fn a_series_has_the_bits_of_its_steps() {
        for len in [0, 1, 7, 8, 9, 800] {
            let values = &values()[..len];
            for period in [1, 2, 3, 8, 20, 255, 384, 385] {
                let column = |k: usize| {
                    let mut out = vec![];
                    let fill = |start: usize, out: &mut [f64]| out.copy_from_slice(&values[start..][..out.len()]);
                    moving_deviations(period, len, &mut out, fill, |_, both| both[k]);
                    out
                };
                let (means, sums) = (column(0), column(1));
                let mut steps = Deviations::new(period);
                for ((&x, mean), sum) in values.iter().zip(means).zip(sums) {
                    let step = steps.step(x);
                    for (a, b) in step.into_iter().zip([mean, sum]) {
                        assert!(a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(), "{a}, {b}, period {period}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_tree_forgets() {
        let mut clean = values();
        clean.iter_mut().filter(|x| x.is_nan() || **x == 1e300).for_each(|x| *x = 50.0);
        let (mut a, mut b) = (Deviations::long(30), Deviations::long(30));
        for (i, (x, y)) in values().into_iter().zip(clean).enumerate() {
            let (a, b) = (a.step(x), b.step(y));
            if i > 540 {
                assert_eq!(a, b, "at {i}");
            }
        }
    }

    #[test]
    fn flat_windows_have_no_deviation() {
        let mut tree = Deviations::long(20);
        let last = (0..50).map(|_| tree.step(0.1)).last();
        assert_eq!(last, Some([0.0, 0.0]));
    }
}
