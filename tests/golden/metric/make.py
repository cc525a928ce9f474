"""Writes series.csv and expected.csv: metrics of fixed series, computed by an implementation independent of the engine.

Every value is the textbook formula with exact summation (`math.fsum`) in two passes. Where `empyrical-reloaded` has the
metric, its value is asserted to agree; `bacon` and `mixed` also have published values, asserted too.

    pip install numpy==2.4.6 pandas==3.1.1 empyrical-reloaded==0.7.1 && python make.py
"""

import csv
import math
import random

import empyrical
import numpy as np

# Bacon (2008), Practical Portfolio Performance Measurement and Attribution: 24 monthly returns.
BACON = [0.003, 0.026, 0.011, -0.010, 0.015, 0.025, 0.016, 0.067, -0.014, 0.040, -0.005, 0.081,
         0.040, -0.037, -0.061, 0.017, -0.049, -0.022, 0.070, 0.058, -0.065, 0.024, -0.005, -0.009]
# The `mixed_returns` of empyrical's tests, without its missing first value.
MIXED = [x / 100 for x in (1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0)]

PUBLISHED = {
    ("bacon", "volatility"): 0.13700015867969229,
    ("bacon", "sharpe"): 0.7883202548144859,
    ("bacon", "sortino"): 1.3592165786838633,
    ("bacon_equity", "cagr"): 0.10367828972980941,
    ("bacon_equity", "max_drawdown"): -0.144672955739218,
    ("bacon_equity", "calmar"): 0.7166390511623746,
    ("mixed", "sharpe"): 1.7238613961706866,
    ("mixed", "volatility"): 0.9136465399704637,
    ("mixed_equity", "max_drawdown"): -0.1,
    ("mixed_equity", "calmar"): 19.135925373194233,
    ("mixed_equity", "cagr"): 1.9135925373194231,
}


def mean(x):
    return math.fsum(x) / len(x)


def std(x):
    m = mean(x)
    return math.sqrt(math.fsum((v - m) ** 2 for v in x) / (len(x) - 1))


def of_returns(r, periods, risk_free):
    rf = risk_free / periods
    excess = [x - rf for x in r]
    downside = math.sqrt(math.fsum(min(x, 0.0) ** 2 for x in excess) / len(r))
    return {
        "sharpe": mean(excess) / std(r) * math.sqrt(periods),
        "sortino": mean(excess) / downside * math.sqrt(periods),
        "volatility": std(r) * math.sqrt(periods),
    }


def of_equity(e, periods, _):
    peaks = list(np.maximum.accumulate(e))
    drawdown = min(x / p - 1 for x, p in zip(e, peaks))
    run = longest = 0
    for x, p in zip(e, peaks):
        run = run + 1 if x < p else 0
        longest = max(longest, run)
    cagr = (e[-1] / e[0]) ** (periods / (len(e) - 1)) - 1
    return {"total_return": e[-1] / e[0] - 1, "cagr": cagr, "max_drawdown": drawdown, "max_drawdown_bars": longest,
            "calmar": cagr / abs(drawdown)}


def of_pnl(p, *_):
    wins, losses = [x for x in p if x > 0], [x for x in p if x <= 0]
    rate, payoff = len(wins) / len(p), mean(wins) / -mean(losses)
    return {
        "wins": len(wins), "losses": len(losses), "win_rate": rate, "expectancy": mean(p), "avg_win": mean(wins),
        "avg_loss": mean(losses), "payoff_ratio": payoff, "profit_factor": math.fsum(wins) / -math.fsum(losses),
        "best_trade": max(p), "worst_trade": min(p), "kelly": rate - (1 - rate) / payoff,
        "sqn": math.sqrt(len(p)) * mean(p) / std(p),
    }


def check_empyrical(r, periods, risk_free, metrics):
    x, rf = np.array(r), risk_free / periods
    same = lambda name, value: np.testing.assert_allclose(metrics[name], value, rtol=1e-9, err_msg=name)
    same("sharpe", empyrical.sharpe_ratio(x, risk_free=rf, annualization=periods))
    same("sortino", empyrical.sortino_ratio(x, required_return=rf, annualization=periods))
    same("volatility", empyrical.annual_volatility(x, annualization=periods))


def check_empyrical_equity(r, periods, metrics):
    x = np.array(r)
    same = lambda name, value: np.testing.assert_allclose(metrics[name], value, rtol=1e-9, err_msg=name)
    same("cagr", empyrical.cagr(x, annualization=periods))
    same("max_drawdown", empyrical.max_drawdown(x))
    same("calmar", empyrical.calmar_ratio(x, annualization=periods))


def main():
    draw = random.Random(7)
    generated = [draw.gauss(0.0002, 0.004) for _ in range(400)]
    sparse = [draw.gauss(0.0005, 0.01) if draw.random() < 0.2 else 0.0 for _ in range(400)]
    pnl = [draw.gauss(4.0, 80.0) for _ in range(300)] + [0.0] * 5
    returns = {"bacon": (BACON, 12, 0.0), "mixed": (MIXED, 252, 0.0), "generated": (generated, 35040, 0.0),
               "generated_rf": (generated, 35040, 0.03), "sparse": (sparse, 365, 0.02)}
    series, expected = [], []

    def add(case, kind, values, periods, risk_free, metrics):
        series.extend((case, repr(float(v))) for v in values)
        for name, value in metrics.items():
            if (case, name) in PUBLISHED:
                np.testing.assert_allclose(value, PUBLISHED[case, name], rtol=1e-12)
                value = PUBLISHED[case, name]
            expected.append((case, kind, name, periods, risk_free, repr(float(value))))

    for case, (r, periods, risk_free) in returns.items():
        metrics = of_returns(r, periods, risk_free)
        check_empyrical(r, periods, risk_free, metrics)
        add(case, "ret", r, periods, risk_free, metrics)
        if case == "generated_rf":
            continue  # The equity of `generated` once more.
        if case == "mixed":
            r = [0.0] + r  # The published growth rates count the period of the missing first value.
        equity = [10000.0]
        for x in r:
            equity.append(equity[-1] * (1 + x))
        metrics = of_equity(equity, periods, risk_free)
        check_empyrical_equity(r, periods, metrics)
        add(case + "_equity", "equity", equity, periods, risk_free, metrics)
    add("pnl", "pnl", pnl, 1, 0, of_pnl(pnl))

    for name, header, rows in (("series.csv", ("case", "value"), series),
                               ("expected.csv", ("case", "input", "metric", "periods_per_year", "risk_free", "value"), expected)):
        with open(name, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
