"""Makes the expected indicator values: bars.csv (inputs) and expected/*.csv (one column per call, a file per module).

Run in this folder with numpy, pandas and TA-Lib (PyPI 0.8.2, C library 0.8.1) installed; with names of modules in
calls/ it makes only theirs. Nothing here uses ThreadX. A column is named `indicator:inputs:parameters:output`, with the
inputs and parameters separated by blanks, and sometimes `:terms` (see bars.py). Numbers have 17 significant digits, a
missing value is an empty cell.
"""

import importlib
import pathlib
import sys

import numpy as np

from bars import Calls, b


def write(path, columns):
    cell = lambda x: "" if np.isnan(x) else format(float(x), ".17g")
    with open(path, "w", newline="\n") as f:
        f.write(",".join(columns) + "\n")
        for row in zip(*columns.values()):
            f.write(",".join(cell(x) for x in row) + "\n")


write("bars.csv", {k: b[k].to_numpy() for k in b})
for name in sys.argv[1:] or sorted(path.stem for path in pathlib.Path("calls").glob("*.py")):
    module, out = importlib.import_module(f"calls.{name}"), Calls()
    module.calls(out.put)
    write(f"expected/{name}.csv", out.columns)
