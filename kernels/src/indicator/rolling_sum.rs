//! Sum of the last `period` values.
//!
//! The first value comes with bar `period`. A missing bar gives no value as long as it is in the window. Equals TA-Lib
//! `SUM`, without its drift: values that have left the window leave no rounding error behind.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Ladder, Sums, copy_finite, every_window, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_sum",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("rolling_sum", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Sum of the last `period` values.",
    formula: "sum(x[i-period+1..=i]). No value while a missing bar is in the window.",
    source: "TA-Lib SUM",
    example: "SELECT ts, rolling_sum(volume, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<RollingSum, 1, 1>,
};

struct RollingSum {
    window: Ladder<Sums, 1, 1>,
}

impl State<1, 1> for RollingSum {
    fn new(params: &Params) -> Self {
        RollingSum { window: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        self.window.push([x])
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, out) = (inputs[0], &mut outputs[0]);
    make_room(out, x.len());
    let fill = |start: usize, [bars]: [&mut [f64]; 1]| copy_finite(&x[start..], bars);
    every_window::<Sums, 1, 1>(x.len(), params.period(0), fill, |_, _, [sums]| {
        copy_finite(sums, next_places(out, sums.len()));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1e+20, 2.0, 3.0]], &[2.0]).unwrap();
        assert_eq!(out[0][3], 5.0);
    }
}
