//! Squeezed bands and a burst of volume.
//!
//! The relative width of `ewm_bollinger`, its rank among the last `rank_period` widths, and the score of the volume in a
//! window of the same length. `setup` is true where the width is low and the volume high; `score` grows from 0 to 1 with
//! both. A constant volume has the score zero. All outputs begin together. A missing bar has no value and changes
//! nothing. The work per bar grows with `rank_period`.

use super::def::*;
use super::ewm_bollinger::EwmBollinger;
use super::state::{State, compute, stream};
use crate::window::{Ring, Spread};

pub(super) static DEF: Indicator = Indicator {
    name: "amplitude",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[
        Param::period("period", 20, 1),
        Param::float("width", 2.0, 0.0, 1000.0),
        Param::period("rank_period", 20, 2),
        Param::float("max_rank", 0.5, 0.0, 1.0),
        Param::float("min_zscore", 0.5, 0.0, 1000.0),
    ],
    outputs: &[
        Output::number("bandwidth", Unit::Ratio),
        Output::number("rank", Unit::Ratio),
        Output::number("volume_zscore", Unit::Ratio),
        Output::bool("setup"),
        Output::number("score", Unit::Ratio),
    ],
    lookback: |params| params.period(2) - 1,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Squeezed bands with a burst of volume: bandwidth, its rank, the volume's score, and a score of both.",
    formula: "bandwidth = (upper - lower) / middle of ewm_bollinger(close, period, width), 0 for a middle of 0; rank = share of the last rank_period bandwidths that are not above the current one, itself included; volume_zscore = zscore(volume, rank_period, ddof 1), 0 for a constant volume; setup = rank <= max_rank and volume_zscore >= min_zscore; score = (1 - rank) * volume_zscore / (min_zscore + 1e-9), clipped to 0..1. Missing bars are skipped.",
    source: "common idea of a volatility squeeze with rising volume",
    example: "SELECT ts, amplitude(close, volume).score FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Amplitude, 2, 5>,
    flags: None,
    stream: stream::<Amplitude, 2, 5>,
};

struct Amplitude {
    bands: EwmBollinger,
    widths: Ring,
    volume: Spread,
    len: f64,
    max_rank: f64,
    min_score: f64,
}

impl State<2, 5> for Amplitude {
    fn new(params: &Params) -> Self {
        let rank_period = params.period(2);
        Amplitude {
            bands: EwmBollinger::new(params),
            widths: Ring::new(rank_period),
            volume: Spread::new(rank_period),
            len: rank_period as f64,
            max_rank: params.float(3),
            min_score: params.float(4),
        }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 5] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN; 5];
        }
        let [middle, reach] = self.bands.middle_and_reach(close);
        let bandwidth = if middle == 0.0 { 0.0 } else { 2.0 * reach / middle };
        self.widths.push(bandwidth);
        let [mean, squares] = self.volume.step(volume);
        let Some(widths) = self.widths.full() else {
            return [f64::NAN; 5];
        };
        let rank = widths.iter().map(|&width| u64::from(width <= bandwidth)).sum::<u64>() as f64 / self.len;
        let deviation = (squares / (self.len - 1.0)).sqrt();
        let score = if deviation == 0.0 { 0.0 } else { (volume - mean) / deviation };
        let setup = rank <= self.max_rank && score >= self.min_score;
        let burst = (score / (self.min_score + 1e-9)).max(0.0);
        [bandwidth, rank, score, f64::from(u8::from(setup)), ((1.0 - rank) * burst).clamp(0.0, 1.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // The second of two equal closes has the narrower band and the larger volume.
        let params = [3.0, 2.0, 2.0, 0.5, 0.5];
        let out = DEF.evaluate(&[&[1.0, 5.0, 3.0], &[1.0, 1.0, 3.0]], &params).unwrap();
        assert!(out[0][0].is_nan());
        let widths = [4.0 * 2.0_f64.sqrt() / 3.0, 4.0 / 3.0];
        assert!((out[0][1] - widths[0]).abs() < 1e-15 && (out[0][2] - widths[1]).abs() < 1e-15);
        assert_eq!((out[1][1..].to_vec(), out[3][1..].to_vec()), (vec![1.0, 0.5], vec![0.0, 1.0]));
        assert_eq!((out[2][1], out[4][1]), (0.0, 0.0));
        let score = 1.0 / 2.0_f64.sqrt();
        assert!((out[2][2] - score).abs() < 1e-15 && (out[4][2] - score).abs() < 1e-8);
    }
}
