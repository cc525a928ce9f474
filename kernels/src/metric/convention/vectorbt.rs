//! vectorbt: the first bar has a return too, from the initial capital.

use super::def::*;
use super::empyrical::calmar;
use crate::metric::stats::{Sample, annual_growth, sum};

pub(super) static DEF: Convention = Convention {
    name: "vectorbt",
    summary: "vectorbt over the returns of the bars: the first bar has one as well, from the initial capital, so that N is the number \
              of bars.",
    source: "vectorbt 1.2.0, returns.nb and Portfolio.returns",
    variants: &[
        Variant {
            metric: "cagr",
            formula: "(1 + total_return)^(P / N) - 1, P = periods_per_year, N = bars",
            compute: growth,
            aggregate: None,
        },
        Variant {
            metric: "calmar",
            formula: "cagr / |max_drawdown| with that cagr, the first equity is the first peak",
            compute: |run| calmar(run, growth(run)?),
            aggregate: None,
        },
        Variant {
            metric: "sharpe",
            formula: "mean(r - rf) / stddev(r, n - 1) * sqrt(P), rf = risk_free / P, the first bar included",
            compute: |run| {
                let (returns, periods) = (Sample::of(&returns(run)), run.summary.periods_per_year?);
                Some((returns.mean()? - run.summary.risk_free / periods) / returns.stddev()? * periods.sqrt())
            },
            aggregate: None,
        },
        Variant {
            metric: "sortino",
            formula: "mean(r - rf) / sqrt(sum(min(r - rf, 0)^2) / N) * sqrt(P), rf = risk_free / P, the first bar included",
            compute: sortino,
            aggregate: None,
        },
        Variant {
            metric: "volatility",
            formula: "stddev(r, n - 1) * sqrt(P), the first bar included",
            compute: |run| Some(Sample::of(&returns(run)).stddev()? * run.summary.periods_per_year?.sqrt()),
            aggregate: None,
        },
    ],
};

/// The returns of all bars.
fn returns(run: &Run) -> Vec<f64> {
    let first = run.curve.equity.first().map(|equity| equity / run.summary.initial_capital - 1.0);
    first.into_iter().chain(run.returns().iter().copied()).collect()
}

fn growth(run: &Run) -> Option<f64> {
    let Run { summary, ts, .. } = run;
    annual_growth(summary.final_equity / summary.initial_capital, ts.len() as f64 / summary.periods_per_year?)
}

fn sortino(run: &Run) -> Option<f64> {
    let (returns, periods) = (returns(run), run.summary.periods_per_year?);
    let rf = run.summary.risk_free / periods;
    let below = sum(returns.iter().map(|r| (r - rf).min(0.0)).map(|r| r * r));
    (returns.len() > 1 && below > 0.0).then_some(())?;
    let excess = Sample::of(&returns).mean()? - rf;
    Some(excess / (below / returns.len() as f64).sqrt() * periods.sqrt())
}
