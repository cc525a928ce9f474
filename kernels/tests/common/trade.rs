//! Trades that statistics are computed from.

use threadx_kernels::sim::{Direction, Reason, Trade};

/// A long trade of one unit from bar to bar, with its profit in quote currency and as a fraction of its notional.
pub fn trade(
    (entry_bar, exit_bar): (usize, usize),
    (entry_price, exit_price): (f64, f64),
    pnl: f64,
    return_: f64,
) -> Trade {
    Trade {
        trade_id: 1,
        position_id: 1,
        direction: Direction::Long,
        entry_bar,
        entry_price,
        exit_bar,
        exit_price,
        qty: 1.0,
        notional: 1.0,
        gross_pnl: pnl,
        fees: 0.0,
        pnl,
        return_,
        r_multiple: f64::NAN,
        bars_held: exit_bar - entry_bar,
        mae: 0.0,
        mfe: 0.0,
        entry_reason: Reason::Signal,
        exit_reason: Reason::Signal,
    }
}
