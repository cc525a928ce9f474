//! Bollinger bands.
//!
//! A moving average, `width` population standard deviations (`ddof` 0) above it and `lower_width` below it, which is
//! `width` too where it is -1. The deviations are those from the simple average of the last `period` values, whatever
//! the middle is. A missing bar gives no value as long as it is in the window. Equals TA-Lib `BBANDS`; the middle is
//! `ma`, by default `sma`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::quotient::divide;
use crate::simd::widest;
use crate::window::{
    AVERAGES, Average, AverageKind, Moments, Runs, Spread, copy_finite, every_window, make_room, next_places,
};

pub(super) static DEF: Indicator = Indicator {
    name: "bollinger",
    aliases: &["bbands"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 20, 2),
        Param::float("width", 2.0, 0.0, 1000.0),
        Param::float("lower_width", -1.0, -1.0, 1000.0),
        Param::choice("average", 0, AVERAGES),
    ],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| kind(params).lookback(params.period(0)).max(params.period(0) - 1),
    memory: Memory::Averages,
    shift: Shift::Changes,
    exceptions: &[Exception::CountsBars],
    summary: "Bollinger bands: a moving average and multiples of the standard deviation on both sides.",
    formula: "middle = ma(x, period, average), upper = middle + width * rolling_stddev(x, period, 0), lower = middle - lower_width * rolling_stddev(x, period, 0); lower_width -1 = the same as width.",
    source: "Bollinger, Bollinger on Bollinger Bands, 2001; TA-Lib BBANDS",
    example: "SELECT ts, bollinger(close, 20, 2.0).upper FROM synthetic_bars(200, '1h')",
    check: Some(|params| match params.float(2) {
        lower if lower >= 0.0 || lower == -1.0 => Ok(()),
        lower => Err(format!("`lower_width` of bollinger() must be -1 or from 0 on, got {lower}")),
    }),
    compute: batch,
    flags: None,
    stream: stream::<Bollinger, 1, 3>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(3), AverageKind::Sma)
}

struct Bollinger {
    spread: Spread,
    len: f64,
    widths: [f64; 2],
    /// `None` for the simple average, which the deviations are taken from anyway.
    middle: Option<Average>,
}

impl State<1, 3> for Bollinger {
    fn new(params: &Params) -> Self {
        let (period, width, lower_width) = (params.period(0), params.float(1), params.float(2));
        let kind = kind(params);
        Bollinger {
            spread: Spread::new(period),
            len: period as f64,
            widths: [width, if lower_width < 0.0 { width } else { lower_width }],
            middle: (kind != AverageKind::Sma).then(|| Average::new(kind, period)),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let [mean, squares] = self.spread.step(x);
        let middle = match &mut self.middle {
            None => mean,
            Some(average) => {
                let middle = average.step(x);
                if mean.is_nan() { f64::NAN } else { middle }
            }
        };
        let deviation = (squares / self.len).sqrt();
        let [above, below] = self.widths;
        [middle + above * deviation, middle, middle - below * deviation]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let x = inputs[0];
    let Bollinger { spread, len, widths: [above, below], middle: average } = Bollinger::new(params);
    let [upper, middle, lower] = outputs else { unreachable!("the caller passes a vector per output") };
    let is_simple = average.is_none();
    match average {
        Some(average) => average.fill(x, middle),
        None => make_room(middle, x.len()),
    }
    make_room(upper, x.len());
    make_room(lower, x.len());
    let mut runs = Runs::new(spread.period());
    let fill = |start: usize, [bars]: [&mut [f64]; 1]| copy_finite(&x[start..], bars);
    every_window::<Moments, 1, 2>(x.len(), spread.period(), fill, |start, [bars], [means, squares]| {
        divide(means, len);
        divide(squares, len);
        runs.visit(bars, |i| (means[i], squares[i]) = (bars[i], 0.0));
        let len = means.len();
        let middle = if is_simple { next_places(middle, len) } else { &mut middle[start..][..len] };
        let (upper, lower) = (next_places(upper, len), next_places(lower, len));
        widest(|| {
            for ((middle, mean), variance) in middle.iter_mut().zip(&*means).zip(&mut *squares) {
                *middle = if is_simple | mean.is_nan() { finite(*mean) } else { *middle };
                *variance = variance.sqrt();
            }
        });
        widest(|| {
            for (((upper, lower), middle), deviation) in upper.iter_mut().zip(lower).zip(&*middle).zip(&*squares) {
                *upper = finite(*middle + above * *deviation);
                *lower = finite(*middle - below * *deviation);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[2.0, 2.0, -1.0, 0.0]).unwrap();
        assert_eq!((out[0][1], out[1][1], out[2][1]), (4.0, 2.0, 0.0));
    }

    #[test]
    fn sides_and_middle_of_their_own() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[2.0, 2.0, 1.0, 10.0]).unwrap();
        assert!(out[1][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (5.0, 3.0, 2.0));
    }
}
