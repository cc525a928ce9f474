"""Writes curve.csv, trades.csv and expected.csv: metrics of made-up runs as other tools define them, computed by those tools.

The equity is a random walk out of a fixed generator, with a loss on the first bar in one case and flat stretches in all. Trades
have results of their own, with some that earn nothing. Every value is what the tool's function returns, percent as a fraction.

    pip install backtesting==0.6.6 empyrical-reloaded==0.7.1 quantstats==0.0.86 vectorbt==1.2.0 && python make.py
"""

import csv
import warnings

import empyrical
import numpy as np
import pandas as pd
import quantstats.stats as qs
import vectorbt  # noqa: F401  adds the accessor `vbt`
from backtesting._stats import compute_stats

CAPITAL = 10_000.0

# Name, step, number of bars, periods per year, risk-free rate, return of the first bar.
CASES = [
    ("hourly", pd.Timedelta(hours=1), 700, 8760.0, 0.0, 0.0),
    ("daily", pd.Timedelta(days=1), 250, 365.0, 0.03, -0.001),
    ("weekdays", None, 250, 252.0, 0.02, 0.0),
    ("weekly", pd.Timedelta(days=7), 150, 52.0, 0.0, 0.002),
]


def numbers(seed):
    """Uniform numbers in [-0.5, 0.5) from a linear congruential generator."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 11) / 2**53 - 0.5


def index_of(step, n):
    start = pd.Timestamp("2023-01-02")
    if step is None:
        return pd.bdate_range(start, periods=n)
    return pd.DatetimeIndex([start + i * step for i in range(n)])


def equity_of(draw, n, first):
    equity = [CAPITAL * (1 + first)]
    for t in range(1, n):
        flat = t % 17 in (3, 4, 5)
        equity.append(equity[-1] if flat else equity[-1] * (1 + 0.02 * next(draw) + 0.0005))
    return np.array(equity)


def trades_of(draw, n):
    rows = []
    for k, entry in enumerate(range(2, n - 20, 20)):
        held = 5 + k % 9
        notional = 4_000 + 3_000 * (next(draw) + 0.5)
        ret = 0.0 if k % 5 == 4 else 0.1 * next(draw) + 0.004
        rows.append((entry, entry + held, notional * ret, ret))
    # The next one enters on the bar of an exit.
    rows.append((rows[-1][1], n - 1, 12.5, 0.0025))
    return rows


def backtesting_py(index, equity, trades, rf):
    frame = pd.DataFrame(trades, columns=["EntryBar", "ExitBar", "PnL", "ReturnPct"])
    frame["EntryTime"] = index[frame["EntryBar"]]
    frame["ExitTime"] = index[frame["ExitBar"]]
    frame["Duration"] = frame["ExitTime"] - frame["EntryTime"]
    close = pd.DataFrame({"Close": equity}, index=index)
    s = compute_stats(frame, equity, close, None, rf)
    percent = {
        "best_trade": "Best Trade [%]", "expectancy": "Expectancy [%]", "max_drawdown": "Max. Drawdown [%]",
        "time_in_market": "Exposure Time [%]", "volatility": "Volatility (Ann.) [%]", "win_rate": "Win Rate [%]",
        "worst_trade": "Worst Trade [%]",
    }
    plain = {
        "calmar": "Calmar Ratio", "kelly": "Kelly Criterion", "profit_factor": "Profit Factor", "sharpe": "Sharpe Ratio",
        "sortino": "Sortino Ratio", "sqn": "SQN",
    }
    out = {name: s[key] / 100 for name, key in percent.items()}
    return out | {name: s[key] for name, key in plain.items()}


def of_empyrical(returns, periods, rf):
    kw = dict(annualization=periods)
    return {
        "cagr": empyrical.cagr(returns, **kw),
        "calmar": empyrical.calmar_ratio(returns, **kw),
        "max_drawdown": empyrical.max_drawdown(returns),
        "sharpe": empyrical.sharpe_ratio(returns, risk_free=rf / periods, **kw),
        "sortino": empyrical.sortino_ratio(returns, required_return=rf / periods, **kw),
        "volatility": empyrical.annual_volatility(returns, **kw),
    }


def of_quantstats(returns, periods, rf):
    return {
        "avg_loss": qs.avg_loss(returns),
        "avg_win": qs.avg_win(returns),
        "cagr": qs.cagr(returns, periods=periods),
        "calmar": qs.calmar(returns, periods=periods),
        "kelly": qs.kelly_criterion(returns),
        "max_drawdown": qs.max_drawdown(returns),
        "payoff_ratio": qs.payoff_ratio(returns),
        "profit_factor": qs.profit_factor(returns),
        "sharpe": qs.sharpe(returns, rf=rf, periods=periods),
        "sortino": qs.sortino(returns, rf=rf, periods=periods),
        "time_in_market": qs.exposure(returns),
        "volatility": qs.volatility(returns, periods=periods),
        "win_rate": qs.win_rate(returns),
    }


def of_vectorbt(returns, step, periods, rf):
    year = pd.Timedelta(days=1) * (periods * step / pd.Timedelta(days=1))
    acc = returns.vbt.returns(freq=step, year_freq=year)
    return {
        "cagr": acc.annualized(),
        "calmar": acc.calmar_ratio(),
        "sharpe": acc.sharpe_ratio(risk_free=rf / periods),
        "sortino": acc.sortino_ratio(required_return=rf / periods),
        "volatility": acc.annualized_volatility(),
    }


def main():
    warnings.simplefilter("ignore")
    curve, trade_rows, expected = [], [], []
    for seed, (case, step, n, periods, rf, first) in enumerate(CASES, 1):
        draw = numbers(seed)
        index = index_of(step, n)
        equity = equity_of(draw, n, first)
        trades = trades_of(draw, n)
        returns = pd.Series(equity, index=index).pct_change().dropna()
        with_first = pd.Series(np.concatenate([[equity[0] / CAPITAL - 1], returns.to_numpy()]), index=index)
        found = {
            "backtesting_py": backtesting_py(index, equity, trades, rf),
            "empyrical": of_empyrical(returns, periods, rf),
            "quantstats": of_quantstats(returns, periods, rf),
            "vectorbt": of_vectorbt(with_first, step or pd.Timedelta(days=1), periods, rf),
        }
        micros = index.astype("datetime64[us]").astype("int64")
        curve += [(case, ts, repr(float(e))) for ts, e in zip(micros, equity)]
        trade_rows += [(case, a, b, repr(float(pnl)), repr(float(ret))) for a, b, pnl, ret in trades]
        for convention, values in found.items():
            expected += [(case, periods, rf, convention, m, repr(float(v))) for m, v in values.items()]
    for name, header, rows in [
        ("curve.csv", ["case", "ts", "equity"], curve),
        ("trades.csv", ["case", "entry_bar", "exit_bar", "pnl", "return"], trade_rows),
        ("expected.csv", ["case", "periods_per_year", "risk_free", "convention", "metric", "value"], expected),
    ]:
        with open(name, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header] + rows)


if __name__ == "__main__":
    main()
