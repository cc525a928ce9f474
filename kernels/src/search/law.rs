//! What the values of one axis of a sample are, and how likely.

/// The law of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// The positions `0..count`, all as likely; `count` is at least 1.
    Discrete(u64),
    /// A number between two ends, its density constant.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// A number between two ends, the density of its logarithm constant.
    LogUniform {
        /// Smallest value, above 0.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

/// A value of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawn {
    /// A position on a discrete axis.
    Position(u64),
    /// A number.
    Number(f64),
}

impl Law {
    /// A uniform law on `[low, high]`.
    ///
    /// # Errors
    /// One sentence, if an end or the distance of the ends is not finite, or `low > high`.
    pub fn uniform(low: f64, high: f64) -> Result<Law, String> {
        in_order("uniform", low, high)?;
        if !(high - low).is_finite() {
            return Err(format!("uniform({low:?}, {high:?}) is too wide: its ends differ by more than {:e}", f64::MAX));
        }
        Ok(Law::Uniform { low, high })
    }

    /// A law on `[low, high]` under which every ratio is as likely.
    ///
    /// # Errors
    /// One sentence, if an end is not finite, `low <= 0`, or `low > high`.
    pub fn log_uniform(low: f64, high: f64) -> Result<Law, String> {
        in_order("log_uniform", low, high)?;
        if low <= 0.0 {
            return Err(format!("log_uniform(low, high) needs ends above 0, got log_uniform({low:?}, {high:?})"));
        }
        Ok(Law::LogUniform { low, high })
    }

    /// Number of values; `None` if the law is continuous.
    pub fn count(&self) -> Option<u64> {
        match self {
            Law::Discrete(count) => Some(*count),
            _ => None,
        }
    }

    /// The value below which the share `fraction / 2^64` of all draws lies: the quantile function.
    pub fn draw(&self, fraction: u64) -> Drawn {
        match *self {
            Law::Discrete(count) => Drawn::Position(((u128::from(fraction) * u128::from(count)) >> 64) as u64),
            Law::Uniform { low, high } => Drawn::Number((low + (high - low) * unit(fraction)).min(high)),
            Law::LogUniform { low, high } => {
                let (from, to) = (low.ln(), high.ln());
                // The logarithm and its inverse round; the ends are what the user wrote.
                Drawn::Number((from + (to - from) * unit(fraction)).exp().clamp(low, high))
            }
        }
    }
}

fn in_order(name: &str, low: f64, high: f64) -> Result<(), String> {
    if !(low.is_finite() && high.is_finite()) {
        return Err(format!("{name}(low, high) needs finite ends, got {name}({low:?}, {high:?})"));
    }
    if low > high {
        return Err(format!("{name}(low, high) needs low <= high, got {name}({low:?}, {high:?})"));
    }
    Ok(())
}

/// The fraction as a number in `[0, 1)`, in steps of 2^-53.
fn unit(fraction: u64) -> f64 {
    (fraction >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u64 = 1 << 63;

    #[test]
    fn quantiles() {
        let number = |law: Result<Law, String>, fraction| match law.unwrap().draw(fraction) {
            Drawn::Number(number) => number,
            Drawn::Position(_) => panic!("a position"),
        };
        assert_eq!(number(Law::uniform(10.0, 20.0), 0), 10.0);
        assert_eq!(number(Law::uniform(10.0, 20.0), HALF), 15.0);
        assert!(number(Law::uniform(10.0, 20.0), u64::MAX) <= 20.0);
        assert!((number(Law::log_uniform(0.01, 100.0), 0) / 0.01 - 1.0).abs() < 1e-14);
        assert!((number(Law::log_uniform(0.01, 100.0), HALF) - 1.0).abs() < 1e-12);
        assert!(number(Law::log_uniform(0.01, 100.0), u64::MAX) <= 100.0);
        assert_eq!(number(Law::uniform(3.0, 3.0), HALF), 3.0);
        let positions: Vec<Drawn> = (0..4).map(|i| Law::Discrete(4).draw(i << 62)).collect();
        assert_eq!(positions, [0, 1, 2, 3].map(Drawn::Position));
        assert_eq!(Law::Discrete(4).draw((1 << 62) - 1), Drawn::Position(0));
        assert_eq!(Law::Discrete(u64::MAX).draw(u64::MAX), Drawn::Position(u64::MAX - 1));
    }

    #[test]
    fn bad_ends_are_errors() {
        assert!(Law::uniform(2.0, 1.0).unwrap_err().contains("needs low <= high"));
        assert!(Law::uniform(f64::NAN, 1.0).unwrap_err().contains("finite"));
        assert!(Law::uniform(-f64::MAX, f64::MAX).unwrap_err().contains("too wide"));
        assert!(Law::log_uniform(0.0, 1.0).unwrap_err().contains("above 0"));
        assert!(Law::log_uniform(2.0, 1.0).unwrap_err().contains("low <= high"));
        assert!(Law::log_uniform(1.0, f64::INFINITY).is_err());
    }
}
