"""Indicators for the Numba loops, one value per bar, NaN until warmed up.

Moving sums use two running aggregates (suffixes of the last full block, prefix of the current one), so that the work
per bar does not grow with the window and no rounding error is carried along. The order of the additions is that of
ThreadX: where a close equals its own mean, the last bit decides a trade.
"""

import numpy as np
from numba import njit, prange

COMPILED = {"error_model": "numpy", "nogil": True, "cache": False}


@njit(**COMPILED)
def moving_mean(x, period, out):
    """Mean of the last `period` values into `out`."""
    slots = np.zeros(period)
    newer, length, run, last = 0.0, 0, 0, np.nan
    for i in range(len(x)):
        value = x[i]
        run = run + 1 if value == last else 1
        last = value
        newer = value if length == 0 else newer + value
        slots[length] = value
        length += 1
        if length == period:
            total = newer
            for j in range(period - 2, -1, -1):
                slots[j] += slots[j + 1]
            length = 0
        elif i >= period - 1:
            total = slots[length] + newer
        else:
            out[i] = np.nan
            continue
        out[i] = value if run >= period else total / period


@njit(**COMPILED)
def _joined(sum_a, squares_a, len_a, sum_b, squares_b, len_b):
    """Squared deviations of two neighbouring runs from their common mean."""
    apart = sum_b * len_a - sum_a * len_b
    return squares_a + squares_b + apart * apart / (len_a * len_b * (len_a + len_b))


@njit(**COMPILED)
def moving_zscore(x, period, mean, zscore):
    """Mean of the last `period` values, and the distance from it in population standard deviations."""
    sums, squares = np.zeros(period), np.zeros(period)
    new_sum, new_squares, length, run, last = 0.0, 0.0, 0, 0, np.nan
    for i in range(len(x)):
        value = x[i]
        run = run + 1 if value == last else 1
        last = value
        if length == 0:
            new_sum, new_squares = value, 0.0
        else:
            new_squares = _joined(new_sum, new_squares, float(length), value, 0.0, 1.0)
            new_sum += value
        sums[length], squares[length] = value, 0.0
        length += 1
        if length == period:
            total, spread = new_sum, new_squares
            for j in range(period - 2, -1, -1):
                tail = float(period - 1 - j)
                squares[j] = _joined(sums[j], squares[j], 1.0, sums[j + 1], squares[j + 1], tail)
                sums[j] += sums[j + 1]
            length = 0
        elif i >= period - 1:
            older = float(period - length)
            spread = _joined(sums[length], squares[length], older, new_sum, new_squares, float(length))
            total = sums[length] + new_sum
        else:
            mean[i] = zscore[i] = np.nan
            continue
        if run >= period:
            total, spread = value * period, 0.0
            mean[i] = value
        else:
            mean[i] = total / period
        score = (value - mean[i]) / np.sqrt(spread / period)
        zscore[i] = score if np.isfinite(score) else np.nan


@njit(**COMPILED)
def average_true_range(high, low, close, period, out):
    """Exponentially weighted true range, span `period`, from the first bar's range on."""
    alpha = 1.0 / (1.0 + (period - 1.0) / 2.0)
    decay = 1.0 - alpha
    mean = high[0] - low[0]
    out[0] = mean
    for i in range(1, len(close)):
        before = close[i - 1]
        x = max(high[i] - low[i], abs(high[i] - before), abs(low[i] - before))
        if mean != x:
            mean = decay * mean + alpha * x
        out[i] = mean


@njit(parallel=True, **COMPILED)
def means_of(close, periods):
    """One row of moving means per period."""
    out = np.empty((len(periods), len(close)))
    for k in prange(len(periods)):
        moving_mean(close, periods[k], out[k])
    return out


@njit(parallel=True, **COMPILED)
def zscores_of(close, periods):
    """One row of moving means and one of z-scores per period."""
    means = np.empty((len(periods), len(close)))
    scores = np.empty((len(periods), len(close)))
    for k in prange(len(periods)):
        moving_zscore(close, periods[k], means[k], scores[k])
    return means, scores


@njit(parallel=True, **COMPILED)
def ranges_of(high, low, close, periods):
    """One row of average true ranges per period."""
    out = np.empty((len(periods), len(close)))
    for k in prange(len(periods)):
        average_true_range(high, low, close, periods[k], out[k])
    return out
