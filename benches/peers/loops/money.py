"""The arithmetic of one position that every loop shares: sizing, growth and costs of the simulation contract."""

from numba import njit

from .indicators import COMPILED

#: Initial capital, and the maintenance margin of shorts.
CAPITAL, MARGIN = 10_000.0, 0.005
#: Columns of a result row.
TRADES, FINAL_EQUITY, SUM, SQUARES, MAX_DRAWDOWN = range(5)


@njit(**COMPILED)
def growth_after_exit(price, d, slippage, fill, base, exposure, fee_weight):
    """Equity after an exit over the equity at the entry, for a price before slippage; nothing is left below 0."""
    ratio = price * (1.0 - d * slippage) / fill
    return max((base + exposure * (ratio - 1.0)) - fee_weight * ratio, 0.0)


@njit(**COMPILED)
def short_liquidation(fill, weight, fee):
    """Price at which a short's equity is the maintenance margin of its notional."""
    return fill * (1.0 - weight * fee + weight) / (weight * (1.0 + MARGIN))
