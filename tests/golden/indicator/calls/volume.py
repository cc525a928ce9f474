"""Volume and volatility: TA-Lib and definitions written out."""

import numpy as np
import pandas as pd
import talib

from bars import N, c, g, h, l, o, v, windows


def ema(x, p):
    """Exponential average that starts with the mean of the first `p` values, after the missing ones."""
    x, out, value = np.asarray(x, dtype=float), [], np.nan
    start = int(np.isnan(x).argmin())
    for i in range(len(x)):
        if i == start + p - 1:
            value = x[start : start + p].mean()
        elif i >= start + p:
            value += 2.0 / (p + 1.0) * (x[i] - value)
        out.append(value)
    return np.array(out)


def klinger(fast, slow, signal):
    total, force, dm, s = 0.0, [np.nan], h - l, h + l + c
    trend = [0.0] + [1.0 if s[i] > s[i - 1] else -1.0 for i in range(1, N)]
    for i in range(1, N):
        if i == 1:
            total = dm[i]
            force.append(np.nan)
            continue
        total = (total if trend[i] == trend[i - 1] else dm[i - 1]) + dm[i]
        force.append(100.0 * trend[i] * v[i] * abs(2.0 * (dm[i] / total - 1.0)) if total > 0 else 0.0)
    kvo = ema(force, fast) - ema(force, slow)
    line = ema(kvo, signal)
    return np.where(np.isnan(line), np.nan, kvo), line


def volatility(estimator, p):
    """Variance per bar of every window."""
    before = np.r_[np.nan, c[:-1]]
    var = lambda x: np.array(windows(lambda w: w.var(ddof=1), x, p))
    mean = lambda x: np.array(windows(np.mean, x, p))
    rs = np.log(h / c) * np.log(h / o) + np.log(l / c) * np.log(l / o)
    k = 0.34 / (1.34 + (p + 1) / (p - 1))
    return {
        "close": lambda: var(np.log(c / before)),
        "parkinson": lambda: mean(np.log(h / l) ** 2) / (4 * np.log(2)),
        "garman_klass": lambda: mean(0.5 * np.log(h / l) ** 2 - (2 * np.log(2) - 1) * np.log(c / o) ** 2),
        "rogers_satchell": lambda: mean(rs),
        "yang_zhang": lambda: var(np.log(o / before)) + k * var(np.log(c / o)) + (1 - k) * mean(rs),
    }[estimator]()


def calls(put):
    put("ad", "high low close volume", "", talib.AD(h, l, c, v))
    for p in ((3, 10), (10, 3), (2, 2)):
        put("adosc", "high low close volume", "{} {}".format(*p), talib.ADOSC(h, l, c, v, *p), terms="volume")
    for p in (2, 20):
        put("cmf", "high low close volume", p, talib.CMF(h, l, c, v, p))
        put("rvol", "volume", p, pd.Series(talib.RVOL(v, p)).replace(np.inf, np.nan))
        put("adr", "high low", p, talib.ADR(h, l, p))
    for p in (1, 13):
        put("efi", "close volume", p, talib.EFI(c, v, p))
    put("marketfi", "high low volume", "", talib.MARKETFI(h, l, v))
    put("nvi", "close volume", "", talib.NVI(c, v))
    put("pvi", "close volume", "", talib.PVI(c, v))
    put("pvt", "close volume", "", talib.PVT(c, v))
    put("vwap", "high low close volume", 0, talib.VWAP(h, l, c, v))
    for p in ((10, 10), (2, 1), (20, 5)):
        put("cvi", "high low", "{} {}".format(*p), talib.CVI(h, l, *p))
    for p in ((9, 25), (2, 2)):
        put("massi", "high low", "{} {}".format(*p), talib.MASSI(h, l, *p))
    for p in ((14, 10), (1, 2), (5, 20)):
        put("rvi", "close", "{} {}".format(*p), talib.RVI(c, *p))
    put("true_range", "high low close", 0, talib.TRANGE(h, l, c))

    # Definitions written out.
    for p in ((34, 55, 13), (5, 3, 1)):
        bars, lines = "high low close volume", klinger(*p)
        put("klinger", bars, "{} {} {}".format(*p), *lines, outputs=("kvo", "signal"), terms="volume")
    middle = (h + l) / 2
    with np.errstate(all="ignore"):
        moved = np.diff(middle, prepend=np.nan)
        ease = np.where(v > 0, moved * (h - l) / (v / 1e6), moved * 0)
        put("emv", "high low volume", "14 1000000", windows(np.mean, ease, 14))
        mean = lambda p: np.array(windows(np.mean, v, p))
        put("volume_oscillator", "volume", "5 10", 100 * (mean(5) - mean(10)) / mean(10))
    for x, name in ((c, "close"), (g, "gappy")):
        top = np.array(windows(np.max, x, 14))
        put("ulcer_index", name, 14, np.sqrt(windows(np.mean, (100 * (x - top) / top) ** 2, 14)))
    for i, estimator in enumerate(("close", "parkinson", "garman_klass", "rogers_satchell", "yang_zhang")):
        for p in (2, 20):
            put("historical_volatility", "open high low close", f"{p} {i} 365", np.sqrt(365 * volatility(estimator, p)))
