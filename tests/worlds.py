"""Small worlds of every recipe, for tests of what all objects promise."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import spsim as sps
from spsim.slots import read_truth, text_digest, without_pulling

BATCH = {"name": "Batch", "by": "slice", "sd": 0.8, "within": "domain", "within_sd": 0.3}
RNA = {"name": "rna", "n_mixed": 24, "n_flat": 8, "n_spatial": 6}
TYPES = {"cell_type": {"name": "CellTypes", "by": "domain"}}
SLICES = {"name": "Slices", "n_slices": 3, "turn": 30, "shift": 2, "missing": {"slice_2": ["block_1"]}}


def scenario(**fields) -> sps.Scenario:
    return sps.Scenario(**({"n_side": 10, "modalities": [RNA]} | fields))


WORLDS: dict[str, Callable[[], sps.Scenario]] = {
    "plain": scenario,
    "effects": lambda: scenario(
        modalities=[
            RNA | {"library_size": {"sd": 0.3}, "efficiency_sd": 0.2, "background_sd": 0.5, "dropout_rate": 0.2},
            {"name": "protein", "n_mixed": 9, "link": "log", "background_mean": 1.0, "noise_sd": 0.5},
        ]
    ),
    "slices": lambda: scenario(design=SLICES),
    "types": lambda: scenario(factors=TYPES, modalities=[RNA | {"loadings": {"cell_type": {"name": "Markers"}}}]),
    "everything": lambda: scenario(
        design=SLICES,
        factors=TYPES,
        modalities=[
            RNA | {"loadings": {"cell_type": {"name": "Markers", "share": 0.5}}, "effects": [BATCH]},
            {"name": "protein", "n_mixed": 9, "effects": [BATCH], "library_size": {"sd": 0.2}},
        ],
    ),
}


def made(world: str):
    """A copy, so that no test sees what another one did."""
    with without_pulling():
        return _made(world).copy()


@cache
def _made(world: str):
    return sps.simulate(WORLDS[world](), rng=3)


def record_groups(data, key: str) -> None:
    """Note a column of groups in the list of what is true of an object, as a design with slices does."""
    record_entries(data, {"slot": "obs", "key": key, "known": True, "label": key, "groups": True})


def record_entries(data, *more: dict) -> None:
    """Note what stands in an object in the list of what is true of it."""
    entries = [*read_truth(data), *more]
    old = {name: value for name, value in data.uns["spsim"].items() if name not in ("truth", "sha256")}
    text = json.dumps(entries)
    data.uns["spsim"] = {**old, "truth": text, "sha256": text_digest(old["params"], text)}
