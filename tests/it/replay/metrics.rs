//! The metrics of the contract in plain formulas: from the equity per bar and from the trades, nothing else.

/// What a trade contributes.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    pub pnl: f64,
    pub fees: f64,
    pub bars_held: f64,
}

/// What the metrics of a run are computed from.
pub struct Run<'a> {
    pub ts: &'a [i64],
    pub equity: &'a [f64],
    pub close: &'a [f64],
    pub rounds: &'a [Round],
    /// Notional of each fill.
    pub fills: &'a [f64],
    /// Whether there was a position in the bar.
    pub busy: &'a [bool],
    pub initial_capital: f64,
    pub risk_free: f64,
    /// Length of the timeframe, microseconds.
    pub timeframe: i64,
}

const DAY_US: f64 = 86_400e6;
const YEAR_US: f64 = 365.25 * DAY_US;

impl Run<'_> {
    /// Every metric that has a formula in the contract; `None` is NULL.
    pub fn all(&self) -> Vec<(&'static str, Option<f64>)> {
        let mut all = self.of_equity();
        all.extend(self.of_trades());
        all.iter().map(|(name, value)| (*name, value.filter(|v| v.is_finite()))).collect()
    }

    /// The calendar's bars of a 365-day year where nine in ten places of its grid are filled, else the observed rate.
    pub fn periods_per_year(&self) -> f64 {
        let bars = self.ts.len() as f64;
        let elapsed = self.ts[self.ts.len() - 1] - self.ts[0];
        let grid = (elapsed / self.timeframe + 1) as f64;
        if bars >= 0.9 * grid {
            365.0 * DAY_US / self.timeframe as f64
        } else {
            (bars - 1.0) / (elapsed as f64 / YEAR_US)
        }
    }

    fn of_equity(&self) -> Vec<(&'static str, Option<f64>)> {
        let per_year = self.periods_per_year();
        let end = *self.equity.last().unwrap();
        let excess: Vec<f64> = self
            .equity
            .windows(2)
            .map(|e| if e[0] == 0.0 { 0.0 } else { e[1] / e[0] - 1.0 } - self.risk_free / per_year)
            .collect();
        let n = excess.len() as f64;
        let mean = excess.iter().sum::<f64>() / n;
        let squares: f64 = excess.iter().map(|r| (r - mean) * (r - mean)).sum();
        let deviation = (excess.len() >= 2).then(|| (squares / (n - 1.0)).sqrt()).filter(|d| *d > 1e-14);
        let downside = (excess.iter().map(|r| r.min(0.0) * r.min(0.0)).sum::<f64>() / n).sqrt();
        let downside = (excess.len() >= 2).then_some(downside).filter(|d| *d > 0.0);
        let year = per_year.sqrt();
        let (depth, longest) = self.drawdown();
        let years = (self.ts[self.ts.len() - 1] - self.ts[0]) as f64 / YEAR_US;
        let line = self.line(&excess, self.risk_free / per_year);
        let cagr = (years > 0.0).then(|| (end / self.initial_capital).powf(1.0 / years) - 1.0);
        let busy = self.busy.iter().filter(|b| **b).count() as f64;
        vec![
            ("bars", Some(self.equity.len() as f64)),
            (
                "buy_and_hold_return",
                (self.close.len() > 1).then(|| self.close[self.close.len() - 1] / self.close[0] - 1.0),
            ),
            ("periods_per_year", Some(per_year)),
            ("alpha", line.map(|(alpha, _)| alpha * per_year)),
            ("beta", line.map(|(_, beta)| beta)),
            ("sharpe", deviation.map(|d| mean / d * year)),
            ("sortino", downside.map(|d| mean / d * year)),
            ("volatility", deviation.map(|d| d * year)),
            ("max_drawdown", Some(depth)),
            ("max_drawdown_bars", Some(longest as f64)),
            ("total_return", Some(end / self.initial_capital - 1.0)),
            ("cagr", cagr),
            ("calmar", cagr.filter(|_| depth < 0.0).map(|c| c / depth.abs())),
            ("final_equity", Some(end)),
            ("net_profit", Some(end - self.initial_capital)),
            ("time_in_market", Some(busy / self.equity.len() as f64)),
            (
                "turnover",
                Some(self.fills.iter().sum::<f64>() / (self.equity.iter().sum::<f64>() / self.equity.len() as f64)),
            ),
        ]
    }

    /// Intercept and slope of the least squares line of the excess returns over those of the market.
    fn line(&self, excess: &[f64], rf: f64) -> Option<(f64, f64)> {
        let market: Vec<f64> = self.close.windows(2).map(|pair| pair[1] / pair[0] - 1.0 - rf).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (x, y) = (mean(&market), mean(excess));
        let spread: f64 = market.iter().map(|m| (m - x) * (m - x)).sum();
        let together: f64 = market.iter().zip(excess).map(|(m, r)| (m - x) * (r - y)).sum();
        (market.len() >= 2 && spread > 1e-26).then(|| (y - together / spread * x, together / spread))
    }

    /// Depth and longest time under water; the initial capital is the first peak.
    fn drawdown(&self) -> (f64, usize) {
        let (mut peak, mut depth, mut bars, mut longest) = (self.initial_capital, 0.0_f64, 0, 0);
        for &equity in self.equity {
            peak = peak.max(equity);
            bars = if equity < peak { bars + 1 } else { 0 };
            depth = depth.min(equity / peak - 1.0);
            longest = longest.max(bars);
        }
        (depth, longest)
    }

    fn of_trades(&self) -> Vec<(&'static str, Option<f64>)> {
        let count = self.rounds.len();
        let n = count as f64;
        let some = |value: f64| (count > 0).then_some(value);
        let pnls: Vec<f64> = self.rounds.iter().map(|r| r.pnl).collect();
        let wins: Vec<f64> = pnls.iter().copied().filter(|p| *p > 0.0).collect();
        let losses: Vec<f64> = pnls.iter().copied().filter(|p| *p <= 0.0).collect();
        let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        let expectancy = mean(&pnls);
        let squares = expectancy.map(|m| pnls.iter().map(|p| (p - m) * (p - m)).sum::<f64>());
        let deviation = squares.filter(|_| count >= 2).map(|s| (s / (n - 1.0)).sqrt()).filter(|d| *d > 0.0);
        let (avg_win, avg_loss) = (mean(&wins), mean(&losses));
        let win_rate = some(wins.len() as f64 / n);
        let payoff = avg_win.zip(avg_loss).map(|(w, l)| w / l.abs()).filter(|p| p.is_finite());
        vec![
            ("trades", Some(n)),
            ("wins", Some(wins.len() as f64)),
            ("losses", Some(losses.len() as f64)),
            ("win_rate", win_rate),
            (
                "profit_factor",
                (losses.iter().sum::<f64>() < 0.0).then(|| wins.iter().sum::<f64>() / losses.iter().sum::<f64>().abs()),
            ),
            ("expectancy", expectancy),
            ("avg_win", avg_win),
            ("avg_loss", avg_loss),
            ("payoff_ratio", payoff),
            ("best_trade", pnls.iter().copied().reduce(f64::max)),
            ("worst_trade", pnls.iter().copied().reduce(f64::min)),
            ("avg_bars_held", mean(&self.rounds.iter().map(|r| r.bars_held).collect::<Vec<_>>())),
            ("sqn", expectancy.zip(deviation).map(|(m, d)| m / d * n.sqrt())),
            ("kelly", win_rate.zip(payoff).map(|(w, p)| w - (1.0 - w) / p)),
            ("fees", Some(self.rounds.iter().map(|r| r.fees).sum())),
        ]
    }
}
