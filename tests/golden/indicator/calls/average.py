"""Moving averages and what takes the kind of one: TA-Lib, pandas and definitions written out."""

import numpy as np
import pandas as pd
import talib

from bars import c, g, h, l, late, o, other, periods, v, windows

# Positions in the list of words, which are TA-Lib's numbers.
KINDS, MAMA, HMA = range(14), 7, 9
BANDS = ("upper", "middle", "lower")
LINES = ("macd", "signal", "histogram")


def calls(put):
    single(put)
    of_any_kind(put)
    oscillators(put)
    weights_of_pandas(put)
    adaptive(put)
    of_other_books(put)


def single(put):
    """Averages of TA-Lib."""
    for p in (1, 2, 7, 30):
        put("dema", "close", p, talib.DEMA(c, p))
        put("tema", "close", p, talib.TEMA(c, p))
        put("trima", "close", p, talib.TRIMA(c, p))
        put("kama", "close", f"{p} 2 30", talib.KAMA(c, p))
        put("zlema", "close", p, talib.ZLEMA(c, p))
        put("hma", "close", p, talib.HMA(c, p))
    for p in (1, 14):
        put("rma", "late", p, talib.RMA(late, p))
    for p, factor in ((1, 0.7), (5, 0.7), (8, 0.0), (8, 1.0)):
        put("t3", "close", f"{p} {factor}", talib.T3(c, p, factor))
    for limits in ((0.5, 0.05), (0.99, 0.2)):
        put("mama", "other", "{} {}".format(*limits), *talib.MAMA(other, *limits), outputs=("mama", "fama"))
    for name, f in (("dema", talib.DEMA), ("tema", talib.TEMA), ("trima", talib.TRIMA), ("zlema", talib.ZLEMA), ("hma", talib.HMA)):
        put(name, "late", 9, f(late, 9))
    put("kama", "late", "9 2 30", talib.KAMA(late, 9))
    # TA-Lib takes moving sums by adding and subtracting, whose residue it divides by itself where there is no volume.
    with np.errstate(all="ignore"):
        sums = lambda x, p: np.array(windows(np.sum, x, p))
        for p in (1, 7, 30):
            put("vwma", "close volume", p, np.where(sums(v, p) > 0, sums(c * v, p) / sums(v, p), np.nan))
        put("vwma", "gappy volume", 7, np.where(sums(v, 7) > 0, sums(g * v, 7) / sums(v, 7), np.nan))
    put("vwma", "close open", 7, talib.VWMA(c, o, 7))
    # Windows over gaps, written out.
    w = np.convolve(np.ones(5), np.ones(5)) / 25
    put("trima", "gappy", 9, windows(lambda x: x @ w, g, 9))


def of_any_kind(put):
    """Functions that take the kind of an average, with each of them."""
    for kind in KINDS:
        # In a flat market TA-Lib measures the phase of the rounding errors of a moving sum, which is zero here.
        name, x = ("other", other) if kind == MAMA else ("close", c)
        for p in (1, 2, 9):
            put("ma", name, f"{p} {kind}", talib.MA(x, p, kind))
        put("mavp", f"{name} periods", f"2 20 {kind}", talib.MAVP(x, periods, 2, 20, kind))
        put("bollinger", name, f"10 2 1.5 {kind}", *talib.BBANDS(x, 10, 2.0, 1.5, kind), outputs=BANDS)
        put("apo", name, f"5 12 {kind}", talib.APO(x, 5, 12, kind), terms=name)
        put("ppo", name, f"5 12 {kind}", talib.PPO(x, 5, 12, kind), terms=name)
        # Likewise Hull's average of no volume.
        name, x = ("other", other) if kind in (HMA, MAMA) else ("volume", v)
        put("pvo", name, f"5 12 {kind}", talib.PVO(x, 5, 12, kind), terms=name)
        if kind == MAMA:
            continue
        put("ma", "late", f"9 {kind}", talib.MA(late, 9, kind))
        k, d = talib.STOCH(h, l, c, 5, 3, kind, 4, kind)
        put("stochastic", "high low close", f"5 3 {kind} 4 {kind}", k, d, outputs=("k", "d"))
        k, d = talib.STOCHF(h, l, c, 5, 4, kind)
        put("stochf", "high low close", f"5 4 {kind}", k, d, outputs=("k", "d"))
        k, d = talib.STOCHRSI(c, 14, 5, 4, kind)
        put("stochrsi", "close", f"14 5 4 {kind}", k, d, outputs=("k", "d"))
        lines = talib.KDJ(h, l, c, 9, 3, kind, 4, kind)
        put("kdj", "high low close", f"9 3 {kind} 4 {kind}", *lines, outputs=("k", "d", "j"))
    for a, b, s in ((0, 1, 2), (1, 0, 1), (6, 1, 8), (7, 0, 1), (3, 2, 6), (1, 7, 7), (10, 3, 1), (8, 12, 13), (11, 11, 11)):
        lines = talib.MACDEXT(other, 5, a, 12, b, 4, s)
        put("macdext", "other", f"5 {a} 12 {b} 4 {s}", *lines, outputs=LINES, terms="other")
    put("mavp", "late periods", "5 12 1", talib.MAVP(late, periods, 5, 12, 1))
    put("bollinger", "late", "20 2 2 1", *talib.BBANDS(late, 20, 2.0, 2.0, 1), outputs=BANDS)


def oscillators(put):
    """Functions of TA-Lib with averages of one kind."""
    for p in (9, 1):
        put("macdfix", "close", p, *talib.MACDFIX(c, p), outputs=LINES, terms="close")
    put("accbands", "high low close", "20 4", *talib.ACCBANDS(h, l, c, 20), outputs=BANDS)
    for p in (1, 5, 30):
        put("trix", "close", p, talib.TRIX(c, p), terms="close")
    for p in ((25, 13), (3, 5)):
        put("tsi", "close", "{} {}".format(*p), talib.TSI(c, *p))
    put("tsi", "late", "5 3", talib.TSI(late, 5, 3))


def weights_of_pandas(put):
    """Exponential weights of pandas; it repeats the last value at a missing bar, ThreadX has none there."""
    a, b = pd.Series(g), pd.Series(other)
    seen = a.notna()
    for p in (1, 20):
        for adjust in (0, 1):
            mean = a.ewm(span=p, adjust=bool(adjust), ignore_na=True).mean()
            put("ewm_mean", "gappy", f"{p} {adjust}", mean.where(seen))
    ewm = a.ewm(span=20, adjust=False, ignore_na=True)
    put("ewm_cov", "gappy other", "20 0", ewm.cov(b, bias=True).where(seen))
    put("ewm_cov", "gappy other", "20 1", ewm.cov(b, bias=False).where(seen))
    put("ewm_corr", "gappy other", 20, ewm.corr(b).where(seen))


def late_start(x, f):
    """`f` of the values without the missing ones, put back in their places."""
    seen = ~np.isnan(x)
    out = np.full(len(x), np.nan)
    out[seen] = f(x[seen])
    return out


def adaptive(put):
    """Definitions written out, one bar after the other."""
    for p, offset, sigma in ((9, 0.85, 6.0), (20, 0.5, 3.0), (1, 0.85, 6.0)):
        w = np.exp(-((np.arange(p) - offset * (p - 1)) ** 2) / (2 * (p / sigma) ** 2))
        put("alma", "gappy", f"{p} {offset} {sigma}", windows(lambda x: x @ (w / w.sum()), g, p))

    def vidya(x, p, smoothing):
        out, value = [np.nan] * p, x[p - 1]
        for i in range(p, len(x)):
            moves = np.diff(x[i - p : i + 1])
            up, down = moves[moves > 0].sum(), -moves[moves < 0].sum()
            weight = 2 / (smoothing + 1) * (abs(up - down) / (up + down) if up + down > 0 else 0)
            value = weight * x[i] + (1 - weight) * value
            out.append(value)
        return out

    put("vidya", "close", "9 0", vidya(c, 9, 9))
    put("vidya", "gappy", "20 12", late_start(g, lambda x: vidya(x, 20, 12)))

    def mcginley(x, p, factor):
        out = [np.nan] * (p - 1) + [x[:p].mean()]
        for value in x[p:]:
            out.append(out[-1] + (value - out[-1]) / (factor * p * (value / out[-1]) ** 4))
        return out

    put("mcginley", "close", "14 1", mcginley(c, 14, 1))
    put("mcginley", "gappy", "10 0.6", late_start(g, lambda x: mcginley(x, 10, 0.6)))

    def frama(high, low, p):
        half, price, dimension = p // 2, (high + low) / 2, 0.0
        out, value = [np.nan] * (p - 1), np.nan
        span = lambda first, end: high[first:end].max() - low[first:end].min()
        for i in range(p - 1, len(price)):
            newer, older = span(i + 1 - half, i + 1) / half, span(i + 1 - p, i + 1 - half) / half
            if newer > 0 and older > 0:
                dimension = (np.log(newer + older) - np.log(span(i + 1 - p, i + 1) / p)) / np.log(2)
            weight = min(max(np.exp(-4.6 * (dimension - 1)), 0.01), 1.0)
            value = price[i] if i == p - 1 else weight * price[i] + (1 - weight) * value
            out.append(value)
        return out

    for p in (2, 16):
        put("frama", "high low", p, frama(h, l, p))


def seeded(x, weight, p):
    """Exponential smoothing of what follows the missing start, seeded with a simple mean."""
    out, first = np.full(len(x), np.nan), int(np.isnan(x).sum())
    value = out[first + p - 1] = x[first : first + p].mean()
    for i in range(first + p, len(x)):
        value = out[i] = value + weight * (x[i] - value)
    return out


def of_other_books(put):
    """Definitions written out with the averages of TA-Lib."""
    for kind in (0, 1, 9):
        middle = talib.MA(c, 20, kind)
        put("ma_envelope", "close", f"20 2.5 {kind}", middle * 1.025, middle, middle * 0.975, outputs=BANDS)

    shift = lambda x, n: np.r_[np.full(n, np.nan), x[: len(x) - n]]
    for lines in (((13, 8), (8, 5), (5, 3)), ((5, 0), (20, 1), (3, 2))):
        jaw, teeth, lips = (shift(talib.RMA((h + l) / 2, p), n) for p, n in lines)
        gone = np.isnan(jaw + teeth + lips)
        jaw, teeth, lips = (np.where(gone, np.nan, line) for line in (jaw, teeth, lips))
        params = " ".join(f"{p} {n}" for p, n in lines)
        put("alligator", "high low", params, jaw, teeth, lips, outputs=("jaw", "teeth", "lips"))
        put("gator", "high low", params, abs(jaw - teeth), -abs(teeth - lips), outputs=("upper", "lower"), terms="close")

    rise = lambda x, n: 100 * (x / shift(x, n) - 1)
    for p, q, s in ((35, 20, 10), (5, 2, 1)):
        pmo = seeded(10 * seeded(rise(c, 1), 2 / p, p), 2 / q, q)
        signal = talib.EMA(pmo, s) if s > 1 else pmo
        put("pmo", "close", f"{p} {q} {s}", np.where(np.isnan(signal), np.nan, pmo), signal, outputs=("pmo", "signal"), terms="close")

    mean = lambda x, n: np.array(windows(np.mean, x, n))
    for rocs, smas, s in (((10, 15, 20, 30), (10, 10, 10, 15), 9), ((3, 5, 4, 2), (2, 7, 1, 4), 3)):
        for name, x in (("close", c), ("gappy", g)):
            kst = sum((k + 1) * mean(rise(x, rocs[k]), smas[k]) for k in range(4))
            signal = mean(kst, s)
            kst = np.where(np.isnan(signal), np.nan, kst)
            put("kst", name, " ".join(map(str, [*rocs, *smas, s])), kst, signal, outputs=("kst", "signal"), terms="close")

    def cycle(x, p, weight):
        out, place, value = np.full(len(x), np.nan), 0.0, np.nan
        for i in range(int(np.isnan(x).sum()) + p - 1, len(x)):
            low, high = x[i + 1 - p : i + 1].min(), x[i + 1 - p : i + 1].max()
            # What is left of a range by rounding is none.
            place = 100 * (x[i] - low) / (high - low) if high - low > 1e-14 * (abs(high) + abs(low)) else place
            value = out[i] = place if np.isnan(value) else value + weight * (place - value)
        return out

    for fast, slow, p, weight in ((23, 50, 10, 0.5), (5, 12, 4, 0.3)):
        distance = talib.EMA(other, fast) - talib.EMA(other, slow)
        put("stc", "other", f"{fast} {slow} {p} {weight}", cycle(cycle(distance, p, weight), p, weight))
