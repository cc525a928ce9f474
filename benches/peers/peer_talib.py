"""TA-Lib beside ThreadX, indicator by indicator: nanoseconds per bar and their ratio, the worst first.

    cargo bench -p threadx-kernels --bench indicator > ours.csv
    python benches/peers/peer_talib.py ours.csv [--bars 1000000] [--fastest]

Both run one call over a seeded random walk on one thread, output arrays included, and report the median, or the fastest
run, which is the better guide on a busy machine. A function is found by its name or an alias of ours, and gets our
parameters in its own order, averages by their default type.
"""

import argparse
import csv
import statistics
import sys
import time

import numpy as np
import talib
from talib import abstract

# Runs and time per figure, at least.
RUNS, SECONDS = 7, 0.05

# Functions whose TA-Lib name is a function of SQL already, or says something else there.
OURS = {
    "LINEARREG": "linear_regression",
    "LINEARREG_SLOPE": "slope",
    "MAX": "highest",
    "MIN": "lowest",
    "STDDEV": "rolling_stddev",
    "SUM": "rolling_sum",
    "VAR": "rolling_variance",
    "TRANGE": "true_range",
}


def bars(count):
    """The kind of bars that the benchmark of ThreadX draws."""
    draw = np.random.default_rng(42).random((count, 5))
    close = 100.0 * np.cumprod(1.0 + 0.01 * (draw[:, 0] - 0.5))
    opened = np.concatenate([[100.0], close[:-1]])
    return {
        "open": opened,
        "high": np.maximum(opened, close) * (1.0 + 0.002 * draw[:, 1]),
        "low": np.minimum(opened, close) * (1.0 - 0.002 * draw[:, 2]),
        "close": close,
        "volume": 1000.0 + 4000.0 * draw[:, 3],
        "periods": np.floor(2.0 + 28.0 * draw[:, 4]),
    }


def params(function, ours):
    """Our values for its parameters, in order; types of averages keep their defaults."""
    values = [float(pair.split("=")[1]) for pair in ours.split()]
    taken = {}
    free = [name for name in function.parameters if not name.endswith("matype")]
    for name, value in zip(free, values):
        taken[name] = int(value) if isinstance(function.parameters[name], int) else value
    return taken


def nanoseconds(function, data, given):
    times = []
    while len(times) < RUNS + 1 or sum(times) < SECONDS:
        # Set anew, or the wrapper would return the last result.
        function.set_input_arrays(data)
        function.parameters = given
        start = time.perf_counter()
        function.run()
        times.append(time.perf_counter() - start)
    return [f(times[1:]) * 1e9 / len(data["close"]) for f in (statistics.median, min)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours", help="CSV of the benchmark of ThreadX")
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--fastest", action="store_true", help="compare the fastest runs instead of the medians")
    args = parser.parse_args()
    with open(args.ours) as file:
        rows = list(csv.DictReader(file))
    count, figure = args.bars, int(args.fastest)
    data = bars(count)
    names = {name: row for row in rows for name in [row["name"], *row["aliases"].split()]}
    table, missing = [], []
    for name in talib.get_functions():
        row = names.get(OURS.get(name, name.lower()))
        if row is None:
            missing.append(name)
            continue
        function = abstract.Function(name)
        try:
            theirs = nanoseconds(function, data, params(function, row["params"]))[figure]
        except Exception as error:
            print(f"{name} with {row['params']}: {error}", file=sys.stderr)
            continue
        ours = float(row["fastest_ns" if args.fastest else "ns_per_bar"])
        table.append((ours / theirs, row["name"], name, ours, theirs))

    print(f"TA-Lib {talib.__ta_version__.decode()}, {count} bars, ns per bar, {'fastest run' if args.fastest else 'median'}")
    print(f"  {'indicator':<28}{'TA-Lib':<22}{'ours':>10}{'theirs':>10}{'ratio':>8}")
    for ratio, ours_name, name, ours, theirs in sorted(table, reverse=True):
        mark = "*" if ratio > 1.0 else " "
        print(f"{mark} {ours_name:<28}{name:<22}{ours:>10.2f}{theirs:>10.2f}{ratio:>8.2f}")
    lost = sum(row[0] > 1.0 for row in table)
    print(f"\n{len(table)} compared, {lost} slower than TA-Lib (*)")
    if missing:
        print(f"without a counterpart: {' '.join(missing)}")


if __name__ == "__main__":
    main()
