//! The account of a portfolio: what is free, what positions have of it, and the sums that the metrics are computed from.
//!
//! It is summed as the account of one series is, with the account in the place of the position. An *episode* begins with an
//! entry into an account without positions, at the equity `B`, and ends when the last position does. In it the account has a
//! growth `G = free + sum(A / B * g)`, in fractions of `B`, positions in the order of the members; the return of a bar is the
//! product of the factors of the episodes in it, minus 1. A bar is an edge if a position begins or ends in it. With one
//! position that has all of the capital, `B = A`, `free = 0` and `G = g`, so that the bits are those of one series.

use super::options::Options;
use super::record::Curve;
use super::summary::Summary;
use super::sums::{Drawdown, Interior, Sums, market_return, market_sums};

/// The account between two bars.
#[derive(Debug)]
pub(super) struct Capital {
    /// What no position has, quote currency.
    pub(super) free: f64,
    /// Equity at the begin of the episode: `B`.
    base: f64,
    /// `free`, a fraction of `B`.
    free_share: f64,
    /// `A / B` of each member that has a position.
    shares: Vec<f64>,
    /// `G` at the last close, 1 before the first of an episode.
    growth: f64,
    bar: CapitalBar,
    sums: Sums,
    interior: Interior,
    drawdown: Drawdown,
    /// What the market is worth at each close.
    market: Vec<f64>,
}

/// What happened in the bar at hand.
#[derive(Debug, Clone, Copy)]
struct CapitalBar {
    /// Product of the factors of the episodes in it.
    factor: f64,
    /// A position began or ended in it.
    edge: bool,
    /// Positions that were open in it.
    positions: usize,
    /// The bars before it still have to join the sums.
    has_interior: bool,
}

/// What the account is worth at a close.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worth {
    /// Quote currency.
    pub(super) equity: f64,
    /// Number of open positions.
    pub(super) positions: usize,
}

impl Capital {
    pub(super) fn new(members: usize, market: Vec<f64>, options: &Options) -> Self {
        let rf = options.risk_free_per_bar();
        Capital {
            free: options.initial_capital,
            base: options.initial_capital,
            free_share: 1.0,
            shares: vec![0.0; members],
            growth: 1.0,
            bar: CapitalBar { factor: 1.0, edge: false, positions: 0, has_interior: false },
            sums: Sums::new(rf),
            interior: Interior::new(rf),
            drawdown: Drawdown::new(options.initial_capital),
            market,
        }
    }

    /// A bar into which so many positions come.
    pub(super) fn begin_bar(&mut self, positions: usize) {
        self.bar = CapitalBar { factor: 1.0, edge: false, positions, has_interior: positions > 0 };
    }

    fn begin_edge(&mut self) {
        self.bar.edge = true;
        if std::mem::take(&mut self.bar.has_interior) {
            let interior = self.interior.take();
            self.sums.settle_interior(self.base, &interior);
        }
    }

    /// A member enters with this capital; `is_first` = no other position is open.
    pub(super) fn give(&mut self, member: usize, capital: f64, is_first: bool) {
        self.begin_edge();
        if is_first {
            self.sums.settle_flat(self.free);
            (self.base, self.free_share, self.growth) = (self.free, 1.0, 1.0);
        }
        self.shares[member] = capital / self.base;
        self.free_share -= self.shares[member];
        self.free -= capital;
        self.bar.positions += 1;
    }

    /// A member leaves: what it brings back, and its growth; `is_last` = no position is open any more.
    pub(super) fn take_back(&mut self, member: usize, (money, growth): (f64, f64), is_last: bool) {
        self.begin_edge();
        self.free += money;
        self.free_share += self.shares[member] * growth;
        if is_last {
            self.end_episode();
        }
    }

    /// Everything is lost, and nothing is open any more.
    pub(super) fn lose_all(&mut self) {
        self.begin_edge();
        (self.free, self.free_share) = (0.0, 0.0);
        self.end_episode();
    }

    fn end_episode(&mut self) {
        self.bar.factor *= self.free_share / self.growth;
        self.growth = 1.0;
    }

    /// The close of bar `t`, given the growth of each member that has a position.
    pub(super) fn mark(&mut self, t: usize, worth: Worth, growths: impl Iterator<Item = (usize, f64)>) {
        let is_open = worth.positions > 0;
        if is_open {
            let growth = growths.fold(self.free_share, |sum, (member, growth)| sum + self.shares[member] * growth);
            self.bar.factor *= growth / self.growth;
            if !self.bar.edge {
                self.interior.add(t, (growth, self.growth), &self.market);
            }
            self.growth = growth;
        }
        let CapitalBar { factor, edge, positions, .. } = self.bar;
        if edge {
            let market = market_return(&self.market, t);
            self.sums.add_edge(t, (factor, worth.equity, market), positions == 1, is_open);
        } else if !is_open {
            self.sums.add_flat(t, 1);
        }
        self.drawdown.mark(worth.equity, 1);
    }

    /// Writes the close of bar `t` down, after [`Capital::mark`].
    pub(super) fn write(&self, t: usize, worth: Worth, curve: &mut Curve) {
        curve.equity.push(worth.equity);
        curve.drawdown.push(self.drawdown.of(worth.equity));
        curve.ret.push(if t == 0 { f64::NAN } else { self.bar.factor - 1.0 });
    }

    /// The end of the range, with the last worth of the account.
    pub(super) fn finish(mut self, summary: Summary, worth: Worth) -> Summary {
        if worth.positions > 0 {
            let interior = self.interior.take();
            self.sums.settle_interior(self.base, &interior);
            self.sums.settle_own();
        }
        summary.finish(worth.equity, self.sums, &self.drawdown).with_market(|| market_sums(&self.market))
    }
}
