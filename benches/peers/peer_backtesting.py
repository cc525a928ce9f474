"""backtesting.py: one long-only run, driven bar by bar from Python, so that it gets 100,000 bars."""

from importlib.metadata import version

import numpy as np
import pandas as pd
from backtesting import Strategy
from backtesting.lib import FractionalBacktest, crossover

import grids
from loops.money import CAPITAL

NAME, VERSION = "backtesting", version("backtesting")


def rolling_mean(values, period):
    """Simple moving average."""
    return pd.Series(values).rolling(period).mean().to_numpy()


def strategy(fast, slow):
    """The crossing of two averages as a strategy class."""

    class Cross(Strategy):
        """Long while the fast average is above the slow one."""

        def init(self):
            self.quick = self.I(rolling_mean, self.data.Close, fast, plot=False)
            self.steady = self.I(rolling_mean, self.data.Close, slow, plot=False)

        def next(self):
            if crossover(self.quick, self.steady):
                self.buy(size=1 - 1e-12)
            elif crossover(self.steady, self.quick):
                self.position.close()

    return Cross


def prepare(workload, series, _threads, _combos):
    """The work to time, and what turns its result into columns of metrics."""
    if workload.name != "W1":
        raise SystemExit("backtesting.py is compared on W1 only")
    (columns,) = series
    frame = pd.DataFrame(
        {name.capitalize(): columns[name] for name in ("open", "high", "low", "close", "volume")},
        index=pd.to_datetime(columns["ts"], unit="ms"),
    )
    cross = strategy(workload.axes["fast"][0], workload.axes["slow"][0])
    # Its own spread is not charged on exits. A commission of both is the same to the third order.
    commission = (workload.options["fee_bps"] + workload.options["slippage_bps"]) * 1e-4

    def work():
        return FractionalBacktest(frame, cross, cash=CAPITAL, commission=commission, finalize_trades=True).run()

    def results(found):
        values = {
            "trades": found["# Trades"],
            "total_return": found["Return [%]"] / 100.0,
            "sharpe": found["Sharpe Ratio"],
            "max_drawdown": found["Max. Drawdown [%]"] / 100.0,
            "final_equity": found["Equity Final [$]"],
        }
        return [{name: np.array([value]) for name, value in values.items()}]

    return grids.thinned(workload.grid, 1), work, results
