//! What a run keeps that is asked for less.

use threadx_kernels::sim::{Needs, Summary};

/// What a run with fewer needs must give.
pub fn reduced(full: &Summary, needs: Needs) -> Summary {
    let keep = |kept: bool, value: f64| if kept { value } else { f64::NAN };
    Summary {
        kept: needs,
        sum_returns: keep(needs.moments, full.sum_returns),
        sum_squares: keep(needs.moments, full.sum_squares),
        sum_downside: keep(needs.downside, full.sum_downside),
        sum_market: keep(needs.market, full.sum_market),
        sum_market_squares: keep(needs.market, full.sum_market_squares),
        sum_products: keep(needs.market, full.sum_products),
        max_drawdown: keep(needs.drawdown, full.max_drawdown),
        max_drawdown_bars: if needs.drawdown { full.max_drawdown_bars } else { 0 },
        mean_equity: keep(needs.mean_equity, full.mean_equity),
        wins: if needs.money { full.wins } else { 0 },
        gross_profit: keep(needs.money, full.gross_profit),
        gross_loss: keep(needs.money, full.gross_loss),
        sum_pnl: keep(needs.money, full.sum_pnl),
        sum_pnl_squares: keep(needs.money, full.sum_pnl_squares),
        best_pnl: keep(needs.money, full.best_pnl),
        worst_pnl: keep(needs.money, full.worst_pnl),
        traded_notional: keep(needs.money, full.traded_notional),
        fees: keep(needs.money, full.fees),
        ..*full
    }
}
