//! Ehlers' instantaneous trendline of 2004, and the trigger that runs ahead of it.
//!
//! A filter whose delay is nearly none for long cycles. Until the sixth bar the trend is the mean of three bars with the
//! weights 1, 2 and 1; the first value is shown after six bars. A flat market lies exactly on its trend. A missing bar
//! has no value and changes nothing. The trendline of 2001 is `ht_trendline`.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "instantaneous_trendline",
    aliases: &["itrend"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::float("alpha", 0.07, 0.001, 1.0)],
    outputs: &[Output::number("trend", Unit::Price), Output::number("trigger", Unit::Price)],
    lookback: |_| WARM_UP,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Instantaneous trendline: a trend with nearly no delay, and a trigger two bars ahead of it.",
    formula: "t = (a - a^2 / 4) x + a^2 / 2 x[1] - (a - 3/4 a^2) x[2] + 2 (1 - a) t[1] - (1 - a)^2 t[2] for a = alpha, from (x + 2x[1] + x[2]) / 4 for the first six bars; trigger = 2 t - t[2]. Missing bars are skipped.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, instantaneous_trendline(close, 0.07).trend FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<InstantaneousTrendline, 1, 2>,
    flags: None,
    stream: stream::<InstantaneousTrendline, 1, 2>,
};

struct InstantaneousTrendline {
    alpha: f64,
    seen: usize,
    prices: [f64; 2],
    trends: [f64; 2],
}

impl State<1, 2> for InstantaneousTrendline {
    fn new(params: &Params) -> Self {
        InstantaneousTrendline { alpha: params.float(0), seen: 0, prices: [0.0; 2], trends: [0.0; 2] }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let [b, a] = self.prices;
        let [last, before] = self.trends;
        let shown = self.seen == WARM_UP;
        let trend = if shown {
            let (alpha, keep) = (self.alpha, 1.0 - self.alpha);
            // The weights add up to one, so the newest price is taken as the level.
            let news = 0.5 * alpha * alpha * (b - x) - (alpha - 0.75 * alpha * alpha) * (a - x);
            x + ((news - keep * keep * (before - x)) + 2.0 * keep * (last - x))
        } else {
            self.seen += 1;
            x + 0.25 * (2.0 * (b - x) + (a - x))
        };
        self.prices = [x, b];
        self.trends = [if trend.is_finite() { trend } else { x }, last];
        if shown { [trend, 2.0 * trend - before] } else { [f64::NAN; 2] }
    }
}

/// Bars before the filter runs.
const WARM_UP: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_followed_without_delay() {
        let x: Vec<f64> = (0..600).map(f64::from).collect();
        let out = DEF.evaluate(&[&x], &[0.07]).unwrap();
        assert!(out[0][5].is_nan() && out[1][5].is_nan() && !out[0][6].is_nan());
        assert!((out[0][599] - 599.0).abs() < 1e-6 && (out[1][599] - 601.0).abs() < 1e-6);
    }

    #[test]
    fn a_flat_market_lies_on_it() {
        let out = DEF.evaluate(&[&[0.1; 50]], &[0.07]).unwrap();
        assert_eq!((out[0][49], out[1][49]), (0.1, 0.1));
    }
}
