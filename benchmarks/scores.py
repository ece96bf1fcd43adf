"""Scores against the plain formula and, given another checkout, against its ``evaluate``: ratios of time in one run.

Run: ``python benchmarks/scores.py`` or, to compare with an older version, ``python benchmarks/scores.py OLD/src``. The last
case, 100,000 spots, is new only: it prints seconds and the most memory that was taken beside the object. All use as many
threads as the machine has; seconds of the clock and, less blurred by other work on it, of the processors are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from mudata import MuData
from scipy.spatial.distance import pdist

import spsim as sps
from spsim.metrics._neighbors import nearest_in_embedding

# Name: spots and columns. The first three are those of the issue that asked for speed.
CASES = {"9,216 x 4": (96, 4), "9,216 x 20": (96, 20), "4,992 hexagonal x 30": (None, 30)}
LARGE = (317, 20)
GOAL = 0.25
CLOCKS = {"seconds": time.perf_counter, "cpu": time.process_time}


def main() -> None:
    """Print a line per case."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(timed(sys.argv[2])))
        return
    old = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print("share of the time of plain formulas")
    for name, case in CASES.items():
        print(f"  {name}: " + ", ".join(f"{what} {ratio:.2f}" for what, ratio in plain_ratios(*case).items()))
    print("evaluate of an embedding, seconds by the clock / of the processors")
    for name in CASES:
        new = in_process(name, None)
        line = f"  {name}: {shown(new)}"
        if old is not None:
            before = in_process(name, old)
            ratios = " / ".join(f"{new[clock] / before[clock]:.2f}" for clock in CLOCKS)
            line += f", before {shown(before)}, ratio {ratios} (goal {GOAL})"
            line += f", values differ by at most {difference(new['values'], before['values']):.0e}"
        print(line)
    large = in_process("large", None)
    print(f"  {LARGE[0] ** 2:,} x {LARGE[1]}: {shown(large)} (goal 15), {large['megabytes']:.0f} MB (goal 400)")


def shown(result: dict[str, Any]) -> str:
    """Both times of a case."""
    return " / ".join(f"{result[clock]:.1f}" for clock in CLOCKS)


def simulated(n_side: int | None, n_columns: int) -> MuData:
    """Truth with an embedding: the factors and columns of noise, all blurred."""
    where = {"n_side": n_side} if n_side else {"layout": sps.patterns.Hexagonal()}
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], **where)
    factors, rng = mdata.obsm["spatial_factors"], np.random.default_rng(0)
    noise = rng.normal(size=(len(factors), n_columns - factors.shape[1]))
    mdata.obsm["X"] = np.column_stack([factors, noise]) + rng.normal(0, 0.3, (len(factors), n_columns))
    return mdata


def timed(name: str) -> dict[str, Any]:
    """Seconds of ``evaluate`` and the memory it takes, after a first call that imports what it needs."""
    warnings.simplefilter("ignore")
    small = simulated(12, 7)
    sps.tl.evaluate(small, ["X"], n_chance=1, copy=True)
    mdata = simulated(*(LARGE if name == "large" else CASES[name]))
    starts = {name: clock() for name, clock in CLOCKS.items()}
    table = sps.tl.evaluate(mdata, ["X"], copy=True)
    times = {name: clock() - starts[name] for name, clock in CLOCKS.items()}
    tracemalloc.start()  # slows what it watches, so in a run of its own; two draws take as much memory as twenty
    sps.tl.evaluate(mdata, ["X"], n_chance=2, copy=True)
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    rows = zip(table["score"] + " " + table["target"], table["value"], strict=True)
    return {**times, "megabytes": megabytes, "values": dict(rows)}


def in_process(name: str, source: Path | None) -> dict[str, Any]:
    """Time a case in a process of its own, of another checkout if one is given."""
    path = [str(source)] if source else [str(Path(sps.__file__).parents[1])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)}
    command = [sys.executable, __file__, "--one", name]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def difference(new: dict[str, float], old: dict[str, float]) -> float:
    """Largest difference of a value that both have."""
    return max(abs(new[name] - old[name]) for name in new.keys() & old.keys())


def plain_ratios(n_side: int | None, n_columns: int) -> dict[str, float]:
    """Time of two scores with 5 draws of chance, as a share of the plain formula's."""
    mdata = simulated(n_side, n_columns)
    estimate, truth = mdata.obsm["X"], np.array(mdata.obsm["spatial_factors"], float)
    codes = np.unique(mdata.obs["domain"].astype(str), return_inverse=True)[1]
    rows = np.sort(np.random.default_rng(0).permutation(len(truth))[:5000])
    # Warm up: imports, first use of the libraries.
    sps.tl.neighborhood_purity(mdata, "X", n_chance=1, n_sampled=100, copy=True)
    nearest_in_embedding(estimate, 49, rows[:10])

    def plain_distances() -> None:
        for null in sps.metrics.smooth_null(estimate, mdata.obsm["spatial"], n_draws=5):
            np.corrcoef(pdist(null[rows]), pdist(truth[rows]))

    def plain_purity() -> None:
        for null in sps.metrics.smooth_null(estimate, mdata.obsm["spatial"], n_draws=5):
            for _ in ("all", "foreground"):
                np.mean(codes[nearest_in_embedding(null, 49, rows)] == codes[rows, None])

    draws = {"n_chance": 5, "n_sampled": 5000, "copy": True}
    return {
        "distances": ratio(lambda: sps.tl.pairwise_distance_correlation(mdata, "X", **draws), plain_distances),
        "neighbours": ratio(lambda: sps.tl.neighborhood_purity(mdata, "X", **draws), plain_purity),
    }


def ratio(fast: Callable[[], object], plain: Callable[[], object]) -> float:
    """Least time of the first as a share of that of the second, taken in turn."""
    seconds = np.empty((2, 2))
    for round_ in seconds:
        for i, function in enumerate((fast, plain)):
            start = time.perf_counter()
            function()
            round_[i] = time.perf_counter() - start
    least = seconds.min(axis=0)
    return float(least[0] / least[1])


if __name__ == "__main__":
    main()
