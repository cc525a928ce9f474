//! The way and the path of a series over some bars.

use super::delay::Delay;
use super::ladder::Ladder;
use super::room::{make_room, next_places};
use super::series::{changes_from, every_window};
use super::summary::Sums;
use crate::simd::{finite, widest};

/// The change over `period` bars and the sum of the sizes of all changes in between.
#[derive(Debug, Clone)]
pub struct Path {
    previous: f64,
    earlier: Delay,
    changes: Ladder<Sums, 1, 1>,
}

impl Path {
    /// A window of `period` changes.
    pub fn new(period: usize) -> Self {
        Path { previous: f64::NAN, earlier: Delay::new(period), changes: Ladder::new(period) }
    }

    /// Takes the next value and returns the change over the period and the path. Both are `NaN` before `period + 1`
    /// values and while one in the window is missing; the path is zero only without any movement.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; 2] {
        let change = x - std::mem::replace(&mut self.previous, x);
        let way = x - self.earlier.step(x);
        let [path] = self.changes.push([change.abs()]);
        [way + path * 0.0, path]
    }
}

/// The same for a whole series, with the bits of [`Path`]: what `f` makes of the change and the path.
pub fn moving_path(values: &[f64], period: usize, out: &mut Vec<f64>, f: impl Fn(f64, f64) -> f64) {
    make_room(out, values.len());
    let fill = |start: usize, [changes]: [&mut [f64]; 1]| {
        widest(|| changes_from(values, start, changes, |before, now| (finite(now) - finite(before)).abs()));
    };
    every_window::<Sums, 1, 1>(values.len(), period, fill, |start, _, [paths]| {
        let out = next_places(out, paths.len());
        let early = period.saturating_sub(start).min(out.len());
        let (head, tail) = out.split_at_mut(early);
        head.fill(f64::NAN);
        let (now, earlier) = (start + early, (start + early).saturating_sub(period));
        let (paths, now, earlier) = (&paths[early..], &values[now..], &values[earlier..]);
        widest(|| {
            for (((out, &path), &x), &earlier) in tail.iter_mut().zip(paths).zip(now).zip(earlier) {
                let way = finite(x) - finite(earlier);
                *out = finite(f(way + path * 0.0, path));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut path = Path::new(3);
        let all: Vec<[f64; 2]> = [1.0, 3.0, 2.0, 5.0, 5.0].map(|x| path.step(x)).to_vec();
        assert!(all[2].iter().all(|x| x.is_nan()));
        assert_eq!(all[3..], [[4.0, 6.0], [2.0, 4.0]]);
    }
}
