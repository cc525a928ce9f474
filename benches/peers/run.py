"""Measures one workload with one peer: python benches/peers/run.py --workload W2 --peer numba --data DIR --threads 2.

Prints one line of JSON. `seconds` are warm runs; imports and the first call, which compiles, are counted apart.
"""

import argparse
import importlib
import os
import time
from pathlib import Path

PEERS = ("numba", "vectorbt", "raptorbt", "backtesting")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workload", required=True, help="W1, W2, W3, W4, W6 or W7")
    parser.add_argument("--size", help="size of the workload; the first one if absent")
    parser.add_argument("--peer", choices=PEERS, default="numba")
    parser.add_argument("--data", type=Path, help="directory that prepare.py wrote")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--combos", type=int, help="only about so many combinations, evenly spread")
    parser.add_argument("--results", type=Path, default=Path("."), help="directory for the CSV of the results")
    parser.add_argument("--sql", action="store_true", help="print what ThreadX is asked, and stop")
    return parser.parse_args()


def limit_threads(threads):
    """Tells the peers how many threads to use, and raptorbt not to ask for newer versions; before they are imported."""
    for name in ("NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = str(threads)
    os.environ["RAPTORBT_NO_VERSION_CHECK"] = "1"


def rows_of(workload, grid, results):
    """One row per series and combination: parameters, then metrics."""
    for symbol, columns in zip(workload.symbols, results, strict=True):
        for k in range(len(next(iter(grid.values())))):
            row = {"symbol": symbol} | {name: grid[name][k].item() for name in grid}
            yield row | {name: column[k].item() for name, column in columns.items()}


def main():
    """Loads, warms up, measures, prints."""
    args = arguments()
    limit_threads(args.threads)
    import workloads

    workload = workloads.find(args.workload, args.size)
    if args.sql:
        print(workload.sql())
        return
    begin = time.perf_counter()
    peer = importlib.import_module(f"peer_{args.peer}")
    import_seconds = time.perf_counter() - begin
    import bars
    import measure

    series = [bars.load(args.data, symbol, workload.timeframe) for symbol in workload.symbols]
    total = workload.combinations // len(workload.symbols)
    grid, work, results = peer.prepare(workload, series, args.threads, min(args.combos or total, total))
    first, wall, cpu, raw = measure.timed(work, args.runs)
    rows = list(rows_of(workload, grid, results(raw)))
    path = args.results / f"{workload.name}-{workload.size}-{peer.NAME}.csv"
    measure.print_line(
        workload=workload.name,
        peer=peer.NAME,
        version=peer.VERSION,
        size=workload.size,
        combos=len(rows),
        bars=workload.bars,
        threads=args.threads,
        seconds=wall,
        cpu_seconds=cpu,
        compile_seconds=max(first - min(wall), 0.0),
        import_seconds=import_seconds,
        machine=measure.machine(),
        load=os.getloadavg()[0],
        results=rows[0] if len(rows) == 1 else measure.write_results(path, rows),
    )


if __name__ == "__main__":
    main()
