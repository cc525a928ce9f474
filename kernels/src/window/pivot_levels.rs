//! Pivot points: levels around a price, from the bar of a past stretch of time.

/// Rule of the levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PivotKind {
    /// The levels of floor traders.
    Classic,
    /// Fibonacci ratios of the range.
    Fibonacci,
    /// Nick Scott's levels around the close.
    Camarilla,
    /// Tom Woodie's, with the new open in the pivot.
    Woodie,
    /// Tom DeMark's, with one level on each side.
    Demark,
}

impl PivotKind {
    /// The words for the variants, in their order.
    pub const WORDS: &'static [&'static str] = &["classic", "fibonacci", "camarilla", "woodie", "demark"];

    /// The variant at a position of [`WORDS`](Self::WORDS).
    pub fn from_choice(position: usize) -> Self {
        use PivotKind::*;
        [Classic, Fibonacci, Camarilla, Woodie, Demark][position]
    }

    /// The pivot, four levels above and four below it, from open, high, low and close of the past stretch and the open
    /// after it. `NaN` where a rule has no such level.
    #[inline]
    pub fn levels(self, [open, high, low, close]: [f64; 4], next_open: f64) -> [f64; 9] {
        const NONE: f64 = f64::NAN;
        let range = high - low;
        let mean = (high + low + close) / 3.0;
        // The same distances on both sides of a middle.
        let around = |pivot: f64, middle: f64, [a, b, c, d]: [f64; 4]| {
            [pivot, middle + a, middle + b, middle + c, middle + d, middle - a, middle - b, middle - c, middle - d]
        };
        match self {
            PivotKind::Classic | PivotKind::Woodie => {
                let woodie = self == PivotKind::Woodie;
                let p = if woodie { (high + low + 2.0 * next_open) / 4.0 } else { mean };
                let above = [2.0 * p - low, p + range, high + 2.0 * (p - low)];
                let below = [2.0 * p - high, p - range, low - 2.0 * (high - p)];
                [p, above[0], above[1], above[2], NONE, below[0], below[1], below[2], NONE]
            }
            PivotKind::Fibonacci => around(mean, mean, [0.382 * range, 0.618 * range, range, NONE]),
            PivotKind::Camarilla => {
                let unit = 1.1 * range;
                around(mean, close, [unit / 12.0, unit / 6.0, unit / 4.0, unit / 2.0])
            }
            PivotKind::Demark => {
                let twice = if close < open {
                    low
                } else if close > open {
                    high
                } else {
                    close
                };
                let x = high + low + close + twice;
                [x / 4.0, x / 2.0 - low, NONE, NONE, NONE, x / 2.0 - high, NONE, NONE, NONE]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let levels = |kind: PivotKind| kind.levels([9.0, 12.0, 6.0, 9.0], 10.0);
        let classic = levels(PivotKind::Classic);
        assert_eq!([classic[0], classic[1], classic[2], classic[3]], [9.0, 12.0, 15.0, 18.0]);
        assert_eq!([classic[5], classic[6], classic[7]], [6.0, 3.0, 0.0]);
        assert!(classic[4].is_nan() && classic[8].is_nan());
        let woodie = levels(PivotKind::Woodie);
        assert_eq!([woodie[0], woodie[1], woodie[5]], [9.5, 13.0, 7.0]);
        let fibonacci = levels(PivotKind::Fibonacci);
        assert_eq!([fibonacci[0], fibonacci[3], fibonacci[7]], [9.0, 15.0, 3.0]);
        let camarilla = levels(PivotKind::Camarilla);
        assert!((camarilla[4] - 12.3).abs() < 1e-14 && (camarilla[5] - 8.45).abs() < 1e-14);
        let demark = levels(PivotKind::Demark);
        assert_eq!([demark[0], demark[1], demark[5]], [9.0, 12.0, 6.0]);
        let falling = PivotKind::Demark.levels([10.0, 12.0, 6.0, 9.0], 10.0);
        assert_eq!([falling[0], falling[1], falling[5]], [8.25, 10.5, 4.5]);
    }
}
