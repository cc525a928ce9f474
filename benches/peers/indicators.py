"""Indicators through SQL beside TA-Lib and polars-talib: python benches/peers/indicators.py BENCH --data DIR.

BENCH is the binary that `cargo bench --bench indicators --no-run` names. Everything runs in turns, one round after the
other: our statement, our kernel, the C functions of TA-Lib on plain arrays, and a query of polars. With --threads 1 all of
it stays on one core.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

#: Relative tolerance, against the value or the middle of all of them.
TOLERANCE = 1e-9
#: Functions of one row that computes them together.
TOGETHER = ("rsi", "macd", "atr", "bollinger")
HEADER = ("function", "rows", "threads", "parity", "SQL ns", "kernel ns", "TA-Lib ns", "polars ns", "TA-Lib/SQL",
          "polars/SQL", "CPU TA-Lib/SQL", "CPU polars/SQL")
#: Of the columns.
WIDTHS = (29, 8, 7, 14, 22, 22, 22, 24, 10, 10, 14, 14)


@dataclass(frozen=True)
class Function:
    """One function as each side calls it; without values the defaults are the same everywhere."""

    name: str
    inputs: tuple
    outputs: tuple
    talib: str
    polars: str
    values: tuple = ()

    @property
    def call(self):
        """The call in SQL."""
        return f"{self.name}({', '.join(self.inputs)})"

    @property
    def columns(self):
        """Its outputs in SQL."""
        return [f"{self.call}.{name}" for name in self.outputs] or [self.call]


BAR = ("high", "low", "close")
FUNCTIONS = [
    Function("sma", ("close",), (), "SMA", "sma"),
    Function("ema", ("close",), (), "EMA", "ema"),
    Function("rsi", ("close",), (), "RSI", "rsi"),
    Function("atr", BAR, (), "ATR", "atr"),
    Function("bollinger", ("close",), ("upper", "middle", "lower"), "BBANDS", "bbands", (20, 2.0, 2.0)),
    Function("macd", ("close",), ("macd", "signal", "histogram"), "MACD", "macd"),
    Function("stochastic", BAR, ("k", "d"), "STOCH", "stoch"),
    Function("adx", BAR, (), "ADX", "adx"),
    Function("cci", BAR, (), "CCI", "cci"),
    Function("obv", ("close", "volume"), (), "OBV", "obv"),
]


def parser(doc, symbol):
    """The part of the command line that the tables of indicators share."""
    common = argparse.ArgumentParser(description=doc.splitlines()[0])
    common.add_argument("bench", help="the binary of the benchmark")
    common.add_argument("--data", required=True, help="directory that prepare.py wrote")
    common.add_argument("--symbol", default=symbol)
    common.add_argument("--timeframe", default="1m")
    common.add_argument("--rounds", type=int, default=7)
    common.add_argument("--only", nargs="*", help="names of functions")
    return common


def arguments():
    """The command line."""
    ours = parser(__doc__, "GEN10M")
    ours.add_argument("--threads", type=int, default=1)
    ours.add_argument("--no-parity", action="store_true", help="do not compare the results again")
    return ours.parse_args()


def main():
    """Starts ThreadX, compares results, takes turns, prints."""
    args = arguments()
    if args.threads == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["POLARS_MAX_THREADS"] = str(args.threads)
    run(args)


def run(args):
    """One table."""
    import bars

    columns = bars.load(args.data, args.symbol, args.timeframe)
    peers = Peers(columns)
    ours = ThreadX(args)
    print(f"{peers.versions()}, {len(columns['close'])} rows of {args.symbol} {args.timeframe}, median of {args.rounds} rounds "
          "[fastest .. slowest]; parity of SQL and TA-Lib, then of polars and TA-Lib")
    wanted = [(f,) for f in FUNCTIONS if not args.only or f.name in args.only]
    if not args.only or "together" in args.only:
        wanted.append(tuple(f for f in FUNCTIONS if f.name in TOGETHER))
    show(HEADER)
    for functions in wanted:
        parity = "-" if args.no_parity or len(functions) > 1 else verdict(ours, peers, functions[0])
        show(row(functions, parity, turns(ours, peers, functions, args), args, len(columns["close"])))


def show(cells):
    """Prints one line, as soon as it is known: a table of ten million rows takes minutes."""
    print("  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(), flush=True)


class ThreadX:
    """The benchmark of ThreadX, asked over its standard input."""

    def __init__(self, args):
        command = [args.bench, "--data", args.data, "--symbol", args.symbol, "--timeframe", args.timeframe]
        command += ["--threads", str(args.threads)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.bars = f"bars('{args.symbol}', '{args.timeframe}')"

    def ask(self, line):
        """Seconds, and those of the processor."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"ThreadX stopped at: {line}")
        answer = json.loads(answer)
        return answer["seconds"], answer["cpu_seconds"]

    def query(self, functions):
        """The sums of every output."""
        sums = [f"sum({column})" for function in functions for column in function.columns]
        return self.ask(f"sql SELECT {', '.join(sums)} FROM {self.bars}")

    def results(self, function):
        """Every output, `NaN` where it is missing."""
        import pyarrow.parquet as pq

        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "results.parquet"
            named = ", ".join(f"{column} AS c{i}" for i, column in enumerate(function.columns))
            self.ask(f"sql COPY (SELECT {named} FROM {self.bars}) TO '{path}'")
            stored = pq.read_table(path)
        return [column.to_numpy() for column in stored.columns]


class Peers:
    """TA-Lib on plain arrays, and polars-talib on a frame that shares them."""

    def __init__(self, columns):
        import polars

        self.columns = columns
        self.frame = polars.DataFrame({name: columns[name] for name in (*BAR, "volume")})

    def versions(self):
        """What is measured."""
        from importlib.metadata import version

        return ", ".join(f"{name} {version(name)}" for name in ("TA-Lib", "polars-talib", "polars"))

    def talib(self, function):
        """The outputs as arrays."""
        import talib

        outputs = getattr(talib, function.talib)(*(self.columns[name] for name in function.inputs), *function.values)
        return list(outputs) if isinstance(outputs, tuple) else [outputs]

    def plan(self, functions):
        """The outputs as a query of polars; structs are taken apart, once computed."""
        import polars
        import polars_talib

        calls, structs = [], []
        for function in functions:
            call = getattr(polars_talib, function.polars)(*map(polars.col, function.inputs), *function.values)
            calls.append(call.alias(f"{function.name}_"))
            if function.outputs:
                structs.append(f"{function.name}_")
        frame = self.frame.lazy().select(calls)
        return frame.unnest(structs) if structs else frame

    def query(self, functions):
        """The sums of every output."""
        return self.plan(functions).sum().collect()

    def results(self, function):
        """The outputs as arrays."""
        return [column.to_numpy() for column in self.plan((function,)).collect().get_columns()]


def verdict(ours, peers, function):
    """Whether SQL and polars give what TA-Lib gives."""
    expected = peers.talib(function)
    return ", ".join(agreement(side.results(function), expected) for side in (ours, peers))


def agreement(columns, expected):
    """`equal`, or the largest relative difference, or how many values are missing on one side only."""
    import numpy as np

    worst = 0.0
    for given, wanted in zip(columns, expected, strict=True):
        given_there, wanted_there = np.isfinite(given), np.isfinite(wanted)
        differ = int(np.count_nonzero(given_there != wanted_there))
        if differ:
            return f"{differ} missing"
        given, wanted = given[given_there], wanted[wanted_there]
        scale = np.maximum(np.abs(wanted), np.median(np.abs(wanted)))
        apart = np.abs(given - wanted)
        # Where the scale is zero, only zero is equal.
        relative = np.divide(apart, scale, out=np.where(apart > 0.0, np.inf, 0.0), where=scale > 0.0)
        worst = max(worst, float(np.max(relative)))
    return "equal" if worst <= TOLERANCE else f"off by {worst:.1e}"


def timed(work):
    """Seconds, and those of the processor."""
    start, before = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - before


def turns(ours, peers, functions, args):
    """Times of every side, one round of all after another; the first is not counted."""
    sides = {
        "sql": lambda: ours.query(functions),
        "kernel": lambda: tuple(map(sum, zip(*(ours.ask(f"kernel {f.name}") for f in functions)))),
        "talib": lambda: timed(lambda: [peers.talib(f) for f in functions]),
        "polars": lambda: timed(lambda: peers.query(functions)),
    }
    rounds = [{name: side() for name, side in sides.items()} for _ in range(args.rounds + 1)]
    return {name: [times[name] for times in rounds[1:]] for name in sides}


def row(functions, parity, times, args, rows):
    """The cells of one line. A ratio is the median of those of the rounds, because neighbours share a busy moment."""

    def cost(side):
        values = [seconds * 1e9 / rows for seconds, _ in times[side]]
        return f"{median(values):.2f} [{min(values):.2f} .. {max(values):.2f}]"

    def ratio(side, figure):
        return f"{median(a[figure] / b[figure] for a, b in zip(times[side], times['sql'], strict=True)):.2f}"

    names = " + ".join(f.name for f in functions)
    ratios = [ratio(side, figure) for figure in (0, 1) for side in ("talib", "polars")]
    return (names, str(rows), str(args.threads), parity, *map(cost, ("sql", "kernel", "talib", "polars")), *ratios)


if __name__ == "__main__":
    main()
