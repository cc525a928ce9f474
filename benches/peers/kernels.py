"""Every function of TA-Lib beside ours: python benches/peers/kernels.py BENCH --data DIR --symbol GEN1M.

BENCH is the binary that `cargo bench --bench indicators --no-run` names. A function is compared through SQL, row by row,
before it is timed; then our kernel and the C function take turns, with the same defaults, on one core. The slowest of
ours come first; `*` marks those that TA-Lib does faster.
"""

import os
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

import bars
from indicators import ThreadX, agreement, parser, timed

#: TA-Lib's names that are functions of SQL, and ours.
OURS = {"MAX": "rolling_max", "MIN": "rolling_min", "STDDEV": "rolling_stddev", "SUM": "rolling_sum", "VAR": "rolling_var"}
#: Columns for its inputs that are not called by the name of one.
COLUMNS = {"price": "close", "price0": "close", "price1": "close", "periods": "close"}
#: Rounds of functions that take seconds.
FEW = 3


def main():
    """The table."""
    args = parser(__doc__, "GEN1M").parse_args()
    args.threads = 1
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import talib

    columns = bars.load(args.data, args.symbol, args.timeframe)
    ours = ThreadX(args)
    known = indicators(ours)
    print(f"TA-Lib {talib.__ta_version__.decode()}, {len(columns['close'])} rows of {args.symbol} {args.timeframe}, "
          f"median of {args.rounds} rounds [fastest .. slowest]")
    table, without = [], []
    for name in args.only or talib.get_functions():
        found = known.get(OURS.get(name, name.lower()))
        if found is None:
            without.append(name)
            continue
        table.append(compared(ours, name, found, columns, args))
    print(f"  {'indicator':<30}{'TA-Lib':<22}{'parity':<16}{'ours ns':<24}{'TA-Lib ns':<24}TA-Lib/ours")
    for ratio, cells in sorted(table):
        print(f"{'*' if ratio < 1.0 else ' '} {cells}{ratio:.2f}")
    print(f"\n{len(table)} compared, {sum(ratio < 1.0 for ratio, _ in table)} of them faster in TA-Lib (*)")
    print(f"functions of SQL: {' '.join(without)}")


def indicators(ours):
    """Our indicators by every name: name, and outputs if there are several."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "indicators.parquet"
        ours.ask(f"sql COPY (SELECT name, aliases, outputs FROM indicators()) TO '{path}'")
        rows = pq.read_table(path).to_pylist()
    known = {}
    for row in rows:
        outputs = row["outputs"].split(", ")
        for name in [row["name"], *row["aliases"].split(", ")]:
            known[name] = (row["name"], outputs if len(outputs) > 1 else [])
    return known


class Call:
    """A call as `ThreadX.results` takes it."""

    def __init__(self, name, inputs, outputs):
        call = f"{name}({', '.join(inputs)})"
        self.columns = [f"{call}.{output}" for output in outputs] or [call]


def known_from(column, ours):
    """A column of TA-Lib; whole numbers, which are zero before the first value, are missing there as ours are."""
    column, is_whole = np.asarray(column, dtype=float), column.dtype.kind == "i"
    if is_whole:
        column[: np.argmax(~np.isnan(ours))] = np.nan
    return column


def compared(ours, name, found, columns, args):
    """The ratio and the other cells of one line."""
    import talib
    from talib import abstract

    names = abstract.Function(name).input_names.values()
    inputs = [COLUMNS.get(one, one) for each in names for one in ([each] if isinstance(each, str) else each)]
    arrays = [columns[one] for one in inputs]

    def theirs():
        outputs = getattr(talib, name)(*arrays)
        return list(outputs) if isinstance(outputs, tuple) else [outputs]

    given = [np.asarray(column, dtype=float) for column in ours.results(Call(found[0], inputs, found[1]))]
    parity = agreement(given, [known_from(column, ours) for column, ours in zip(theirs(), given, strict=True)])
    sides = [lambda: ours.ask(f"kernel {found[0]}")[0], lambda: timed(theirs)[0]]
    first = [side() for side in sides]
    rounds = [[side() for side in sides] for _ in range(args.rounds if max(first) < 1.0 else FEW)]
    ratio = median(their / our for our, their in rounds)

    def cost(side):
        values = [times[side] * 1e9 / len(arrays[0]) for times in rounds]
        return f"{median(values):.2f} [{min(values):.2f} .. {max(values):.2f}]"

    return ratio, f"{found[0]:<30}{name:<22}{parity:<16}{cost(0):<24}{cost(1):<24}"


if __name__ == "__main__":
    main()
