"""Whether two programs computed the same thing."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

METRICS = ("trades", "total_return", "sharpe", "max_drawdown", "final_equity")


@dataclass(frozen=True)
class Rule:
    """What is judged for a peer, how closely, and the share of combinations that must agree."""

    metrics: tuple
    tolerance: float
    share: float


#: The README says why each is what it is.
RULES = {
    "numba": Rule(METRICS, 1e-9, 1.0),
    "raptorbt": Rule(("trades", "max_drawdown", "final_equity"), 1e-9, 1.0),
    "vectorbt": Rule(("trades", "max_drawdown", "final_equity"), 1e-9, 0.9),
    "backtesting": Rule(("trades", "final_equity"), 1e-9, 1.0),
}


def read(results, beside):
    """Rows by their parameters, from an inline row or from a CSV whose path may be relative to `beside`."""
    if isinstance(results, dict):
        rows = [results]
    else:
        path = Path(results) if Path(results).exists() else Path(beside).parent / results
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
    return {key(row): {name: number(row.get(name)) for name in METRICS} for row in rows}


def key(row):
    """The parameters of a row: everything but the metrics."""
    return tuple(sorted((name, comparable(value)) for name, value in row.items() if name not in METRICS))


def comparable(value):
    """10, 10.0 and '10' are one parameter value; words compare in upper case."""
    try:
        return float(value)
    except ValueError:
        return value.upper()


def number(value):
    """A metric, NaN if it is undefined."""
    return math.nan if value in (None, "", "null", "NULL") else float(value)


def agree(a, b, tolerance):
    """Equal to a relative tolerance, or undefined in both."""
    return math.isclose(a, b, rel_tol=tolerance) or (math.isnan(a) and math.isnan(b))


def verdict(peer, ours, theirs):
    """(passed, text): how many of the peer's combinations agree with ours."""
    rule = RULES.get(peer, RULES["numba"])
    shared = theirs.keys() & ours.keys()
    if len(shared) < len(theirs):
        return False, f"{len(theirs) - len(shared)} of {len(theirs)} combinations are not ours"
    same = sum(
        all(agree(ours[k][name], theirs[k][name], 0.0 if name == "trades" else rule.tolerance) for name in rule.metrics)
        for k in shared
    )
    passed = same >= rule.share * len(theirs)
    return passed, f"{'equal' if passed else 'DIFFERENT'} {same}/{len(theirs)}"
