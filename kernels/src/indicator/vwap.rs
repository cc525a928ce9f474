//! Volume-weighted average price.
//!
//! The mean of the typical price weighted with volume, over the last `period` bars, or with `period` 0 since the start
//! of the series. There is no value where the volume in the window is zero. A missing bar gives no value as long as it
//! is in the window; with `period` 0 it is skipped. With `period` 0 it equals TA-Lib `VWAP`, which has zeros before the
//! first volume.

use super::def::*;
use super::state::{State, compute, run_each, stream};
use crate::window::{PIECE, Sliding, Sum, Total, typical_price};

pub(super) static DEF: Indicator = Indicator {
    name: "vwap",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 0, 0)],
    outputs: &[Output::number("vwap", Unit::Price)],
    lookback: |params| params.period(0).saturating_sub(1),
    // With period 0; otherwise it is a window.
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::CountsBars],
    summary: "Volume-weighted average price over `period` bars, or since the start for 0.",
    formula: "t = (high + low + close) / 3; sum(t * volume) / sum(volume) over `period` bars, or over all bars so far for period 0. No value without volume.",
    source: "Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE, 1988; TA-Lib VWAP",
    example: "SELECT ts, vwap(high, low, close, volume, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Vwap, 4, 1>,
    flags: None,
    stream: stream::<Vwap, 4, 1>,
};

enum Vwap {
    Window { turnover: Sliding<Sum>, volume: Sliding<Sum> },
    SinceStart { turnover: Total, volume: Total },
}

impl State<4, 1> for Vwap {
    fn new(params: &Params) -> Self {
        match params.period(0) {
            0 => Vwap::SinceStart { turnover: Total::default(), volume: Total::default() },
            period => Vwap::Window { turnover: Sliding::new(period), volume: Sliding::new(period) },
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close, volume]: [f64; 4]) -> [f64; 1] {
        // A bar whose price or volume is missing is missing in both sums.
        let traded = typical_price(high, low, close) * volume;
        let volume = if traded.is_nan() { f64::NAN } else { volume };
        let (turnover, volume) = match self {
            Vwap::Window { turnover, volume: sum } => match (turnover.push(traded), sum.push(volume)) {
                (Some(Sum(turnover)), Some(Sum(volume))) => (turnover, volume),
                _ => return [f64::NAN],
            },
            Vwap::SinceStart { .. } if traded.is_nan() => return [f64::NAN],
            Vwap::SinceStart { turnover, volume: sum } => (turnover.add(traded), sum.add(volume)),
        };
        [if volume == 0.0 { f64::NAN } else { turnover / volume }]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        match self {
            Vwap::Window { turnover, .. } => turnover.is_full(),
            Vwap::SinceStart { .. } => true,
        }
    }

    #[inline(always)]
    fn run(&mut self, bars: [&[f64]; 4], [out]: [&mut [f64]; 1]) {
        let mut buffer = [0.0; PIECE];
        let volumes = &mut buffer[..out.len()];
        run_each(bars, [&mut *out, &mut *volumes], |[high, low, close, volume]| {
            let traded = typical_price(high, low, close) * volume;
            [traded, if traded.is_nan() { f64::NAN } else { volume }]
        });
        match self {
            Vwap::Window { turnover, volume } => {
                turnover.fill(out);
                volume.fill(volumes);
            }
            Vwap::SinceStart { turnover, volume } => {
                turnover.fill(out);
                volume.fill(volumes);
            }
        }
        for (turnover, &volume) in out.iter_mut().zip(&*volumes) {
            let price = *turnover / volume;
            *turnover = if volume == 0.0 { f64::NAN } else { price };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out =
            DEF.evaluate(&[&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], &[0.0, 1.0, 3.0]], &[0.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 3.5]);
    }

    #[test]
    fn over_a_window() {
        let out =
            DEF.evaluate(&[&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0], &[1.0, 1.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.5, 3.5]);
    }

    #[test]
    fn missing_bars() {
        let price = [1.0, f64::NAN, 4.0, 6.0];
        let volume = [1.0, 1.0, 3.0, 1.0];
        let since_start = DEF.evaluate(&[&price, &price, &price, &volume], &[0.0]).unwrap();
        assert!(since_start[0][1].is_nan());
        assert_eq!(since_start[0][2..], [3.25, 3.8]);
        let window = DEF.evaluate(&[&price, &price, &price, &volume], &[2.0]).unwrap();
        assert!(window[0][..3].iter().all(|x| x.is_nan()));
        assert_eq!(window[0][3], 4.5);
    }
}
