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
