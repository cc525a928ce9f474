"""Rolling statistics, positions and conditions: TA-Lib, pandas and definitions written out."""

import math

import numpy as np
import pandas as pd
import talib

from bars import N, b, c, g, h, late, other, v, windows


def gapless(f):
    """`f` of a window, unless a value is missing in it."""
    return lambda w: np.nan if np.isnan(w).any() else f(w)


def pairs(f, x, y, p):
    """`f` of every pair of windows of `p` values, slowly."""
    out = [np.nan] * (p - 1)
    for i in range(p, len(x) + 1):
        w = np.array([x[i - p : i], y[i - p : i]])
        out.append(np.nan if np.isnan(w).any() else f(*w))
    return out


def hurst(max_lag):
    lags = range(2, max_lag + 1)
    return lambda w: np.polyfit(np.log(lags), np.log([np.std(w[k:] - w[:-k]) for k in lags]), 1)[0]


def variance_ratio(p, q):
    def f(w):
        one, long = np.diff(w), w[q:] - w[:-q]
        mu = one.mean()
        m = q * (p - q + 1) * (1 - q / p)
        return (((long - q * mu) ** 2).sum() / m) / (((one - mu) ** 2).sum() / (p - 1))

    return gapless(f)


def permutation_entropy(x, p, order):
    codes = []
    for i in range(len(x)):
        w = x[max(i + 1 - order, 0) : i + 1]
        known = len(w) == order and not np.isnan(w).any()
        codes.append(tuple(np.argsort(w, kind="stable")) if known else None)
    out = []
    for i in range(len(x)):
        w = codes[max(i + 1 - p, 0) : i + 1]
        if len(w) < p or None in w:
            out.append(np.nan)
            continue
        shares = np.array([w.count(code) for code in set(w)]) / p
        out.append(-(shares * np.log(shares)).sum() / math.log(math.factorial(order)))
    return out


def channel(p):
    def f(w):
        t = np.arange(p)
        slope, start = np.polyfit(t, w - w[0], 1)
        rest = w - w[0] - start - slope * t
        return [w[0] + start + slope * (p - 1), np.sqrt((rest**2).sum() / (p - 2))]

    return f


def calls(put):
    # TA-Lib.
    for p in (2, 5, 30):
        put("beta", "close other", p, talib.BETA(c, other, p))
        put("beta", "other high", p, talib.BETA(other, h, p))
        put("rolling_corr", "close other", p, talib.CORREL(c, other, p))
        put("rolling_corr", "close volume", p, talib.CORREL(c, v, p))
    for p in (2, 14):
        put("linear_regression_intercept", "close", p, talib.LINEARREG_INTERCEPT(c, p))
        put("tsf", "close", p, talib.TSF(c, p))
    # Of two bars TA-Lib loses the last digits.
    put("linear_regression_angle", "close", 2, np.degrees(np.arctan(np.diff(c, prepend=np.nan))))
    put("linear_regression_angle", "close", 14, talib.LINEARREG_ANGLE(c, 14), terms="close")
    for p, q in ((30, 50), (30, 90), (7, 33.3), (25, 28), (20, 0), (20, 100), (300, 10)):
        put("rolling_percentile", "close", f"{p} {q} 0", talib.PERCENTILE(c, p, float(q)))
    for p in (2, 100, 300):
        put("percentrank", "close", p, talib.PERCENTRANK(c, p))
        put("rolling_percent_rank", "close", p, talib.PERCENTRANK(c, p) / 100)
    for p, width in ((5, 1), (20, 2.5)):
        put("rolling_stddev", "close", f"{p} {width} 0", talib.STDDEV(c, p, float(width)))
        put("rolling_variance", "close", f"{p} {width} 0", talib.VAR(c, p, float(width)))
    put("rolling_sum", "close", 30, talib.SUM(c, 30))
    put("cumsum", "volume", "", talib.CUMSUM(v))
    put("cumsum", "late", "", talib.CUMSUM(late))
    put("lowest_highest", "close", 30, *talib.MINMAX(c, 30), outputs=("lowest", "highest"))
    # TA-Lib has zeros in the warm-up.
    for name, x in (("other", other), ("close", c)):
        for p in (2, 30):
            lowest, highest = (x.astype(float) for x in talib.MINMAXINDEX(x, p))
            lowest[: p - 1], highest[: p - 1] = np.nan, np.nan
            put("lowest_index", name, p, lowest)
            put("highest_index", name, p, highest)
            put("lowest_highest_index", name, p, lowest, highest, outputs=("lowest", "highest"))

    # pandas, over gaps.
    s = pd.Series(g)
    for p in (20, 7):
        put("rolling_percentile", "gappy", f"{p} 30 1", s.rolling(p).quantile(0.3))
        put("rolling_median", "gappy", p, s.rolling(p).median())

    # Definitions written out, slowly.
    def leaders(x, p):
        out, leader = [], None
        for i in range(len(x)):
            w = x[max(i + 1 - p, 0) : i + 1]
            if len(w) < p or np.isnan(w).any():
                leader = None
            elif leader is not None and leader > i - p:
                leader = i if x[i] >= x[leader] else leader
            else:
                leader = i + 1 - p + int(np.argmax(w))
            out.append(np.nan if leader is None else leader)
        return out

    put("highest_index", "gappy", 20, leaders(g, 20))
    put("lowest_index", "gappy", 20, leaders(-g, 20))
    rank = lambda w: 100 * (w[:-1] < w[-1]).mean()
    put("percentrank", "gappy", 20, windows(gapless(rank), g, 21))
    with np.errstate(all="ignore"):
        corr = lambda x, y: 0.0 if np.ptp(x) == 0 or np.ptp(y) == 0 else np.corrcoef(x, y)[0, 1]
        put("rolling_corr", "gappy other", 20, pairs(corr, g, other, 20))
        back = pd.Series(g).shift(3).to_numpy()
        put("autocorrelation", "gappy", "20 3", pairs(corr, g, back, 20))
        for ddof in (0, 1):
            cov = lambda x, y: np.cov(x, y, ddof=ddof)[0, 1]
            put("rolling_covariance", "gappy other", f"20 {ddof}", pairs(cov, g, other, 20), terms="close")

        def moments(w):
            d = w - w.mean() if np.ptp(w) > 0 else w * 0
            return [(d**k).mean() for k in (2, 3, 4)]

        def skew(w):
            (m2, m3, _), n = moments(w), len(w)
            return np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5

        def kurt(w):
            (m2, _, m4), n = moments(w), len(w)
            return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)

        for p in (5, 30):
            put("rolling_skewness", "gappy", p, windows(skew, g, p))
            put("rolling_kurtosis", "gappy", p, windows(kurt, g, p))
        # Prices with the flat stretch taken out of them.
        put("hurst_exponent", "other", "100 20", windows(hurst(20), other, 100))
        put("hurst_exponent", "other", "12 3", windows(hurst(3), other, 12))
        for p, q in ((100, 2), (20, 5), (3, 2)):
            x, name = (g, "gappy") if p < 100 else (c, "close")
            put("variance_ratio", name, f"{p} {q}", windows(variance_ratio(p, q), x, p + 1))
        fits = np.array(windows(lambda w: channel(20)(w) if not np.isnan(w).any() else [np.nan] * 2, g, 20)[19:])
        middle, error = np.vstack([np.full((19, 2), np.nan), fits]).T
        bands = (middle + 2 * error, middle, middle - 2 * error)
        put("regression_channel", "gappy", "20 2", *bands, outputs=("upper", "middle", "lower"))
    for p, order in ((100, 3), (20, 2), (20, 4)):
        put("permutation_entropy", "gappy", f"{p} {order}", permutation_entropy(g, p, order), terms="up")
    up = b["up"].rolling(5)
    put("rolling_count", "up", 5, up.sum())
    put("rolling_any", "up", 5, up.max())
    put("rolling_all", "up", 5, up.min())
