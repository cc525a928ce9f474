"""Ichimoku, pivots and levels, weighted prices, bands and scores: definitions written out with pandas."""

import numpy as np
import pandas as pd
import talib

from bars import N, b, c, g, h, l, o, v, windows

LEVELS = ("p", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4")
KINDS = ("classic", "fibonacci", "camarilla", "woodie", "demark")


def levels(kind, o, h, l, c, new_open):
    """Pivot levels as published, one rule after the other."""
    nan, r = np.nan, h - l
    if kind == "demark":
        x = h + 2 * l + c if c < o else 2 * h + l + c if c > o else h + l + 2 * c
        return (x / 4, x / 2 - l, nan, nan, nan, x / 2 - h, nan, nan, nan)
    p = (h + l + 2 * new_open) / 4 if kind == "woodie" else (h + l + c) / 3
    if kind == "fibonacci":
        above = (p + 0.382 * r, p + 0.618 * r, p + r, nan)
        below = (p - 0.382 * r, p - 0.618 * r, p - r, nan)
    elif kind == "camarilla":
        above = tuple(c + r * 1.1 / k for k in (12, 6, 4, 2))
        below = tuple(c - r * 1.1 / k for k in (12, 6, 4, 2))
    else:
        above = (2 * p - l, p + r, h + 2 * (p - l), nan)
        below = (2 * p - h, p - r, l - 2 * (h - p), nan)
    return (p, *above, *below)


def zigzag(h, l, percent):
    """Turning points at their confirmation, by looking through the whole leg again at every bar."""
    out = np.full((len(h), 3), np.nan)
    leg, start, pivot = 0, 0, None
    for t in range(len(h)):
        before = slice(start, t)
        if t > start:
            top, bottom = h[before].max(), l[before].min()
            up = l[t] >= bottom and 100 * (h[t] - bottom) >= percent * bottom
            down = h[t] <= top and 100 * (top - l[t]) >= percent * top
            if leg >= 0 and down and not (leg == 0 and up):
                if leg == 1:
                    pivot = (top, start + int(np.argmax(h[before])))
                leg, start = -1, t
            elif leg <= 0 and up:
                if leg == -1:
                    pivot = (bottom, start + int(np.argmin(l[before])))
                leg, start = 1, t
        if pivot:
            out[t] = pivot[0], leg, t - pivot[1]
    return out.T


def renko(c, size):
    """Bricks laid one by one."""
    out, top, way = [], round(c[0] / size), 0
    bottom = top
    for x in c:
        laid = 0
        while x >= (top + 1) * size:
            bottom, top, way, laid = top, top + 1, 1, laid + 1
        while laid <= 0 and x <= (bottom - 1) * size:
            bottom, top, way, laid = bottom - 1, bottom, -1, laid - 1
        out.append(((bottom if way < 0 else top) * size, way, laid))
    return np.array(out, dtype=float).T


def calls(put):
    ewm = lambda x, p: pd.Series(x).ewm(span=p, adjust=False, ignore_na=True).mean()
    H, L, C, V, G = (pd.Series(x) for x in (h, l, c, v, g))
    tp = (h + l + c) / 3

    # The cloud, all lines from the bar on at which the last of them is known.
    for p in ((9, 26, 52, 26), (3, 7, 5, 2)):
        mid = lambda n: (H.rolling(n).max() + L.rolling(n).min()) / 2
        spans = ((mid(p[0]) + mid(p[1])) / 2).shift(p[3]), mid(p[2]).shift(p[3])
        lagging = (C > C.shift(p[3])).astype(float)
        from_ = max(p[:3]) - 1 + p[3]
        lines = (mid(p[0]), mid(p[1]), *spans, lagging)
        put("ichimoku", "high low close", "{} {} {} {}".format(*p), *(x.where(x.index >= from_) for x in lines),
            outputs=("conversion", "base", "span_a", "span_b", "lagging"))

    for k, kind in enumerate(KINDS):
        for p, offset in ((20, 0), (6, 3)):
            rows = [[np.nan] * 9] * (p + offset)
            for t in range(p + offset, N):
                first, last = t - offset - p, t - offset - 1
                s = slice(first, last + 1)
                rows.append(levels(kind, o[first], h[s].max(), l[s].min(), c[last], o[t]))
            put("rolling_pivots", "open high low close", f"{p} {offset} {k}", *np.array(rows).T, outputs=LEVELS)

    ratios = (0.236, 0.382, 0.5, 0.618, 0.786)
    top, bottom = H.rolling(50).max(), L.rolling(50).min()
    names = ("high", "low", *(f"level_{round(1000 * r)}" for r in ratios))
    put("fibonacci_levels", "high low", "50 0", top, bottom, *(top - (top - bottom) * r for r in ratios), outputs=names)
    put("fibonacci_levels", "high low", "50 1", top, bottom, *(bottom + (top - bottom) * r for r in ratios), outputs=names)

    # Weighted prices. The anchor is a rising bar.
    up = b.up.to_numpy()
    run = pd.Series(np.cumsum(up))
    with np.errstate(all="ignore"):
        anchored = pd.Series(tp * v).groupby(run).cumsum() / V.groupby(run).cumsum()
        put("anchored_vwap", "high low close volume up", "", anchored.where(run > 0))
        for p in (3, 96):
            put("ewm_vwap", "high low close volume", p, ewm(tp * v, p) / ewm(v, p))
            put("ewm_vwap", "gappy gappy gappy volume", p,
                ewm((G * V).to_numpy(), p) / ewm(V.where(G.notna()), p) + G * 0)

    # Bands, their width and the burst of volume.
    for series, column in ((c, "close"), (g, "gappy")):
        middle = ewm(series, 20)
        apart = pd.Series(series) - middle
        d = np.sqrt(ewm(apart**2, 20))
        bands = (middle + 2 * d, middle, middle - 2 * d, (apart / d).where(d > 0))
        put("ewm_bollinger", column, "20 2", *(x.where(~np.isnan(series)) for x in bands),
            outputs=("upper", "middle", "lower", "zscore"))
    middle = ewm(c, 20)
    width = (4 * np.sqrt(ewm((C - middle) ** 2, 20)) / middle).to_numpy()
    for p in (20, 50):
        rank = np.array(windows(lambda w: (w <= w[-1]).mean(), width, p))
        score = lambda w: 0.0 if (w == w[0]).all() else (w[-1] - w.mean()) / w.std(ddof=1)
        burst = np.array(windows(score, v, p))
        known = ~np.isnan(rank)
        setup = np.where(known, (rank <= 0.5) & (burst >= 0.5), np.nan)
        total = np.clip((1 - rank) * np.maximum(burst / (0.5 + 1e-9), 0), 0, 1)
        put("amplitude", "close volume", f"20 2 {p} 0.5 0.5", np.where(known, width, np.nan), rank, burst, setup, total,
            outputs=("bandwidth", "rank", "volume_zscore", "setup", "score"))

    hist = talib.MACD(c, 12, 26, 9)[2]
    one, two = pd.Series(hist).shift(1).to_numpy(), pd.Series(hist).shift(2).to_numpy()
    for name, s in (("up", 1), ("down", -1)):
        impulse = (s * two < 0) & (s * one < 0) & (s * one > s * two) & (s * hist > 0)
        put("macd_impulse", "close", "12 26 9", np.where(np.isnan(two), np.nan, impulse), outputs=(name,))

    fast, slow = ewm(v, 12), ewm(v, 26)
    line = 100 * (fast - slow) / slow
    put("ewm_volume_oscillator", "volume", "12 26 9", line, ewm(line, 9), line - ewm(line, 9),
        outputs=("oscillator", "signal", "histogram"))

    fast, slow = C.rolling(20).mean(), 2 * C.rolling(60).mean()
    put("pi_cycle", "close", "20 60 2", fast.where(slow.notna()), slow, fast - slow, outputs=("fast", "slow", "distance"))

    # Fear and greed, window by window.
    for p in (10, 168):
        r = C.pct_change().fillna(0).to_numpy()
        last = lambda x, t: x[max(0, t + 1 - p) : t + 1]
        vol = [np.nan] + [last(r, t).std(ddof=1) for t in range(1, N)]
        trend, mean = ewm(r, p).to_numpy(), pd.Series(vol).expanding().mean().to_numpy()
        comp = [np.nan]
        for t in range(1, N):
            w = last(v, t)
            z = 0.0 if (w == w[0]).all() else (w[-1] - w.mean()) / w.std(ddof=1)
            calm = np.clip(100 - 50 * vol[t] / mean[t], 0, 100) if mean[t] > 0 else 100.0
            comp.append((50 + 50 * np.tanh(10 * trend[t]) + np.clip(50 + 10 * z, 0, 100) + calm + 50) / 4)
        put("fear_greed", "close volume", p, ewm(comp, p))

    for percent in (1, 3, 5):
        for columns, x, y in (("high low", h, l), ("close close", c, c)):
            put("zigzag", columns, percent, *zigzag(x, y, percent), outputs=("price", "direction", "bars_ago"))
    for size in (0.5, 2.0):
        put("renko", "close", size, *renko(c, size), outputs=("close", "direction", "bricks"))
