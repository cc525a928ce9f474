//! Money flow index.
//!
//! The share of rising money flow in the total, in percent, over `period` bars; the flow of a bar is typical price
//! times volume, rising or falling with the typical price. Zero without any flow, as in TA-Lib. A missing bar gives no
//! value as long as it, or the bar after it, is in the window. Equals TA-Lib `MFI`.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{PIECE, Sliding, Sum, is_negligible, typical_price};

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
    compute: compute::<Mfi, 4, 1>,
    flags: None,
    stream: stream::<Mfi, 4, 1>,
};

struct Mfi {
    previous: f64,
    rising: Sliding<Sum>,
    falling: Sliding<Sum>,
}

impl State<4, 1> for Mfi {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Mfi { previous: f64::NAN, rising: Sliding::new(period), falling: Sliding::new(period) }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let price = typical_price(high, low, close);
        let previous = std::mem::replace(&mut self.previous, price);
        let [rising, falling] = flows(price, previous, volume);
        let (Some(Sum(rising)), Some(Sum(falling))) = (self.rising.push(rising), self.falling.push(falling)) else {
            return [f64::NAN];
        };
        [index(rising, falling)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.rising.is_full()
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close, volume]: [&[f64]; 4], [rising]: [&mut [f64]; 1]) {
        let len = rising.len();
        let mut buffers = [[0.0; PIECE]; 2];
        let [prices, falling] = buffers.each_mut().map(|buffer| &mut buffer[..len]);
        run_each([high, low, close], [&mut *prices], |[high, low, close]| [typical_price(high, low, close)]);
        [rising[0], falling[0]] = flows(prices[0], self.previous, volume[0]);
        let outputs = [&mut rising[1..], &mut falling[1..]];
        run_each([&prices[1..], prices, &volume[1..]], outputs, |[price, previous, volume]| {
            flows(price, previous, volume)
        });
        self.previous = prices[len - 1];
        self.rising.fill(rising);
        self.falling.fill(falling);
        for (rising, &falling) in rising.iter_mut().zip(&*falling) {
            *rising = index(*rising, falling);
        }
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
