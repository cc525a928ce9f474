//! Chaikin money flow.
//!
//! The volume of `period` bars, weighted with the place of the close in the range of its bar, in relation to all of the
//! volume; from -1 to 1. A bar without a range, or with its high below its low, has no flow. Zero without any volume,
//! as in TA-Lib. A missing bar gives no value as long as it is in the window. Equals TA-Lib `CMF`, whose running sums
//! leave noise instead of zero where volume vanishes after the start.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest_fn;
use crate::window::{Ladder, Sums, copy_finite, every_window, make_room, money_flow, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "cmf",
    aliases: &["chaikin_money_flow"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("cmf", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chaikin money flow: the share of volume that closed near the high, less the share near the low.",
    formula: "sum(volume * ((close - low) - (high - close)) / (high - low)) / sum(volume) over `period` bars, 0 without volume.",
    source: "Chaikin, in Achelis, Technical Analysis from A to Z, 1995; TA-Lib CMF",
    example: "SELECT ts, cmf(high, low, close, volume, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Cmf, 4, 1>,
};

struct Cmf {
    flow_and_volume: Ladder<Sums, 2, 2>,
}

impl State<4, 1> for Cmf {
    fn new(params: &Params) -> Self {
        Cmf { flow_and_volume: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        let [flow, volume] = self.flow_and_volume.push([money_flow(high, low, close, volume), volume]);
        [share(flow, volume)]
    }
}

/// The flow as a share of the volume.
#[inline(always)]
fn share(flow: f64, volume: f64) -> f64 {
    // A missing price is in the flow only.
    if volume == 0.0 { flow * 0.0 } else { flow / volume }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let len = inputs[0].len();
    let [high, low, close, volume] = [0, 1, 2, 3].map(|k| &inputs[k][..len]);
    let out = &mut outputs[0];
    make_room(out, len);
    let fill = |start: usize, [flows, volumes]: [&mut [f64]; 2]| {
        let [high, low, close, volume] = [high, low, close, volume].map(|column| &column[start..][..flows.len()]);
        copy_finite(volume, volumes);
        money_flows([high, low, close], volumes, flows);
    };
    every_window::<Sums, 2, 2>(len, params.period(0), fill, |_, _, [flows, volumes]| {
        finite_shares(flows, volumes, next_places(out, flows.len()));
    });
}

widest_fn! {
    /// The flow at each bar.
    [] []
    fn money_flows(prices: [&[f64]; 3], volumes: &[f64], flows: &mut [f64]) {
        let [high, low, close] = prices;
        let (high, low, close) = (&high[..flows.len()], &low[..flows.len()], &close[..flows.len()]);
        for (i, (flow, volume)) in flows.iter_mut().zip(volumes).enumerate() {
            *flow = money_flow(finite(high[i]), finite(low[i]), finite(close[i]), *volume);
        }
    }
}

widest_fn! {
    /// [`share`] at each bar, and `NaN` for what is not finite.
    [] []
    fn finite_shares(flows: &[f64], volumes: &[f64], out: &mut [f64]) {
        for ((out, flow), volume) in out.iter_mut().zip(flows).zip(volumes) {
            *out = finite(share(*flow, *volume));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let bars: [&[f64]; 4] = [&[3.0, 4.0, 4.0], &[1.0, 2.0, 4.0], &[2.5, 2.0, 4.0], &[10.0, 20.0, 0.0]];
        let out = DEF.evaluate(&bars, &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [-0.5, -1.0]);
    }

    #[test]
    fn nothing_traded_is_zero() {
        let out = DEF.evaluate(&[&[3.0; 3], &[1.0; 3], &[2.5; 3], &[0.0; 3]], &[2.0]).unwrap();
        assert_eq!(out[0][1..], [0.0, 0.0]);
    }
}
