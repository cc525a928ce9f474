"""What is measured: strategy, grid, series and run options of every workload and size."""

from dataclasses import dataclass, field

import grids

#: Costs at which an account survives thousands, and tens of thousands, of trades: a ruined one meets the absolute
#: tolerances of other engines.
LOW_COSTS = {"fee_bps": 1.0, "slippage_bps": 0.5}
LOWEST_COSTS = {"fee_bps": 0.1, "slippage_bps": 0.05}
METRICS = ("trades", "total_return", "sharpe", "max_drawdown", "final_equity")


@dataclass(frozen=True)
class Workload:
    """One cell of the table, without its threads."""

    name: str
    size: str
    strategy: str
    axes: dict
    #: Series by their file names, `SYMBOL_TIMEFRAME.parquet`.
    symbols: tuple
    timeframe: str
    bars: int
    options: dict = field(default_factory=dict)

    @property
    def grid(self):
        """One array per parameter, one entry per combination."""
        return grids.combinations(self.axes)

    @property
    def combinations(self):
        """Backtests in all: combinations times series."""
        return len(next(iter(self.grid.values()))) * len(self.symbols)

    def sql(self):
        """What ThreadX is asked, with the columns that parity looks at."""
        columns = ", ".join(["symbol", *self.axes, *METRICS])
        strategy = grids.sql(self.strategy, self.axes)
        options = "".join(f", {name} => {value!r}" for name, value in self.options.items())
        where = " WHERE fast < slow" if len(self.axes.get("slow", [])) > 1 else ""
        symbols = repr(self.symbols[0]) if len(self.symbols) == 1 else str(list(self.symbols))
        return f"SELECT {columns} FROM sweep({symbols}, '{self.timeframe}', {strategy}{options}){where}"


def _single(size, bars):
    axes = {"fast": [30], "slow": [150]}
    options = {**LOWEST_COSTS, "direction": "long"}
    return Workload("W1", size, "sma_cross", axes, (f"GEN{size.upper()}",), "1m", bars, options)


def _bb_atr(name, size, axes, symbols, bars):
    return Workload(name, size, "bb_atr", axes, symbols, "15m", bars)


SERIES = tuple(f"GEN{k:02}" for k in range(50))

#: Every workload and size; the first size of a workload is its default.
WORKLOADS = [
    _single("1M", 1_000_000),
    _single("10M", 10_000_000),
    _single("100k", 100_000),
    _bb_atr("W2", "10k", grids.BB_ATR_FULL, ("REAL100K",), 100_000),
    Workload("W3", "10k", "sma_cross", grids.SMA_PAIRS, ("REAL200K",), "15m", 200_000, LOW_COSTS),
    _bb_atr("W4", "1", grids.exits(1), ("REAL100K",), 100_000),
    _bb_atr("W4", "10", grids.exits(10), ("REAL100K",), 100_000),
    _bb_atr("W4", "100", grids.exits(100), ("REAL100K",), 100_000),
    _bb_atr("W6", "100", grids.BB_ATR_100, ("REAL26K",), 26_000),
    _bb_atr("W7", "50x1000", grids.BB_ATR_1000, SERIES, 26_000),
]


def find(name, size=None):
    """The workload of a name and size."""
    sizes = [w for w in WORKLOADS if w.name == name.upper()]
    if not sizes:
        raise SystemExit(f"no workload {name!r}; there are {sorted({w.name for w in WORKLOADS})}")
    chosen = [w for w in sizes if size in (None, w.size)]
    if not chosen:
        raise SystemExit(f"{name} has no size {size!r}; it has {[w.size for w in sizes]}")
    return chosen[0]
