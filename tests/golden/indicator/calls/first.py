"""Averages, oscillators and building blocks: TA-Lib, pandas and definitions written out."""

import numpy as np
import pandas as pd
import talib

from bars import N, b, c, g, h, l, late, v, windows


def calls(put):
    # TA-Lib.
    for p in (1, 5, 20):
        put("sma", "close", p, talib.SMA(c, p))
        put("ema", "close", p, talib.EMA(c, p))
        put("wma", "close", p, talib.WMA(c, p))
    put("rolling_stddev", "close", "20 1 0", talib.STDDEV(c, 20))
    put("rolling_variance", "close", "20 1 0", talib.VAR(c, 20))
    put("rolling_sum", "volume", 20, talib.SUM(v, 20))
    put("bollinger", "close", "20 2 -1 0", *talib.BBANDS(c, 20), outputs=("upper", "middle", "lower"))
    put("true_range", "high low close", 0, talib.TRANGE(h, l, c))
    for p in (1, 2, 14):
        put("atr", "high low close", p, talib.ATR(h, l, c, p))
    for p in (2, 14):
        put("natr", "high low close", p, talib.NATR(h, l, c, p))
        put("rsi", "close", p, talib.RSI(c, p))
        put("adx", "high low close", p, talib.ADX(h, l, c, p))
        put("plus_di", "high low close", p, talib.PLUS_DI(h, l, c, p))
        put("minus_di", "high low close", p, talib.MINUS_DI(h, l, c, p))
        put("cci", "high low close", p, talib.CCI(h, l, c, p))
        put("mfi", "high low close volume", p, talib.MFI(h, l, c, v, p))
    for p in (2, 14):
        put("linear_regression", "close", p, talib.LINEARREG(c, p))
        put("slope", "close", p, talib.LINEARREG_SLOPE(c, p), terms="close")
    for p in ((12, 26, 9), (3, 10, 1)):
        put("macd", "close", "{} {} {}".format(*p), *talib.MACD(c, *p), outputs=("macd", "signal", "histogram"))
    for p in ((5, 3, 3), (14, 1, 3)):
        k, d = talib.STOCH(h, l, c, fastk_period=p[0], slowk_period=p[1], slowd_period=p[2])
        put("stochastic", "high low close", "{} {} 0 {} 0".format(*p), k, d, outputs=("k", "d"))
    put("mom", "close", 10, talib.MOM(c, 10))
    put("roc", "close", 10, talib.ROC(c, 10))
    put("obv", "close volume", "", talib.OBV(c, v))
    put("highest", "high", 20, talib.MAX(h, 20))
    put("lowest", "low", 20, talib.MIN(l, 20))
    # A late start.
    put("sma", "late", 14, talib.SMA(late, 14))
    put("rsi", "late", 14, talib.RSI(late, 14))
    put("macd", "late", "12 26 9", *talib.MACD(late, 12, 26, 9), outputs=("macd", "signal", "histogram"))

    # pandas, also over gaps; it repeats the last ewm value at a missing bar, ThreadX has none there.
    s = pd.Series(g)
    seen = s.notna()
    roll = s.rolling(20)
    put("sma", "gappy", 20, roll.mean())
    put("rolling_sum", "gappy", 20, roll.sum())
    put("highest", "gappy", 20, roll.max())
    put("lowest", "gappy", 20, roll.min())
    put("ewma", "close", 20, pd.Series(c).ewm(span=20, adjust=False).mean())
    ewm = s.ewm(span=20, adjust=False, ignore_na=True)
    put("ewma", "gappy", 20, ewm.mean().where(seen))
    put("ewm_var", "gappy", "20 0", ewm.var(bias=True).where(seen))
    put("ewm_var", "gappy", "20 1", ewm.var(bias=False).where(seen))
    put("ewm_std", "gappy", "20 1", ewm.std(bias=False).where(seen))
    put("change", "gappy", 3, s.diff(3))
    put("pct_change", "gappy", 3, s / s.shift(3) - 1)
    put("log_return", "gappy", 3, np.log(s / s.shift(3)))


    # Definitions written out, slowly.
    def score(ddof):
        def f(w):
            d = w.std(ddof=ddof) if not (w == w[0]).all() else 0.0
            return (w[-1] - w.mean()) / d if d > 0 else np.nan

        return f


    with np.errstate(all="ignore"):
        # pandas keeps a residue of 3e-7 of earlier bars in the flat stretch; numpy has none.
        put("rolling_stddev", "gappy", "20 1 1", windows(lambda w: w.std(ddof=1), g, 20))
        put("rolling_variance", "gappy", "20 1 1", windows(lambda w: w.var(ddof=1), g, 20))
        put("zscore", "close", "20 0", windows(score(0), c, 20))
        put("zscore", "gappy", "20 1", windows(score(1), g, 20))
        rank = lambda w: np.nan if np.isnan(w).any() else (w[:-1] < w[-1]).mean()
        put("rolling_percent_rank", "gappy", 20, windows(rank, g, 21))
        put("wma", "gappy", 9, windows(lambda w: w @ np.arange(1, 10) / 45, g, 9))
        fit = lambda w: np.nan if np.isnan(w).any() else np.polyfit(np.arange(len(w)), w - w[0], 1)[0]
        put("slope", "gappy", 9, windows(fit, g, 9), terms="close")
        tp = (h + l + c) / 3
        num, den = pd.Series(tp * v), pd.Series(v)
        put("vwap", "high low close volume", 0, (num.cumsum() / den.cumsum()))
        # Exact sums over the window, so that the stretch without volume is recognised.
        total = np.array(windows(np.sum, v, 20))
        put("vwap", "high low close volume", 20, np.where(total > 0, np.array(windows(np.sum, tp * v, 20)) / total, np.nan))
        rma, value = [], np.nan
        for i in range(N):
            value = c[:14].mean() if i == 13 else (value * 13 + c[i]) / 14
            rma.append(value)
        put("rma", "close", 14, rma)

    mean = b["mean"]
    up, down = (c > mean) & (c <= mean).shift(fill_value=False), (c < mean) & (c >= mean).shift(fill_value=False)
    known = mean.notna() & mean.shift().notna()
    put("crosses_above", "close mean", "", up.astype(float).where(known))
    put("crosses_below", "close mean", "", down.astype(float).where(known))
    since, emitted, when, last, true_at = [], [], [], -99, []
    for i, x in enumerate(b.up):
        if x:
            true_at.append(i)
        since.append(i - true_at[-1] if true_at else np.nan)
        when.append(c[true_at[-3]] if len(true_at) > 2 else np.nan)
        emit = bool(x) and i - last >= 5
        last = i if emit else last
        emitted.append(float(emit))
    put("bars_since", "up", "", since)
    put("value_when", "up close", 2, when)
    put("debounce", "up", 5, emitted)
    put("previous", "gappy", 3, pd.Series(g).shift(3))
    put("becomes_true", "up", "", b.up.diff().eq(1).astype(float).where(b.up.shift().notna()))
