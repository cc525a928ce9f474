"""One table of ThreadX against its peers: python benches/peers/compare.py ours.jsonl peers.jsonl ...

Every line of JSON that `run.py` and the ThreadX side print may be in any of the files. Losing cells are shown like the
others.
"""

import argparse
import json
from pathlib import Path
from statistics import median

import parity

#: Workload, peer, and how many times faster ThreadX aims to be, on the same threads.
AIMS = {("W1", "raptorbt"): 8.0, ("W1", "vectorbt"): 30.0, ("W2", "numba"): 25.0, ("W3", "vectorbt"): 500.0}
#: Bars times combinations per second and core.
RATE_AIMS = {"W3": 1e9}
#: Peers that use one thread whatever they are told; ThreadX on more threads is not compared with them.
SINGLE_THREADED = ("raptorbt", "vectorbt", "backtesting")
HEADER = ("workload", "size", "threads", "parity", "peer", "ours", "peer's", "ratio", "aim", "reached")


def lines(paths):
    """Every line with the file that it came from."""
    for path in paths:
        for text in Path(path).read_text().splitlines():
            if text.startswith("{"):
                yield json.loads(text) | {"file": path}


def seconds(line):
    """Median [min .. max]."""
    values = line["seconds"]
    return f"{median(values):.4g} s [{min(values):.4g} .. {max(values):.4g}]"


def cost(line):
    """Seconds per bar and combination, which is comparable where a peer ran only a part of the grid."""
    return median(line["seconds"]) / (line["bars"] * line["combos"])


def row(ours, theirs):
    """One cell against one peer."""
    passed, text = parity.verdict(theirs["peer"], *(parity.read(x["results"], x["file"]) for x in (ours, theirs)))
    ratio = cost(theirs) / cost(ours)
    aim = AIMS.get((theirs["workload"], theirs["peer"]))
    reached = "" if aim is None else "yes" if passed and ratio >= aim else "no"
    part = "" if theirs["combos"] == ours["combos"] else f", {theirs['combos']} of {ours['combos']} combinations"
    name = f"{theirs['peer']} {theirs['version']}{part}"
    head = (ours["workload"], ours["size"], ours["threads"], text, name, seconds(ours), seconds(theirs))
    return (*head, f"{ratio:.3g}x", "" if aim is None else f"{aim:g}x", reached)


def rate_row(ours):
    """One cell against an absolute aim."""
    aim = RATE_AIMS[ours["workload"]]
    rate = 1.0 / cost(ours) / ours["threads"]
    head = (ours["workload"], ours["size"], ours["threads"], "", "bar-combinations per second and core", seconds(ours))
    return (*head, "", f"{rate:.3g}", f"{aim:.0e}", "yes" if rate >= aim else "no")


def table(everything):
    """The rows, and a sentence for every line that has no partner."""
    mine = {(x["workload"], x["size"], x["threads"]): x for x in everything if x["peer"] == "threadx"}
    rows, alone = [], []
    for line in everything:
        if line["peer"] == "threadx":
            if line["workload"] in RATE_AIMS:
                rows.append(rate_row(line))
            continue
        threads = 1 if line["peer"] in SINGLE_THREADED else line["threads"]
        partner = mine.get((line["workload"], line["size"], threads))
        if partner is None:
            cell = f"{line['workload']} {line['size']} {line['peer']}"
            alone.append(f"{cell}: no ThreadX run on {threads} threads; {seconds(line)}")
        else:
            rows.append(row(partner, line))
    return sorted(rows, key=lambda r: (*r[:3], r[4])), alone


def main():
    """Reads, judges, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", help="files of JSON lines")
    everything = list(lines(parser.parse_args().files))
    for machine in sorted({line["machine"] for line in everything if "machine" in line}):
        print(machine)
    rows, alone = table(everything)
    cells = [HEADER, *(tuple(map(str, r)) for r in rows)]
    widths = [max(len(r[i]) for r in cells) for i in range(len(HEADER))]
    for cell in cells:
        print("  ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True)).rstrip())
    for sentence in alone:
        print(sentence)


if __name__ == "__main__":
    main()
