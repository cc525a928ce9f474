//! Wilder's parabolic stop (1978), shared by `sar` and `sarext`.

/// How the acceleration of a stop grows.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    first: f64,
    growth: f64,
    most: f64,
}

impl Pace {
    /// Begins with `first` and grows by `growth`, both at most `most`.
    pub fn new(first: f64, growth: f64, most: f64) -> Self {
        Pace { first: first.min(most), growth: growth.min(most), most }
    }
}

/// The stop of one bar.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// Price of the stop.
    pub price: f64,
    /// Whether the trend is up after the bar.
    pub rising: bool,
}

/// A stop that accelerates towards the extreme point of the trend and reverses when it is touched.
#[derive(Debug, Clone)]
pub struct Parabolic {
    /// First stop: of an upward trend if positive, of a downward trend if negative.
    start: f64,
    /// Share by which a stop is moved away on a reversal.
    offset: f64,
    /// Upward and downward.
    paces: [Pace; 2],
    previous: [f64; 2],
    bars: usize,
    rising: bool,
    /// Negated while the trend is down, as the extreme point.
    stop: f64,
    extreme: f64,
    acceleration: f64,
}

impl Parabolic {
    /// The paces are those of an upward and of a downward trend.
    pub fn new(start: f64, offset: f64, paces: [Pace; 2]) -> Self {
        Parabolic {
            start,
            offset,
            paces,
            previous: [f64::NAN; 2],
            bars: 0,
            rising: true,
            stop: f64::NAN,
            extreme: f64::NAN,
            acceleration: 0.0,
        }
    }

    /// Takes the next bar; `None` for the first one. A bar with a missing price gives `None` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, high: f64, low: f64) -> Option<Stop> {
        if high.is_nan() | low.is_nan() {
            return None;
        }
        if self.bars < 2 {
            self.bars += 1;
            if self.bars == 1 {
                self.previous = [high, low];
                return None;
            }
            self.begin(high, low);
        }
        Some(self.advance(high, low))
    }

    /// Whether bars can be handed to [`Parabolic::run`].
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.bars == 2
    }

    /// What `f` makes of the stops of bars of which nothing is missing, as [`Parabolic::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, high: &[f64], low: &[f64], out: &mut [f64], f: impl Fn(Stop) -> f64) {
        // Nothing else can ask for a copy, so that it stays in registers.
        let mut copy = self.clone();
        for ((out, &high), &low) in out.iter_mut().zip(high).zip(low) {
            *out = f(copy.advance(high, low));
        }
        *self = copy;
    }

    /// Takes a bar of which nothing is missing, once there is a stop.
    #[inline(always)]
    fn advance(&mut self, high: f64, low: f64) -> Stop {
        let previous = std::mem::replace(&mut self.previous, [high, low]);
        // A falling trend is a rising one of negated prices, whose highs are the lows.
        let mirrored = |[high, low]: [f64; 2], rising: bool| if rising { [high, low] } else { [-low, -high] };
        let (mut bar, mut before) = (mirrored([high, low], self.rising), mirrored(previous, self.rising));
        if bar[1] <= self.stop {
            self.rising = !self.rising;
            (bar, before) = (mirrored([high, low], self.rising), mirrored(previous, self.rising));
            // The stop stays behind both bars.
            self.stop = smaller(-self.extreme, smaller(before[1], bar[1]));
            self.stop -= self.stop.abs() * self.offset;
            self.extreme = bar[0];
            self.acceleration = self.paces[usize::from(!self.rising)].first;
        }
        let out = Stop { price: if self.rising { self.stop } else { -self.stop }, rising: self.rising };
        let pace = &self.paces[usize::from(!self.rising)];
        let faster = smaller(self.acceleration + pace.growth, pace.most);
        let is_new = bar[0] > self.extreme;
        self.extreme = if is_new { bar[0] } else { self.extreme };
        self.acceleration = if is_new { faster } else { self.acceleration };
        let next = self.stop + self.acceleration * (self.extreme - self.stop);
        self.stop = smaller(next, smaller(before[1], bar[1]));
        out
    }

    /// Chooses trend, stop and extreme point at the second bar.
    fn begin(&mut self, high: f64, low: f64) {
        let [before_high, before_low] = self.previous;
        let fall = before_low - low;
        self.rising = if self.start == 0.0 { fall <= 0.0 || fall <= high - before_high } else { self.start > 0.0 };
        let own = if self.rising { before_low } else { before_high };
        let stop = if self.start == 0.0 { own } else { self.start.abs() };
        (self.stop, self.extreme) = if self.rising { (stop, high) } else { (-stop, -low) };
        self.acceleration = self.paces[usize::from(!self.rising)].first;
        // There is no bar before the second one for the stop to stay behind.
        self.previous = [high, low];
    }
}

/// The smaller of two numbers; `f64::min` would look for `NaN`.
#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touched_stop_becomes_the_extreme_point() {
        let pace = Pace::new(0.5, 0.5, 1.0);
        let mut parabolic = Parabolic::new(0.0, 0.0, [pace, pace]);
        assert!(parabolic.step(10.0, 9.0).is_none());
        let stops = [(11.0, 10.0), (12.0, 11.0), (11.0, 8.0)].map(|(high, low)| parabolic.step(high, low).unwrap());
        assert_eq!(stops.map(|stop| (stop.price, stop.rising)), [(9.0, true), (10.0, true), (12.0, false)]);
    }
}
