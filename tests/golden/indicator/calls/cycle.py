"""Ehlers' Hilbert transform family: TA-Lib; his filters and oscillators: definitions written out, slowly."""

import math

import numpy as np
import talib

from bars import N, c, g, h, l, late, other, windows


def known(f, x):
    """`f` of the values of `x` that are not missing, put back in their places."""
    out, seen = np.full(N, np.nan), ~np.isnan(x)
    out[seen] = f(x[seen])
    return out


def hilbert(x, idle, lookback):
    """The Hilbert transform family as Ehlers defines it, on exact averages; zeros for all before bar `idle`.

    TA-Lib takes its price average from running sums, whose rounding noise is all that is left of a flat market.
    """
    n, back = len(x), 64
    x = np.concatenate([np.zeros(back), x])
    s, d, q, i1, i2, q2, re, im, period, smooth, mean = np.zeros((11, back + n))
    names = ("period", "phase", "in_phase", "quadrature", "sine", "lead", "mode", "line", "mama", "fama")
    out = {name: np.full(n, np.nan) for name in names}
    # Differences first, so that equal values leave exactly nothing.
    four = lambda v, t: v[t] + (3 * (v[t - 1] - v[t]) + 2 * (v[t - 2] - v[t]) + (v[t - 3] - v[t])) / 10
    turned = lambda v, t: 0.0962 * (v[t] - v[t - 6]) + 0.5769 * (v[t - 2] - v[t - 4])
    phase = sine = lead = angle = mama = fama = 0.0
    days = 0
    for t in range(back + idle, back + n):
        s[t] = four(x, t)
        gain = 0.075 * period[t - 1] + 0.54
        d[t] = turned(s, t) * gain
        q[t], i1[t] = turned(d, t) * gain, d[t - 3]
        i2[t] = 0.2 * (i1[t] - turned(q, t) * gain) + 0.8 * i2[t - 1]
        q2[t] = 0.2 * (q[t] + turned(i1, t) * gain) + 0.8 * q2[t - 1]
        re[t] = 0.2 * (i2[t] * i2[t - 1] + q2[t] * q2[t - 1]) + 0.8 * re[t - 1]
        im[t] = 0.2 * (i2[t] * q2[t - 1] - q2[t] * i2[t - 1]) + 0.8 * im[t - 1]
        last = period[t - 1]
        p = 360 / math.degrees(math.atan(im[t] / re[t])) if re[t] and im[t] else last
        p = min(max(max(min(p, 1.5 * last), 0.67 * last), 6), 50)
        period[t] = 0.2 * p + 0.8 * last
        smooth[t] = 0.33 * period[t] + 0.67 * smooth[t - 1]

        now = math.degrees(math.atan(q[t] / i1[t])) if i1[t] else 0.0
        weight = max(0.5 / (angle - now), 0.05) if angle - now > 1 else 0.5
        angle = now
        mama += weight * (x[t] - mama)
        fama += weight / 2 * (mama - fama)

        bars = int(smooth[t] + 0.5)
        level = s[t] if bars > 1 else 0.0
        real = sum(math.sin(2 * math.pi * k / bars) * (s[t - k] - level) for k in range(bars))
        imaginary = sum(math.cos(2 * math.pi * k / bars) * (s[t - k] - level) for k in range(bars))
        before = phase
        if imaginary:
            phase = math.degrees(math.atan(real / imaginary))
        else:
            phase += 90 * np.sign(real)
        phase += 90 + 360 / smooth[t] + (180 if imaginary < 0 else 0)
        phase -= 360 if phase > 315 else 0
        was = (sine, lead)
        sine, lead = math.sin(math.radians(phase)), math.sin(math.radians(phase + 45))

        mean[t] = x[t] + sum(x[t - k] - x[t] for k in range(bars)) / bars if bars else 0.0
        line = four(mean, t)
        crosses = (sine > lead and was[0] <= was[1]) or (sine < lead and was[0] >= was[1])
        days = 1 if crosses else days + 1
        pace = 360 / smooth[t]
        cycles = crosses or days < 0.5 * smooth[t] or 0.67 * pace < phase - before < 1.5 * pace
        away = line != 0 and abs((s[t] - line) / line) >= 0.015
        if t - back >= lookback:
            values = (smooth[t], phase, i1[t], q[t], sine, lead, float(away or not cycles), line, mama, fama)
            for name, value in zip(names, values):
                out[name][t - back] = value
    return out


def recursion(x, start, f, lookback=0):
    """`y[i] = start(i)` until that is `None`, then `f(i, y)`; the first `lookback` values are not shown."""
    y = []
    for i in range(len(x)):
        first = start(i)
        y.append(f(i, y) if first is None else first)
    return np.array([np.nan] * lookback + y[lookback:])


def low_pass(x, period, poles, fir):
    """Ehlers' poles behind an average with the weights `fir`, newest first."""
    if poles == 2:
        a = math.exp(-1.414 * math.pi / period)
        back = [2 * a * math.cos(1.414 * math.pi / period), -a * a]
    else:
        a = math.exp(-math.pi / period)
        b = 2 * a * math.cos(1.738 * math.pi / period)
        back = [b + a * a, -(a * a + b * a * a), a**4]
    front = (1 - sum(back)) * np.array(fir) / sum(fir)

    def f(i, y):
        return sum(w * x[i - k] for k, w in enumerate(front)) + sum(w * y[i - 1 - k] for k, w in enumerate(back))

    return recursion(x, lambda i: x[i] if i < poles else None, f)


def super_smoother(x, period, poles=2):
    return low_pass(x, period, poles, [1, 1] if poles == 2 else [1])


def high_pass(x, period, poles=2):
    turn = 2 * math.pi / period * (1 if poles == 1 else 0.707)
    a = (math.cos(turn) + math.sin(turn) - 1) / math.cos(turn)

    def one(i, y):
        return (1 - a / 2) * (x[i] - x[i - 1]) + (1 - a) * y[i - 1]

    def two(i, y):
        news = (1 - a / 2) ** 2 * (x[i] - 2 * x[i - 1] + x[i - 2])
        return news + 2 * (1 - a) * y[i - 1] - (1 - a) ** 2 * y[i - 2]

    return recursion(x, lambda i: 0.0 if i < poles else None, one if poles == 1 else two, poles)


def even_better_sinewave(x, period, smoothing):
    turn = 2 * math.pi / period
    a = (1 - math.sin(turn)) / math.cos(turn)
    hp = recursion(x, lambda i: None if i else 0.0, lambda i, y: 0.5 * (1 + a) * (x[i] - x[i - 1]) + a * y[i - 1])
    w = super_smoother(hp[1:], smoothing)
    waves = [w[i - 2 : i + 1].mean() / math.sqrt((w[i - 2 : i + 1] ** 2).mean()) for i in range(2, len(w))]
    return np.array([np.nan] * 3 + waves)


def instantaneous_trendline(x, a):
    def f(i, y):
        fir = (a - a * a / 4) * x[i] + a * a / 2 * x[i - 1] - (a - 0.75 * a * a) * x[i - 2]
        return fir + 2 * (1 - a) * y[i - 1] - (1 - a) ** 2 * y[i - 2]

    t = recursion(x, lambda i: (x[i] + 2 * x[i - 1] + x[i - 2]) / 4 if i < 6 else None, f)
    shown = np.where(np.arange(len(x)) < 6, np.nan, 1)
    return shown * t, shown * (2 * t - np.roll(t, 2))


def cyber_cycle(x, a):
    s = np.array([(x[i] + 2 * x[i - 1] + 2 * x[i - 2] + x[i - 3]) / 6 for i in range(len(x))])

    def f(i, y):
        news = (1 - a / 2) ** 2 * (s[i] - 2 * s[i - 1] + s[i - 2])
        return news + 2 * (1 - a) * y[i - 1] - (1 - a) ** 2 * y[i - 2]

    cycle = recursion(x, lambda i: (x[i] - 2 * x[i - 1] + x[i - 2]) / 4 if i < 6 else None, f)
    shown = np.where(np.arange(len(x)) < 6, np.nan, 1)
    return shown * cycle, shown * np.roll(cycle, 1)


def fisher(high, low, period):
    m, v, y, out = (high + low) / 2, 0.0, 0.0, []
    for i in range(len(m)):
        if i + 1 < period:
            out.append(np.nan)
            continue
        w = m[i + 1 - period : i + 1]
        place = (m[i] - w.min()) / (w.max() - w.min()) if w.max() > w.min() else 0.5
        v = 0.33 * 2 * (place - 0.5) + 0.67 * v
        v = 0.999 if v > 0.99 else -0.999 if v < -0.99 else v
        y = 0.5 * math.log((1 + v) / (1 - v)) + 0.5 * y
        out.append(y)
    out = np.array(out)
    trigger = np.roll(out, 1)
    return np.where(np.isnan(trigger), np.nan, out), np.where(np.arange(len(m)) < period, np.nan, trigger)


def laguerre(x, gamma):
    """The four components."""
    rows = [[x[0]] * 4]
    for value in x[1:]:
        last = rows[-1]
        row = [(1 - gamma) * value + gamma * last[0]]
        for k in (1, 2, 3):
            row.append(-gamma * row[k - 1] + last[k - 1] + gamma * last[k])
        rows.append(row)
    return np.array(rows).T


def laguerre_rsi(x, gamma):
    a, b, c, d = laguerre(x, gamma)
    up = sum(np.where(p >= q, p - q, 0.0) for p, q in ((a, b), (b, c), (c, d)))
    down = sum(np.where(p < q, q - p, 0.0) for p, q in ((a, b), (b, c), (c, d)))
    # The flat stretch ends in the last bits of the price.
    moved = up + down > 1e-14 * abs(a)
    return np.where(np.arange(len(x)) < 1, np.nan, np.where(moved, up / np.where(moved, up + down, 1), 0.0))


def sine_wma(x, period):
    weights = np.sin(math.pi * np.arange(1, period + 1) / (period + 1))
    return windows(lambda w: w @ weights / weights.sum(), x, period)


def kalman(x, ratio):
    """Generalised least squares: the last level of a random walk whose first level can be anything."""
    out = []
    for n in range(1, len(x) + 1):
        if ratio == 0:
            out.append(x[:n].mean())
            continue
        # Levels minimise sum((x - level)^2) + sum((level - level before)^2) / ratio. The past matters less and less,
        # but all of it is in here.
        m = np.eye(n)
        step = np.eye(n)[1:] - np.eye(n)[:-1]
        out.append(np.linalg.solve(m + step.T @ step / ratio, x[:n])[-1])
    return np.array(out)


def center_of_gravity(w):
    newest_first = w[::-1]
    return (len(w) + 1) / 2 - np.arange(1, len(w) + 1) @ newest_first / w.sum()


def calls(put):
    put("ht_dcperiod", "other", "", talib.HT_DCPERIOD(other))
    put("ht_dcphase", "other", "", talib.HT_DCPHASE(other))
    put("ht_phasor", "other", "", *talib.HT_PHASOR(other), outputs=("in_phase", "quadrature"), terms="other")
    put("ht_sine", "other", "", *talib.HT_SINE(other), outputs=("sine", "lead_sine"))
    put("ht_trendline", "other", "", talib.HT_TRENDLINE(other))
    # TA-Lib has zeros in the warm-up.
    mode = lambda x: np.where(np.arange(len(x)) < 63, np.nan, talib.HT_TRENDMODE(x))
    put("ht_trendmode", "other", "", mode(other))
    for p in ("0.5 0.05", "0.9 0.2", "0.1 0.3"):
        put("mama", "other", p, *talib.MAMA(other, *map(float, p.split())), outputs=("mama", "fama"))
    # The closes have a flat stretch, where the average of TA-Lib keeps rounding noise and its phase is all noise.
    early, later = hilbert(c, 12, 32), hilbert(c, 37, 63)
    put("ht_dcphase", "close", "", later["phase"])
    put("ht_sine", "close", "", later["sine"], later["lead"], outputs=("sine", "lead_sine"))
    put("ht_trendmode", "close", "", later["mode"])
    put("mama", "close", "0.5 0.05", early["mama"], early["fama"], outputs=("mama", "fama"))
    # The definition is the one of TA-Lib where there is no noise.
    mine = hilbert(other, 37, 63)
    same = lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
    same(mine["phase"], talib.HT_DCPHASE(other))
    same(mine["line"], talib.HT_TRENDLINE(other))
    same(mine["mode"], mode(other))
    same(hilbert(other, 12, 32)["mama"], talib.MAMA(other, 0.5, 0.05)[0])
    same(hilbert(other, 12, 32)["period"], talib.HT_DCPERIOD(other))
    for x, name in ((c, "close"), (late, "late")):
        put("ht_dcperiod", name, "", talib.HT_DCPERIOD(x))
        put("ht_phasor", name, "", *talib.HT_PHASOR(x), outputs=("in_phase", "quadrature"), terms="close")
        put("ht_trendline", name, "", talib.HT_TRENDLINE(x))

    for p in ((10, 2), (3, 2), (10, 3), (25, 3)):
        params = "{} {}".format(*p)
        put("super_smoother", "gappy", params, known(lambda x: super_smoother(x, *p), g))
        butter = [1, 2, 1] if p[1] == 2 else [1, 3, 3, 1]
        put("butterworth", "gappy", params, known(lambda x: low_pass(x, *p, butter), g))
    for p in ((48, 2), (48, 1), (3, 2), (3, 1)):
        params = "{} {}".format(*p)
        put("high_pass", "gappy", params, known(lambda x: high_pass(x, *p), g), terms="close")
        put("decycler", "gappy", params, g - known(lambda x: high_pass(x, *p), g))
    roof = lambda x: np.concatenate([[np.nan] * 2, super_smoother(high_pass(x, 48)[2:], 10)])
    put("roofing_filter", "gappy", "10 48", known(roof, g), terms="close")
    put("even_better_sinewave", "gappy", "40 10", known(lambda x: even_better_sinewave(x, 40, 10), g))
    for a in (0.07, 0.5):
        for field, k in (("trend", 0), ("trigger", 1)):
            put("instantaneous_trendline", "gappy", a, known(lambda x: instantaneous_trendline(x, a)[k], g), outputs=(field,))
        for field, k in (("cycle", 0), ("trigger", 1)):
            put("cyber_cycle", "gappy", a, known(lambda x: cyber_cycle(x, a)[k], g), outputs=(field,), terms="close")
    for p in (2, 10):
        put("center_of_gravity", "gappy", p, windows(center_of_gravity, g, p), terms="close")
        put("fisher", "high low", p, *fisher(h, l, p), outputs=("fisher", "trigger"))
    rsi = talib.RSI(c, 5)
    put("inverse_fisher", "close", "5 9", np.tanh(windows(lambda w: w @ np.arange(1, 10) / 45, 0.1 * (rsi - 50), 9)))
    for gamma in (0.8, 0.0):
        filtered = lambda x: np.array([1, 2, 2, 1]) @ laguerre(x, gamma) / 6
        put("laguerre", "gappy", gamma, known(filtered, g))
    put("laguerre_rsi", "gappy", 0.5, known(lambda x: laguerre_rsi(x, 0.5), g))
    for p in (1, 2, 14):
        put("sine_wma", "gappy", p, sine_wma(g, p))
    for ratio in (0.0, 0.01, 3.0):
        put("kalman", "gappy", ratio, known(lambda x: kalman(x, ratio), g))
