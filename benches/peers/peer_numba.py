"""The simulation contract as a Numba loop: what a careful user would write for one strategy."""

import numba
import numpy as np

import bars
import grids
from loops import bb_atr, sma_cross
from loops.money import CAPITAL, FINAL_EQUITY, MAX_DRAWDOWN, SQUARES, SUM, TRADES

NAME, VERSION = "numba", numba.__version__


def sweep(workload, columns, grid):
    """Raw result rows of one series."""
    prices = bars.prices(columns)
    if workload.strategy == "bb_atr":
        return bb_atr.sweep(prices, grids.with_defaults(grid))
    costs = (workload.options["fee_bps"] * 1e-4, workload.options["slippage_bps"] * 1e-4)
    return sma_cross.sweep(prices, grid, costs, workload.options.get("direction") == "long")


def metrics(raw, columns, step_ms):
    """The compared metrics from the sums of a run."""
    count = len(columns["close"]) - 1
    mean = raw[:, SUM] / count
    spread = raw[:, SQUARES] - raw[:, SUM] * mean
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(spread > 1e-13 * raw[:, SQUARES], np.sqrt(spread / (count - 1)), np.nan)
        sharpe = mean / deviation * np.sqrt(bars.periods_per_year(columns["ts"], step_ms))
    return {
        "trades": raw[:, TRADES].astype(int),
        "total_return": raw[:, FINAL_EQUITY] / CAPITAL - 1.0,
        "sharpe": sharpe,
        "max_drawdown": raw[:, MAX_DRAWDOWN],
        "final_equity": raw[:, FINAL_EQUITY],
    }


def prepare(workload, series, threads, combos):
    """The work to time, and what turns its result into columns of metrics; one entry per series."""
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    grid = grids.thinned(workload.grid, combos)
    step = bars.MINUTE_MS * int(workload.timeframe.removesuffix("m"))

    def work():
        return [sweep(workload, columns, grid) for columns in series]

    def results(raw):
        return [metrics(rows, columns, step) for rows, columns in zip(raw, series, strict=True)]

    return grid, work, results
