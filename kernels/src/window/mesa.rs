//! Ehlers' adaptive average, whose weight follows how fast the phase of the dominant cycle turns.

/// Last six values, newest first, for the Hilbert transform.
#[derive(Debug, Clone, Copy, Default)]
struct Taps([f64; 6]);

impl Taps {
    /// Takes the next value and gives its quadrature: the transform of Ehlers (2001), which is that of the values of up
    /// to six bars ago, scaled by `gain`.
    #[inline]
    fn quadrature(&mut self, x: f64, gain: f64) -> f64 {
        let [_, two, _, four, _, six] = self.0;
        self.0.copy_within(..5, 1);
        self.0[0] = x;
        (0.0962 * (x - six) + 0.5769 * (two - four)) * gain
    }
}

/// MESA adaptive moving average and the slower average that follows it.
///
/// Everything begins with zero at the thirteenth value, and the first twenty results are withheld.
#[derive(Debug, Clone)]
pub struct Mesa {
    fastest: f64,
    slowest: f64,
    seen: usize,
    last: [f64; 3],
    smooth: Taps,
    detrended: Taps,
    in_phase: Taps,
    quadrature: Taps,
    /// Smoothed in-phase and quadrature components, and the products of those of neighbouring bars.
    i2: f64,
    q2: f64,
    real: f64,
    imaginary: f64,
    period: f64,
    phase: f64,
    mama: f64,
    fama: f64,
}

/// Values before the cycle is measured.
const START: usize = 12;

impl Mesa {
    /// Values before the first average.
    pub const LOOKBACK: usize = 32;

    /// An average with weights from `slowest` to `fastest`.
    pub fn new(fastest: f64, slowest: f64) -> Self {
        Mesa {
            fastest,
            slowest,
            seen: 0,
            last: [0.0; 3],
            smooth: Taps::default(),
            detrended: Taps::default(),
            in_phase: Taps::default(),
            quadrature: Taps::default(),
            i2: 0.0,
            q2: 0.0,
            real: 0.0,
            imaginary: 0.0,
            period: 0.0,
            phase: 0.0,
            mama: 0.0,
            fama: 0.0,
        }
    }

    /// Takes the next value and gives the average and the one that follows it; `NaN` before 33 values. A `NaN` gives
    /// `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let [one, two, three] = self.last;
        self.last = [x, one, two];
        if self.seen < START {
            self.seen += 1;
            return [f64::NAN; 2];
        }
        let turned = self.turn((4.0 * x + 3.0 * one + 2.0 * two + three) / 10.0);
        let weight = if turned > 1.0 { (self.fastest / turned).max(self.slowest) } else { self.fastest };
        self.mama = weight * x + (1.0 - weight) * self.mama;
        let weight = 0.5 * weight;
        self.fama = weight * self.mama + (1.0 - weight) * self.fama;
        if self.seen < Self::LOOKBACK {
            self.seen += 1;
            return [f64::NAN; 2];
        }
        [self.mama, self.fama]
    }

    /// Takes the next smoothed value and gives the angle in degrees by which the phase fell.
    #[inline]
    fn turn(&mut self, smooth: f64) -> f64 {
        let gain = 0.075 * self.period + 0.54;
        let detrended = self.smooth.quadrature(smooth, gain);
        let i1 = self.detrended.0[2];
        let q1 = self.detrended.quadrature(detrended, gain);
        let i_ahead = self.in_phase.quadrature(i1, gain);
        let q_ahead = self.quadrature.quadrature(q1, gain);
        let i2 = 0.2 * (i1 - q_ahead) + 0.8 * self.i2;
        let q2 = 0.2 * (q1 + i_ahead) + 0.8 * self.q2;
        self.real = 0.2 * (i2 * self.i2 + q2 * self.q2) + 0.8 * self.real;
        self.imaginary = 0.2 * (i2 * self.q2 - q2 * self.i2) + 0.8 * self.imaginary;
        (self.i2, self.q2) = (i2, q2);

        let before = self.period;
        let mut period = before;
        if self.imaginary != 0.0 && self.real != 0.0 {
            period = 360.0 / (self.imaginary / self.real).atan().to_degrees();
        }
        period = period.min(1.5 * before).max(0.67 * before).clamp(6.0, 50.0);
        self.period = 0.2 * period + 0.8 * before;

        let phase = if i1 == 0.0 { 0.0 } else { (q1 / i1).atan().to_degrees() };
        std::mem::replace(&mut self.phase, phase) - phase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_after_the_lookback_and_lies_among_the_values() {
        let mut mesa = Mesa::new(0.5, 0.05);
        for i in 0..300 {
            let [mama, fama] = mesa.step(100.0 + (f64::from(i) * 0.3).sin());
            assert_eq!(mama.is_nan(), i < 32);
            assert!(i < 200 || (mama - 100.0).abs() <= 1.0 && (fama - 100.0).abs() <= 1.0);
        }
    }
}
