//! Money flow index.
//!
//! The share of rising money flow in the total, in percent, over `period` bars; the flow of a bar is typical price
//! times volume, rising or falling with the typical price. Zero without any flow, as in TA-Lib. A missing bar gives no
//! value as long as it, or the bar after it, is in the window. Equals TA-Lib `MFI`.

use super::def::*;
use super::state::{State, finite, run_each, stream};
use crate::simd::widest_fn;
use crate::window::{Ladder, PIECE, Sums, every_window, is_negligible, make_room, next_places, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "mfi",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("mfi", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Money flow index: the share of rising money flow over `period` bars.",
    formula: "t = (high + low + close) / 3, flow = t * volume; 100 * sum(flow where t rose) / sum(flow where t moved) over `period` bars, 0 without flow.",
    source: "Quong and Soudack, Volume-weighted RSI: Money Flow, 1989; TA-Lib MFI",
    example: "SELECT ts, mfi(high, low, close, volume, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Mfi, 4, 1>,
};

struct Mfi {
    previous: f64,
    flows: Ladder<Sums, 2, 2>,
}

impl State<4, 1> for Mfi {
    fn new(params: &Params) -> Self {
        Mfi { previous: f64::NAN, flows: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        let previous = std::mem::replace(&mut self.previous, price);
        let [rising, falling] = self.flows.push(flows(price, previous, volume));
        [index(rising, falling)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let len = inputs[0].len();
    let [high, low, close, volume] = [0, 1, 2, 3].map(|k| &inputs[k][..len]);
    let out = &mut outputs[0];
    make_room(out, len);
    let mut previous = f64::NAN;
    let mut prices = [f64::NAN; PIECE + 1];
    let fill = |start: usize, [rising, falling]: [&mut [f64]; 2]| {
        let prices = &mut prices[..=rising.len()];
        prices[0] = previous;
        typical_prices([high, low, close].map(|column| &column[start..]), &mut prices[1..]);
        previous = prices[rising.len()];
        every_flow(prices, &volume[start..], rising, falling);
    };
    every_window::<Sums, 2, 2>(len, params.period(0), fill, |_, _, [rising, falling]| {
        shares(rising, falling, next_places(out, rising.len()));
    });
}

widest_fn! {
    /// The typical prices of bars, `NaN` where one of their prices is not finite.
    [] []
    fn typical_prices(bars: [&[f64]; 3], out: &mut [f64]) {
        let bars = bars.map(|column| &column[..out.len()]);
        run_each(bars, [out], |[high, low, close]| [typical_price(finite(high), finite(low), finite(close))]);
    }
}

widest_fn! {
    /// The flows of bars, given with the price before them.
    [] []
    fn every_flow(prices: &[f64], volumes: &[f64], rising: &mut [f64], falling: &mut [f64]) {
        let bars = [&prices[1..], &prices[..rising.len()], &volumes[..rising.len()]];
        run_each(bars, [rising, falling], |[price, previous, volume]| flows(price, previous, finite(volume)));
    }
}

widest_fn! {
    /// [`index`] at each bar, and `NaN` for what is not finite.
    [] []
    fn shares(rising: &[f64], falling: &[f64], out: &mut [f64]) {
        run_each([rising, falling], [out], |[rising, falling]| [finite(index(rising, falling))]);
    }
}

/// The flow of a bar if its price rises, and if it falls.
#[inline(always)]
fn flows(price: f64, previous: f64, volume: f64) -> [f64; 2] {
    let change = price - previous;
    let moved = !is_negligible(change, price.abs() + previous.abs());
    // A missing change or volume has to reach both sums, so the direction is a factor and not a branch.
    let flow = price * volume + change * 0.0;
    [flow * f64::from(u8::from(moved & (change > 0.0))), flow * f64::from(u8::from(moved & (change < 0.0)))]
}

/// The share of the rising flow, in percent.
#[inline(always)]
fn index(rising: f64, falling: f64) -> f64 {
    let total = rising + falling;
    let index = 100.0 * (rising / total);
    if total == 0.0 { 0.0 } else { index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out =
            DEF.evaluate(&[&[1.0, 2.0, 1.0], &[1.0, 2.0, 1.0], &[1.0, 2.0, 1.0], &[10.0, 20.0, 40.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 50.0);
    }
}
