"""Bars for the expected indicator values, and what the modules in calls/ share."""

import numpy as np
import pandas as pd

N = 400


def bars():
    """A random walk with a flat stretch, a stretch without volume and one without any movement between bars."""
    x = 42

    def uniform():
        nonlocal x
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        return x / 4294967296.0

    rows, price = [], 100.0
    for i in range(N):
        u = [uniform() for _ in range(4)]
        flat = 120 <= i < 170
        o = price
        c = o if flat else o * (1.0 + (u[0] - 0.5) * 0.02)
        h = max(o, c) * (1.0 + (0.0 if flat else u[1] * 0.004))
        l = min(o, c) * (1.0 - (0.0 if flat else u[2] * 0.004))
        v = 0.0 if 220 <= i < 250 else 1000.0 + u[3] * 4000.0
        rows.append((o, h, l, c, v))
        price = c
    return pd.DataFrame(rows, columns=["open", "high", "low", "close", "volume"])


# Candles of patterns that are rare in drawn bars, each behind calm bars from 100 to 102 with shadows of 1.
STRETCHES = [
    [(104, 107, 104, 107), (108, 108, 108, 108), (107, 107, 102, 102)],
    [(106, 110, 106, 110), (116, 116, 115, 116), (121, 121, 121, 121), (123, 123, 123, 123), (120, 120, 111, 115)],
    [(98, 98, 95, 95), (93, 93, 91, 91), (90, 92, 89, 89), (90, 94, 88, 89)],
    [(103, 106, 103, 106), (105, 105, 101, 101)],
    [(102, 102, 100, 100), (101, 101, 101, 101), (97, 97, 97, 97)],
    [(101, 104, 101, 104), (100, 100, 97, 97)],
    [(104, 111, 103, 111), (113, 113, 112, 112), (110, 110, 109, 109), (109, 112, 106, 109), (114, 118, 112, 118)],
    [(102, 102, 98, 98), (97, 97, 97, 97), (102, 105, 102, 105)],
    [(102, 102, 99, 99), (98, 101, 98, 101)],
    [(108, 108, 102, 102), (105, 108, 105, 105), (106, 106, 106, 106), (106, 107, 106, 107), (102, 102, 95, 95)],
    [(98, 98, 96, 96), (97, 99, 97, 99)],
    [(103, 103, 103, 103), (103, 105, 103, 105), (105, 109, 105, 107), (109, 109, 102, 102)],
    [(105, 108, 98, 102), (104, 104, 99, 102), (101, 101, 100, 100)],
    [(102, 102, 102, 102), (105, 105, 105, 105), (103, 103, 103, 103)],
    [(103, 107, 103, 107), (111, 111, 106, 108), (109, 110, 105, 105)],
    [(106, 109, 106, 109), (115, 115, 113, 113), (116, 116, 111, 112)],
]


def pattern_bars():
    """Whole prices with gaps, trends and doji, so that every candlestick pattern occurs: 200 drawn bars, then STRETCHES."""
    x = 97

    def uniform():
        nonlocal x
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        return x / 4294967296.0

    rows, price, trend = [], 100.0, 1
    for _ in range(200):
        u = [uniform() for _ in range(8)]
        trend = -trend if u[0] < 0.15 else trend
        gap = 0.0 if u[1] < 0.4 else np.floor(7 * u[1]) - 3
        body = 0.0 if u[2] < 0.2 else 1.0 if u[2] < 0.45 else np.floor(2 + 5 * u[3])
        o = price + gap
        c = o + body * (trend if u[4] < 0.7 else -trend)
        h = max(o, c) + (0.0 if u[5] < 0.45 else np.floor(4 * u[6]))
        l = min(o, c) - (0.0 if u[7] < 0.45 else np.floor(4 * (u[7] - 0.45) / 0.55))
        trend = 1 if c < 60 else -1 if c > 200 else trend
        rows.append((o, h, l, c))
        price = c
    calm = [(100, 103, 99, 102)]
    for stretch in STRETCHES:
        rows += calm * 9 + stretch
    rows += calm * (N - len(rows))
    return np.array(rows, dtype=float)


b = bars()
# The same closes with a late start, single gaps and a long gap.
b["gappy"] = b.close.where(~b.index.isin([*range(7), 40, 41, 90, *range(300, 310)]))
# The same closes with a late start, as TA-Lib sees it in its own chained calls.
b["late"] = b.close.where(b.index >= 7)
# A second market, correlated with the first, and a period for each bar.
b["other"] = 50.0 + 0.3 * b.close.shift(1, fill_value=100.0) + 0.1 * b.high + 2.0 * np.sin(0.21 * b.index)
b["periods"] = 2.0 + np.floor(14.0 * (1.0 + np.sin(0.13 * b.index)))
# Conditions.
b["up"] = (b.close > b.open).astype(float)
# Hours from a Friday evening on, in microseconds since 1970.
b["ts"] = 1_709_326_800_000_000.0 + 3_600_000_000.0 * b.index
b["mean"] = b.close.rolling(20).mean()
# Bars full of candlestick patterns.
b[["p_open", "p_high", "p_low", "p_close"]] = pattern_bars()

o, h, l, c, v, g = (b[k].to_numpy() for k in ["open", "high", "low", "close", "volume", "gappy"])
late, other, periods = (b[k].to_numpy() for k in ["late", "other", "periods"])


class Calls:
    """The expected columns of one module."""

    def __init__(self):
        self.columns = {}

    def put(self, name, inputs, params, *series, outputs=("",), terms=""):
        """Expects `series`, one per output, from indicator `name` with blank-separated inputs and parameters.

        `terms` names the column whose size the values are made of, where large terms cancel in them: differences below
        1e-12 of its largest value pass then.
        """
        for field, values in zip(outputs, series, strict=True):
            call = f"{name}:{inputs}:{params}:{field}" + (f":{terms}" if terms else "")
            assert call not in self.columns, call
            self.columns[call] = np.asarray(values, dtype=float)


def windows(f, x, p):
    """`f` of every window of `p` values, slowly."""
    return [f(x[i + 1 - p : i + 1]) if i + 1 >= p else np.nan for i in range(len(x))]
