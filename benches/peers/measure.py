"""Timing, the machine, and the line of JSON that both sides print."""

import csv
import json
import os
import platform
import time
from pathlib import Path


def timed(work, runs):
    """Runs `work` once to warm up, then `runs` times: seconds of the first call, wall and CPU seconds, last result."""
    begin = time.perf_counter()
    work()
    first = time.perf_counter() - begin
    wall, cpu, result = [], [], None
    for _ in range(runs):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
    return first, wall, cpu, result


def machine():
    """Processor, cores and Python, in one line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    model = next(names, platform.processor())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write_results(path, rows):
    """Rows of equal keys as CSV, numbers with every digit."""
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def print_line(**fields):
    """One line of JSON on the standard output."""
    print(json.dumps(fields), flush=True)
