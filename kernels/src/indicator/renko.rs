//! Renko bricks at each bar.
//!
//! The bricks that the closes have formed so far: the close of the last one, its direction, and how many this bar has
//! added, negative for falling ones. The bricks lie on multiples of `size`; the first begins at the multiple nearest to
//! the first close. A brick in the same direction needs a move of one size, the first in the other direction one of two.
//! A close that misses a multiple by a billionth of a size reaches it, as such a distance is rounding. Before the first
//! brick the direction is zero. A missing bar has no value and changes nothing. Equals the bricks of Skender's `Renko`
//! on closes.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "renko",
    aliases: &[],
    family: Family::Price,
    inputs: &[Input::number("close")],
    params: &[Param { name: "size", kind: ParamKind::Float { default: None, min: 1e-9, max: 1e12 } }],
    outputs: &[
        Output::number("close", Unit::Price),
        Output::number("direction", Unit::Ratio),
        Output::number("bricks", Unit::Other),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::NotScaled],
    summary: "Renko bricks of a size: close and direction of the last one, and how many this bar has added.",
    formula: "The last brick covers bottom..top, at first both round(close / size) * size. floor((close - top) / size) bricks rise if that is positive, else floor((bottom - close) / size) bricks fall if that is positive; then bottom..top is the last of them. Missing bars are skipped.",
    source: "Nison, Beyond Candlesticks, 1994; Skender Renko",
    example: "SELECT ts, renko(close, 0.5).direction FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Renko, 1, 3>,
    flags: None,
    stream: stream::<Renko, 1, 3>,
};

struct Renko {
    size: f64,
    /// In sizes.
    bottom: f64,
    top: f64,
    direction: f64,
}

impl State<1, 3> for Renko {
    fn new(params: &Params) -> Self {
        Renko { size: params.float(0), bottom: f64::NAN, top: f64::NAN, direction: 0.0 }
    }

    #[inline]
    fn step(&mut self, [close]: [f64; 1]) -> [f64; 3] {
        let level = close / self.size;
        if !level.is_finite() {
            return [f64::NAN; 3];
        }
        if self.top.is_nan() {
            (self.bottom, self.top) = (level.round(), level.round());
        }
        // A billionth of a brick, and the rounding of the quotient where there are many of them.
        let slack = 1e-9 + 4.0 * f64::EPSILON * level.abs();
        let (above, below) = (level - self.top + slack, self.bottom - level + slack);
        let mut bricks = 0.0;
        if above >= 1.0 {
            bricks = above.floor();
            (self.top, self.direction) = (self.top + bricks, 1.0);
            self.bottom = self.top - 1.0;
        } else if below >= 1.0 {
            bricks = -below.floor();
            (self.bottom, self.direction) = (self.bottom + bricks, -1.0);
            self.top = self.bottom + 1.0;
        }
        let last = if self.direction < 0.0 { self.bottom } else { self.top };
        [last * self.size, self.direction, bricks]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[10.2, 10.9, 11.5, 14.0, 12.5, 11.9, 14.1]], &[1.0]).unwrap();
        assert_eq!(out[0], [10.0, 10.0, 11.0, 14.0, 14.0, 12.0, 14.0]);
        assert_eq!(out[1], [0.0, 0.0, 1.0, 1.0, 1.0, -1.0, 1.0]);
        assert_eq!(out[2], [0.0, 0.0, 1.0, 3.0, 0.0, -1.0, 1.0]);
    }

    #[test]
    fn rounding_hides_no_brick() {
        let out = DEF.evaluate(&[&[0.1, 0.3, 0.7, 0.1]], &[0.1]).unwrap();
        assert_eq!(out[2], [0.0, 2.0, 4.0, -5.0]);
    }
}
