//! Volume-weighted average price since the start of the session.
//!
//! The mean of the typical price weighted with volume over the bars of the current day, week or month of UTC. For a
//! market whose day begins elsewhere, shift `ts`. There is no value before the first volume of a session. A missing bar
//! has no value and counts for none.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Anchored, Session, Sessions, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "session_vwap",
    aliases: &[],
    family: Family::Volume,
    inputs: &[
        Input::time("ts"),
        Input::number("high"),
        Input::number("low"),
        Input::number("close"),
        Input::number("volume"),
    ],
    params: &[Param::choice("session", 0, Session::WORDS)],
    outputs: &[Output::number("session_vwap", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Volume-weighted average price since the start of the day, week or month.",
    formula: "t = (high + low + close) / 3; sum(t * volume) / sum(volume) over the bars of the session so far. Sessions are days, weeks from Monday or months of UTC. No value without volume. Missing bars are skipped.",
    source: "Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE, 1988",
    example: "SELECT ts, session_vwap(ts, high, low, close, volume, 'day') FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SessionVwap, 5, 1>,
    flags: None,
    stream: stream::<SessionVwap, 5, 1>,
};

struct SessionVwap {
    sessions: Sessions,
    price: Anchored,
}

impl State<5, 1> for SessionVwap {
    fn new(params: &Params) -> Self {
        SessionVwap { sessions: Sessions::new(Session::from_choice(params.choice(0))), price: Anchored::default() }
    }

    #[inline]
    fn step(&mut self, [ts, high, low, close, volume]: [f64; 5]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        if ts.is_nan() || price.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        if self.sessions.begins(ts) {
            self.price = Anchored::default();
        }
        self.price.add(price, volume);
        [self.price.mean()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ts = [22.0, 23.0, 24.0, 25.0, 26.0].map(|hour| hour * 3600e6);
        let (x, volume) = ([1.0, 5.0, 2.0, 3.0, f64::NAN], [1.0, 3.0, 0.0, 2.0, 1.0]);
        let out = DEF.evaluate(&[&ts, &x, &x, &x, &volume], &[0.0]).unwrap();
        assert_eq!((out[0][..2].to_vec(), out[0][3]), (vec![1.0, 4.0], 3.0));
        assert!(out[0][2].is_nan() && out[0][4].is_nan());
    }
}
