//! QuantStats: everything over the returns of periods, trades are not looked at.

use super::def::*;
use super::empyrical::calmar;
use crate::metric::stats::{Sample, annual_growth_of, sum};

pub(super) static DEF: Convention = Convention {
    name: "quantstats",
    summary: "QuantStats over the returns of the bars: wins and losses are bars and not trades, the risk-free rate is compounded.",
    source: "QuantStats 0.0.86, stats",
    variants: &[
        Variant {
            metric: "avg_loss",
            formula: "mean(r < 0), a fraction per bar",
            compute: |run| average(run.returns(), |r| r < 0.0),
            aggregate: Some(|rows, _| average(rows, |r| r < 0.0)),
        },
        Variant {
            metric: "avg_win",
            formula: "mean(r > 0), a fraction per bar",
            compute: |run| average(run.returns(), |r| r > 0.0),
            aggregate: Some(|rows, _| average(rows, |r| r > 0.0)),
        },
        Variant {
            metric: "cagr",
            formula: "(last equity / first equity)^(P / N) - 1, P = periods_per_year, N = number of returns",
            compute: |run| annual_growth_of(&run.curve.equity, run.summary.periods_per_year?),
            aggregate: None,
        },
        Variant {
            metric: "calmar",
            formula: "cagr / |max_drawdown| with that cagr, the first equity is the first peak",
            compute: |run| calmar(run, annual_growth_of(&run.curve.equity, run.summary.periods_per_year?)?),
            aggregate: None,
        },
        Variant {
            metric: "kelly",
            formula: "(b p - (1 - p)) / b with b of payoff_ratio and p of win_rate",
            compute: |run| kelly(run.returns()),
            aggregate: Some(|rows, _| kelly(rows)),
        },
        Variant {
            metric: "payoff_ratio",
            formula: "mean(r > 0) / |mean(r < 0)|, bars and not trades",
            compute: |run| payoff(run.returns()),
            aggregate: Some(|rows, _| payoff(rows)),
        },
        Variant {
            metric: "profit_factor",
            formula: "sum(r > 0) / |sum(r < 0)|, bars and not trades",
            compute: |run| profit_factor(run.returns()),
            aggregate: Some(|rows, _| profit_factor(rows)),
        },
        Variant {
            metric: "sharpe",
            formula: "mean(r - rf) / stddev(r, n - 1) * sqrt(P), rf = (1 + risk_free)^(1 / P) - 1",
            compute: |run| sharpe(run.returns(), run.summary.periods_per_year?, run.summary.risk_free),
            aggregate: Some(|rows, params| sharpe(rows, params[0], params[1])),
        },
        Variant {
            metric: "sortino",
            formula: "mean(r - rf) / sqrt(sum(min(r - rf, 0)^2) / N) * sqrt(P), rf = (1 + risk_free)^(1 / P) - 1",
            compute: |run| sortino(run.returns(), run.summary.periods_per_year?, run.summary.risk_free),
            aggregate: Some(|rows, params| sortino(rows, params[0], params[1])),
        },
        Variant {
            metric: "time_in_market",
            formula: "bars whose return is not 0 / returns, rounded up to a hundredth",
            compute: |run| exposure(run.returns()),
            aggregate: None,
        },
        Variant {
            metric: "win_rate",
            formula: "returns above 0 / returns that are not 0, bars and not trades",
            compute: |run| win_rate(run.returns()),
            aggregate: Some(|rows, _| win_rate(rows)),
        },
    ],
};

fn per_bar(risk_free: f64, periods_per_year: f64) -> f64 {
    (1.0 + risk_free).powf(1.0 / periods_per_year) - 1.0
}

fn sharpe(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let sample = Sample::of(returns);
    let excess = sample.mean()? - per_bar(risk_free, periods_per_year);
    Some(excess / sample.stddev()? * periods_per_year.sqrt())
}

fn sortino(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let rf = per_bar(risk_free, periods_per_year);
    let below = sum(returns.iter().map(|r| (r - rf).min(0.0)).map(|r| r * r));
    (returns.len() > 1 && below > 0.0).then_some(())?;
    let excess = Sample::of(returns).mean()? - rf;
    Some(excess / (below / returns.len() as f64).sqrt() * periods_per_year.sqrt())
}

fn part(returns: &[f64], keep: fn(f64) -> bool) -> impl Iterator<Item = f64> {
    returns.iter().copied().filter(move |r| keep(*r))
}

fn average(returns: &[f64], keep: fn(f64) -> bool) -> Option<f64> {
    let count = part(returns, keep).count();
    (count > 0).then(|| sum(part(returns, keep)) / count as f64)
}

fn payoff(returns: &[f64]) -> Option<f64> {
    Some(average(returns, |r| r > 0.0)? / -average(returns, |r| r < 0.0)?)
}

fn win_rate(returns: &[f64]) -> Option<f64> {
    let moved = part(returns, |r| r != 0.0).count();
    (moved > 0).then(|| part(returns, |r| r > 0.0).count() as f64 / moved as f64)
}

fn kelly(returns: &[f64]) -> Option<f64> {
    let (payoff, wins) = (payoff(returns)?, win_rate(returns)?);
    Some((payoff * wins - (1.0 - wins)) / payoff)
}

fn profit_factor(returns: &[f64]) -> Option<f64> {
    let losses = sum(part(returns, |r| r < 0.0));
    (losses < 0.0).then(|| sum(part(returns, |r| r > 0.0)) / -losses)
}

fn exposure(returns: &[f64]) -> Option<f64> {
    let share = part(returns, |r| r != 0.0).count() as f64 / returns.len() as f64;
    (!returns.is_empty()).then(|| (share * 100.0).ceil() / 100.0)
}
