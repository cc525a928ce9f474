//! Bars on which nothing happens to an open position but that it pays for being held.

use super::broker::Broker;
use super::options::StopFill;
use super::position::Position;
use super::record::Direction;
use super::watch::{WINDOW, Watch};

impl Broker<'_> {
    /// Whether a position pays on every bar.
    pub(super) fn pays_always(&self, position: &Position) -> bool {
        position.direction == Direction::Short && self.options.borrow_per_bar() > 0.0
    }

    /// Goes over the bars from `from` on on which the position only pays for borrowing; returns the first other one, or `end`.
    ///
    /// What it pays moves its line and its liquidation price, so that each bar needs the one before it.
    pub(super) fn hold(&mut self, watch: &Watch, position: &mut Position, (mut from, end): (usize, usize)) -> usize {
        while from < end {
            let window_end = end.min(from + WINDOW);
            let signal = watch.first_signal(position, from, window_end);
            from = self.hold_until(watch, position, (from, signal));
            if from < window_end {
                break;
            }
        }
        from
    }

    fn hold_until(&mut self, watch: &Watch, position: &mut Position, (from, end): (usize, usize)) -> usize {
        let is_inside = self.options.stop_fill == StopFill::Intrabar;
        for t in from..end {
            if is_inside && watch.is_touched(position, t) {
                return t;
            }
            let close = self.bars.close[t];
            let before = (position.line, position.levels, position.holding_cost);
            position.pay(self.options.borrow_per_bar(), close, self.options);
            let growth = position.growth_at(close);
            let is_left = !is_inside && watch.is_touched(position, t);
            // A growth that is no number is looked at, too.
            let goes_on = !is_left && position.equity * growth > 0.0;
            if !goes_on {
                (position.line, position.levels, position.holding_cost) = before;
                return t;
            }
            self.ledger.summary.borrow += position.equity * (position.holding_cost - before.2);
            if watch.is_trailing(position) {
                watch.trail(position, t);
            }
            self.ledger.interior.add(t, (growth, position.growth), self.bars.close);
            self.ledger.drawdown.mark(position.equity * growth, 1);
            position.growth = growth;
        }
        end
    }
}
