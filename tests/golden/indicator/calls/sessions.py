"""Functions of the time of a bar: groups of days, weeks and months by pandas' calendar."""

import numpy as np
import pandas as pd

from bars import N, b, c, h, l, o, v
from calls.python_system import KINDS, LEVELS, levels

TS = pd.to_datetime(b.ts, unit="us")
SESSIONS = tuple(TS.dt.to_period(p) for p in ("D", "W-SUN", "M"))


def calls(put):
    tp = (h + l + c) / 3
    for s, session in enumerate(SESSIONS):
        group = b.groupby(session.to_numpy())
        bars = group.agg(open=("open", "first"), high=("high", "max"), low=("low", "min"), close=("close", "last"))
        before = bars.shift(1).reindex(session).reset_index(drop=True)
        start = bars.open.reindex(session).to_numpy()
        put("previous_session", "ts open high low close", s, *(before[k] for k in bars), outputs=tuple(bars))
        put("session_gap", "ts open close", s, start / before.close - 1, terms="close")
        put("session_range", "ts open high low", s, start, group.high.cummax(), group.low.cummin(),
            outputs=("open", "high", "low"))
        put("bars_since_session_start", "ts", s, group.cumcount())

        with np.errstate(all="ignore"):
            key = session.to_numpy()
            vwap = pd.Series(tp * v).groupby(key).cumsum() / pd.Series(v).groupby(key).cumsum()
        put("session_vwap", "ts high low close volume", s, vwap)
        deviation = np.full(N, np.nan)
        for rows in group.indices.values():
            for t in rows:
                past = rows[rows <= t]
                if v[past].sum() > 0:
                    deviation[t] = np.sqrt(np.average((tp[past] - np.average(tp[past], weights=v[past])) ** 2, weights=v[past]))
        put("vwap_bands", "ts high low close volume", f"{s} 2", vwap + 2 * deviation, vwap, vwap - 2 * deviation,
            outputs=("upper", "middle", "lower"))

        first = b.ts.groupby(session.to_numpy()).transform("min")
        for minutes in (90, 600):
            opening = b.ts < first + minutes * 60e6
            high = b.high.where(opening).groupby(session.to_numpy()).transform("max")
            low = b.low.where(opening).groupby(session.to_numpy()).transform("min")
            put("opening_range", "ts high low", f"{minutes} {s}", high.where(~opening), low.where(~opening),
                outputs=("high", "low"))

        for k, kind in enumerate(KINDS):
            row = lambda t: levels(kind, *before.loc[t], start[t])
            put("pivot_points", "ts open high low close", f"{k} {s}", *np.array([row(t) for t in range(N)]).T, outputs=LEVELS)
