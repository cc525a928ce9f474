"""The parameter grids: what each workload varies, as arrays for the peers and as SQL for ThreadX."""

import itertools

import numpy as np

#: Parameters that `bb_atr` needs besides those which a grid varies.
BB_ATR = {
    "bb_period": [20],
    "entry_z": [1.0],
    "atr_period": [14],
    "atr_multiplier": [1.5],
    "max_hold_bars": [72],
    "spacing_bars": [6],
}
Z = [1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25]
PERIODS = list(range(10, 60, 5))
WINDOWS = list(range(20, 304, 2))

#: 10 x 10 x 5 x 4 x 5 = 10,000 combinations of entries and exits.
BB_ATR_FULL = {
    "bb_period": PERIODS,
    "entry_z": Z,
    "atr_period": [7, 10, 14, 18, 21],
    "atr_multiplier": [1.0, 1.5, 2.0, 2.5],
    "spacing_bars": [0, 3, 6, 9, 12],
}
#: Every pair of 142 windows with fast < slow: 10,011 combinations.
SMA_PAIRS = {"fast": WINDOWS, "slow": WINDOWS}
#: 100 combinations.
BB_ATR_100 = {
    "bb_period": [10, 20, 30, 40, 50],
    "entry_z": [1.0, 1.5, 2.0, 2.5],
    "atr_multiplier": [1.0, 1.5, 2.0, 2.5, 3.0],
}
#: 1,000 combinations.
BB_ATR_1000 = {
    "bb_period": PERIODS,
    "entry_z": [1.0, 1.5, 2.0, 2.5, 3.0],
    "atr_multiplier": [1.0, 1.5, 2.0, 2.5],
    "spacing_bars": [0, 3, 6, 9, 12],
}


def exits(entries):
    """100 exit settings for each of 1, 10 or 100 entry settings."""
    return {
        "bb_period": [20] if entries == 1 else PERIODS,
        "entry_z": Z if entries == 100 else [2.0],
        "atr_period": [7, 10, 14, 18, 21],
        "atr_multiplier": [1.0, 1.5, 2.0, 2.5, 3.0],
        "max_hold_bars": [24, 48, 72, 96],
    }


def combinations(axes):
    """One array per parameter, one entry per combination; the last parameter varies fastest."""
    rows = itertools.product(*axes.values())
    if "slow" in axes:
        rows = ((fast, slow) for fast, slow in rows if fast < slow)
    return {name: np.array(column) for name, column in zip(axes, zip(*rows, strict=True), strict=True)}


def with_defaults(grid):
    """The grid with a column for every parameter of `bb_atr` that it does not vary."""
    count = len(next(iter(grid.values())))
    return {name: grid.get(name, np.full(count, default[0])) for name, default in BB_ATR.items()}


def thinned(grid, count):
    """About `count` combinations, evenly spread over the grid."""
    total = len(next(iter(grid.values())))
    keep = np.unique(np.linspace(0, total - 1, min(count, total)).astype(int))
    return {name: column[keep] for name, column in grid.items()}


def sql(strategy, axes):
    """A strategy over the grid, as an argument of `sweep`."""
    values = ", ".join(f"{name} => {list(axis)}" for name, axis in axes.items())
    return f"{strategy}({values})"
