"""Price transforms, channels, bands and stops: TA-Lib, and definitions written out."""

import numpy as np
import talib

from bars import c, g, h, l, o, windows

N = len(c)


def calls(put):
    hlc = "high low close"
    # TA-Lib.
    put("average_price", "open high low close", "", talib.AVGPRICE(o, h, l, c))
    put("median_price", "high low", "", talib.MEDPRICE(h, l))
    put("typical_price", hlc, "", talib.TYPPRICE(h, l, c))
    put("weighted_close", hlc, "", talib.WCLPRICE(h, l, c))
    put("heikin_ashi", "open high low close", "", *talib.HA(o, h, l, c), outputs=("open", "high", "low", "close"))
    for p in ((0.02, 0.2), (0.05, 0.11), (0.3, 0.2)):
        put("sar", "high low", "{} {}".format(*p), talib.SAR(h, l, *p))
    for p in ((0, 0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2), (-105, 0.01, 0.03, 0.01, 0.1, 0.05, 0.02, 0.3), (95, 0, 0.5, 0.1, 0.2, 0.1, 0.3, 0.2)):
        put("sarext", "high low", " ".join(map(str, p)), talib.SAREXT(h, l, *p))
    for p in ((10, 3.0), (3, 1.0)):
        line, trend = talib.SUPERTREND(h, l, c, *p)
        # The trend is an integer, 0 during the warm-up.
        trend = np.where(np.isnan(line), np.nan, trend)
        put("supertrend", hlc, "{} {}".format(*p), line, trend, outputs=("line", "trend"))
    for p in (2, 14, 50):
        put("donchian", "high low", p, *talib.DONCHIAN(h, l, p), outputs=("upper", "middle", "lower"))
        put("midpoint", "close", p, talib.MIDPOINT(c, p))
        put("midprice", "high low", p, talib.MIDPRICE(h, l, p))
        put("avgdev", "close", p, talib.AVGDEV(c, p), terms="close")
    # A window that is kept as a tree.
    put("avgdev", "close", 390, talib.AVGDEV(c, 390))
    put("cci", hlc, 390, talib.CCI(h, l, c, 390), terms="close")
    for p in ((20, 10, 2.0), (5, 10, 1.5), (30, 3, 1.0)):
        put("keltner", hlc, "{} {} {}".format(*p), *talib.KC(h, l, c, *p), outputs=("upper", "middle", "lower"))

    # Definitions written out, on the averages of TA-Lib.
    highest = lambda x, p: np.array(windows(np.max, x, p))
    lowest = lambda x, p: np.array(windows(np.min, x, p))
    before = lambda x, k=1: np.concatenate([np.full(k, np.nan), x[:-k]])
    for p, width in ((22, 3.0), (5, 1.5)):
        reach = width * talib.ATR(h, l, c, p)
        long, short = highest(h, p) - reach, lowest(l, p) + reach
        put("chandelier_exit", hlc, f"{p} {width}", long, short, outputs=("long", "short"))
    for p, width, q in ((10, 1.0, 9), (4, 1.5, 3)):
        reach = width * talib.ATR(h, l, c, p)
        short, long = highest(highest(h, p) - reach, q), lowest(lowest(l, p) + reach, q)
        put("chande_kroll_stop", hlc, f"{p} {width} {q}", long, short, outputs=("long", "short"))
    for p, q, width in ((5, 10, 2.0), (20, 6, 1.0)):
        middle, reach = talib.SMA(c, p), width * talib.ATR(h, l, c, q)
        middle = np.where(np.isnan(reach), np.nan, middle)
        put("starc", hlc, f"{p} {q} {width}", middle + reach, middle, middle - reach, outputs=("upper", "middle", "lower"))
    for p, width in ((21, 3.0), (5, 1.5)):
        put("atr_stop", hlc, f"{p} {width}", *atr_stop(width * talib.ATR(h, l, c, p)), outputs=("stop", "trend"))
    for p, width in ((7, 3.0), (5, 1.5)):
        reach = before(width * talib.ATR(h, l, c, p))
        put("volatility_stop", hlc, f"{p} {width}", *volatility_stop(reach, p), outputs=("stop", "trend"))
    for left, right in ((2, 2), (3, 1)):
        sides = [last_swing(x, left, right) for x in (h, -l)]
        put("fcb", "high low", f"{left} {right}", sides[0], -sides[1], outputs=("upper", "lower"))
    with np.errstate(all="ignore"):
        put("ibs", hlc, "", np.where(h > l, (c - l) / (h - l), 0.5))
        for p in (14, 5):
            path = np.array(windows(np.sum, talib.TRANGE(h, l, c), p))
            height = highest(h, p) - lowest(l, p)
            index = np.where(height > 0, 100 * np.log10(path / height) / np.log10(p), 100 + 0 * path)
            put("choppiness", hlc, p, index, terms="close")
        for p in (10, 4):
            smooth = lambda x: (x + 2 * before(x) + 2 * before(x, 2) + before(x, 3)) / 6
            body, span = (np.array(windows(np.sum, smooth(x), p)) for x in (c - o, h - l))
            vigor = np.where(span == 0, 0, body / span)
            signal = smooth(vigor)
            vigor = np.where(np.isnan(signal), np.nan, vigor)
            put("relative_vigor", "open high low close", p, vigor, signal, outputs=("vigor", "signal"))
    for p, width, range_width in ((20, 2.0, 1.5), (10, 1.0, 1.2)):
        average, spread = talib.SMA(c, p), np.array(windows(np.std, c, p))
        reach = range_width * np.array(windows(np.mean, talib.TRANGE(h, l, c), p))
        middle = ((highest(h, p) + lowest(l, p)) / 2 + average) / 2
        fit = lambda w: np.polyval(np.polyfit(np.arange(p), w, 1), p - 1) if not np.isnan(w).any() else np.nan
        momentum = np.array(windows(fit, c - middle, p))
        on = np.where(np.isnan(momentum), np.nan, average + width * spread < average + reach)
        call = f"{p} {width} {range_width}"
        put("squeeze", hlc, call, on, outputs=("on",))
        put("squeeze", hlc, call, momentum, outputs=("momentum",), terms="close")
    mean_deviation = lambda w: np.abs(w - w.mean()).mean()
    put("avgdev", "gappy", 9, windows(mean_deviation, g, 9), terms="close")
    put("midpoint", "gappy", 9, windows(lambda w: (w.max() + w.min()) / 2, g, 9))


def atr_stop(reach):
    """Bands around the close that only move towards it, and the one that the trend rests on."""
    stop, trend = np.full(N, np.nan), np.full(N, np.nan)
    upper = lower = None
    for i in range(N):
        if np.isnan(reach[i]):
            continue
        high, low = c[i] + reach[i], c[i] - reach[i]
        if upper is None:
            upper, lower, up = high, low, c[i] >= c[i - 1]
        else:
            upper = high if high < upper or c[i - 1] > upper else upper
            lower = low if low > lower or c[i - 1] < lower else lower
            up = c[i] >= lower if up else c[i] > upper
        stop[i], trend[i] = (lower, 1) if up else (upper, -1)
    return stop, trend


def volatility_stop(reach, p):
    stop, trend = np.full(N, np.nan), np.full(N, np.nan)
    long, since = c[p - 1] > c[0], 0
    for i in range(p + 1, N):
        best = c[since:i].max() if long else c[since:i].min()
        stop[i] = best - reach[i] if long else best + reach[i]
        if c[i] < stop[i] if long else c[i] > stop[i]:
            long, since = not long, i
        trend[i] = 1 if long else -1
    return stop, trend


def last_swing(x, left, right):
    out, last = [], np.nan
    for i in range(N):
        at = i - right
        if at >= left and all(x[at] > x[j] for j in range(at - left, i + 1) if j != at):
            last = x[at]
        out.append(last)
    return np.array(out)
