//! Confirmed turning points of a zigzag.
//!
//! A drawn zigzag moves its last line with every new extreme, so its last point is known only later. This one reports a
//! turning point from the bar on at which it is confirmed: once the price has moved `percent` away from the extreme, that
//! extreme is final. Nothing is repainted. The first leg has no known beginning and only gives the direction, so the
//! first turning point is its end. A bar that extends the leg cannot confirm its end, as the order of its high and low is
//! unknown. A missing bar has no value and changes nothing. Pass the close twice for a zigzag of closes; its turning
//! points are those of Skender's `ZigZag`, except for the last one there, which may not be confirmed.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "zigzag",
    aliases: &[],
    family: Family::Price,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::float("percent", 5.0, 0.0, 100.0)],
    outputs: &[
        Output::number("price", Unit::Price),
        Output::number("direction", Unit::Ratio),
        Output::number("bars_ago", Unit::Bars),
    ],
    // At the least: a leg, and a reversal that confirms its end.
    lookback: |_| 2,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::Sparse],
    summary: "Last confirmed turning point of a zigzag: its price, the direction since, and how many bars ago it was.",
    formula: "A rising leg keeps its highest high until a later bar has 100 * (high - low) >= percent * high; then that high is the turning point and a falling leg begins at this bar. A falling leg keeps its lowest low until 100 * (high - low) >= percent * low. The first leg begins where the price has moved that far from its extreme since the start. direction is 1 after a low and -1 after a high. Missing bars are skipped.",
    source: "Merrill, Filtered Waves, 1977; Skender ZigZag",
    example: "SELECT ts, zigzag(high, low, 1.0).price FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Zigzag, 2, 3>,
    flags: None,
    stream: stream::<Zigzag, 2, 3>,
};

#[derive(Clone, Copy, PartialEq)]
enum Leg {
    Unknown,
    Rising,
    Falling,
}

/// An extreme and the number of bars since.
#[derive(Clone, Copy)]
struct Extreme {
    price: f64,
    bars_ago: f64,
}

impl Extreme {
    const NONE: Extreme = Extreme { price: f64::NAN, bars_ago: f64::NAN };

    fn now(price: f64) -> Self {
        Extreme { price, bars_ago: 0.0 }
    }
}

struct Zigzag {
    percent: f64,
    leg: Leg,
    /// Of the current leg, or since the start while it is unknown.
    highest: Extreme,
    lowest: Extreme,
    pivot: Extreme,
}

impl State<2, 3> for Zigzag {
    fn new(params: &Params) -> Self {
        Zigzag {
            percent: params.float(0),
            leg: Leg::Unknown,
            highest: Extreme::NONE,
            lowest: Extreme::NONE,
            pivot: Extreme::NONE,
        }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 3] {
        if high.is_nan() || low.is_nan() {
            return [f64::NAN; 3];
        }
        self.highest.bars_ago += 1.0;
        self.lowest.bars_ago += 1.0;
        self.pivot.bars_ago += 1.0;
        // The first bar is above and below nothing: it begins both.
        let (top, bottom) = (self.highest.price, self.lowest.price);
        let extends_up = high > top || top.is_nan();
        let extends_down = low < bottom || bottom.is_nan();
        let rises = !extends_down && 100.0 * (high - bottom) >= self.percent * bottom;
        let falls = !extends_up && 100.0 * (top - low) >= self.percent * top;
        match self.leg {
            Leg::Rising if extends_up => self.highest = Extreme::now(high),
            Leg::Rising if falls => {
                self.pivot = self.highest;
                (self.leg, self.lowest) = (Leg::Falling, Extreme::now(low));
            }
            Leg::Falling if extends_down => self.lowest = Extreme::now(low),
            Leg::Falling if rises => {
                self.pivot = self.lowest;
                (self.leg, self.highest) = (Leg::Rising, Extreme::now(high));
            }
            Leg::Unknown if rises => (self.leg, self.highest) = (Leg::Rising, Extreme::now(high)),
            Leg::Unknown if falls => (self.leg, self.lowest) = (Leg::Falling, Extreme::now(low)),
            Leg::Unknown => {
                if extends_up {
                    self.highest = Extreme::now(high);
                }
                if extends_down {
                    self.lowest = Extreme::now(low);
                }
            }
            Leg::Rising | Leg::Falling => {}
        }
        let direction = if self.leg == Leg::Rising { 1.0 } else { -1.0 };
        let known = if self.pivot.price.is_nan() { f64::NAN } else { direction };
        [self.pivot.price, known, self.pivot.bars_ago]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [100.0, 104.0, 111.0, 120.0, 115.0, 108.0, 100.0, 105.0, 110.0];
        let out = DEF.evaluate(&[&x, &x], &[10.0]).unwrap();
        // The rise from 100 is the first leg; its end at bar 3 is confirmed at bar 5, the low of bar 6 at bar 8.
        assert!(out[0][..5].iter().all(|x| x.is_nan()) && out[1][4].is_nan() && out[2][4].is_nan());
        assert_eq!(out[0][5..], [120.0, 120.0, 120.0, 100.0]);
        assert_eq!(out[1][5..], [-1.0, -1.0, -1.0, 1.0]);
        assert_eq!(out[2][5..], [2.0, 3.0, 4.0, 2.0]);
    }

    #[test]
    fn a_bar_that_extends_the_leg_does_not_end_it() {
        let (high, low) = ([100.0, 112.0, 130.0, 112.0], [100.0, 110.0, 90.0, 110.0]);
        let out = DEF.evaluate(&[&high, &low], &[10.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!((out[0][3], out[2][3]), (130.0, 1.0));
    }
}
