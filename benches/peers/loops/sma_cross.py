"""The strategy `sma_cross` with fills at the next open: a sweep over pairs of windows.

Every bar of every pair is visited, in order; the averages are computed once per distinct window.
"""

import numpy as np
from numba import njit, prange

from .indicators import COMPILED, means_of
from .money import (
    CAPITAL,
    FINAL_EQUITY,
    MAX_DRAWDOWN,
    SQUARES,
    SUM,
    TRADES,
    growth_after_exit,
    short_liquidation,
)


@njit(**COMPILED)
def run(bars, fast, slow, costs, long_only, out):
    """One backtest; `bars` is (open, high, low, close), `costs` are fee and slippage as fractions."""
    opens, highs, _, closes = bars
    fee, slippage = costs
    n = len(closes)
    weight = 1.0 / (1.0 + fee)
    fee_weight = weight * fee
    base = 1.0 - fee_weight
    equity, peak, trough, deepest, sum_r, sum_r2, trades = CAPITAL, CAPITAL, CAPITAL, 0.0, 0.0, 0.0, 0
    d, fill, level, exposure, growth, leaves, wanted = 0.0, 0.0, 0.0, 0.0, 1.0, False, 0.0
    for t in range(1, n):
        factor, edge = 1.0, False
        # 1. The open.
        if leaves:
            after = growth_after_exit(opens[t], d, slippage, fill, base, exposure, fee_weight)
            factor *= after / growth
            equity *= after
            trades += 1
            d, edge, leaves = 0.0, True, False
        if wanted != 0.0 and equity > 0.0:
            d = wanted
            fill = opens[t] * (1.0 + d * slippage)
            exposure, growth, edge = d * weight, 1.0, True
            level = short_liquidation(fill, weight, fee)
        wanted = 0.0
        # 2. Inside the bar only a short can end, by liquidation.
        if d < 0.0 and highs[t] >= level:
            price = max(opens[t], level)
            after = growth_after_exit(price, d, slippage, fill, base, exposure, fee_weight)
            factor *= after / growth
            equity *= after
            trades += 1
            d, edge = 0.0, True
        # 3. and 4. The close.
        if t + 1 < n:
            above = fast[t] > slow[t] and fast[t - 1] <= slow[t - 1]
            below = fast[t] < slow[t] and fast[t - 1] >= slow[t - 1]
            if above or below:
                side = 1.0 if above else -1.0
                leaves = d == -side
                if (d == 0.0 or leaves) and (above or not long_only):
                    wanted = side
        # 5. The mark.
        if d == 0.0 and not edge:
            continue
        value = equity
        if d != 0.0:
            close = closes[t]
            g = base + exposure * (close / fill - 1.0)
            if t + 1 == n or g <= 0.0:
                after = growth_after_exit(close, d, slippage, fill, base, exposure, fee_weight) if g > 0.0 else 0.0
                factor *= after / growth
                equity *= after
                trades += 1
                value, d, leaves, wanted = equity, 0.0, False, 0.0
            else:
                factor *= g / growth
                growth = g
                value = equity * g
        r = factor - 1.0
        sum_r += r
        sum_r2 += r * r
        if value >= peak:
            peak = trough = value
        elif value < trough:
            trough = value
            deepest = min(deepest, value / peak - 1.0)
    out[TRADES], out[FINAL_EQUITY], out[SUM], out[SQUARES], out[MAX_DRAWDOWN] = trades, equity, sum_r, sum_r2, deepest


@njit(parallel=True, **COMPILED)
def run_all(bars, means, rows, costs, long_only):
    """Every pair; `rows` are the rows of its two averages."""
    out = np.empty((len(rows), 5))
    for k in prange(len(rows)):
        run(bars, means[rows[k, 0]], means[rows[k, 1]], costs, long_only, out[k])
    return out


def sweep(bars, grid, costs, long_only):
    """Result rows of a grid (see `grids.py`), in its order."""
    pairs = np.column_stack([grid["fast"], grid["slow"]])
    windows, rows = np.unique(pairs, return_inverse=True)
    return run_all(bars, means_of(bars[3], windows), rows.reshape(pairs.shape), costs, long_only)
