//! The metrics, one file each. To add one: a file here, a `mod` line and a line in each list.

mod alpha;
mod ambiguous_bars;
mod avg_bars_held;
mod avg_loss;
mod avg_win;
mod bars;
mod best_trade;
mod beta;
mod borrow;
mod buy_and_hold_return;
mod cagr;
mod calmar;
mod convention;
mod def;
mod expectancy;
mod fees;
mod final_equity;
mod funding;
mod kelly;
mod losses;
mod max_drawdown;
mod max_drawdown_bars;
mod net_profit;
mod payoff_ratio;
mod periods_per_year;
mod profit_factor;
mod rejected_orders;
mod ruined;
mod sharpe;
mod sortino;
mod sqn;
mod stats;
mod time_in_market;
mod total_return;
mod trades;
mod turnover;
mod undetailed_bars;
mod volatility;
mod win_rate;
mod wins;
mod worst_trade;

pub use convention::{CONVENTIONS, Convention, DEFAULT as DEFAULT_CONVENTION, OverColumn, Run, Variant};
pub use def::*;

/// Every metric, sorted by name.
pub static METRICS: &[&Metric] = &[
    &alpha::DEF,
    &ambiguous_bars::DEF,
    &avg_bars_held::DEF,
    &avg_loss::DEF,
    &avg_win::DEF,
    &bars::DEF,
    &best_trade::DEF,
    &beta::DEF,
    &borrow::DEF,
    &buy_and_hold_return::DEF,
    &cagr::DEF,
    &calmar::DEF,
    &expectancy::DEF,
    &fees::DEF,
    &final_equity::DEF,
    &funding::DEF,
    &kelly::DEF,
    &losses::DEF,
    &max_drawdown::DEF,
    &max_drawdown_bars::DEF,
    &net_profit::DEF,
    &payoff_ratio::DEF,
    &periods_per_year::DEF,
    &profit_factor::DEF,
    &rejected_orders::DEF,
    &ruined::DEF,
    &sharpe::DEF,
    &sortino::DEF,
    &sqn::DEF,
    &time_in_market::DEF,
    &total_return::DEF,
    &trades::DEF,
    &turnover::DEF,
    &undetailed_bars::DEF,
    &volatility::DEF,
    &win_rate::DEF,
    &wins::DEF,
    &worst_trade::DEF,
];

/// Every metric in the order in which `backtest()` and `sweep()` show them.
pub static COLUMN_ORDER: &[&Metric] = &[
    &total_return::DEF,
    &buy_and_hold_return::DEF,
    &cagr::DEF,
    &sharpe::DEF,
    &sortino::DEF,
    &calmar::DEF,
    &alpha::DEF,
    &beta::DEF,
    &volatility::DEF,
    &max_drawdown::DEF,
    &max_drawdown_bars::DEF,
    &trades::DEF,
    &wins::DEF,
    &losses::DEF,
    &win_rate::DEF,
    &profit_factor::DEF,
    &payoff_ratio::DEF,
    &expectancy::DEF,
    &avg_win::DEF,
    &avg_loss::DEF,
    &best_trade::DEF,
    &worst_trade::DEF,
    &avg_bars_held::DEF,
    &sqn::DEF,
    &kelly::DEF,
    &time_in_market::DEF,
    &turnover::DEF,
    &fees::DEF,
    &funding::DEF,
    &borrow::DEF,
    &net_profit::DEF,
    &final_equity::DEF,
    &ambiguous_bars::DEF,
    &undetailed_bars::DEF,
    &rejected_orders::DEF,
    &ruined::DEF,
    &bars::DEF,
    &periods_per_year::DEF,
];
