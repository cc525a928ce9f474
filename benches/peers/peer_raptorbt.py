"""raptorbt: one long-only run with its own averages, orders at the next open and every metric it has."""

from importlib.metadata import version

import numpy as np
import raptorbt

import grids
from loops.money import CAPITAL

NAME, VERSION = "raptorbt", version("raptorbt")


def crossed_above(a, b):
    """Bars at which `a` crosses above `b`; False while one is missing."""
    out = np.zeros(len(a), dtype=bool)
    out[1:] = (a[1:] > b[1:]) & (a[:-1] <= b[:-1])
    return out


def prepare(workload, series, _threads, _combos):
    """The work to time, and what turns its result into columns of metrics."""
    if workload.name != "W1":
        raise SystemExit("raptorbt takes one direction and no stop of a strategy's own: only W1 can be compared")
    (columns,) = series
    ts = columns["ts"] * 1_000_000
    fast, slow = workload.axes["fast"][0], workload.axes["slow"][0]
    config = raptorbt.BacktestConfig(
        initial_capital=CAPITAL,
        fees=workload.options["fee_bps"] * 1e-4,
        slippage=workload.options["slippage_bps"] * 1e-4,
        fill_timing="next_bar_open",
        periods_per_year=365.0 * 24 * 60,
    )
    prices = [columns[name] for name in ("open", "high", "low", "close", "volume")]

    def work():
        close = columns["close"]
        quick, steady = raptorbt.sma(close, fast), raptorbt.sma(close, slow)
        entries, exits = crossed_above(quick, steady), crossed_above(steady, quick)
        return raptorbt.run_single_backtest(ts, *prices, entries, exits, direction=1, config=config).metrics

    def results(found):
        values = {
            "trades": found.total_trades,
            "total_return": found.total_return_pct / 100.0,
            "sharpe": found.sharpe_ratio,
            "max_drawdown": -found.max_drawdown_pct / 100.0,
            "final_equity": found.end_value,
        }
        return [{name: np.array([value]) for name, value in values.items()}]

    return grids.thinned(workload.grid, 1), work, results
