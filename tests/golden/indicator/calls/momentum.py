"""Oscillators and directional movement: TA-Lib, and definitions written out over gaps."""

import numpy as np
import talib

from bars import c, g, h, l, o, windows


def calls(put):
    for p in ((5, 34), (3, 10)):
        put("ao", "high low", "{} {}".format(*p), talib.AO(h, l, *p), terms="close")
        put("ac", "high low", "{} {} 5".format(*p), talib.AC(h, l, *p, 5), terms="close")
    for p in (2, 14):
        put("adxr", "high low close", p, talib.ADXR(h, l, c, p))
        put("aroon", "high low", p, *talib.AROON(h, l, p), outputs=("down", "up"))
        put("aroonosc", "high low", p, talib.AROONOSC(h, l, p))
        put("cmo", "close", p, talib.CMO(c, p))
        put("cmou", "close", p, talib.CMOU(c, p))
        put("dx", "high low close", p, talib.DX(h, l, c, p))
        put("er", "close", p, talib.ER(c, p))
        put("vhf", "close", p, talib.VHF(c, p))
        put("imi", "open close", p, talib.IMI(o, c, p))
        put("fosc", "close", p, talib.FOSC(c, p), terms="close")
        put("williams_r", "high low close", p, talib.WILLR(h, l, c, p))
    for p in (1, 14):
        put("plus_dm", "high low", p, talib.PLUS_DM(h, l, p))
        put("minus_dm", "high low", p, talib.MINUS_DM(h, l, p))
        put("eri", "high low close", p, *talib.ERI(h, l, c, p), outputs=("bull", "bear"), terms="close")
        put("qstick", "open close", p, talib.QSTICK(o, c, p))
        put("rocp", "close", p, talib.ROCP(c, p), terms="close")
        put("rocr", "close", p, talib.ROCR(c, p))
        put("rocr100", "close", p, talib.ROCR100(c, p))
        put("vortex", "high low close", p, *talib.VORTEX(h, l, c, p), outputs=("plus", "minus"))
    for p in (2, 5, 20):
        put("dpo", "close", p, talib.DPO(c, p), terms="close")
    put("bop", "open high low close", "", talib.BOP(o, h, l, c))
    for p in ((10, 11, 14), (3, 9, 2)):
        put("coppock", "close", "{} {} {}".format(*p), talib.COPPOCK(c, *p), terms="close")
    for p in ((13, 2, 25, 9), (5, 3, 3, 2)):
        put("smi", "high low close", "{} {} {} {}".format(*p), *talib.SMI(h, l, c, *p), outputs=("smi", "signal"))
    for p in ((7, 14, 28), (28, 3, 9)):
        put("ultosc", "high low close", "{} {} {}".format(*p), talib.ULTOSC(h, l, c, *p))
    put("wad", "high low close", "", talib.WAD(h, l, c), terms="close")
    for p in ((2, 2), (3, 1)):
        # TA-Lib gives 0 during the warm-up.
        known = np.arange(len(c)) >= sum(p)
        flags = [np.where(known, flag / 100.0, np.nan) for flag in talib.FRACTAL(h, l, *p)]
        put("fractal", "high low", "{} {}".format(*p), *flags, outputs=("swing_high", "swing_low"))

    # Definitions written out, over gaps.
    def missing_or(f):
        return lambda w: np.nan if np.isnan(w).any() else f(w)

    with np.errstate(all="ignore"):
        path = lambda w: np.abs(np.diff(w)).sum()
        put("er", "gappy", 10, windows(missing_or(lambda w: abs(w[-1] - w[0]) / path(w) if path(w) else 1.0), g, 11))
        way = lambda w: 100 * (w[-1] - w[0]) / path(w) if path(w) else 0.0
        put("cmou", "gappy", 10, windows(missing_or(way), g, 11), terms="close")
        put("vhf", "gappy", 10, windows(missing_or(lambda w: np.ptp(w[1:]) / path(w) if path(w) else 0.0), g, 11))
        latest = lambda w: 100 * (10 - np.argmax(w[::-1])) / 10
        ups = windows(missing_or(latest), g, 11)
        downs = windows(missing_or(lambda w: latest(-w)), g, 11)
        put("aroon", "gappy gappy", 10, downs, ups, outputs=("down", "up"))
    put("adx", "high low close", 7, talib.ADX(h, l, c, 7))
    put("roc", "close", 3, talib.ROC(c, 3), terms="close")
    put("cci", "high low close", 50, talib.CCI(h, l, c, 50))
