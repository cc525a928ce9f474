//! The scalar reference: one loop in the order of the contract.

use super::{Bars, Needs, Options, Record, Signals, Summary};

/// Runs one strategy on one series. This first form holds no position; the loop follows.
pub fn simulate(bars: &Bars, signals: &Signals, options: &Options, needs: Needs, record: &mut Record) -> Summary {
    assert!(bars.is_even() && signals.fits(bars.len()), "columns must have one value per bar");
    let n = bars.len();
    record.clear(n);
    let zero_if = |kept: bool| if kept { 0.0 } else { f64::NAN };
    Summary {
        kept: needs,
        bars: n,
        elapsed: if n == 0 { 0 } else { bars.ts[n - 1] - bars.ts[0] },
        periods_per_year: options.periods_per_year,
        risk_free: options.risk_free,
        initial_capital: options.initial_capital,
        final_equity: options.initial_capital,
        returns: n.saturating_sub(1),
        sum_returns: zero_if(needs.moments),
        sum_squares: zero_if(needs.moments),
        sum_downside: zero_if(needs.downside),
        max_drawdown: zero_if(needs.drawdown),
        max_drawdown_bars: 0,
        mean_equity: if needs.mean_equity { options.initial_capital } else { f64::NAN },
        trades: 0,
        wins: 0,
        gross_profit: 0.0,
        gross_loss: 0.0,
        sum_pnl: 0.0,
        sum_pnl_squares: 0.0,
        best_pnl: f64::NAN,
        worst_pnl: f64::NAN,
        sum_bars_held: 0,
        bars_in_market: 0,
        traded_notional: 0.0,
        fees: 0.0,
        ambiguous_bars: 0,
        rejected_orders: 0,
        ruined: false,
    }
}
