//! Averages of the rises and of the falls of a series: what `rsi` and `cmo` are made of.

use super::smoother::Smoother;

/// Wilder's averages of by how much a value is above the one before it, and below.
#[derive(Debug, Clone)]
pub struct GainAndLoss {
    last: f64,
    gain: Smoother,
    loss: Smoother,
}

impl GainAndLoss {
    /// Averages over `period` changes.
    pub fn new(period: usize) -> Self {
        GainAndLoss { last: f64::NAN, gain: Smoother::rma(period), loss: Smoother::rma(period) }
    }

    /// Takes the next value and gives both averages; `NaN` before `period` changes. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let change = x - std::mem::replace(&mut self.last, x);
        let [rise, fall] = parts(change);
        [self.gain.step(rise), self.loss.step(fall)]
    }

    /// Whether the next value has averages.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.gain.is_warm()
    }

    /// The averages at finite values, as [`GainAndLoss::step`] gives them. They must be warm.
    #[inline(always)]
    pub fn run(&mut self, x: &[f64], gains: &mut [f64], losses: &mut [f64]) {
        let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return };
        [gains[0], losses[0]] = parts(first - self.last);
        self.last = last;
        for ((gain, loss), pair) in gains[1..].iter_mut().zip(&mut losses[1..]).zip(x.windows(2)) {
            [*gain, *loss] = known_parts(pair[1] - pair[0]);
        }
        self.gain.fill(gains);
        self.loss.fill(losses);
    }
}

/// The rise and the fall in a change, one of them zero; `NaN` in a missing one.
#[inline(always)]
fn parts(change: f64) -> [f64; 2] {
    if change.is_nan() {
        return [f64::NAN; 2];
    }
    known_parts(change)
}

#[inline(always)]
fn known_parts(change: f64) -> [f64; 2] {
    [if change > 0.0 { change } else { 0.0 }, if change < 0.0 { -change } else { 0.0 }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_and_falls_are_averaged() {
        let mut both = GainAndLoss::new(2);
        let steps = [f64::NAN, 2.0, 5.0, 1.0].map(|x| both.step(x));
        assert!(steps[..3].iter().flatten().all(|x| x.is_nan()) && both.is_warm());
        assert_eq!(steps[3], [1.5, 2.0]);
        let (mut gains, mut losses) = ([7.0; 2], [7.0; 2]);
        both.run(&[4.0, 2.0], &mut gains, &mut losses);
        assert_eq!((gains, losses), ([2.25, 1.125], [1.0, 1.5]));
    }

    #[test]
    fn runs_have_the_bits_of_steps() {
        let values: Vec<f64> =
            (0..200).map(|i| if (70..120).contains(&i) { 1.0 } else { (f64::from(i) * 0.7).sin() }).collect();
        let mut single = GainAndLoss::new(5);
        let expected: Vec<[f64; 2]> = values.iter().map(|&x| single.step(x)).collect();
        let mut both = GainAndLoss::new(5);
        values[..20].iter().for_each(|&x| _ = both.step(x));
        let (mut gains, mut losses) = (vec![0.0; 180], vec![0.0; 180]);
        both.run(&values[20..], &mut gains, &mut losses);
        for (i, expected) in expected[20..].iter().enumerate() {
            assert_eq!([gains[i], losses[i]].map(f64::to_bits), expected.map(f64::to_bits), "{i}");
        }
    }
}
