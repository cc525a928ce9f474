//! A trailing line that follows the trend and only moves towards it.

/// Two bands of which one is the line: the lower one in a rising trend, the upper one in a falling trend.
///
/// A band moves only towards the price, until a close lies beyond it; a close beyond the line turns the trend.
#[derive(Debug, Clone)]
pub struct Ratchet {
    upper: f64,
    lower: f64,
    previous_close: f64,
    rising: bool,
    started: bool,
}

/// The line and the band it was taken from.
#[derive(Debug, Clone, Copy)]
pub struct Trail {
    /// Where the trend would turn.
    pub line: f64,
    /// Whether the trend is up.
    pub rising: bool,
}

impl Ratchet {
    /// No bar yet.
    pub fn new() -> Self {
        Ratchet { upper: f64::NAN, lower: f64::NAN, previous_close: f64::NAN, rising: true, started: false }
    }

    /// Takes the bands and the close of the next bar, none of them missing. `begins_rising` counts at the first call.
    #[inline(always)]
    pub fn step(&mut self, upper: f64, lower: f64, close: f64, begins_rising: bool) -> Trail {
        let previous_close = std::mem::replace(&mut self.previous_close, close);
        if !self.started {
            (self.started, self.rising) = (true, begins_rising);
            (self.upper, self.lower) = (upper, lower);
        } else {
            // Choices and no branches, because nobody can foresee them.
            self.upper = if (upper < self.upper) | (previous_close > self.upper) { upper } else { self.upper };
            self.lower = if (lower > self.lower) | (previous_close < self.lower) { lower } else { self.lower };
            self.rising = if self.rising { close >= self.lower } else { close > self.upper };
        }
        Trail { line: if self.rising { self.lower } else { self.upper }, rising: self.rising }
    }
}

impl Default for Ratchet {
    fn default() -> Self {
        Ratchet::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_rises_with_the_trend_and_turns_below_it() {
        let mut ratchet = Ratchet::new();
        let mut step = |close: f64| {
            let trail = ratchet.step(close + 1.0, close - 1.0, close, true);
            (trail.line, trail.rising)
        };
        assert_eq!([10.0, 12.0, 11.5].map(&mut step), [(9.0, true), (11.0, true), (11.0, true)]);
        assert_eq!([10.5, 10.6, 12.0].map(&mut step), [(11.5, false), (11.5, false), (11.0, true)]);
    }
}
