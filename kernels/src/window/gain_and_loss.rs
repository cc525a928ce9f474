//! Averages of the rises and of the falls of a series: what `rsi` and `cmo` are made of.

use super::fading::Past;
use crate::eight::Number;

/// The averages, 0 and 1, of by how much a value is above the one before it, which is kept in column 2, and below.
#[inline(always)]
pub fn gain_and_loss<P: Past>(past: &mut P, x: P::T) -> [P::T; 2] {
    let before = past.before(2, x);
    // Zero, unless the value before is missing.
    let nothing = before.nothing();
    let (rise, fall) = ((x - before).larger(nothing), (before - x).larger(nothing));
    [past.average(0, rise), past.average(1, fall)]
}

#[cfg(test)]
mod tests {
    use super::super::averages::Averages;
    use super::super::fading::Recurrence;
    use super::*;

    struct Both;

    impl Recurrence<1, 2> for Both {
        fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 2] {
            gain_and_loss(past, x)
        }
    }

    #[test]
    fn rises_and_falls_are_averaged() {
        let mut both = Averages::<2, 3>::wilder([2; 2]);
        let steps = [2.0, 5.0, 1.0, 4.0, 2.0].map(|x| both.step(&Both, [x]));
        assert!(steps[..2].iter().flatten().all(|x| x.is_nan()));
        assert_eq!(steps[2..], [[1.5, 2.0], [2.25, 1.0], [1.125, 1.5]]);
    }
}
