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
