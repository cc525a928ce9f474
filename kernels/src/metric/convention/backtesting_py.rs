//! backtesting.py 0.6: annualised from the equity of calendar days by compounding, trades by their returns.

use super::days::Days;
use super::def::*;
use crate::metric::stats::{Sample, drawdown, sum};

pub(super) static DEF: Convention = Convention {
    name: "backtesting_py",
    summary: "backtesting.py 0.6: the year is compounded from the equity of calendar days, trades count by their returns. Days per \
              year come from the data (365, or 252 without weekends) and not from `periods_per_year`.",
    source: "backtesting.py 0.6.6, compute_stats",
    variants: &[
        Variant {
            metric: "best_trade",
            formula: "max(return), a fraction of the notional",
            compute: |run| returns(run).reduce(f64::max),
            aggregate: None,
        },
        Variant {
            metric: "calmar",
            formula: "A / |max_drawdown|, A = (1 + g)^D - 1, g = geometric mean of the daily returns, D = days per year",
            compute: |run| {
                let days = days(run)?;
                calmar(growth(&days.returns, days.per_year)?, &run.curve.equity)
            },
            aggregate: Some(|equity, params| calmar(growth(&steps(equity), params[0])?, equity)),
        },
        Variant {
            metric: "expectancy",
            formula: "mean(return), a fraction of the notional",
            compute: |run| Sample::of(&returns(run).collect::<Vec<_>>()).mean(),
            aggregate: None,
        },
        Variant {
            metric: "kelly",
            formula: "win_rate - (1 - win_rate) / (mean(pnl > 0) / -mean(pnl < 0)), trades without profit or loss in neither mean",
            compute: |run| kelly(&run.trades.iter().map(|trade| trade.pnl).collect::<Vec<_>>()),
            aggregate: Some(|pnl, _| kelly(pnl)),
        },
        Variant {
            metric: "profit_factor",
            formula: "sum(return > 0) / |sum(return < 0)|, returns as fractions of the notional",
            compute: |run| {
                let (gains, losses) = (sum(returns(run).filter(|r| *r > 0.0)), sum(returns(run).filter(|r| *r < 0.0)));
                (losses < 0.0).then(|| gains / -losses)
            },
            aggregate: None,
        },
        Variant {
            metric: "sharpe",
            formula: "(A - risk_free) / V with A of calmar and V of volatility",
            compute: |run| {
                let days = days(run)?;
                sharpe(&days.returns, days.per_year, run.summary.risk_free)
            },
            aggregate: Some(|rows, params| sharpe(rows, params[0], params[1])),
        },
        Variant {
            metric: "sortino",
            formula: "(A - risk_free) / (sqrt(mean(min(daily return, 0)^2)) * sqrt(D)) with A and D of calmar",
            compute: |run| {
                let days = days(run)?;
                sortino(&days.returns, days.per_year, run.summary.risk_free)
            },
            aggregate: Some(|rows, params| sortino(rows, params[0], params[1])),
        },
        Variant {
            metric: "time_in_market",
            formula: "bars from an entry to its exit, both included / bars",
            compute: time_in_market,
            aggregate: None,
        },
        Variant {
            metric: "volatility",
            formula: "V = sqrt((var(daily returns, n - 1) + (1 + g)^2)^D - (1 + g)^(2 D)) with g and D of calmar",
            compute: |run| {
                let days = days(run)?;
                volatility(&days.returns, days.per_year)
            },
            aggregate: Some(|rows, params| volatility(rows, params[0])),
        },
        Variant {
            metric: "worst_trade",
            formula: "min(return), a fraction of the notional",
            compute: |run| returns(run).reduce(f64::min),
            aggregate: None,
        },
    ],
};

fn days(run: &Run) -> Option<Days> {
    Days::of(run.ts, &run.curve.equity)
}

fn returns<'a>(run: &Run<'a>) -> impl Iterator<Item = f64> + 'a {
    run.trades.iter().map(|trade| trade.return_)
}

/// Returns from one row to the next.
fn steps(equity: &[f64]) -> Vec<f64> {
    equity.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
}

/// Geometric mean; 0 once everything was lost.
fn geometric_mean(returns: &[f64]) -> Option<f64> {
    if returns.is_empty() {
        return None;
    }
    if returns.iter().any(|r| 1.0 + r <= 0.0) {
        return Some(0.0);
    }
    Some((sum(returns.iter().map(|r| (1.0 + r).ln())) / returns.len() as f64).exp() - 1.0)
}

/// Compounded return of a year.
fn growth(returns: &[f64], per_year: f64) -> Option<f64> {
    Some((1.0 + geometric_mean(returns)?).powf(per_year) - 1.0)
}

fn volatility(returns: &[f64], per_year: f64) -> Option<f64> {
    let square = (1.0 + geometric_mean(returns)?).powi(2);
    let variance = Sample::of(returns).stddev()?.powi(2);
    Some(((variance + square).powf(per_year) - square.powf(per_year)).sqrt())
}

fn sharpe(returns: &[f64], per_year: f64, risk_free: f64) -> Option<f64> {
    Some((growth(returns, per_year)? - risk_free) / volatility(returns, per_year)?)
}

fn sortino(returns: &[f64], per_year: f64, risk_free: f64) -> Option<f64> {
    let below = sum(returns.iter().map(|r| r.min(0.0)).map(|r| r * r)) / returns.len() as f64;
    (below > 0.0).then_some(())?;
    Some((growth(returns, per_year)? - risk_free) / (below.sqrt() * per_year.sqrt()))
}

fn calmar(growth: f64, equity: &[f64]) -> Option<f64> {
    let (deepest, _) = drawdown(equity)?;
    (deepest < 0.0).then(|| growth / -deepest)
}

fn kelly(pnl: &[f64]) -> Option<f64> {
    let mean = |keep: fn(&f64) -> bool| {
        let part: Vec<f64> = pnl.iter().copied().filter(keep).collect();
        (!part.is_empty()).then(|| sum(part.iter().copied()) / part.len() as f64)
    };
    let payoff = mean(|pnl| *pnl > 0.0)? / -mean(|pnl| *pnl < 0.0)?;
    let win_rate = pnl.iter().filter(|pnl| **pnl > 0.0).count() as f64 / pnl.len() as f64;
    Some(win_rate - (1.0 - win_rate) / payoff)
}

fn time_in_market(run: &Run) -> Option<f64> {
    let bars = run.ts.len();
    let mut is_held = vec![false; bars];
    for trade in run.trades {
        is_held[trade.entry_bar..=trade.exit_bar.min(bars - 1)].fill(true);
    }
    (bars > 0).then(|| is_held.iter().filter(|held| **held).count() as f64 / bars as f64)
}
