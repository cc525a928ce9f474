//! What `nvi` and `pvi` are: the compounded price changes of the bars on which volume fell, or rose.

use super::def::Params;
use super::state::{State, run_each};

/// An index that starts at 1000 and grows with the price on the bars on which volume rose, or fell if not `RISES`.
pub(super) struct VolumeIndex<const RISES: bool> {
    close: f64,
    volume: f64,
    index: f64,
}

impl<const RISES: bool> State<2, 1> for VolumeIndex<RISES> {
    fn new(_: &Params) -> Self {
        VolumeIndex { close: f64::NAN, volume: f64::NAN, index: 1000.0 }
    }

    #[inline]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        self.index *= growth::<RISES>([close, volume], [self.close, self.volume]);
        (self.close, self.volume) = (close, volume);
        [self.index]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        true
    }

    #[inline(always)]
    fn run(&mut self, [close, volume]: [&[f64]; 2], [out]: [&mut [f64]; 1]) {
        let (first, rest) = out.split_at_mut(1);
        first[0] = growth::<RISES>([close[0], volume[0]], [self.close, self.volume]);
        let bars = [&close[1..], &volume[1..], close, volume];
        run_each(bars, [rest], |[close, volume, close_before, volume_before]| {
            [growth::<RISES>([close, volume], [close_before, volume_before])]
        });
        (self.close, self.volume) = (close[close.len() - 1], volume[volume.len() - 1]);
        for growth in out {
            self.index *= *growth;
            *growth = self.index;
        }
    }
}

/// The growth of the index: a choice and no branch, because nobody can foresee it.
#[inline(always)]
fn growth<const RISES: bool>([close, volume]: [f64; 2], [close_before, volume_before]: [f64; 2]) -> f64 {
    let growth = close / close_before;
    // Before the first bar the comparison with `NaN` is false.
    let counts = if RISES { volume > volume_before } else { volume < volume_before };
    if counts & (close_before != 0.0) { growth } else { 1.0 }
}
