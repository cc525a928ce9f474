"""The strategy `bb_atr` with the default run options: a sweep over many combinations.

A direct reading of the simulation contract: every bar of every combination is visited, in order. Shared between
combinations are the indicators, and the entry signals of those that differ only in their exits.
"""

import numpy as np
from numba import njit, prange

from .indicators import COMPILED, ranges_of, zscores_of
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

FEE, SLIPPAGE, RISK, LEVERAGE = 10 * 1e-4, 5 * 1e-4, 0.01, 1.0
CAP = 1.0 / (1.0 / LEVERAGE + FEE)


@njit(**COMPILED)
def run(bars, mean, signals, atr, multiplier, max_bars, out):
    """One backtest; `bars` is (open, high, low, close)."""
    opens, highs, lows, closes = bars
    n = len(closes)
    equity, peak, trough, deepest, sum_r, sum_r2, trades = CAPITAL, CAPITAL, CAPITAL, 0.0, 0.0, 0.0, 0
    d, fill, stop, liquidation, growth, entry_bar = 0.0, 0.0, 0.0, 0.0, 1.0, 0
    base, exposure, fee_weight = 0.0, 0.0, 0.0
    leaves, wanted, signal_bar = False, 0.0, 0
    for t in range(n):
        if d == 0.0 and wanted == 0.0 and signals[t] == 0:
            continue
        factor, edge = 1.0, False
        # 1. The open.
        if leaves:
            after = growth_after_exit(opens[t], d, SLIPPAGE, fill, base, exposure, fee_weight)
            factor *= after / growth
            equity *= after
            trades += 1
            d, edge, leaves = 0.0, True, False
        if wanted != 0.0:
            fill = opens[t] * (1.0 + wanted * SLIPPAGE)
            stop = fill - wanted * (multiplier * atr[signal_bar])
            distance = wanted * (fill - stop)
            if distance > 0.0 and equity > 0.0:
                d = wanted
                weight = min(RISK * fill / distance, CAP)
                liquidation = short_liquidation(fill, weight, FEE)
                fee_weight = weight * FEE
                base, exposure, growth, entry_bar, edge = 1.0 - fee_weight, d * weight, 1.0, t, True
            wanted = 0.0
        # 2. Inside the bar.
        if d != 0.0:
            level = stop if d > 0.0 else min(stop, liquidation)
            worst = lows[t] if d > 0.0 else highs[t]
            if d * worst <= d * level:
                price = opens[t] if d * opens[t] <= d * level else level
                after = growth_after_exit(price, d, SLIPPAGE, fill, base, exposure, fee_weight)
                factor *= after / growth
                equity *= after
                trades += 1
                d, edge = 0.0, True
        # 3. and 4. The close.
        close = closes[t]
        if t + 1 < n:
            if d != 0.0:
                leaves = d * close >= d * mean[t] or t - entry_bar >= max_bars
                if not leaves:
                    trailed = close - d * (multiplier * atr[t])
                    if d * trailed > d * stop:
                        stop = trailed
            if signals[t] != 0 and (d == 0.0 or leaves) and equity > 0.0:
                wanted, signal_bar = float(signals[t]), t
        # 5. The mark.
        value = equity
        if d != 0.0:
            g = base + exposure * (close / fill - 1.0)
            if t + 1 == n or g <= 0.0:
                after = growth_after_exit(close, d, SLIPPAGE, fill, base, exposure, fee_weight) if g > 0.0 else 0.0
                factor *= after / growth
                equity *= after
                trades += 1
                value, d, edge, leaves, wanted = equity, 0.0, True, False, 0.0
            else:
                factor *= g / growth
                growth = g
                value = equity * g
        if d != 0.0 or edge:
            if t > 0:
                r = factor - 1.0
                sum_r += r
                sum_r2 += r * r
            if value >= peak:
                peak = trough = value
            elif value < trough:
                trough = value
                deepest = min(deepest, value / peak - 1.0)
    out[TRADES], out[FINAL_EQUITY], out[SUM], out[SQUARES], out[MAX_DRAWDOWN] = trades, equity, sum_r, sum_r2, deepest


@njit(**COMPILED)
def entry_signals(zscore, entry_z, spacing):
    """1 where the score falls below `-entry_z`, -1 where it rises above `entry_z`, at least `spacing` bars apart."""
    out = np.zeros(len(zscore), np.int8)
    fired, before = -spacing - 1, np.nan
    for t in range(len(zscore)):
        z = zscore[t]
        is_low = z < -entry_z and before >= -entry_z
        is_high = z > entry_z and before <= entry_z
        if (is_low or is_high) and t - fired >= spacing:
            fired = t
            out[t] = 1 if is_low else -1
        before = z
    return out


@njit(parallel=True, **COMPILED)
def run_groups(bars, indicators, rows, numbers, starts):
    """Every combination; those between two `starts` have the same entries.

    `rows` are the indicator rows, the spacing and the longest holding; `numbers` are entry_z and the multiplier.
    """
    means, scores, ranges = indicators
    out = np.empty((len(rows), 5))
    for group in prange(len(starts) - 1):
        first = starts[group]
        mean = means[rows[first, 0]]
        signals = entry_signals(scores[rows[first, 0]], numbers[first, 0], rows[first, 2])
        for k in range(first, starts[group + 1]):
            run(bars, mean, signals, ranges[rows[k, 1]], numbers[k, 1], rows[k, 3], out[k])
    return out


def sweep(bars, grid):
    """Result rows of a grid (see `grids.py`), in its order."""
    _, high, low, close = bars
    bb_periods, bb_rows = np.unique(grid["bb_period"], return_inverse=True)
    atr_periods, atr_rows = np.unique(grid["atr_period"], return_inverse=True)
    indicators = (*zscores_of(close, bb_periods), ranges_of(high, low, close, atr_periods))
    entries = np.column_stack([bb_rows, grid["entry_z"], grid["spacing_bars"]])
    order = np.lexsort(entries.T[::-1])
    changes = np.any(np.diff(entries[order], axis=0) != 0, axis=1)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1, [len(order)]])
    rows = np.column_stack([bb_rows, atr_rows, grid["spacing_bars"], grid["max_hold_bars"]])[order]
    numbers = np.column_stack([grid["entry_z"], grid["atr_multiplier"]])[order]
    out = np.empty((len(order), 5))
    out[order] = run_groups(bars, indicators, rows, numbers, starts)
    return out
