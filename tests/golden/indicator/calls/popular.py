"""Conditions, streaks, performance and oscillators of the platforms: definitions written out bar by bar.

The averages that TA-Lib has (ema, rsi, macd, atr, sma) are taken from it; everything else is a loop over the definition.
"""

import numpy as np
import pandas as pd
import talib

from bars import N, b, c, g, h, l, o, other, v, windows

NAN = np.nan


def ema(x, p):
    """TA-Lib's EMA of the values that there are, back at their rows."""
    return late(lambda y: talib.EMA(y, p) if p > 1 else y, x)


def sma(x, p):
    return late(lambda y: np.array(windows(np.mean, y, p)), x)


def late(f, x):
    """`f` of the values after the leading missing ones."""
    x = np.asarray(x, dtype=float)
    start = int(np.argmax(~np.isnan(x)))
    out = np.full(len(x), NAN)
    out[start:] = f(x[start:])
    return out


def rma(x, p):
    def smooth(y):
        out, value = np.full(len(y), NAN), NAN
        for i in range(p - 1, len(y)):
            value = np.mean(y[:p]) if i == p - 1 else value + (y[i] - value) / p
            out[i] = value
        return out

    return late(smooth, x)


def gaps(w):
    return np.isnan(w).any()


def conditions(put):
    mean, up = b["mean"].to_numpy(), b.up.to_numpy()
    crosses, above, below = np.full(N, NAN), np.full(N, NAN), np.full(N, NAN)
    for i in range(1, N):
        if not np.isnan([mean[i], mean[i - 1]]).any():
            a, d = c[i - 1] - mean[i - 1], c[i] - mean[i]
            crosses[i] = a <= 0 < d or a >= 0 > d
        w = g[max(i - 3, 0) : i + 1]
        if len(w) == 4 and not gaps(w):
            above[i], below[i] = w[3] > max(w[:3]), w[3] < min(w[:3])
    put("crosses", "close mean", "", crosses)
    put("rising", "gappy", 3, above)
    put("falling", "gappy", 3, below)

    streak, n, last = np.full(N, NAN), 0, NAN
    setup, k, seen = np.full(N, NAN), 0, []
    for i in np.flatnonzero(~np.isnan(g)):
        n = max(n, 0) + 1 if g[i] > last else min(n, 0) - 1 if g[i] < last else 0
        last, streak[i] = g[i], n
        if len(seen) >= 4:
            k = max(k, 0) + 1 if g[i] > seen[-4] else min(k, 0) - 1 if g[i] < seen[-4] else 0
            setup[i] = k
        seen.append(g[i])
    put("streak", "gappy", "", streak)
    put("td_setup", "gappy", 4, setup)

    run, runs = 0, []
    for x in up:
        run = run + 1 if x else 0
        runs.append(run)
    put("true_run", "up", "", runs)

    # The bars have one condition and the volume, which is never one: always, never, and both at once.
    put("toggle", "up volume", "", np.maximum.accumulate(up))
    put("toggle", "volume up", "", np.zeros(N))
    put("toggle", "up up", "", np.zeros(N))
    put("first_true_since", "up volume", "", (np.cumsum(up) == 1) & (up == 1))
    put("first_true_since", "up up", "", up)
    hi, lo, top, bottom = NAN, NAN, [], []
    for i in range(N):
        hi = h[i] if up[i] or h[i] > hi else hi
        lo = l[i] if up[i] or l[i] < lo else lo
        top.append(hi)
        bottom.append(lo)
    put("highest_since", "up high", "", top)
    put("lowest_since", "up low", "", bottom)


def performance(put):
    # TA-Lib counts from the start of the series, and of equal values it takes now the last and now the first.
    rows = np.arange(N)
    age = lambda w: w[::-1].argmax()
    for x, name, f in ((h, "high", talib.MAXINDEX), (-l, "low", talib.MININDEX)):
        bars = np.array(windows(age, x, 20))
        single = np.array(windows(lambda w: (w == w.max()).sum() == 1, x, 20)) == 1
        assert (rows - f(x if name == "high" else -x, 20) == bars)[single].all() and single.sum() > 300
        put("bars_since_highest" if name == "high" else "bars_since_lowest", name, 20, bars)
    put("bars_since_highest", "gappy", 9, windows(lambda w: NAN if gaps(w) else w[::-1].argmax(), g, 9))
    put("bars_since_lowest", "gappy", 9, windows(lambda w: NAN if gaps(w) else w[::-1].argmin(), g, 9))

    s = pd.Series(g)
    put("drawdown", "gappy", "", s / s.cummax() - 1)
    put("cumulative_return", "gappy", "", s / s.dropna().iloc[0] - 1)
    deepest = lambda w: NAN if gaps(w) else (w / np.maximum.accumulate(w) - 1).min()
    for p in (1, 30):
        put("rolling_max_drawdown", "gappy", p, windows(deepest, g, p))

    returns = np.r_[NAN, c[1:] / c[:-1] - 1]
    late_returns = np.r_[NAN, g[1:] / g[:-1] - 1]

    def sharpe(w, per_year, risk_free):
        e, d = w.mean() - risk_free / per_year, w.std(ddof=1)
        return e / d * np.sqrt(per_year) if d > 0 else NAN

    def sortino(w, per_year, risk_free):
        e = w - risk_free / per_year
        d = np.sqrt((np.minimum(e, 0) ** 2).mean())
        return e.mean() / d * np.sqrt(per_year) if d > 0 else NAN

    with np.errstate(all="ignore"):
        for x, r in (("close", returns), ("gappy", late_returns)):
            put("rolling_sharpe", x, "20 1 0", windows(lambda w: sharpe(w, 1, 0), r, 20))
            put("rolling_sharpe", x, "20 8760 0.5", windows(lambda w: sharpe(w, 8760, 0.5), r, 20))
            put("rolling_sortino", x, "20 1 0", windows(lambda w: sortino(w, 1, 0), r, 20))
            put("rolling_sortino", x, "20 8760 0.5", windows(lambda w: sortino(w, 8760, 0.5), r, 20))
        line = np.arange(12)
        fit = lambda w: NAN if gaps(w) else 0.0 if (w == w[0]).all() else np.corrcoef(w, line)[0, 1]
        put("correlation_trend", "gappy", 12, windows(fit, g, 12), terms="up")

        put("relative_performance", "close other", 20, c / pd.Series(c).shift(20) - other / pd.Series(other).shift(20), terms="up")
    put("bias", "gappy", 26, np.where(s.notna(), s / windows(np.mean, g, 26) - 1, NAN), terms="up")
    rises = np.r_[NAN, np.where(np.isnan(g[1:] - g[:-1]), NAN, g[1:] > g[:-1])]
    put("psychological_line", "gappy", 12, windows(lambda w: 100 * w.sum() / 12, rises, 12))


def rsi(x, p):
    return late(lambda y: talib.RSI(y, p), x)


def true_range():
    before = np.r_[NAN, c[:-1]]
    return np.where(np.isnan(before), NAN, np.maximum(h, before) - np.minimum(l, before))


def streaks(x):
    out = [0.0]
    for a, b in zip(x, x[1:]):
        out.append(max(out[-1], 0) + 1 if b > a else min(out[-1], 0) - 1 if b < a else 0.0)
    return np.array(out)


def trail(s, reach):
    """The line of QQE, from the first bar that has a reach."""
    line, start = np.full(N, NAN), int(np.argmax(~np.isnan(reach)))
    support, resistance, rising = s[start] - reach[start], s[start] + reach[start], True
    line[start] = support
    for i in range(start + 1, N):
        rising = True if s[i] > resistance else False if s[i] < support else rising
        both = s[i - 1 : i + 1]
        new_support, new_resistance = s[i] - reach[i], s[i] + reach[i]
        support = max(support, new_support) if min(both) > support else new_support
        resistance = min(resistance, new_resistance) if max(both) < resistance else new_resistance
        line[i] = support if rising else resistance
    return line


def oscillators(put):
    with np.errstate(all="ignore"):
        for p, q, r in ((3, 2, 100), (5, 7, 20)):
            rank = windows(lambda w: NAN if gaps(w) else (w[:-1] < w[-1]).mean(), np.r_[NAN, c[1:] / c[:-1] - 1], r + 1)
            put("connors_rsi", "close", f"{p} {q} {r}", (rsi(c, p) + rsi(streaks(c), q) + 100 * np.array(rank)) / 3)

        tr = true_range()
        for p in (1, 14):
            walk = np.array(windows(np.mean, tr, p)) * np.sqrt(p)
            up = np.r_[[NAN] * p, h[p:] - l[:-p]] / walk
            down = np.r_[[NAN] * p, h[:-p] - l[p:]] / walk
            fill = lambda x: np.where((walk == 0) & ~np.isnan(walk), 0.0, x)
            put("random_walk_index", "high low close", p, fill(up), fill(down), outputs=("up", "down"), terms="up")

        distance = g - np.array(windows(np.mean, g, 60))
        distance = np.where(np.abs(distance) < 1e-9, 0.0, distance)
        share = lambda w: NAN if gaps(w) else 50.0 if not w.any() else 100 * np.maximum(w, 0).sum() / np.abs(w).sum()
        put("trend_intensity_index", "gappy", "30 60", windows(share, distance, 30))
        short = c - np.array(windows(np.mean, c, 10))
        short = np.where(np.abs(short) < 1e-9, 0.0, short)
        put("trend_intensity_index", "close", "5 10", windows(share, short, 5))

        for p, q, f in ((14, 5, 4.236), (6, 3, 1.5)):
            s = ema(rsi(c, p), q)
            reach = f * ema(ema(np.r_[NAN, np.abs(np.diff(s))], 2 * p - 1), 2 * p - 1)
            line = trail(s, reach)
            assert len(set(line > s)) == 2
            put("qqe", "close", f"{p} {q} {f}", np.where(np.isnan(reach), NAN, s), line, outputs=("rsi", "line"))

        average, (_, _, histogram) = talib.EMA(c, 13), talib.MACD(c)
        a, d = np.r_[NAN, np.diff(average)], np.r_[NAN, np.diff(histogram)]
        put("elder_impulse", "close", "13 12 26 9", np.where(np.isnan(a + d), NAN, 1.0 * ((a > 0) & (d > 0)) - ((a < 0) & (d < 0))))

        reach = np.r_[NAN, np.maximum(np.maximum(h[1:] - h[:-1], l[:-1] - l[1:]), 0)]
        average = ema(reach, 22)
        put("elder_thermometer", "high low", 22, np.where(np.isnan(average), NAN, reach), average, outputs=("thermometer", "average"), terms="high")

        price = (h + l + c) / 3
        for p, q, r in ((10, 21, 4), (2, 3, 1)):
            d = price - ema(price, p)
            unit = 0.015 * ema(np.abs(d), p)
            wave = ema(d / unit, q)
            signal = sma(wave, r)
            wave = np.where(np.isnan(signal), NAN, wave)
            put("wave_trend", "high low close", f"{p} {q} {r}", wave, signal, outputs=("wave", "signal"))

        sign = np.r_[NAN, np.sign(np.diff(c))]
        for p in (1, 14):
            zone = 100 * ema(sign * c, p) / ema(np.where(np.isnan(sign), NAN, c), p)
            put("price_zone_oscillator", "close", p, zone)
            zone = 100 * ema(sign * v, p) / ema(np.where(np.isnan(sign), NAN, v), p)
            put("volume_zone_oscillator", "close volume", p, np.where(np.isnan(zone) & (np.arange(N) >= p), 0.0, zone), terms="up")

        swing = [NAN]
        for i in range(1, N):
            x, y, z = abs(h[i] - c[i - 1]), abs(l[i] - c[i - 1]), h[i] - l[i]
            most, e = max(x, y, z), abs(c[i - 1] - o[i - 1]) / 4
            r = x - y / 2 + e if most == x else y - x / 2 + e if most == y else z + e
            n = c[i] - c[i - 1] + (c[i] - o[i]) / 2 + (c[i - 1] - o[i - 1]) / 4
            swing.append(50 * n / r * max(x, y) / 3 if r else 0.0)
        put("swing_index", "open high low close", 3, swing)
        put("accumulation_swing_index", "open high low close", 3, np.r_[NAN, np.cumsum(swing[1:])])

        s = ema(ema(rsi(c, 14), 5), 3)
        put("derivative_oscillator", "close", "14 5 3 9", s - sma(s, 9), terms="close")
        top, bottom = np.array(windows(np.max, h, 8)), np.array(windows(np.min, l, 8))
        place = np.where(top == bottom, 0.0, 10 * ((c - bottom) / (top - bottom) - 0.5))
        s = ema(ema(place, 5), 5)
        put("premier_stochastic", "high low close", "8 5", (np.exp(s) - 1) / (np.exp(s) + 1), terms="up")

        before = np.r_[NAN, c[:-1]]
        top, bottom = np.maximum(h, before), np.minimum(l, before)
        flow = np.where(top == bottom, 0.0, v * (2 * c - top - bottom) / (top - bottom))
        share = rma(flow, 21) / rma(np.where(np.isnan(top), NAN, v), 21)
        put("twiggs_money_flow", "high low close volume", 21, share)


def bands(put):
    with np.errstate(all="ignore"):
        upper, middle, lower = talib.BBANDS(c, 20)
        flat = np.array(windows(lambda w: (w == w[0]).all(), c, 20)) == 1
        put("percent_b", "close", "20 2", np.where(flat, NAN, (c - lower) / (upper - lower)))
        put("bandwidth", "close", "20 2", (upper - lower) / middle, terms="up")
        spread = np.array(windows(lambda w: w.std(), g, 9))
        put("percent_b", "gappy", "9 1.5", np.where(spread > 0, 0.5 + (g - windows(np.mean, g, 9)) / (3 * spread), NAN))
        put("bandwidth", "gappy", "9 1.5", 3 * spread / windows(np.mean, g, 9), terms="up")


def hilo(put):
    for p, q in ((13, 21), (3, 3)):
        top, bottom = np.array(windows(np.mean, h, p)), np.array(windows(np.mean, l, q))
        line, trend, now = np.full(N, NAN), np.full(N, NAN), NAN
        for i in range(max(p, q), N):
            now = 1 if c[i] > top[i - 1] else -1 if c[i] < bottom[i - 1] else now
            trend[i], line[i] = now, bottom[i] if now == 1 else top[i] if now == -1 else NAN
        assert {1, -1} <= set(trend)
        put("gann_hilo", "high low close", f"{p} {q}", line, trend, outputs=("line", "trend"))


def more(put):
    s = pd.Series(g)
    put("all_time_high", "gappy", "", s.cummax())
    put("all_time_low", "gappy", "", s.cummin())
    put("rolling_range", "gappy", 20, s.rolling(20).max() - s.rolling(20).min())
    put("symmetric_wma", "gappy", "", windows(lambda w: w @ np.array([1, 2, 2, 1]) / 6, g, 4))
    tr = true_range()
    with np.errstate(all="ignore"):
        for p in (1, 14):
            unit = ema(tr, p)
            distance = c - np.array(windows(np.mean, c, p))
            distance = np.where(np.abs(distance) < 1e-9, 0.0, distance)
            put("pretty_good_oscillator", "high low close", p, np.where(unit == 0, 0.0, distance / unit), terms="up")
        for p, m in ((14, 1), (20, 5)):
            change = np.r_[[NAN] * m, c[m:] - c[:-m]]
            gain, loss = rma(np.maximum(change, 0), p), rma(np.maximum(-change, 0), p)
            put("relative_momentum_index", "close", f"{p} {m}", 100 * gain / (gain + loss))
        before = np.r_[NAN, c[:-1]]
        total = lambda x: np.array(windows(np.sum, x, 26))
        moves = (h - o, o - l, np.maximum(h - before, 0), np.maximum(before - l, 0))
        a, d, e, f = (total(x) for x in moves)
        known = ~np.isnan(e)
        ratio = lambda x, y: np.where(known & (y > 0), 100 * x / y, NAN)
        put("brar", "open high low close", 26, ratio(a, d), ratio(e, f), outputs=("ar", "br"))


def calls(put):
    conditions(put)
    performance(put)
    oscillators(put)
    bands(put)
    hilo(put)
    more(put)
