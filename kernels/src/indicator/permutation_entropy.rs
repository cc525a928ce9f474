//! Permutation entropy, Bandt and Pompe (2002).
//!
//! The Shannon entropy of the order patterns of `dimension` neighbouring values, over the last `period` patterns, as a
//! fraction of its largest possible value: 0 for a series that always rises, 1 if all patterns are equally frequent.
//! With dimension 2 it is the entropy of the signs of the changes. Equal values count as rising. A missing bar gives no
//! value as long as it is in one of the patterns.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ring;

pub(super) static DEF: Indicator = Indicator {
    name: "permutation_entropy",
    aliases: &["rolling_entropy"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 100, 1),
        Param { name: "dimension", kind: ParamKind::Int { default: Some(3), min: 2, max: 4 } },
    ],
    outputs: &[Output::number("permutation_entropy", Unit::Ratio)],
    lookback: |params| params.period(0) + params.period(1) - 2,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Permutation entropy: how evenly the orders of neighbouring values are distributed.",
    formula: "-sum(p * ln(p)) / ln(dimension!), where p are the shares of the orders by size of x[j-dimension+1..=j] among the last `period` of them.",
    source: "Bandt and Pompe, Permutation Entropy: A Natural Complexity Measure for Time Series, 2002",
    example: "SELECT ts, permutation_entropy(close, 100, 3) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PermutationEntropy, 1, 1>,
    flags: None,
    stream: stream::<PermutationEntropy, 1, 1>,
};

/// Number of patterns of the largest order.
const PATTERNS: usize = 24;

struct PermutationEntropy {
    order: usize,
    len: f64,
    /// Logarithm of the number of patterns.
    largest: f64,
    /// The last values, the newest last.
    values: [f64; 4],
    patterns: Ring,
    counts: [usize; PATTERNS],
    /// `-p * ln(p)` of the share `p` of every count that occurred.
    terms: Vec<f64>,
    missing: usize,
    entropy: f64,
}

impl PermutationEntropy {
    /// The number of the order pattern of the last values; `NaN` if one is missing.
    #[inline]
    fn pattern(&self) -> f64 {
        let values = &self.values[4 - self.order..];
        if values.iter().any(|x| x.is_nan()) {
            return f64::NAN;
        }
        // The Lehmer code: for each value, how many later ones are below it.
        let mut code = 0;
        for (i, x) in values.iter().enumerate() {
            code = code * (self.order - i) + values[i + 1..].iter().filter(|later| *later < x).count();
        }
        code as f64
    }

    fn measure(&self) -> f64 {
        self.counts.iter().map(|&count| self.terms[count]).sum::<f64>() / self.largest
    }
}

impl State<1, 1> for PermutationEntropy {
    fn new(params: &Params) -> Self {
        let (period, order) = (params.period(0), params.period(1));
        PermutationEntropy {
            order,
            len: period as f64,
            largest: ((2..=order).product::<usize>() as f64).ln(),
            values: [f64::NAN; 4],
            patterns: Ring::new(period),
            counts: [0; PATTERNS],
            terms: vec![0.0],
            missing: 0,
            entropy: f64::NAN,
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        self.values.rotate_left(1);
        self.values[3] = x;
        let new = self.pattern();
        let old = self.patterns.push(new);
        if old == Some(new) && self.missing == 0 && !self.entropy.is_nan() {
            return [self.entropy];
        }
        match old {
            Some(old) if old.is_nan() => self.missing -= 1,
            Some(old) => self.counts[old as usize] -= 1,
            None => {}
        }
        if new.is_nan() {
            self.missing += 1;
        } else {
            let count = &mut self.counts[new as usize];
            *count += 1;
            if *count == self.terms.len() {
                let share = *count as f64 / self.len;
                self.terms.push(share * (1.0 / share).ln());
            }
        }
        let known = self.missing == 0 && self.patterns.full().is_some();
        self.entropy = if known { self.measure() } else { f64::NAN };
        [self.entropy]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 1.0, 1.0, 0.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_straight_line_has_none() {
        for order in [2.0, 3.0, 4.0] {
            let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], &[3.0, order]).unwrap();
            assert_eq!(out[0][5], 0.0);
        }
    }
}
