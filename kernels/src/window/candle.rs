//! Candles: bodies, shadows and gaps, and what counts as long, short, near or equal among the bars before.
//!
//! Whether a candle is long is not a number of its own: it is compared with a mean over the bars before it. The sizes,
//! periods and factors are the published defaults of TA-Lib. Each mean is added up afresh from its five or ten bars,
//! the oldest first, so that nothing remains in it of bars that have passed. TA-Lib adds and subtracts in one sum for
//! the whole series; where a size equals a mean but for its last bits, the rounding of bars long past may decide
//! otherwise there, and TA-Lib started at the first bar of the window decides as here.

/// A mean over the bars before a candle, with which its parts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yardstick {
    /// The bodies of ten bars.
    Body,
    /// The ranges of ten bars.
    Range,
    /// What the ranges of ten bars have beyond the bodies.
    Shadows,
    /// The ranges of five bars.
    Recent,
}

impl Yardstick {
    /// All of them, in the order of [`Candle::new`].
    pub const ALL: [Yardstick; 4] = [Yardstick::Body, Yardstick::Range, Yardstick::Shadows, Yardstick::Recent];
    /// The number of bars.
    #[inline(always)]
    pub const fn period(self) -> usize {
        match self {
            Yardstick::Recent => Self::RECENT,
            _ => Self::LONGEST,
        }
    }

    /// Number of bars in all but [`Yardstick::Recent`].
    pub const LONGEST: usize = 10;
    /// Number of bars in [`Yardstick::Recent`].
    pub const RECENT: usize = 5;

    /// What is averaged, for one bar.
    #[inline(always)]
    pub fn size(self, [open, high, low, close]: [f64; 4]) -> f64 {
        match self {
            Yardstick::Body => (close - open).abs(),
            Yardstick::Range | Yardstick::Recent => high - low,
            Yardstick::Shadows => {
                let candle = Candle::new([open, high, low, close], [0.0; 4]);
                candle.upper() + candle.lower()
            }
        }
    }
}

/// The mean of `N` values, added up in their order.
#[inline(always)]
pub fn mean_in_order<const N: usize>(value: impl Fn(usize) -> f64) -> f64 {
    let mut sum = value(0);
    for k in 1..N {
        sum += value(k);
    }
    sum / N as f64
}

/// One candle, and the means of the bars before it.
#[derive(Debug, Clone, Copy)]
pub struct Candle {
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    means: [f64; 4],
}

impl Candle {
    /// A candle of open, high, low and close; the means in the order of [`Yardstick::ALL`].
    #[inline(always)]
    pub fn new([open, high, low, close]: [f64; 4], means: [f64; 4]) -> Self {
        Candle { open, high, low, close, means }
    }

    /// A close not below the open.
    #[inline(always)]
    pub fn is_white(&self) -> bool {
        self.close >= self.open
    }

    /// A close below the open.
    #[inline(always)]
    pub fn is_black(&self) -> bool {
        !self.is_white()
    }

    /// `1` for a white candle, `-1` for a black one.
    #[inline(always)]
    pub fn sign(&self) -> f64 {
        if self.is_white() { 1.0 } else { -1.0 }
    }

    /// The higher end of the body.
    #[inline(always)]
    pub fn top(&self) -> f64 {
        if self.is_white() { self.close } else { self.open }
    }

    /// The lower end of the body.
    #[inline(always)]
    pub fn bottom(&self) -> f64 {
        if self.is_white() { self.open } else { self.close }
    }

    /// Length of the body.
    #[inline(always)]
    pub fn body(&self) -> f64 {
        (self.close - self.open).abs()
    }

    /// Length of the shadow above the body.
    #[inline(always)]
    pub fn upper(&self) -> f64 {
        self.high - self.top()
    }

    /// Length of the shadow below the body.
    #[inline(always)]
    pub fn lower(&self) -> f64 {
        self.bottom() - self.low
    }

    /// Whether the bodies leave a gap and this one is higher.
    #[inline(always)]
    pub fn body_is_above(&self, other: &Self) -> bool {
        self.bottom() > other.top()
    }

    /// Whether the bodies leave a gap and this one is lower.
    #[inline(always)]
    pub fn body_is_below(&self, other: &Self) -> bool {
        self.top() < other.bottom()
    }

    /// Whether even the shadows leave a gap and this candle is higher.
    #[inline(always)]
    pub fn is_above(&self, other: &Self) -> bool {
        self.low > other.high
    }

    /// Whether even the shadows leave a gap and this candle is lower.
    #[inline(always)]
    pub fn is_below(&self, other: &Self) -> bool {
        self.high < other.low
    }

    #[inline(always)]
    fn mean(&self, of: Yardstick) -> f64 {
        self.means[of as usize]
    }

    /// A body longer than the mean of ten bars.
    #[inline(always)]
    pub fn is_long(&self) -> bool {
        self.body() > self.mean(Yardstick::Body)
    }

    /// A body shorter than the mean of ten bars.
    #[inline(always)]
    pub fn is_short(&self) -> bool {
        self.body() < self.mean(Yardstick::Body)
    }

    /// The longest body of a doji, and the shadow that counts as none: a tenth of the mean range of ten bars.
    #[inline(always)]
    pub fn trace(&self) -> f64 {
        0.1 * self.mean(Yardstick::Range)
    }

    /// A body no longer than that of a doji.
    #[inline(always)]
    pub fn is_doji(&self) -> bool {
        self.body() <= self.trace()
    }

    /// An upper shadow that counts as none.
    #[inline(always)]
    pub fn lacks_upper(&self) -> bool {
        self.upper() < self.trace()
    }

    /// A lower shadow that counts as none.
    #[inline(always)]
    pub fn lacks_lower(&self) -> bool {
        self.lower() < self.trace()
    }

    /// An upper shadow that counts.
    #[inline(always)]
    pub fn has_upper(&self) -> bool {
        self.upper() > self.trace()
    }

    /// A lower shadow that counts.
    #[inline(always)]
    pub fn has_lower(&self) -> bool {
        self.lower() > self.trace()
    }

    /// The length below which a shadow is short: the mean shadow of ten bars.
    #[inline(always)]
    pub fn short_shadow(&self) -> f64 {
        self.mean(Yardstick::Shadows) / 2.0
    }

    /// The distance that is near: a fifth of the mean range of five bars.
    #[inline(always)]
    pub fn near(&self) -> f64 {
        0.2 * self.mean(Yardstick::Recent)
    }

    /// The distance that is far: three fifths of the mean range of five bars.
    #[inline(always)]
    pub fn far(&self) -> f64 {
        0.6 * self.mean(Yardstick::Recent)
    }

    /// The distance up to which prices are equal: a twentieth of the mean range of five bars.
    #[inline(always)]
    pub fn tolerance(&self) -> f64 {
        0.05 * self.mean(Yardstick::Recent)
    }

    /// Whether two prices are equal within the tolerance.
    #[inline(always)]
    pub fn equal(&self, a: f64, b: f64) -> bool {
        let tolerance = self.tolerance();
        (a <= b + tolerance) & (a >= b - tolerance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_candle() {
        let black = Candle::new([5.0, 7.0, 1.0, 2.0], [3.0, 20.0, 4.0, 10.0]);
        assert_eq!([black.body(), black.upper(), black.lower(), black.sign()], [3.0, 2.0, 1.0, -1.0]);
        assert_eq!([black.top(), black.bottom(), black.short_shadow()], [5.0, 2.0, 2.0]);
        assert_eq!([black.trace(), black.near(), black.far(), black.tolerance()], [2.0, 2.0, 6.0, 0.5]);
        assert!(!black.is_long() && !black.is_short() && !black.is_doji() && !black.has_upper() && black.lacks_lower());
        assert!(black.equal(5.0, 5.5) && !black.equal(5.0, 5.6));
        // A candle without a body is white.
        let doji = Candle::new([6.0, 8.0, 6.0, 6.0], [0.0; 4]);
        assert!(doji.is_white() && doji.body_is_above(&black) && !doji.is_above(&black));
        assert!(black.body_is_below(&doji) && !black.is_below(&doji));
        let sizes = Yardstick::ALL.map(|of| of.size([5.0, 7.0, 1.0, 2.0]));
        assert_eq!(sizes, [3.0, 6.0, 3.0, 6.0]);
    }
}
