//! Quantitative qualitative estimation.
//!
//! An `rsi` smoothed with an `ema`, and a line that trails it at a distance of `factor` times its own average move. The
//! move per bar is averaged twice with an `ema` of `2 * period - 1` bars, which is Wilder's average of `period`. Below a
//! rising line of support the trail only rises, above it only falls; it changes sides where the RSI passes it. Both
//! outputs begin together, on the side of support. A missing bar has no value and changes nothing.

use super::def::*;
use super::rsi::Rsi;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "qqe",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 14, 2),
        Param::period("smoothing", 5, 1),
        Param::float("factor", 4.236, 0.0, 1000.0),
    ],
    outputs: &[Output::number("rsi", Unit::Percent), Output::number("line", Unit::Other)],
    lookback: |params| 5 * params.period(0) + params.period(1) - 4,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Quantitative qualitative estimation: a smoothed RSI and the line that trails it.",
    formula: "s = ema(rsi(x, period), smoothing); reach = factor * ema(ema(abs(s - s[i-1]), 2 * period - 1), 2 * period - 1); support = s - reach, but not below support[i-1] if s and s[i-1] are above that; resistance = s + reach likewise; line = support after s > resistance[i-1], resistance after s < support[i-1].",
    source: "Livshin, Quantitative Qualitative Estimation; pandas-ta qqe",
    example: "SELECT ts, qqe(close, 14, 5).rsi FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Qqe, 1, 2>,
    flags: None,
    stream: stream::<Qqe, 1, 2>,
};

struct Qqe {
    rsi: Rsi,
    smooth: Smoother,
    previous: f64,
    move_once: Smoother,
    move_twice: Smoother,
    factor: f64,
    support: f64,
    resistance: f64,
    rising: bool,
}

impl State<1, 2> for Qqe {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Qqe {
            rsi: Rsi::new(&Params::new(vec![period as f64])),
            smooth: Smoother::ema(params.period(1)),
            previous: f64::NAN,
            move_once: Smoother::ema(2 * period - 1),
            move_twice: Smoother::ema(2 * period - 1),
            factor: params.float(2),
            support: f64::NAN,
            resistance: f64::NAN,
            rising: true,
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        let [rsi] = self.rsi.step([x]);
        let now = self.smooth.step(rsi);
        if now.is_nan() {
            return [f64::NAN; 2];
        }
        let before = std::mem::replace(&mut self.previous, now);
        let once = self.move_once.step((now - before).abs());
        let reach = self.factor * self.move_twice.step(once);
        if reach.is_nan() {
            return [f64::NAN; 2];
        }
        let (support, resistance) = (self.support, self.resistance);
        // Comparisons with the `NaN` of the first bar do not hold.
        if now > resistance {
            self.rising = true;
        } else if now < support {
            self.rising = false;
        }
        self.support = if before > support && now > support { support.max(now - reach) } else { now - reach };
        let under = before < resistance && now < resistance;
        self.resistance = if under { resistance.min(now + reach) } else { now + reach };
        [now, if self.rising { self.support } else { self.resistance }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rise_trails_at_no_distance() {
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        let out = DEF.evaluate(&[&x], &[2.0, 1.0, 4.236]).unwrap();
        assert!(out[0][6].is_nan() && out[1][6].is_nan());
        assert_eq!([out[0][7], out[1][7], out[1][19]], [100.0; 3]);
    }
}
