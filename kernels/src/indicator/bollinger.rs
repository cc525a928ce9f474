//! Bollinger bands.
//!
//! The simple moving average and `width` population standard deviations (`ddof` 0) on both sides of it. A missing bar
//! gives no value as long as it is in the window. Equals TA-Lib `BBANDS` with a simple average; the middle is `sma`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Spread;

pub(super) static DEF: Indicator = Indicator {
    name: "bollinger",
    aliases: &["bbands"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 2), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Bollinger bands: a moving average and a multiple of the standard deviation on both sides.",
    formula: "middle = sma(x, period), upper and lower = middle +- width * rolling_stddev(x, period, 0).",
    source: "Bollinger, Bollinger on Bollinger Bands, 2001; TA-Lib BBANDS",
    example: "SELECT ts, bollinger(close, 20, 2.0).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Bollinger, 1, 3>,
    flags: None,
    stream: stream::<Bollinger, 1, 3>,
};

struct Bollinger {
    spread: Spread,
    len: f64,
    width: f64,
}

impl State<1, 3> for Bollinger {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Bollinger { spread: Spread::new(period), len: period as f64, width: params.float(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let [middle, squares] = self.spread.step(x);
        let reach = self.width * (squares / self.len).sqrt();
        [middle + reach, middle, middle - reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[2.0, 2.0]).unwrap();
        assert_eq!((out[0][1], out[1][1], out[2][1]), (4.0, 2.0, 0.0));
    }
}
