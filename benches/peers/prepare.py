"""Writes the bar files of every workload: python benches/peers/prepare.py --real BTCUSD_15m.parquet --out DIR.

The real series are the last bars of the given file, cut before anything is computed, so that both sides warm their
indicators up on the same bars. Without --real they are generated too, and the numbers say so by their other trades.
"""

import argparse
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import bars
from workloads import WORKLOADS


def source(workload, symbol, real):
    """The table of one series."""
    step = bars.MINUTE_MS * int(workload.timeframe.removesuffix("m"))
    if symbol.startswith("REAL") and real is not None:
        if len(real) < workload.bars:
            raise SystemExit(f"{symbol} needs {workload.bars} bars, the file has {len(real)}")
        return real.slice(len(real) - workload.bars).combine_chunks()
    seed = 1_000 + workload.symbols.index(symbol)
    return bars.table(bars.generated(workload.bars, seed, step))


def main():
    """Writes what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, help="a Parquet file of at least 200,000 bars of 15 minutes")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    real = None
    if args.real:
        real = pq.read_table(args.real)
        real = real.set_column(0, "ts", real["ts"].cast(pa.timestamp("ms", "UTC")))
    args.out.mkdir(parents=True, exist_ok=True)
    for workload in WORKLOADS:
        for symbol in workload.symbols:
            path = args.out / f"{symbol}_{workload.timeframe}.parquet"
            if not path.exists():
                pq.write_table(source(workload, symbol, real), path, compression="zstd")
                print(f"{path}: {workload.bars} bars")


if __name__ == "__main__":
    main()
