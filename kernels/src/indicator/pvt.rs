//! Price-volume trend.
//!
//! The running sum of volume times the relative price change; it starts at zero. After a close of zero it is unchanged,
//! as in TA-Lib. A missing bar has no value and changes nothing: the next change is taken from the last close that
//! there is. Equals TA-Lib `PVT`; the sum is compensated and does not drift.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::Total;

pub(super) static DEF: Indicator = Indicator {
    name: "pvt",
    aliases: &["price_volume_trend"],
    family: Family::Volume,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[],
    outputs: &[Output::number("pvt", Unit::Volume)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Price-volume trend: the running sum of volume times the relative price change.",
    formula: "starts at 0; pvt[i] = pvt[i-1] + volume[i] * (close[i] - close[i-1]) / close[i-1]. Missing bars are skipped.",
    source: "Achelis, Technical Analysis from A to Z, 1995; TA-Lib PVT",
    example: "SELECT ts, pvt(close, volume) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Pvt, 2, 1>,
    flags: None,
    stream: stream::<Pvt, 2, 1>,
};

struct Pvt {
    previous: f64,
    total: Total,
}

impl State<2, 1> for Pvt {
    fn new(_: &Params) -> Self {
        // A previous close of zero has no change.
        Pvt { previous: 0.0, total: Total::default() }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, close);
        [self.total.add(weighted(close, previous, volume))]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [close, volume]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = weighted(close[0], self.previous, volume[0]);
        run_each([&close[1..], close, &volume[1..]], [rest], |[close, before, volume]| {
            [weighted(close, before, volume)]
        });
        self.previous = close[close.len() - 1];
        self.total.fill(out);
    }
}

/// Volume times the relative change, none from a close of zero.
#[inline(always)]
fn weighted(close: f64, previous: f64, volume: f64) -> f64 {
    let change = (close - previous) / previous;
    volume * if previous == 0.0 { 0.0 } else { change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 0.0, 5.0], &[10.0, 20.0, 30.0, 1.0, 1.0]], &[]).unwrap();
        assert_eq!(out[0], [0.0, 20.0, 5.0, 4.0, 4.0]);
    }
}
