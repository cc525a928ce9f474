//! Impulse of the MACD histogram.
//!
//! `up` is true where the histogram turns positive after two negative bars of which the second was already less
//! negative; `down` is the mirror image. A missing bar has no value and changes nothing.

use super::def::*;
use super::macd::Macd;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "macd_impulse",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("fast", 12, 2), Param::period("slow", 26, 2), Param::period("signal", 9, 1)],
    outputs: &[Output::bool("up"), Output::bool("down")],
    lookback: |params| params.period(1) - 1 + params.period(2) - 1 + 2,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether the MACD histogram just changed its sign after it had weakened.",
    formula: "h = macd(x, fast, slow, signal).histogram; up = h[t-2] < 0 and h[t-1] < 0 and h[t-1] > h[t-2] and h[t] > 0; down with all signs turned. Missing bars are skipped.",
    source: "common reading of the histogram of Aspray, 1986",
    example: "SELECT ts, macd_impulse(close, 12, 26, 9).up FROM synthetic_bars(200, '1h')",
    check: Some(|params| {
        let (fast, slow) = (params.period(0), params.period(1));
        if fast < slow {
            return Ok(());
        }
        Err(format!("`fast` of macd_impulse() must be below `slow`, got {fast} and {slow}"))
    }),
    compute: compute::<MacdImpulse, 1, 2>,
    flags: None,
    stream: stream::<MacdImpulse, 1, 2>,
};

struct MacdImpulse {
    macd: Macd,
    /// The histogram two bars ago and one bar ago.
    before: [f64; 2],
}

impl State<1, 2> for MacdImpulse {
    fn new(params: &Params) -> Self {
        MacdImpulse { macd: Macd::new(params), before: [f64::NAN; 2] }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        let [_, _, now] = self.macd.step([x]);
        if now.is_nan() {
            return [f64::NAN; 2];
        }
        let [older, newer] = self.before;
        self.before = [newer, now];
        if older.is_nan() {
            return [f64::NAN; 2];
        }
        let up = older < 0.0 && newer < 0.0 && newer > older && now > 0.0;
        let down = older > 0.0 && newer > 0.0 && newer < older && now < 0.0;
        [f64::from(u8::from(up)), f64::from(u8::from(down))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_after_weakening() {
        let x: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.4).sin()).collect();
        let params = [3.0, 6.0, 3.0];
        let histogram = super::super::macd::DEF.evaluate(&[&x], &params).unwrap().remove(2);
        let out = DEF.evaluate(&[&x], &params).unwrap();
        assert_eq!(out[0].iter().take_while(|x| x.is_nan()).count(), 9);
        let ups: Vec<usize> = (0..60).filter(|&i| out[0][i] == 1.0).collect();
        let downs: Vec<usize> = (0..60).filter(|&i| out[1][i] == 1.0).collect();
        assert!(ups.len() == 3 && downs.len() == 3, "{ups:?} {downs:?}");
        assert!(ups.iter().all(|&i| histogram[i - 1] < 0.0 && histogram[i] > 0.0));
        assert!(downs.iter().all(|&i| histogram[i - 1] > 0.0 && histogram[i] < 0.0));
    }

    #[test]
    fn fast_must_be_below_slow() {
        let error = DEF.evaluate(&[&[]], &[9.0, 9.0, 9.0]).unwrap_err();
        assert_eq!(error, "`fast` of macd_impulse() must be below `slow`, got 9 and 9");
    }
}
