"""Bars: the generated series, the cut real ones, and reading both."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PRICES = ("open", "high", "low", "close")
MINUTE_MS = 60_000


def generated(count, seed, step_ms, start_ms=946_684_800_000, fall=600):
    """A random walk of `count` bars without gaps, the same on every machine.

    The last `fall` bars fall, so that a long-only crossing of averages ends flat: the engines differ in whether they
    charge an exit at the end of the data.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    steps = rng.normal(0.0, 5e-4, count)
    steps[-fall:] = -np.abs(steps[-fall:])
    close = 100.0 * np.exp(np.cumsum(steps))
    before = np.concatenate([[100.0], close[:-1]])
    opens = before * np.exp(rng.normal(0.0, 5e-5, count))
    reach = np.abs(rng.normal(0.0, 3e-4, (2, count)))
    return {
        "ts": start_ms + step_ms * np.arange(count, dtype=np.int64),
        "open": opens,
        "high": np.maximum(opens, close) * (1.0 + reach[0]),
        "low": np.minimum(opens, close) * (1.0 - reach[1]),
        "close": close,
        "volume": rng.uniform(1.0, 100.0, count),
    }


def table(columns):
    """Columns as the table of a bar file."""
    ts = pa.array(columns["ts"], pa.timestamp("ms", "UTC"))
    return pa.table({"ts": ts} | {name: columns[name] for name in (*PRICES, "volume")})


def load(directory, symbol, timeframe):
    """The columns of one series as contiguous arrays; `ts` is in milliseconds."""
    stored = pq.read_table(Path(directory) / f"{symbol}_{timeframe}.parquet")
    columns = {name: np.ascontiguousarray(stored[name].to_numpy()) for name in (*PRICES, "volume")}
    columns["ts"] = stored["ts"].cast(pa.timestamp("ms", "UTC")).cast(pa.int64()).to_numpy()
    return columns


def prices(columns):
    """(open, high, low, close), as the loops take them."""
    return tuple(columns[name] for name in PRICES)


def periods_per_year(ts, step_ms):
    """Bars per year as ThreadX counts them: the calendar's if 90 % of the grid is there, else the observed rate."""
    year_ms = 365 * 86_400_000
    elapsed = int(ts[-1] - ts[0])
    if len(ts) >= 0.9 * (elapsed // step_ms + 1):
        return year_ms / step_ms
    return (len(ts) - 1) / (elapsed / (365.25 * 86_400_000))
