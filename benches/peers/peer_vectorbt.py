"""vectorbt with its Rust kernels where it has them: crossings of averages, filled at the next open."""

from importlib.metadata import version

import numpy as np
import pandas as pd
import vectorbt as vbt

import grids
from loops.money import CAPITAL

NAME = "vectorbt"
VERSION = version("vectorbt") + (f"+rust{version('vectorbt-rust')}" if vbt._engine.is_rust_available() else "")
#: Pairs of windows at a time: the fastest of 20, 100 and 200 on 200,000 bars, and all that little memory needs.
CHUNK = 20


def shifted(signals):
    """Signals one bar later: a decision at a close is filled at the next open."""
    out = np.zeros_like(signals)
    out[1:] = signals[:-1]
    return out


def portfolio(workload, close, opens, pairs, closes_at_end=False):
    """The portfolio of some pairs of windows, given as two lists.

    vectorbt leaves a position open at the end. ThreadX closes it at the last close, and so does `closes_at_end`, except
    for pairs that trade at the last open anyway. It is for parity and is not timed: its arrays cost vectorbt time.
    """
    quick, steady = (vbt.MA.run(close, window=windows) for windows in pairs)
    entries = shifted(quick.ma_crossed_above(steady).to_numpy())
    exits = shifted(quick.ma_crossed_below(steady).to_numpy())
    price = opens
    both = workload.options.get("direction") != "long"
    sides = {"short_entries": exits} if both else {"exits": exits}
    if closes_at_end:
        last = np.zeros_like(entries)
        last[-1] = ~(entries[-1] | exits[-1])
        price = opens.copy()
        price.iloc[-1] = close.iloc[-1]
        sides |= {"exits": last, "short_exits": last} if both else {"exits": exits | last}
    return vbt.Portfolio.from_signals(
        close,
        entries=entries,
        **sides,
        price=price,
        fees=workload.options["fee_bps"] * 1e-4,
        slippage=workload.options["slippage_bps"] * 1e-4,
        init_cash=CAPITAL,
        upon_opposite_entry="reverse",
        freq=pd.Timedelta(workload.timeframe),
    )


def metrics(found):
    """The compared metrics, one value per pair."""
    return {
        "trades": np.atleast_1d(found.trades.count()),
        "total_return": np.atleast_1d(found.total_return()),
        "sharpe": np.atleast_1d(found.sharpe_ratio()),
        "max_drawdown": np.atleast_1d(found.max_drawdown()),
        "final_equity": np.atleast_1d(found.final_value()),
    }


def chunks(grid):
    """Pairs of lists of windows, `CHUNK` pairs of windows at a time."""
    for first in range(0, len(grid["fast"]), CHUNK):
        yield tuple(grid[name][first : first + CHUNK].tolist() for name in ("fast", "slow"))


def joined(parts):
    """Metrics of several chunks as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def prepare(workload, series, _threads, combos):
    """The work to time: a single run makes all statistics, a sweep the compared ones."""
    if workload.strategy != "sma_cross":
        raise SystemExit("vectorbt has no stop that trails by a distance in price: only W1 and W3 can be compared")
    (columns,) = series
    index = pd.to_datetime(columns["ts"], unit="ms")
    close, opens = pd.Series(columns["close"], index=index), pd.Series(columns["open"], index=index)
    grid = grids.thinned(workload.grid, combos)

    def work():
        if combos == 1:
            return portfolio(workload, close, opens, (int(grid["fast"][0]), int(grid["slow"][0]))).stats()
        return joined([metrics(portfolio(workload, close, opens, pairs)) for pairs in chunks(grid)])

    def results(_):
        return [joined([metrics(portfolio(workload, close, opens, pairs, True)) for pairs in chunks(grid)])]

    return grid, work, results
