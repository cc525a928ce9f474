//! Sums over the last dominant cycle, whose length changes from bar to bar.

use std::sync::LazyLock;

use super::hilbert::{Cycle, MAX_CYCLE};

/// Longest cycle rounded up to whole lanes.
const ROOM: usize = MAX_CYCLE.next_multiple_of(LANES);

/// Sums that run beside each other.
const LANES: usize = 4;

/// The last values in one slice, oldest first; zeros before the first one.
#[derive(Debug, Clone)]
struct Recent {
    values: Box<[f64; 512]>,
    end: usize,
}

impl Recent {
    fn new() -> Self {
        Recent { values: Box::new([0.0; 512]), end: ROOM }
    }

    #[inline]
    fn push(&mut self, value: f64) {
        if self.end == self.values.len() {
            self.values.copy_within(self.end - ROOM.., 0);
            self.end = ROOM;
        }
        self.values[self.end] = value;
        self.end += 1;
    }

    #[inline]
    fn last(&self, count: usize) -> &[f64] {
        &self.values[self.end - count..self.end]
    }
}

/// One sine and one cosine wave, newest bar last, with zeros before them.
struct Wave {
    sine: [f64; ROOM],
    cosine: [f64; ROOM],
}

/// The waves of 0 to 50 bars.
static WAVES: LazyLock<Vec<Wave>> = LazyLock::new(|| {
    let wave = |bars: usize| {
        let mut wave = Wave { sine: [0.0; ROOM], cosine: [0.0; ROOM] };
        for ago in 0..bars {
            let angle = std::f64::consts::TAU * ago as f64 / bars as f64;
            (wave.sine[ROOM - 1 - ago], wave.cosine[ROOM - 1 - ago]) = angle.sin_cos();
        }
        wave
    };
    (0..=MAX_CYCLE).map(wave).collect()
});

/// Phase of the dominant cycle.
#[derive(Clone)]
pub struct CyclePhase {
    waves: &'static [Wave],
    prices: Recent,
    degrees: f64,
}

impl Default for CyclePhase {
    fn default() -> Self {
        CyclePhase { waves: &WAVES, prices: Recent::new(), degrees: 0.0 }
    }
}

impl CyclePhase {
    /// Takes the next bar and returns the phase in degrees, at most 315.
    ///
    /// The averaged prices of the last cycle are correlated with one sine and one cosine wave of its length, and the
    /// delay of the average is made up for. Where they correlate with neither, the phase goes on from the last one.
    #[inline]
    pub fn step(&mut self, cycle: &Cycle) -> f64 {
        self.prices.push(cycle.price);
        let [real, imaginary] = self.correlate(cycle);
        if imaginary.abs() > 0.0 {
            self.degrees = (real / imaginary).atan().to_degrees();
        } else if real < 0.0 {
            self.degrees -= 90.0;
        } else if real > 0.0 {
            self.degrees += 90.0;
        }
        self.degrees += 90.0;
        self.degrees += 360.0 / cycle.period;
        if imaginary < 0.0 {
            self.degrees += 180.0;
        }
        if self.degrees > 315.0 {
            self.degrees -= 360.0;
        }
        self.degrees
    }

    #[inline]
    fn correlate(&self, cycle: &Cycle) -> [f64; 2] {
        let bars = cycle.bars();
        let wave = &self.waves[bars];
        // A whole wave sums to zero, so a constant makes no difference but to the rounding.
        let level = if bars < 2 { 0.0 } else { cycle.price };
        let (mut real, mut imaginary) = ([0.0; LANES], [0.0; LANES]);
        // The zeros before the waves fill the first lanes.
        let count = bars.next_multiple_of(LANES);
        let waves = wave.sine[ROOM - count..].chunks_exact(LANES).zip(wave.cosine[ROOM - count..].chunks_exact(LANES));
        for (prices, (sine, cosine)) in self.prices.last(count).chunks_exact(LANES).zip(waves) {
            for k in 0..LANES {
                let price = prices[k] - level;
                real[k] += sine[k] * price;
                imaginary[k] += cosine[k] * price;
            }
        }
        [(real[0] + real[2]) + (real[1] + real[3]), (imaginary[0] + imaginary[2]) + (imaginary[1] + imaginary[3])]
    }
}

/// Mean price over the dominant cycle, averaged over four bars: Ehlers' instantaneous trendline of 2001.
#[derive(Debug, Clone)]
pub struct CycleTrend {
    prices: Recent,
    /// Equal prices up to now.
    run: usize,
    last: f64,
    means: [f64; 3],
}

impl Default for CycleTrend {
    fn default() -> Self {
        CycleTrend { prices: Recent::new(), run: 0, last: f64::NAN, means: [0.0; 3] }
    }
}

impl CycleTrend {
    /// Takes the next price, and what [`Homodyne::step`](super::Homodyne::step) says about it.
    #[inline]
    pub fn step(&mut self, price: f64, cycle: Option<&Cycle>) -> f64 {
        self.prices.push(price);
        self.run = if price == self.last { self.run + 1 } else { 1 };
        self.last = price;
        let Some(cycle) = cycle else { return f64::NAN };
        let bars = cycle.bars();
        let sum: f64 = self.prices.last(bars).iter().sum();
        let mean = match bars {
            0 => 0.0,
            // A rounded sum need not divide back to the price.
            _ if self.run >= bars => price,
            _ => sum / bars as f64,
        };
        let [a, b, c] = self.means;
        self.means = [mean, a, b];
        super::four_weights([mean, a, b, c])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Homodyne, Start};

    #[test]
    fn keeps_the_last_values() {
        let mut recent = Recent::new();
        for i in 0..3000 {
            recent.push(i as f64);
            let expected: Vec<f64> = (0..ROOM as i64).map(|k| (i + k + 1 - ROOM as i64).max(0) as f64).collect();
            assert_eq!(recent.last(ROOM), expected);
        }
    }

    #[test]
    fn the_phase_turns_once_per_cycle() {
        let mut homodyne = Homodyne::new(Start::LATE);
        let mut phase = CyclePhase::default();
        let sine = |i: usize| (std::f64::consts::TAU * i as f64 / 20.0).sin();
        let degrees: Vec<f64> = (0..400).filter_map(|i| homodyne.step(sine(i)).map(|c| phase.step(&c))).collect();
        let turned = degrees.windows(2).map(|pair| (pair[1] - pair[0]).rem_euclid(360.0));
        assert!(turned.skip(200).all(|turned| (turned - 18.0).abs() < 4.0));
    }

    #[test]
    fn a_flat_market_lies_on_its_trend() {
        let (mut homodyne, mut trend) = (Homodyne::new(Start::LATE), CycleTrend::default());
        let last = (0..200).map(|_| trend.step(0.1, homodyne.step(0.1).as_ref())).last();
        assert_eq!(last, Some(0.1));
    }
}
