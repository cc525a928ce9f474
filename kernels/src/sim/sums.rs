//! Sums over bars, in the one order that every kernel keeps.
//!
//! A bar is *flat* if no position is present in it, an *edge* if one begins or ends in it, and *interior* otherwise:
//! strictly after the entry bar and strictly before the exit bar of its position.
//!
//! - The return of a bar is the product of the factors of the positions present in it, minus 1. The factor of a position
//!   is its growth at the end of the bar (or at its exit) over its growth at the previous close (or 1 at its entry).
//! - Interior bars are summed in eight lanes by bar index modulo 8, combined `((0+1)+(2+3))+((4+5)+(6+7))`.
//! - An edge bar belongs to a position if that is the only one in the bar. What belongs to a position is added up by itself,
//!   `(entry bar + interior) + exit bar`, and joins the running totals when the position ends. An edge bar of several
//!   positions joins the running totals by itself, after the position that was open before it.
//! - The equity sum takes the interior when a position ends, and edge bars one by one.
//! - The sum of products with the market's returns is taken as the equity sum is: the interior when a position ends, edge bars
//!   one by one; flat bars add nothing.
//! - Flat bars are counted. They add nothing to the sum and the sum of squares; to the downside sum they add
//!   `count * min(0 - rf, 0)^2` at the very end, to the equity sum `equity * count` when the next position begins or the
//!   range ends.
//!
//! So what a position contributes depends on nothing before it, except whether its edges are its own. The first bar has an
//! equity but no return.

use super::summary::Needs;
pub(super) use crate::quotient::{LANES, Lanes};

/// `((0+1)+(2+3))+((4+5)+(6+7))`.
fn combine(lanes: &Lanes) -> f64 {
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
}

/// `min(r - rf, 0)^2`; a return that is no number adds nothing.
#[inline(always)]
fn square_below(r: f64, rf: f64) -> f64 {
    let below = r - rf;
    let below = if below < 0.0 { below } else { 0.0 };
    below * below
}

/// The return of the market in bar `t`, from close to close; 0 in the first bar.
#[inline(always)]
pub(super) fn market_return(closes: &[f64], t: usize) -> f64 {
    if t == 0 { 0.0 } else { closes[t] / closes[t - 1] - 1.0 }
}

/// The returns of the market in all bars.
pub(super) fn market_returns(closes: &[f64]) -> Vec<f64> {
    (0..closes.len()).map(|t| market_return(closes, t)).collect()
}

/// The sum of the market's returns and the sum of their squares, in the order of the bars.
pub(super) fn market_sums(closes: &[f64]) -> [f64; 2] {
    (1..closes.len()).fold([0.0; 2], |[sum, squares], t| {
        let r = market_return(closes, t);
        [sum + r, squares + r * r]
    })
}

/// What the interior bars of one position add, in lanes by bar index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interior {
    /// Risk-free return per bar.
    rf: f64,
    returns: Lanes,
    squares: Lanes,
    downside: Lanes,
    growth: Lanes,
    products: Lanes,
}

/// The lanes of an [`Interior`], combined.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct InteriorSums {
    pub(super) returns: f64,
    pub(super) squares: f64,
    pub(super) downside: f64,
    pub(super) growth: f64,
    pub(super) products: f64,
}

impl Interior {
    pub(super) fn new(rf: f64) -> Self {
        let zero = [0.0; LANES];
        Interior { rf, returns: zero, squares: zero, downside: zero, growth: zero, products: zero }
    }

    /// One bar; never the first one of the range. `closes` are those of all bars.
    #[inline]
    pub(super) fn add(&mut self, t: usize, (growth, previous): (f64, f64), closes: &[f64]) {
        let lane = t % LANES;
        let r = growth / previous - 1.0;
        self.returns[lane] += r;
        self.squares[lane] += r * r;
        self.downside[lane] += square_below(r, self.rf);
        self.growth[lane] += growth;
        self.products[lane] += r * market_return(closes, t);
    }

    /// The bars `first .. end` of the block of eight that begins with bar `start`, a multiple of 8: [`Interior::add`] for each of
    /// them.
    #[inline(always)]
    pub(super) fn add_block(
        &mut self,
        growth: &Lanes,
        previous: f64,
        (start, first, end): (usize, usize, usize),
        closes: &[f64],
        kept: Needs,
    ) {
        let mut block = Block::new(*growth, previous, first, kept);
        if kept.market {
            block.multiply((start, end), |t| market_return(closes, t));
        }
        self.add_part(&block, end, kept);
    }

    /// The bars of a block before its bar `end`. A lane without a bar gets a zero, which changes no bit of a sum that began
    /// with zero.
    ///
    /// Loops over all lanes without a branch or closure, which is what the compiler turns into vector instructions.
    #[inline(always)]
    pub(super) fn add_part(&mut self, block: &Block, end: usize, kept: Needs) {
        let inside = |i: usize| i >= block.first && i < end;
        if kept.moments || kept.downside {
            for i in 0..LANES {
                let r = if i < end { block.returns[i] } else { 0.0 };
                self.returns[i] += r;
                self.squares[i] += r * r;
            }
            if kept.downside {
                for i in 0..LANES {
                    self.downside[i] += if inside(i) { square_below(block.returns[i], self.rf) } else { 0.0 };
                }
            }
        }
        if kept.mean_equity {
            for i in 0..LANES {
                self.growth[i] += if inside(i) { block.growth[i] } else { 0.0 };
            }
        }
        if kept.market {
            for i in 0..LANES {
                self.products[i] += if inside(i) { block.products[i] } else { 0.0 };
            }
        }
    }

    /// The combined lanes with those of the bars of a block before its bar `end`; adds nothing.
    #[inline(always)]
    pub(super) fn with_part(&self, block: &Block, end: usize, kept: Needs) -> InteriorSums {
        let mut part = self.clone();
        part.add_part(block, end, kept);
        part.sums(kept)
    }

    /// The combined lanes of what is kept.
    #[inline(always)]
    fn sums(&self, kept: Needs) -> InteriorSums {
        let keep = |kept: bool, lanes: &Lanes| if kept { combine(lanes) } else { 0.0 };
        let returns = kept.moments || kept.downside;
        InteriorSums {
            returns: keep(returns, &self.returns),
            squares: keep(returns, &self.squares),
            downside: keep(kept.downside, &self.downside),
            growth: keep(kept.mean_equity, &self.growth),
            products: keep(kept.market, &self.products),
        }
    }

    /// The combined lanes; starts anew.
    pub(super) fn take(&mut self) -> InteriorSums {
        let sums = InteriorSums {
            returns: combine(&self.returns),
            squares: combine(&self.squares),
            downside: combine(&self.downside),
            growth: combine(&self.growth),
            products: combine(&self.products),
        };
        *self = Interior::new(self.rf);
        sums
    }
}

/// Eight bars of a position whose first has an index that is a multiple of 8.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// Growth in all lanes, also before the position.
    pub(super) growth: Lanes,
    /// Returns, 0 before `first`.
    returns: Lanes,
    /// Products with the returns of the market, if [`Block::multiply`] made them.
    products: Lanes,
    /// The first lane that is in the position.
    pub(super) first: usize,
}

impl Block {
    /// `previous` is the growth before the first bar that is in the position.
    #[expect(clippy::needless_range_loop, reason = "lanes of several arrays, side by side")]
    #[inline(always)]
    pub(super) fn new(growth: Lanes, previous: f64, first: usize, kept: Needs) -> Self {
        let mut returns = [0.0; LANES];
        if kept.moments || kept.downside || kept.market {
            for i in 0..LANES {
                let before = if i == first { previous } else { growth[i.saturating_sub(1)] };
                returns[i] = growth[i] / before - 1.0;
            }
            for i in 0..LANES {
                returns[i] = if i >= first { returns[i] } else { 0.0 };
            }
        }
        Block { growth, returns, products: [0.0; LANES], first }
    }

    /// Multiplies the returns before the bar `end` of the block that begins with bar `start` with those of the market.
    #[inline(always)]
    pub(super) fn multiply(&mut self, (start, end): (usize, usize), market: impl Fn(usize) -> f64) {
        for i in self.first..end {
            self.products[i] = self.returns[i] * market(start + i);
        }
    }
}

/// Sums over the returns of some bars.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ReturnSums {
    pub(super) returns: f64,
    pub(super) squares: f64,
    pub(super) downside: f64,
}

impl ReturnSums {
    /// Those of one bar, given the product of the factors in it.
    #[inline(always)]
    pub(super) fn of(factor: f64, rf: f64) -> Self {
        let r = factor - 1.0;
        ReturnSums { returns: r, squares: r * r, downside: square_below(r, rf) }
    }

    /// Those of some interior bars.
    #[inline(always)]
    pub(super) fn of_interior(interior: &InteriorSums) -> Self {
        ReturnSums { returns: interior.returns, squares: interior.squares, downside: interior.downside }
    }
}

impl std::ops::Add for ReturnSums {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        ReturnSums {
            returns: self.returns + other.returns,
            squares: self.squares + other.squares,
            downside: self.downside + other.downside,
        }
    }
}

/// Running totals of returns and equity.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// Risk-free return per bar.
    rf: f64,
    pub(super) total: ReturnSums,
    /// What belongs to the position that is open, or has ended in the bar at hand.
    own: ReturnSums,
    /// Sum of the equity over bars.
    pub(super) equity: f64,
    /// Sum of the products with the market's returns.
    pub(super) products: f64,
    /// Flat bars that are not in `equity` yet.
    pending_flat: usize,
    /// Flat bars that have a return.
    flat_returns: usize,
}

impl Sums {
    pub(super) fn new(rf: f64) -> Self {
        Sums {
            rf,
            total: ReturnSums::default(),
            own: ReturnSums::default(),
            equity: 0.0,
            products: 0.0,
            pending_flat: 0,
            flat_returns: 0,
        }
    }

    /// Risk-free return per bar.
    #[inline(always)]
    pub(super) fn rf(&self) -> f64 {
        self.rf
    }

    /// Bars `t .. t + count` without a position.
    pub(super) fn add_flat(&mut self, t: usize, count: usize) {
        self.pending_flat += count;
        self.flat_returns += count - usize::from(t == 0 && count > 0);
    }

    /// Puts the flat bars before a position, or before the end, into the equity sum.
    pub(super) fn settle_flat(&mut self, equity: f64) {
        self.equity += equity * self.pending_flat as f64;
        self.pending_flat = 0;
    }

    /// A bar in which a position begins or ends, with the product of the factors in it, the equity at its close and the return of
    /// the market. `is_own` = one position was in it; `is_open` = it goes on.
    pub(super) fn add_edge(
        &mut self,
        t: usize,
        (factor, equity, market): (f64, f64, f64),
        is_own: bool,
        is_open: bool,
    ) {
        self.add_edge_equity(equity);
        self.add_edge_product(factor, market);
        let bar = if t > 0 { ReturnSums::of(factor, self.rf) } else { ReturnSums::default() };
        match (is_own, is_open) {
            (true, true) => self.own = self.own + bar,
            (true, false) => self.total = self.total + (std::mem::take(&mut self.own) + bar),
            (false, _) => self.total = self.total + std::mem::take(&mut self.own) + bar,
        }
    }

    /// The part of [`Sums::add_edge`] that the equity sum sees.
    #[inline(always)]
    pub(super) fn add_edge_equity(&mut self, equity: f64) {
        self.equity += equity;
    }

    /// The part of [`Sums::add_edge`] that the sum of products sees.
    #[inline(always)]
    pub(super) fn add_edge_product(&mut self, factor: f64, market: f64) {
        self.products += (factor - 1.0) * market;
    }

    /// The end of a position that began with `equity`: its interior joins what belongs to it.
    pub(super) fn settle_interior(&mut self, equity: f64, interior: &InteriorSums) {
        self.own = self.own + ReturnSums::of_interior(interior);
        self.settle_equity(equity, interior);
    }

    /// What belongs to a position that stays open joins the totals.
    pub(super) fn settle_own(&mut self) {
        self.total = self.total + std::mem::take(&mut self.own);
    }

    /// The part of [`Sums::settle_interior`] that the equity sum and the sum of products see.
    #[inline(always)]
    pub(super) fn settle_equity(&mut self, equity: f64, interior: &InteriorSums) {
        self.equity += equity * interior.growth;
        self.products += interior.products;
    }

    /// The end of the range.
    pub(super) fn finish(&mut self, equity: f64) {
        self.settle_flat(equity);
        self.total.downside += self.flat_returns as f64 * square_below(0.0, self.rf);
    }
}

/// The fall of the equity from its peak.
///
/// While the peak stands, `equity / peak - 1` does not fall when the equity rises, rounding included, so that the smallest
/// equity has the smallest drawdown, and one division per peak gives the bits of one per bar.
#[derive(Debug, Clone)]
pub(super) struct Drawdown {
    pub(super) peak: f64,
    /// Smallest equity since the peak.
    trough: f64,
    /// Bars below the peak up to now.
    under: usize,
    /// Smallest `equity / peak - 1` of earlier peaks.
    deepest: f64,
    /// Longest run below one of them.
    longest: usize,
}

impl Drawdown {
    pub(super) fn new(initial_capital: f64) -> Self {
        Drawdown { peak: initial_capital, trough: initial_capital, under: 0, deepest: 0.0, longest: 0 }
    }

    /// `count` bars in a row that are all at or above the peak with the same equity, or all below it, given their smallest.
    #[inline(always)]
    pub(super) fn mark(&mut self, equity: f64, count: usize) {
        if equity >= self.peak {
            (self.deepest, self.longest) = (self.deepest(), self.longest());
            (self.peak, self.trough, self.under) = (equity, equity, 0);
        } else {
            self.under += count;
            self.trough = if equity < self.trough { equity } else { self.trough };
        }
    }

    /// `equity / peak - 1` of an equity that is marked.
    pub(super) fn of(&self, equity: f64) -> f64 {
        if equity >= self.peak { 0.0 } else { equity / self.peak - 1.0 }
    }

    /// Smallest `equity / peak - 1` up to now.
    pub(super) fn deepest(&self) -> f64 {
        self.deepest.min(self.trough / self.peak - 1.0)
    }

    /// Longest run of bars below a peak up to now.
    pub(super) fn longest(&self) -> usize {
        self.longest.max(self.under)
    }
}
