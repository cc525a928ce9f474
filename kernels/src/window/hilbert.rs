//! Ehlers' Hilbert transform and homodyne discriminator: the phasor of a price series and the period of its dominant
//! cycle (Rocket Science for Traders, 2001), shared by the `ht_` family and `mama`.
//!
//! The conventions are those of TA-Lib, found by comparing values: the filters start from zeros once the price average
//! has seen a number of bars, and nothing is shown for a number of bars after that.

use std::f64::consts::TAU;

/// When a [`Homodyne`] starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Bars that only the price average sees.
    idle: usize,
    /// Bars before the first one that is shown.
    pub lookback: usize,
}

impl Start {
    /// For what follows the phasor: `ht_dcperiod`, `ht_phasor` and `mama`.
    pub const EARLY: Start = Start { idle: 12, lookback: 32 };
    /// For what looks back over a whole dominant cycle: `ht_dcphase`, `ht_sine`, `ht_trendline` and `ht_trendmode`.
    pub const LATE: Start = Start { idle: 37, lookback: 63 };
}

/// What a bar says about the cycle.
#[derive(Debug, Clone, Copy)]
pub struct Cycle {
    /// Price averaged over four bars with the weights 4, 3, 2 and 1.
    pub price: f64,
    /// Part of the detrended price in phase with it.
    pub in_phase: f64,
    /// Part a quarter of a cycle ahead.
    pub quadrature: f64,
    /// Smoothed period of the dominant cycle, in bars, at most [`MAX_CYCLE`].
    pub period: f64,
    /// Whether the warm-up is over.
    pub is_shown: bool,
}

impl Cycle {
    /// The period as a number of whole bars.
    #[inline]
    pub fn bars(&self) -> usize {
        ((self.period + 0.5) as usize).min(MAX_CYCLE)
    }
}

/// Longest period of a dominant cycle, in bars.
pub const MAX_CYCLE: usize = 50;

/// Weights of the Hilbert transform, for the values 0 and 6 and for the values 2 and 4 bars ago.
const OUTER: f64 = 0.0962;
const INNER: f64 = 0.5769;

/// Values that the filters reach back to, as a power of two.
const REACH: usize = 16;

/// Average of four values with the weights 4, 3, 2 and 1, newest first; exact for equal ones.
#[inline]
pub fn four_weights([x, a, b, c]: [f64; 4]) -> f64 {
    x + (3.0 * (a - x) + 2.0 * (b - x) + (c - x)) * 0.1
}

/// Measures the dominant cycle.
///
/// The Hilbert transform of the averaged price gives a detrended price, and once more its quadrature; the angle between
/// one smoothed phasor and the next is the cycle's progress per bar. The period moves by at most a third down and a
/// half up, stays from 6 to 50 bars, and is smoothed twice.
#[derive(Debug, Clone)]
pub struct Homodyne {
    start: Start,
    /// Bars so far.
    seen: usize,
    prices: [f64; 3],
    averaged: [f64; REACH],
    detrended: [f64; REACH],
    quadrature: [f64; REACH],
    /// Smoothed phasor of the last bar, real and imaginary part.
    phasor: [f64; 2],
    /// Smoothed product of the phasor with the one before.
    product: [f64; 2],
    period: f64,
    smooth_period: f64,
    /// Correction of the transform at the next bar.
    gain: f64,
}

impl Homodyne {
    /// The state before the first bar.
    pub fn new(start: Start) -> Self {
        Homodyne {
            start,
            seen: 0,
            prices: [0.0; 3],
            averaged: [0.0; REACH],
            detrended: [0.0; REACH],
            quadrature: [0.0; REACH],
            phasor: [0.0; 2],
            product: [0.0; 2],
            period: 0.0,
            smooth_period: 0.0,
            gain: 0.54,
        }
    }

    /// Takes the next price, which is not `NaN`; `None` before the filters start.
    #[inline]
    pub fn step(&mut self, price: f64) -> Option<Cycle> {
        let [a, b, c] = self.prices;
        self.prices = [price, a, b];
        let bar = self.seen;
        self.seen += 1;
        if bar < self.start.idle {
            return None;
        }
        let averaged = four_weights([price, a, b, c]);
        self.averaged[bar % REACH] = averaged;
        let raw = transform(&self.averaged, bar);
        // What the next two transforms owe to bars before, and the one of the phase three bars late, as the quadrature
        // is, before their gain.
        let late = bar.wrapping_sub(3);
        let (rest, rest_ahead) = (past(&self.detrended, bar), past(&self.quadrature, bar));
        let in_phase = self.detrended[late % REACH];
        let in_phase_ahead = transform(&self.detrended, late);

        let gain = self.gain;
        let detrended = raw * gain;
        let quadrature = (OUTER * detrended + rest) * gain;
        self.detrended[bar % REACH] = detrended;
        self.quadrature[bar % REACH] = quadrature;
        // The phasor (in_phase - H(quadrature), quadrature + H(in_phase)), smoothed by `0.2 * new + 0.8 * old`. A bar
        // has to wait for the gain of the bar before, so all is written as polynomials of the gain.
        let [last_i, last_q] = self.phasor;
        let cubic = (0.2 * OUTER * OUTER) * raw;
        let ahead = gain * ((0.2 * rest_ahead + (0.2 * OUTER) * rest * gain) + cubic * (gain * gain));
        let i = (0.8 * last_i + 0.2 * in_phase) - ahead;
        let q = 0.8 * last_q + gain * (0.2 * (rest + in_phase_ahead) + (0.2 * OUTER) * raw * gain);
        self.turn([i, q]);
        let period = self.smooth_period;
        Some(Cycle { price: averaged, in_phase, quadrature, period, is_shown: bar >= self.start.lookback })
    }

    /// Updates the period with the next phasor.
    #[inline]
    fn turn(&mut self, [i, q]: [f64; 2]) {
        let [last_i, last_q] = self.phasor;
        let [last_along, last_across] = self.product;
        let along = 0.8 * last_along + ((0.2 * last_i) * i + (0.2 * last_q) * q);
        let across = 0.8 * last_across + ((0.2 * last_q) * i - (0.2 * last_i) * q);
        (self.phasor, self.product) = ([i, q], [along, across]);
        if !(along.abs() > TINY && (along.abs() + across.abs()).is_finite()) {
            self.settle();
        }
        let [along, across] = self.product;
        let last = self.period;
        let measured = if along != 0.0 && across != 0.0 { TAU / (across / along).atan() } else { last };
        let (longest, shortest) = ((1.5 * last).min(MAX_CYCLE as f64), (0.67 * last).max(6.0));
        // Comparisons are faster than `min` and `max`, which look for `NaN` first.
        let limited = if measured < longest { measured } else { longest };
        let limited = if limited > shortest { limited } else { shortest };
        // The gain of the transform falls with the frequency; this corrects it: 0.54 + 0.075 * period.
        self.gain = (0.54 + (0.075 * 0.8) * last) + (0.075 * 0.2) * limited;
        self.period = 0.2 * limited + 0.8 * last;
        self.smooth_period = 0.33 * self.period + 0.67 * self.smooth_period;
    }

    /// Zeros instead of numbers whose quotients are noise, as after a long flat stretch, or which are not finite.
    #[cold]
    fn settle(&mut self) {
        for x in self.phasor.iter_mut().chain(&mut self.product) {
            if !x.is_normal() {
                *x = 0.0;
            }
        }
    }
}

/// Products of the phasor above this size are left alone.
const TINY: f64 = 1e-290;

/// The Hilbert transform of the values up to `bar`, before its gain is corrected; exactly zero for equal values.
#[inline(always)]
fn transform(values: &[f64; REACH], bar: usize) -> f64 {
    let ago = |bars: usize| values[bar.wrapping_sub(bars) % REACH];
    OUTER * (ago(0) - ago(6)) + INNER * (ago(2) - ago(4))
}

/// What the values before `bar` contribute to the transform at it.
#[inline(always)]
fn past(values: &[f64; REACH], bar: usize) -> f64 {
    let ago = |bars: usize| values[bar.wrapping_sub(bars) % REACH];
    INNER * (ago(2) - ago(4)) - OUTER * ago(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_period_of_a_sine() {
        for period in [10.0, 20.0, 35.0] {
            let mut homodyne = Homodyne::new(Start::EARLY);
            let sine = |i: usize| 100.0 + (TAU * i as f64 / period).sin();
            let last = (0..1000).filter_map(|i| homodyne.step(sine(i))).last().unwrap();
            assert!((last.period - period).abs() < 0.03 * period, "{} for {period}", last.period);
        }
    }

    #[test]
    fn a_flat_market_has_no_phasor() {
        let mut homodyne = Homodyne::new(Start::EARLY);
        let last = (0..200).filter_map(|_| homodyne.step(0.1)).last().unwrap();
        assert_eq!((last.price, last.in_phase, last.quadrature), (0.1, 0.0, 0.0));
    }

    #[test]
    fn recovers_from_overflow() {
        let mut homodyne = Homodyne::new(Start::EARLY);
        for i in 0..300 {
            let price = if i == 100 { f64::MAX } else { 100.0 + (0.3 * i as f64).sin() };
            let cycle = homodyne.step(price);
            assert!(i < 150 || cycle.is_some_and(|c| c.period.is_finite() && c.in_phase.is_finite()));
        }
        assert!((homodyne.smooth_period - 20.9).abs() < 1.0);
    }
}
