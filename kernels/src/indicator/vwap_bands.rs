//! Bands around the volume-weighted average price of the session.
//!
//! `session_vwap` and `width` standard deviations of the typical price, weighted with volume too, on both sides of it.
//! The first bar of a session has no deviation. There is no value before the first volume of a session. A missing bar
//! has no value and counts for none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Anchored, Session, Sessions, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "vwap_bands",
    aliases: &[],
    family: Family::Volume,
    inputs: &[
        Input::time("ts"),
        Input::number("high"),
        Input::number("low"),
        Input::number("close"),
        Input::number("volume"),
    ],
    params: &[Param::choice("session", 0, Session::WORDS), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Volume-weighted average price of the session and a multiple of its standard deviation on both sides.",
    formula: "middle = session_vwap; t = (high + low + close) / 3; upper and lower = middle +- width * sqrt(sum(volume * (t - middle)^2) / sum(volume)) over the bars of the session so far. Sessions are days, weeks from Monday or months of UTC. No value without volume. Missing bars are skipped.",
    source: "common definition; weighted variance of West, Updating Mean and Variance Estimates, 1979",
    example: "SELECT ts, vwap_bands(ts, high, low, close, volume, 'day', 2.0).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VwapBands, 5, 3>,
    flags: None,
    stream: stream::<VwapBands, 5, 3>,
};

struct VwapBands {
    sessions: Sessions,
    price: Anchored,
    width: f64,
}

impl State<5, 3> for VwapBands {
    fn new(params: &Params) -> Self {
        VwapBands {
            sessions: Sessions::new(Session::from_choice(params.choice(0))),
            price: Anchored::default(),
            width: params.float(1),
        }
    }

    #[inline]
    fn step(&mut self, [ts, high, low, close, volume]: [f64; 5]) -> [f64; 3] {
        let price = typical_price(high, low, close);
        if ts.is_nan() || price.is_nan() || volume.is_nan() {
            return [f64::NAN; 3];
        }
        if self.sessions.begins(ts) {
            self.price = Anchored::default();
        }
        self.price.add(price, volume);
        let (middle, reach) = (self.price.mean(), self.width * self.price.deviation());
        [middle + reach, middle, middle - reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (ts, x) = ([0.0, 1.0, 86_400e6], [1.0, 5.0, 7.0]);
        let out = DEF.evaluate(&[&ts, &x, &x, &x, &[2.0, 2.0, 1.0]], &[0.0, 2.0]).unwrap();
        assert_eq!((out[0][1], out[1][1], out[2][1]), (7.0, 3.0, -1.0));
        assert_eq!((out[0][2], out[2][2]), (7.0, 7.0));
    }
}
